internal import Foundation

/// Another run of this program, ended when this one lets go of it.
final class ChildProcess: @unchecked Sendable {
  private let process = Process()

  /// Starts `armctl` with `arguments`. Its standard error goes to ours.
  init(_ arguments: [String], standardOutput: FileHandle = .nullDevice) throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = standardOutput
    try process.run()
  }

  deinit { terminate() }

  var identifier: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// Asks it to end, and waits until it has.
  func terminate() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }
}
