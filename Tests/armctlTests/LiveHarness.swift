import Foundation
import Simulator

@testable import armctl

/// The daemon's arm over emulated drives with real clients on a real socket. Time passes on a thread of its own, as fast as it likes.
final class LiveHarness: @unchecked Sendable {
  let rig: DaemonRig
  private(set) var server: CommandServer
  private let folder: String
  private let lock = NSLock()
  private var errands: [(isDue: (DaemonRig) -> Bool, action: (DaemonRig) -> Void)] = []
  private var isOver = false
  private let ended = DispatchSemaphore(value: 0)

  /// The arm stands at home, and holds.
  init(_ robot: String = "dummy", keys: String = "") throws {
    folder = try temporaryFolder()
    rig = try DaemonRig(robot, keys: keys, linesFolder: folder)
    try rig.goHome()
    server = try CommandServer(service: rig.live, path: folder + "/s")
    let thread = Thread { [weak self] in
      while let self, self.passTime() {}
    }
    thread.start()
  }

  /// Ends the thread and the server. To be called at a test's end.
  func end() {
    lock.withLock { isOver = true }
    ended.wait()
    server.shutdown()
    rig.live.fallSilent()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// As if the daemon had been started anew over an arm that stands.
  func restartServer() throws {
    server.shutdown()
    server = try CommandServer(service: rig.live, path: folder + "/s")
  }

  func client(_ name: String) throws -> CommandClient {
    let client = try CommandClient(path: server.path)
    try client.call("hello", ["protocol": 1, "client": .string(name)])
    try client.call("subscribe", ["topics": ["job", "event"]])
    return client
  }

  /// What a GPIO line is switched to, as with `echo`.
  func set(line: String, _ isActive: Bool) throws {
    try (isActive ? "1\n" : "0\n").write(toFile: "\(folder)/\(line)", atomically: false, encoding: .utf8)
  }

  func line(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

  /// Something touches the tool between two ticks, as soon as something is so.
  func touch(when isDue: @escaping (DaemonRig) -> Bool = { _ in true }, _ contact: @escaping (ContactPoint, _ now: Double) -> any Contact) {
    lock.withLock { errands.append((isDue, { $0.touch(contact) })) }
  }

  private func passTime() -> Bool {
    let isOver = lock.withLock {
      for index in errands.indices.reversed() where errands[index].isDue(rig) { errands.remove(at: index).action(rig) }
      return self.isOver
    }
    if isOver {
      ended.signal()
      return false
    }
    var ticks = 0
    rig.tick {
      ticks += 1
      return ticks > 2
    }
    usleep(500)
    return true
  }
}

extension CommandClient {
  /// What the server says unasked, until something is so.
  func news(until isLast: (_ topic: String, JSONObject) -> Bool) throws -> [(topic: String, news: JSONObject)] {
    var all: [(String, JSONObject)] = []
    while let message = try receive(timeout: 60) {
      guard case .notification(let topic, let news) = message else { continue }
      all.append((topic, news))
      if isLast(topic, news) { return all }
    }
    return all
  }

  /// How a request is refused: its kind and sentence; nil where it is not.
  func refusal(_ method: String, _ parameters: JSONObject = [:]) throws -> RPCError? {
    do {
      try call(method, parameters)
      return nil
    } catch Failure.refused(let error) {
      return error
    }
  }
}
