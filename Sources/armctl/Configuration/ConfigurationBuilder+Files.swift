internal import Foundation
internal import Kinematics
internal import Planner
internal import Yams

// Files that the arm file names.
extension ConfigurationBuilder {
  /// The path of a file that the arm file names; it counts from the arm file's folder.
  ///
  /// - Throws: Where there is none, with the files that may be meant.
  func existingFile(_ written: String, what: String, endings: [String], at mark: Mark?) throws(ConfigurationError) -> String {
    let folder = (document.file as NSString).deletingLastPathComponent
    let path = written.hasPrefix("/") ? written : (folder as NSString).appendingPathComponent(written)
    guard !FileManager.default.fileExists(atPath: path) else { return path }
    let beside = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let siblings = beside.filter { file in endings.contains { file.hasSuffix($0) } }.sorted()
    let phrase =
      siblings.isEmpty ? "its folder has no \(endings.joined(separator: " or ")) file" : Suggestion.phrase(for: written, among: siblings)
    throw error(
      at: mark, "the \(what) \"\(written)\" does not exist; \(phrase)",
      suggestion: Suggestion.nearest(to: written, among: siblings).map { "write \($0)" }
        ?? "give the \(what)'s path from the arm file's folder")
  }

  /// What stands for the arm in collision checks.
  func collision(hasURDF: Bool) throws(ConfigurationError) -> ArmConfiguration.Collision {
    let section = top.section("collision"), written = section.optionalText("spheres"), margin = section.number("margin")
    if written != nil, !hasURDF {
      throw error(
        at: section.mark(of: "spheres"), "collision.spheres names links of a URDF, and the model is a table, whose links have no names",
        suggestion: "remove spheres")
    }
    if written == "auto" {
      let settings = SphereFit.Settings(tightness: section.number("tightness"), count: Int(section.number("count")))
      return .init(fit: .init(settings: settings, usesVisuals: section.boolean("visuals")), margin: margin)
    }
    for (key, _) in section.names where key != "spheres" && key != "margin" {
      throw error(
        at: section.mark(of: key), "collision.\(key) is for spheres that are fitted, and collision.spheres is not `auto`",
        suggestion: "write spheres: auto, or remove \(key)")
    }
    guard let written else { return .init(margin: margin) }
    let spheres = try existingFile(written, what: "sphere file", endings: [".json"], at: section.valueMark(of: "spheres"))
    return .init(spheres: spheres, margin: margin)
  }

  /// The path of the scene file.
  func scene() throws(ConfigurationError) -> String? {
    guard let written = top.optionalText("scene") else { return nil }
    return try existingFile(written, what: "scene file", endings: [".yaml", ".json"], at: top.valueMark(of: "scene"))
  }
}
