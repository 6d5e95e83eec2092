internal import Foundation

/// A server with an emulated arm for one session of teleoperation, in processes and a folder of its own.
final class TeleopStage {
  /// For the socket and the log. It stays, for whoever wants to read the log.
  private let folder: String
  private let server: ChildProcess

  init(arm: String, scene: String?) throws {
    folder = NSTemporaryDirectory() + "armctl-teleop-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    server = try ChildProcess(
      ["serve", "--arm", arm, "--sim", "--socket", folder + "/armctl.sock", "--log", folder + "/serve.log", "--records", folder]
        + (scene.map { ["--scene", $0] } ?? []))
  }

  /// A client of the server, as soon as the arm is on.
  func connect() throws -> CommandClient {
    for _ in 0..<3000 {
      if let client = try? CommandClient(path: folder + "/armctl.sock"),
        try client.call("hello", ["protocol": 1, "client": "teleop", "role": "terminal"])["state"]?["mode"]?.string == "hold"
      {
        return client
      }
      guard server.isRunning else { break }
      usleep(5000)
    }
    throw CommandFailure("The server of the emulated arm did not start.", suggestion: "its log, \(folder)/serve.log")
  }

  func end() { server.terminate() }
}
