internal import Foundation

/// How many random cases a property test draws: `usual`, times the environment's `ARMCTL_TEST_SCALE` (1 where not set).
public func caseCount(_ usual: Int) -> Int {
  let scale = ProcessInfo.processInfo.environment["ARMCTL_TEST_SCALE"].flatMap(Double.init) ?? 1
  return max(1, Int(Double(usual) * scale))
}

/// The file at `path` below the package's folder.
public func packageFile(_ path: String, from file: String = #filePath) -> String {
  URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(path).path
}
