internal import Foundation
internal import Kinematics

/// The arms that can be named: folders with an `arm.yaml` in a few well-known places.
struct ArmLibrary: Sendable {
  /// Folders of arms; the first that has a name wins.
  let folders: [String]

  init(folders: [String]) { self.folders = folders }

  /// `./Robots`, `$ARMCTL_ROBOTS`, `Robots` in each folder above the program, `~/.config/armctl/robots` and `/usr/local/share/armctl/Robots`.
  init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    currentFolder: String = FileManager.default.currentDirectoryPath,
    program: String? = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  ) {
    var folders = [currentFolder + "/Robots"]
    if let own = environment["ARMCTL_ROBOTS"], !own.isEmpty { folders.append(own) }
    var above = program.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    while let folder = above, folder.path != "/" {
      folders.append(folder.appendingPathComponent("Robots").path)
      above = folder.deletingLastPathComponent()
    }
    if let configuration = environment["XDG_CONFIG_HOME"], configuration.hasPrefix("/") {
      folders.append(configuration + "/armctl/robots")
    } else if let home = environment["HOME"], !home.isEmpty {
      folders.append(home + "/.config/armctl/robots")
    }
    folders.append("/usr/local/share/armctl/Robots")
    var seen: Set<String> = []
    self.folders = folders.filter { seen.insert(URL(fileURLWithPath: $0).standardizedFileURL.path).inserted }
  }

  /// The names that there are, in alphabetical order.
  var names: [String] {
    let found = folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { isFile("\(folder)/\($0)/arm.yaml") }
    }
    return Set(found).sorted()
  }

  /// The arm file that a person means: a file, a folder that holds an `arm.yaml`, or an arm's name.
  ///
  /// - Throws: Says which names there are.
  func locate(_ nameOrFile: String) throws(ArmNotFound) -> String {
    if isFile(nameOrFile) { return nameOrFile }
    let beside = nameOrFile.hasSuffix("/") ? nameOrFile + "arm.yaml" : nameOrFile + "/arm.yaml"
    if isFile(beside) { return beside }
    let isName = !nameOrFile.contains("/") && !nameOrFile.hasSuffix(".yaml") && !nameOrFile.isEmpty
    if isName, let file = folders.lazy.map({ "\($0)/\(nameOrFile)/arm.yaml" }).first(where: isFile) { return file }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: nameOrFile, isDirectory: &isFolder)
    throw ArmNotFound(nameOrFile: nameOrFile, reason: exists ? .folderWithoutArm : isName ? .unknownName : .noFile, names: names)
  }

  /// The arm file that a person means, looked for in the usual folders.
  static func locate(_ nameOrFile: String) throws(ArmNotFound) -> String { try ArmLibrary().locate(nameOrFile) }

  private func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }
}

/// No arm is where one was looked for.
struct ArmNotFound: Error, Sendable, Equatable, CustomStringConvertible {
  let nameOrFile: String
  let reason: Reason
  /// The names that there are.
  let names: [String]

  enum Reason: Sendable, Equatable {
    case unknownName, noFile, folderWithoutArm
  }

  var description: String {
    switch reason {
    case .unknownName: "there is no arm named \"\(nameOrFile)\"; \(Suggestion.phrase(for: nameOrFile, among: names))"
    case .noFile: "there is no arm file \(nameOrFile)"
    case .folderWithoutArm: "the folder \(nameOrFile) has no arm.yaml"
    }
  }

  /// What to do about it, for after "try: ".
  var suggestion: String {
    if let name = Suggestion.nearest(to: nameOrFile, among: names) ?? names.first { return "--arm \(name), or the path of an arm file" }
    return "the path of an arm file, or set ARMCTL_ROBOTS to a folder that holds a folder per arm"
  }
}
