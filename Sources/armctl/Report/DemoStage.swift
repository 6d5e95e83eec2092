internal import Foundation

/// A server with an emulated arm, in processes and a folder of their own.
final class DemoStage {
  /// For the socket and the logs. It stays, for whoever wants to read the logs.
  let folder: String
  /// What the arm is to do.
  let script: String
  private let server: ChildProcess

  init(arm: ArmConfiguration) throws {
    folder = NSTemporaryDirectory() + "armctl-demo-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // Robots and Examples stand side by side.
    let robots = URL(fileURLWithPath: arm.file).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    let path = robots.deletingLastPathComponent().appendingPathComponent("Examples/pick-and-place.arm").path
    script = try RunCommand.text(of: path)
    server = try ChildProcess([
      "serve", "--arm", arm.file, "--sim", "--socket", folder + "/armctl.sock", "--log", folder + "/serve.log", "--records", folder, "--truth",
      folder + "/truth.csv",
    ])
  }

  var truthPath: String { folder + "/truth.csv" }
  var portDescription: String { "a pseudo-terminal" }

  /// A client of the server, as soon as the arm is on.
  func connect() throws -> CommandClient {
    for _ in 0..<3000 {
      if let client = try? CommandClient(path: folder + "/armctl.sock"),
        try client.call("hello", ["protocol": 1, "client": "demo", "role": "script"])["state"]?["mode"]?.string == "hold"
      {
        return client
      }
      guard server.isRunning else { break }
      usleep(5000)
    }
    throw CommandFailure("The demo's server did not start.", suggestion: "its log, \(folder)/serve.log")
  }

  func end() { server.terminate() }
}
