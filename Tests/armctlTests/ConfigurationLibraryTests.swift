import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite struct ConfigurationLibraryTests {
  /// A current folder, a folder of one's own, a program's folder and a home, each with arms.
  private func rig() throws -> (folder: TemporaryFolder, library: ArmLibrary) {
    let folder = try TemporaryFolder()
    for arm in ["work/Robots/dummy", "own/dummy", "own/crane", "app/Robots/shipped", "app/build/bin/x", "home/.config/armctl/robots/mine"] {
      try folder.write("\(arm)/arm.yaml", "name: \(arm)")
    }
    try folder.write("own/notes/readme.txt", "no arm")
    let library = ArmLibrary(
      environment: ["HOME": folder.path + "/home", "ARMCTL_ROBOTS": folder.path + "/own"], currentFolder: folder.path + "/work",
      program: folder.path + "/app/build/bin/armctl")
    return (folder, library)
  }

  @Test func looksInTheFoldersInTurn() throws {
    let (folder, library) = try rig()
    #expect(try library.locate("dummy") == folder.path + "/work/Robots/dummy/arm.yaml")
    #expect(try library.locate("crane") == folder.path + "/own/crane/arm.yaml")
    #expect(try library.locate("shipped") == folder.path + "/app/Robots/shipped/arm.yaml")
    #expect(try library.locate("mine") == folder.path + "/home/.config/armctl/robots/mine/arm.yaml")
    #expect(library.folders.last == "/usr/local/share/armctl/Robots")
    #expect(Set(library.names).isSuperset(of: ["crane", "dummy", "mine", "shipped"]) && !library.names.contains("notes"))
  }

  @Test func takesFilesAndFoldersAsTheyAre() throws {
    let (folder, library) = try rig()
    #expect(try library.locate(folder.path + "/own/crane/arm.yaml") == folder.path + "/own/crane/arm.yaml")
    #expect(try library.locate(folder.path + "/own/crane") == folder.path + "/own/crane/arm.yaml")
    #expect(try library.locate(folder.path + "/own/crane/") == folder.path + "/own/crane/arm.yaml")
  }

  /// A URDF in an arm file's place is seen for what it is, whatever it begins with; YAML that begins with a merge key is none.
  @Test(arguments: ["<?xml version=\"1.0\"?>\n<robot/>", "\u{FEFF}<robot name=\"a\"/>", "\n  <!-- an arm --><robot/>"])
  func aURDFIsNoArmFile(text: String) {
    let error = #expect(throws: ConfigurationError.self) { try ArmConfiguration.parse(text, file: "arms/crane.urdf") }
    #expect(error?.description == "arms/crane.urdf: this is XML, as a URDF is, and an arm file is YAML")
    #expect(
      error?.suggestion == "an arm.yaml that names a URDF (model: crane.urdf), as Robots/dummy/arm.yaml does; "
        + "armctl compute also takes --urdf arms/crane.urdf --tip LINK")
    let merged = #expect(throws: ConfigurationError.self) { try ArmConfiguration.parse("<<: {name: crane}", file: "arm.yaml") }
    #expect(merged?.description.contains("XML") == false)
  }

  @Test func saysWhichNamesThereAre() throws {
    let folder = try TemporaryFolder()
    try folder.write("crane/arm.yaml", "name: crane")
    let library = ArmLibrary(folders: [folder.path])
    let slip = #expect(throws: ArmNotFound.self) { try library.locate("craen") }
    #expect(slip?.description == "there is no arm named \"craen\"; did you mean \"crane\"?")
    #expect(slip?.suggestion == "--arm crane, or the path of an arm file")
    let other = #expect(throws: ArmNotFound.self) { try library.locate("submarine") }
    #expect(other?.description == "there is no arm named \"submarine\"; known: crane")
    let file = #expect(throws: ArmNotFound.self) { try library.locate("./crane/arm.yml") }
    #expect(file?.description == "there is no arm file ./crane/arm.yml")
    let bare = #expect(throws: ArmNotFound.self) { try library.locate(folder.path) }
    #expect(bare?.description == "the folder \(folder.path) has no arm.yaml")
    let nothing = #expect(throws: ArmNotFound.self) { try ArmLibrary(folders: []).locate("crane") }
    #expect(nothing?.description == "there is no arm named \"crane\"; none is known")
    #expect(nothing?.suggestion == "the path of an arm file, or set ARMCTL_ROBOTS to a folder that holds a folder per arm")
  }
}

/// A folder of one test's own, removed when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("armctl-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }
}
