import Foundation
import Testing

@testable import armctl

@Suite("Socket files and clients") struct SocketClientTests {
  struct Rule: Sendable {
    var explicit: String?
    var environment: [String: String]
    var path: String
  }

  @Test(arguments: [
    Rule(explicit: "/a/b.sock", environment: ["XDG_RUNTIME_DIR": "/run/user/1"], path: "/a/b.sock"),
    Rule(explicit: nil, environment: ["XDG_RUNTIME_DIR": "/run/user/1"], path: "/run/user/1/armctl.sock"),
    Rule(explicit: "", environment: ["XDG_RUNTIME_DIR": "/run/user/1"], path: "/run/user/1/armctl.sock"),
    Rule(explicit: nil, environment: ["TMPDIR": "/nowhere"], path: "/nowhere/armctl-\(getuid())/armctl.sock"),
    Rule(explicit: nil, environment: ["XDG_RUNTIME_DIR": "", "TMPDIR": "/nowhere"], path: "/nowhere/armctl-\(getuid())/armctl.sock"),
  ])
  func pathRule(_ rule: Rule) throws {
    #expect(try SocketPath.resolve(explicit: rule.explicit, environment: rule.environment) == rule.path)
  }

  @Test func thePrivateFolderMustBePrivate() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try SocketPath.resolve(environment: ["TMPDIR": folder], isCreating: true)
    let own = folder + "/armctl-\(getuid())"
    #expect(path == own + "/armctl.sock")
    var information = stat()
    #expect(lstat(own, &information) == 0 && information.st_mode & 0o777 == 0o700)

    chmod(own, 0o770)
    #expect(throws: SocketError.folderNotPrivate(path: own)) { try SocketPath.resolve(environment: ["TMPDIR": folder]) }
    rmdir(own)
    symlink("/tmp", own)
    #expect(throws: SocketError.folderNotPrivate(path: own)) { try SocketPath.resolve(environment: ["TMPDIR": folder]) }
  }

  @Test func aLongPathIsRefused() {
    let path = "/" + String(repeating: "x", count: 200)
    let error = #expect(throws: SocketError.self) { try SocketPath.resolve(explicit: path) }
    #expect(error?.description == "The socket path \(path) is longer than the 107 bytes that a socket's name may have.")
  }

  @Test func theSocketIsForItsOwnerOnly() throws {
    let harness = try SocketHarness()
    var information = stat()
    #expect(lstat(harness.server.path, &information) == 0)
    #expect(information.st_mode == S_IFSOCK | 0o600)
  }

  @Test func aDeadServersSocketIsReplaced() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/s"
    let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #expect(SocketFile.withAddress(of: path) { bind(dead, $0, $1) } == 0)
    close(dead)
    let server = try CommandServer(service: FakeArm(), path: path)
    try CommandClient(path: path).call("state")
    server.shutdown()
    #expect(access(path, F_OK) != 0)
  }

  @Test func aLiveServersSocketIsNot() throws {
    let harness = try SocketHarness()
    let error = #expect(throws: SocketError.self) { try CommandServer(service: FakeArm(), path: harness.server.path) }
    #expect(error?.description == "Another server answers on \(harness.server.path).")
    try harness.client().call("state")
  }

  @Test func somebodyElsesListenerIsNotReplaced() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/s"
    let other = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(other) }
    #expect(SocketFile.withAddress(of: path) { bind(other, $0, $1) } == 0)
    listen(other, 1)
    #expect(throws: SocketError.inUse(path: path)) { try CommandServer(service: FakeArm(), path: path) }
  }

  @Test func aFileIsNotReplaced() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/s"
    try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SocketError.self) { try CommandServer(service: FakeArm(), path: path) }
    #expect(error?.description == "\(path) is there, but it is no socket.")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func onlyTheSameUserAndRootAreLetIn() {
    #expect(PeerCredentials(process: 1, user: 1000, group: 1).isAllowed(user: 1000))
    #expect(PeerCredentials(process: 1, user: 0, group: 1).isAllowed(user: 1000))
    #expect(!PeerCredentials(process: 1, user: 1001, group: 1000).isAllowed(user: 1000))
    #expect(!PeerCredentials(process: 1, user: 1001, group: 1000).isAllowed(user: 0))
  }

  @Test func withoutAServerTheClientSaysHowToStartOne() {
    let failure = #expect(throws: CommandClient.Failure.self) { try CommandClient(path: "/nowhere/armctl.sock") }
    #expect(failure?.description == "No armctl server answers on /nowhere/armctl.sock.")
    #expect(failure?.suggestion == "armctl serve --arm dummy --sim")
  }

  @Test func theClientNoticesThatTheServerIsGone() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try CommandServer(service: FakeArm(), path: folder + "/s")
    let client = try CommandClient(path: server.path)
    try client.call("state")
    server.shutdown()
    #expect(throws: CommandClient.Failure.disconnected(path: server.path)) { try client.call("state") }
  }

  @Test func anInterruptionEndsTheWaiting() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    try client.call("move.to", ["name": "home"])
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    client.interruption = ends[0]
    #expect(write(ends[1], "!", 1) == 1)
    #expect(throws: CommandClient.Failure.interrupted) { try client.call("job.wait", ["job": 1], timeout: nil) }
    client.interruption = nil
    try client.call("stop")
    #expect(harness.arm.stops.count == 1)
  }

  @Test func theBenchMeasuresRealRoundTrips() throws {
    let figures = try SocketBench.stateRoundTrip(service: FakeArm(), count: 50)
    #expect(figures.median > 0 && figures.p99 >= figures.median)
  }
}
