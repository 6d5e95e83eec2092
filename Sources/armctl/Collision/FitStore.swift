internal import Foundation
internal import Planner

/// Keeps an arm's fitted spheres in a file beside its own, so that the next start need not fit them again.
///
/// The file is a sphere file, which the arm file may name as well; `key` tells which contents and settings it was made for.
struct FitStore {
  /// Changes with what fits are like, so that those of other versions are not taken.
  private static let version: UInt64 = 1

  private let path: String

  /// - Parameter file: The arm's.
  init(besideArmFile file: String) {
    let folder = (file as NSString).deletingLastPathComponent, name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    path = ((folder as NSString).appendingPathComponent(".armctl-cache") as NSString).appendingPathComponent("\(name).spheres.json")
  }

  /// What was kept for the same contents.
  func fit(key: ContentHash) -> (spheres: SphereFile, overshoots: [String: Double])? {
    guard let file = try? SphereFile(contentsOf: path), file.key == text(key), let overshoots = file.overshoots else { return nil }
    return (file, overshoots)
  }

  /// - Returns: Why it could not be kept, if so.
  func keep(_ fit: ArmFit, key: ContentHash) -> String? {
    var file = SphereFile(fit.spheres, named: path)
    file.keep(key: text(key), overshoots: fit.links.map { ($0.name, $0.fit.overshoot) })
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url, options: .atomic)
      return nil
    } catch {
      return "The fitted spheres cannot be kept in \(path), and will be fitted again at the next start."
    }
  }

  private func text(_ key: ContentHash) -> String {
    var key = key
    key.add(Self.version)
    return String(key.value, radix: 16)
  }
}
