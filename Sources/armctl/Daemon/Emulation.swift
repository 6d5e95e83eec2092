internal import Foundation

/// `armctl emulate` in a process of its own, and the links under which its buses are found.
final class Emulation {
  /// Ports by the names of their buses.
  let ports: [String: String]
  /// Where the GPIO lines are, a file each.
  let linesFolder: String
  private let folder: String
  private let process: ChildProcess

  /// Returns when every link stands.
  ///
  /// - Parameters:
  ///   - arm: The name or path that was asked for; the emulator reads the same files.
  ///   - truth: A file for the true motion, or nil.
  ///   - lines: A folder for the GPIO lines, or nil for one that goes when the emulation ends.
  init(arm: String, configuration: ArmConfiguration, truth: String?, lines: String? = nil) throws {
    let folder = NSTemporaryDirectory() + "armctl-emulator-\(getpid())"
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    linesFolder = lines ?? folder + "/lines"
    try FileManager.default.createDirectory(atPath: linesFolder, withIntermediateDirectories: true)
    guard let bus = configuration.busNames.first, configuration.busNames.count == 1 else {
      throw CommandFailure("Only arms with one bus can be emulated.", suggestion: "`--port` for each bus, with emulators of your own")
    }
    let link = "\(folder)/\(bus)"
    ports = [bus: link]
    process = try ChildProcess(["emulate", "--arm", arm, "--link", link] + (truth.map { ["--truth", $0] } ?? []))
    for _ in 0..<5000 {
      if FileManager.default.fileExists(atPath: link) { return }
      guard process.isRunning else {
        throw CommandFailure("The emulator ended at once.", suggestion: "`armctl emulate --arm \(arm) --link \(link)` tells why")
      }
      usleep(2000)
    }
    throw CommandFailure("The emulator did not start within ten seconds.", suggestion: "`armctl emulate --arm \(arm) --link \(link)` tells why")
  }

  func end() {
    process.terminate()
    try? FileManager.default.removeItem(atPath: folder)
  }
}
