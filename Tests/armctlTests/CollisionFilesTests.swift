import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// From an arm's files to what stands for it where collisions are checked.
@Suite struct CollisionFilesTests {
  /// A folder with the Dummy's files, its collision section replaced; removed afterwards.
  final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("armctl-\(UUID().uuidString)")
    var armFile: String { url.appendingPathComponent("arm.yaml").path }
    var kept: URL { url.appendingPathComponent(".armctl-cache/arm.spheres.json") }

    init(collision: String) throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: packageFile("Robots/dummy/dummy.urdf"), toPath: url.appendingPathComponent("dummy.urdf").path)
      try write(collision)
    }

    func write(_ collision: String) throws {
      let text = try String(contentsOfFile: packageFile("Robots/dummy/arm.yaml"), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let end = lines.firstIndex { $0.hasPrefix("collision:") } ?? lines.count
      try (lines[..<end].joined(separator: "\n") + "\n" + collision + "\n").write(toFile: armFile, atomically: true, encoding: .utf8)
    }

    /// Puts other shapes in the place of the base's.
    func replacePedestal(by geometry: String, kind: String = "collision") throws {
      let file = url.appendingPathComponent("dummy.urdf").path
      var text = try String(contentsOfFile: packageFile("Robots/dummy/dummy.urdf"), encoding: .utf8)
      let start = try #require(text.range(of: "    <collision name=\"pedestal\">")), end = try #require(text.range(of: "</collision>"))
      text.replaceSubrange(start.lowerBound..<end.upperBound, with: "<\(kind)><geometry>\(geometry)</geometry></\(kind)>")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    func load() throws -> ArmCollision { try #require(try ArmConfiguration.load(armFile).armCollision()) }

    deinit { try? FileManager.default.removeItem(at: url) }
  }

  static let oneTriangle =
    "solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 0.1 0 0\nvertex 0 0.1 0\nendloop\nendfacet\nendsolid t\n"

  @Test func fitsAreKeptAndTakenAgain() throws {
    let folder = try Folder(collision: "collision: {spheres: auto, tightness: 0.015}")
    let first = try folder.load(), kept = try Data(contentsOf: folder.kept)
    #expect(first.fit?.isKept == false && first.fit?.keepingProblem == nil)
    #expect(first.model.coveredNames == ["base", "turret", "upper_arm", "elbow_block", "forearm_link", "wrist_link", "flange"])
    #expect(first.fit?.overshoots.values.allSatisfy { $0 <= 0.02 } == true)
    #expect(first.invisible.isEmpty && first.shapeless.isEmpty)
    let second = try folder.load(), q = JointVector([0.1, 0.2, 1.5, 0.3, 0.4, 0.5])
    #expect(second.fit?.isKept == true && second.fit?.overshoots == first.fit?.overshoots)
    #expect(second.model.pairs == first.model.pairs)
    for (one, other) in zip(first.model.spheres(at: q), second.model.spheres(at: q)) {
      #expect(one.link == other.link && one.spheres == other.spheres)
    }
    // Other settings, or another URDF, need another fit.
    try folder.write("collision: {spheres: auto, tightness: 0.03, count: 3}")
    let coarse = try folder.load()
    #expect(coarse.fit?.isKept == false && coarse.model.spheres(at: q).allSatisfy { $0.spheres.count <= 3 })
    #expect(try Data(contentsOf: folder.kept) != kept)
    try folder.replacePedestal(by: "<box size=\"0.1 0.1 0.1\"/>")
    #expect(try folder.load().fit?.isKept == false)
    // What was kept may be named as a sphere file.
    try folder.write("collision: {spheres: .armctl-cache/arm.spheres.json}")
    #expect(try folder.load().fit == nil)
    // And may be damaged.
    try folder.write("collision: {spheres: auto, tightness: 0.03}")
    try Data("{\"key\":".utf8).write(to: folder.kept)
    #expect(try folder.load().fit?.isKept == false)
  }

  @Test func whereNothingCanBeKeptTheArmWorksAllTheSame() throws {
    let folder = try Folder(collision: "collision: {spheres: auto, tightness: 0.02}")
    // A file where the folder should be.
    try Data().write(to: folder.kept.deletingLastPathComponent())
    var notes: [String] = []
    #expect(try ArmConfiguration.load(folder.armFile).collisionModel { notes.append($0) } != nil)
    #expect(notes == ["The fitted spheres cannot be kept in \(folder.kept.path), and will be fitted again at the next start."])
  }

  @Test(arguments: [
    ("<mesh filename=\"meshes/base.stl\"/>", "meshes/base.stl"),
    ("<mesh filename=\"package://dummy_description/meshes/base.stl\"/>", "dummy_description/meshes/base.stl"),
    ("<mesh filename=\"package://meshes/base.stl\" scale=\"0.5 0.5 0.5\"/>", "meshes/base.stl"),
  ]) func meshesAreFoundBesideTheURDF(_ geometry: String, _ path: String) throws {
    let folder = try Folder(collision: "collision: {spheres: auto, tightness: 0.02}"), file = folder.url.appendingPathComponent(path)
    try folder.replacePedestal(by: geometry)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(Self.oneTriangle.utf8).write(to: file)
    let reach = geometry.contains("0.5") ? 0.05 : 0.1, base = try #require(try folder.load().model.spheres(at: JointVector(count: 6)).first)
    #expect(base.spheres.contains { (($0.center - [reach, 0, 0]) * ($0.center - [reach, 0, 0])).sum().squareRoot() <= $0.radius })
    // The same file with other contents is another arm.
    try Data(Self.oneTriangle.replacingOccurrences(of: "0.1", with: "0.2").utf8).write(to: file)
    #expect(try folder.load().fit?.isKept == false)
  }

  /// Where the count is too small for the tightness, the links that are looser are told.
  @Test func spheresThatAreTooFewAreSaid() throws {
    let folder = try Folder(collision: "collision: {spheres: auto, tightness: 0.004, count: 3}"), fit = try #require(try folder.load().fit)
    let loose = fit.looseLinks
    #expect(!loose.isEmpty && loose.allSatisfy { $0.overshoot > 0.0045 && fit.overshoots[$0.name] == $0.overshoot })
    #expect(loose.map(\.overshoot) == loose.map(\.overshoot).sorted(by: >))
    let report = CollisionReport(collision: try folder.load())
    let line = try #require(report.lines.first { $0.hasPrefix("looser than collision.tightness of 4.0 mm, for want of spheres (collision.count): ") })
    #expect(loose.allSatisfy { line.contains($0.name) } && report.json["loose"]?.array?.count == loose.count)
    try folder.write("collision: {spheres: auto, tightness: 0.03}")
    #expect(try folder.load().fit?.looseLinks.isEmpty == true)
    #expect(!CollisionReport(collision: try folder.load()).lines.contains { $0.hasPrefix("looser") })
  }

  @Test func missingMeshesAreSaid() throws {
    let folder = try Folder(collision: "collision: {spheres: auto}")
    try folder.replacePedestal(by: "<mesh filename=\"package://dummy_description/meshes/base.stl\"/>")
    let error = #expect(throws: ConfigurationError.self) { try folder.load() }
    #expect(
      error?.description == "\(folder.url.path)/dummy.urdf:28: the mesh \"package://dummy_description/meshes/base.stl\" of link \"base\" "
        + "is not there; looked for \(folder.url.path)/dummy_description/meshes/base.stl")
    #expect(error?.suggestion == "put the folder of the package beside the URDF, or name a file of spheres in collision.spheres")
    try folder.replacePedestal(by: "<mesh filename=\"base.stl\"/>")
    try Data("solid".utf8).write(to: folder.url.appendingPathComponent("base.stl"))
    let broken = #expect(throws: ConfigurationError.self) { try folder.load() }
    #expect(
      broken?.description
        == "\(folder.url.path)/dummy.urdf:28: the mesh of link \"base\" cannot be used: base.stl: the file ends after 0 of 1 triangles")
  }

  /// Such as a mesh in millimetres, or one wild corner.
  @Test(arguments: [
    ("<mesh filename=\"base.stl\"/>", 700.0, "700"), ("<mesh filename=\"base.stl\" scale=\"0.001 1 1\"/>", 1e30, "1e+30"),
    ("<box size=\"0.1 300 0.1\"/>", 0, "300"), ("<sphere radius=\"1e9\"/>", 0, "2e+09"),
  ]) func shapesThatAreTooLargeForALinkAreRefused(_ geometry: String, _ corner: Double, _ size: String) throws {
    let folder = try Folder(collision: "collision: {spheres: auto}")
    try folder.replacePedestal(by: geometry)
    let mesh = Self.oneTriangle.replacingOccurrences(of: "vertex 0 0.1 0", with: "vertex 0 \(corner) 0")
    try Data(mesh.utf8).write(to: folder.url.appendingPathComponent("base.stl"))
    let error = #expect(throws: ConfigurationError.self) { try folder.load() }
    #expect(error?.sentence == "the shape of link \"base\" is \(size) m long, and no link is longer than 20 m")
    #expect(error?.suggestion == "sizes in metres; for a mesh in millimetres scale=\"0.001 0.001 0.001\"")
  }

  @Test func fencesNeedAShape() throws {
    let folder = try Folder(collision: "")
    let text = try String(contentsOfFile: folder.armFile, encoding: .utf8)
    try text.replacingOccurrences(of: "\nsafety:", with: "\nsafety:\n  fences: {wall: {center: [0, 0.5, 0]}}")
      .write(toFile: folder.armFile, atomically: true, encoding: .utf8)
    let report = CapabilityReport(try ArmConfiguration.load(folder.armFile))
    #expect(report.errors.map(\.sentence) == ["Nothing stands for the arm, so that no fence can be kept."])
    #expect(report.errors.first?.suggestion == "`collision: {spheres: auto}` in the arm file")
  }

  /// What only looks like something stands for a link only if that is asked for.
  @Test func looksCountIfAskedFor() throws {
    let folder = try Folder(collision: "collision: {spheres: auto, tightness: 0.02}")
    try folder.replacePedestal(by: "<sphere radius=\"0.05\"/>", kind: "visual")
    let bare = try folder.load()
    #expect(bare.invisible == ["base"] && !bare.model.coveredNames.contains("base"))
    #expect(CollisionReport(collision: bare).lines.contains("not checked, as nothing stands for them: base"))
    try folder.write("collision: {spheres: auto, tightness: 0.02, visuals: true}")
    let seen = try folder.load()
    #expect(seen.invisible.isEmpty && seen.model.coveredNames.contains("base"))
  }

  @Test(arguments: [
    ("collision: {spheres: auto, tightness: 0}", "collision.tightness is 0 m, and has to be from 0.001 to 0.5", "write tightness: 0.008"),
    ("collision: {spheres: auto, count: 0}", "collision.count is \"0\", and has to be a whole number from 1 to 200", "write count: 24"),
    (
      "collision: {count: 3}", "collision.count is for spheres that are fitted, and collision.spheres is not `auto`",
      "write spheres: auto, or remove count"
    ),
  ]) func slipsInTheSectionAreSaid(_ collision: String, _ sentence: String, _ suggestion: String) throws {
    let folder = try Folder(collision: collision)
    let error = #expect(throws: ConfigurationError.self) { try ArmConfiguration.load(folder.armFile) }
    #expect(error?.sentence == sentence)
    #expect(error?.suggestion == suggestion)
  }
}
