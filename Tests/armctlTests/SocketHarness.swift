import Foundation

@testable import armctl

/// A server in this process with a fake arm behind it, in a folder of its own.
final class SocketHarness {
  let arm: FakeArm
  let server: CommandServer
  private let folder: String

  init(_ arm: FakeArm = FakeArm(), settings: CommandServer.Settings = CommandServer.Settings()) throws {
    self.arm = arm
    folder = try temporaryFolder()
    server = try CommandServer(service: arm, path: folder + "/s", settings: settings)
  }

  deinit {
    server.shutdown()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func client() throws -> CommandClient { try CommandClient(path: server.path) }

  func rawClient() throws -> RawClient { try RawClient(path: server.path) }
}

func temporaryFolder() throws -> String {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("armctl-test-\(UUID().uuidString.prefix(13))").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  return folder
}

/// Bytes over a socket, without any idea of what they mean.
final class RawClient: @unchecked Sendable {
  private let descriptor: Int32
  private var received: [UInt8] = []

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard SocketFile.withAddress(of: path, { connect(descriptor, $0, $1) }) == 0 else { throw SocketError.notASocket(path: path) }
    bePatient()
  }

  /// - Parameter port: Of TCP on this machine.
  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    (address.sin_family, address.sin_port) = (sa_family_t(AF_INET), UInt16(port).bigEndian)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
    guard isConnected else { throw SocketError.noPort("\(port)") }
    bePatient()
  }

  /// A test that waits in vain fails instead of hanging.
  private func bePatient() {
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// - Returns: Whether everything went out; false when the server has closed the connection.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(line: String) -> Bool { send(Array((line + "\n").utf8)) }

  /// What was sent and the server has not taken yet.
  var untakenByteCount: Int {
    var count: Int32 = 0
    return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
  }

  func closeSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line without its newline; nil at the end of the stream.
  func line() -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count <= 0 { return nil }
      received.append(contentsOf: buffer[..<count])
    }
  }

  /// The next line as JSON.
  func answer() throws -> JSONValue? { try line().map { try JSONValue(parsing: $0) } }
}
