import Foundation
import Testing

@testable import armctl

/// The command socket on TCP: who does not know the token stays outside.
@Suite("TCP") struct SocketTCPTests {
  /// A server on a free port of this machine, with its token in a folder of its own.
  private final class Harness {
    let server: CommandServer
    let token: AccessToken
    let arm = FakeArm()
    private let folder: String

    init() throws {
      folder = try temporaryFolder()
      token = try AccessToken(inFile: folder + "/token", isCreating: true)
      server = try CommandServer(service: arm, path: folder + "/s", tcp: (0, token))
    }

    deinit {
      server.shutdown()
      try? FileManager.default.removeItem(atPath: folder)
    }

    var port: Int { server.port ?? 0 }
    var address: String { "tcp:\(port):\(folder)/token" }
    func stranger() throws -> RawClient { try RawClient(port: port) }
  }

  @Test func whoShowsTheTokenIsServed() throws {
    let harness = try Harness()
    let client = try CommandClient(CommandAddress(harness.address))
    #expect(try client.call("state")["mode"] == "hold")
    try client.call("hello", ["protocol": 1, "client": "far"])
    try client.call("stop")
    #expect(harness.arm.stops == [.requested(client: "far")])
    // Lines may be as long as everybody's from now on.
    let long = String(repeating: "x", count: 100_000)
    let failure = #expect(throws: CommandClient.Failure.self) { try client.call("move.to", ["name": .string(long)]) }
    #expect(failure?.description.hasPrefix("fake has no pose") == true)
  }

  @Test func onlyThisMachineIsListenedTo() throws {
    let harness = try Harness()
    let listening = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: " ") }.filter { $0.count > 3 && $0[3] == "0A" && $0[1].hasSuffix(String(format: ":%04X", harness.port)) }
    #expect(listening.map { String($0[1].prefix(8)) } == ["0100007F"])
  }

  struct Stranger: Sendable, CustomTestStringConvertible {
    var line: String
    var answer: String
    var testDescription: String { String(line.prefix(40)) }
  }

  private static let showFirst =
    ##""error":{"code":-32046,"message":"Over TCP a client shows its token before anything else.","data":{"kind":"unauthorized","##
    + ##""try":"{\"id\":1,\"method\":\"auth\",\"params\":{\"token\":\"…\"}}, with the token in the file that armctl serve names"}}}"##
  private static let wrong =
    #""error":{"code":-32046,"message":"The token is wrong.","data":{"kind":"unauthorized","#
    + #""try":"the token in the file that armctl serve names"}}}"#

  @Test(arguments: [
    Stranger(line: #"{"id":1,"method":"state"}"#, answer: #"{"jsonrpc":"2.0","id":1,"# + showFirst),
    Stranger(line: #"{"id":2,"method":"stop"}"#, answer: #"{"jsonrpc":"2.0","id":2,"# + showFirst),
    Stranger(line: #"{"id":3,"method":"auth","params":{"token":"0000"}}"#, answer: #"{"jsonrpc":"2.0","id":3,"# + wrong),
    Stranger(line: #"{"id":4,"method":"auth"}"#, answer: #"{"jsonrpc":"2.0","id":4,"# + wrong),
    Stranger(
      line: "GET / HTTP/1.1",
      answer: #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"The line is not JSON: "#),
    Stranger(
      line: #"[{"id":1,"method":"state"}]"#,
      answer: #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"A request is an object, not null.""#),
    Stranger(
      line: String(repeating: "x", count: 5000),
      answer: #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"The line is longer than 4096 bytes.""#),
  ])
  func aStrangerIsToldWhyAndCutOffAfterThreeTries(_ c: Stranger) throws {
    let harness = try Harness()
    let stranger = try harness.stranger()
    for _ in 0..<5 { stranger.send(line: c.line) }
    for _ in 0..<3 { #expect(stranger.line()?.hasPrefix(c.answer) == true) }
    #expect(stranger.line() == nil)
    #expect(harness.arm.stops.isEmpty)
    // Others are served meanwhile.
    #expect(try CommandClient(CommandAddress(harness.address)).call("state")["mode"] == "hold")
  }

  @Test func theThirdTryMayBeTheRightOne() throws {
    let harness = try Harness()
    let client = try harness.stranger()
    client.send(line: #"{"id":1,"method":"auth","params":{"token":"\#(harness.token.text.dropLast())"}}"#)
    client.send(line: #"{"id":2,"method":"auth","params":{"token":"\#(harness.token.text)0"}}"#)
    client.send(line: #"{"id":3,"method":"auth","params":{"token":"\#(harness.token.text)"}}"#)
    client.send(line: #"{"id":4,"method":"state"}"#)
    #expect(try client.answer()?["error"]?["data"]?["kind"] == "unauthorized")
    #expect(try client.answer()?["error"]?["data"]?["kind"] == "unauthorized")
    #expect(client.line() == #"{"jsonrpc":"2.0","id":3,"result":{}}"#)
    #expect(try client.answer()?["result"]?["mode"] == "hold")
  }

  @Test func onlySoManyMayStandBeforeTheDoor() throws {
    let harness = try Harness()
    let waiting = try (0..<Door.maximumWaiting).map { _ in try harness.stranger() }
    // An answer tells that the server has seen them all.
    for client in waiting {
      client.send(line: #"{"id":1,"method":"state"}"#)
      #expect(try client.answer()?["error"] != nil)
    }
    let late = try harness.stranger()
    #expect(try late.answer()?["error"]?["message"] == "16 clients have not shown their token yet.")
    #expect(late.line() == nil)
    // On the Unix socket nobody waits for them.
    #expect(try CommandClient(path: harness.server.path).call("state")["mode"] == "hold")
    waiting[0].send(line: #"{"id":2,"method":"auth","params":{"token":"\#(harness.token.text)"}}"#)
    #expect(try waiting[0].answer()?["result"] != nil)
    #expect(try CommandClient(CommandAddress(harness.address)).call("state")["mode"] == "hold")
  }

  // MARK: The token's file

  @Test func aTokenIsMadeOnceAndIsPrivate() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/token"
    #expect(throws: SocketError.noToken(path: path)) { try AccessToken(inFile: path, isCreating: false) }
    let first = try AccessToken(inFile: path, isCreating: true)
    #expect(first.text.count == 64 && first.text.allSatisfy(\.isHexDigit))
    #expect(try AccessToken(inFile: path, isCreating: true).text == first.text)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)

    chmod(path, 0o640)
    let open = #expect(throws: SocketError.self) { try AccessToken(inFile: path, isCreating: true) }
    #expect(open?.description == "\(path) is not a file that belongs to this user alone.")
    #expect(open?.suggestion == "chmod 600 \(path), or remove it and start armctl serve again, which makes a new one")

    try "short".write(toFile: path, atomically: false, encoding: .utf8)
    chmod(path, 0o600)
    let short = #expect(throws: SocketError.self) { try AccessToken(inFile: path, isCreating: true) }
    #expect(short?.description == "The token in \(path) is shorter than 32 characters.")

    symlink(path, folder + "/link")
    #expect(throws: SocketError.self) { try AccessToken(inFile: folder + "/link", isCreating: true) }
  }

  @Test func tokensMatchAsAWhole() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let token = try AccessToken(inFile: folder + "/token", isCreating: true)
    #expect(token.matches(token.text))
    for other in ["", "0", String(token.text.dropLast()), token.text + "0", String(token.text.reversed()) + "x", token.text + "\0"] {
      #expect(!token.matches(other))
    }
  }

  @Test func addressesSayAPortAndWhereTheTokenIs() throws {
    #expect(try CommandAddress("/run/arm.sock") == .path("/run/arm.sock"))
    #expect(try CommandAddress("tcp:7373:/a/b:c") == .port(7373, tokenFile: "/a/b:c"))
    for text in ["tcp:", "tcp:0", "tcp:65536", "tcp:host:1"] {
      let error = #expect(throws: SocketError.self) { try CommandAddress(text) }
      #expect(error?.description == "\"\(text)\" does not say a TCP port from 1 to 65535." && error?.suggestion == "tcp:7373")
    }
  }

  @Test func aPortThatIsTakenIsSaid() throws {
    let harness = try Harness()
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = #expect(throws: SocketError.self) {
      try CommandServer(service: FakeArm(), path: folder + "/s", tcp: (harness.port, harness.token))
    }
    #expect(error?.description == "TCP port \(harness.port) of this machine cannot be listened on: Address already in use.")
    #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
  }
}
