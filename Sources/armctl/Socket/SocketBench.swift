internal import Foundation

/// How long a client waits for `state`: request and answer over a real socket.
enum SocketBench {
  /// [µs]
  struct Figures: Equatable {
    var median, p99: Double
  }

  /// Asks `count` times, one after the other, a server of its own with `service` behind it.
  ///
  /// - Throws: ``SocketError`` or ``CommandClient/Failure`` where there is no place for a socket.
  static func stateRoundTrip(service: any ArmService, count: Int = 5_000) throws -> Figures {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("armctl-bench-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try CommandServer(service: service, path: folder + "/s")
    defer { server.shutdown() }
    let client = try CommandClient(path: server.path)

    for _ in 0..<100 { try client.call("state") }
    var times: [Double] = []
    for _ in 0..<max(1, count) {
      let start = DispatchTime.now().uptimeNanoseconds
      try client.call("state")
      times.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-3)
    }
    times.sort()
    return Figures(median: times[times.count / 2], p99: times[min(times.count - 1, times.count * 99 / 100)])
  }
}
