internal import Foundation

/// A blocking client of the command socket: what armctl's own commands are made of. For one thread.
final class CommandClient {
  enum Failure: Error, Equatable, CustomStringConvertible {
    /// Nobody listens there.
    case noServer(path: String)
    case notPermitted(path: String)
    /// The server went away while an answer was due.
    case disconnected(path: String)
    case noAnswer(method: String, seconds: Double)
    /// What the server sent is not JSON-RPC.
    case malformedAnswer(String)
    /// The server's own error.
    case refused(RPCError)
    /// The person pressed Ctrl-C.
    case interrupted

    var description: String {
      switch self {
      case .noServer(let path): "No armctl server answers on \(path)."
      case .notPermitted(let path): "This user may not use the socket \(path)."
      case .disconnected(let path): "The server on \(path) closed the connection."
      case .noAnswer(let method, let seconds): "The server did not answer `\(method)` within \(JSONValue.number(seconds)) s."
      case .malformedAnswer(let problem): "The server's answer is not JSON-RPC: \(problem)."
      case .refused(let error): error.message
      case .interrupted: "Interrupted."
      }
    }

    /// What to do about it, for after "try: ".
    var suggestion: String {
      switch self {
      case .noServer(let path): "armctl serve --arm dummy --sim" + (path.hasPrefix("tcp:") ? " --tcp \(path.dropFirst(4))" : "")
      case .notPermitted: "the user who started the server, or --socket with your own server's path"
      case .disconnected: "armctl status, and the server's log"
      case .noAnswer: "armctl stop, and the server's log"
      case .malformedAnswer: "--socket with the path of an armctl server"
      case .refused(let error): error.data["try"]?.string ?? "armctl status"
      case .interrupted: "the command again"
      }
    }
  }

  enum Message: Equatable {
    case answer(id: Int, Result<JSONValue, RPCError>)
    case notification(method: String, parameters: JSONObject)
  }

  /// The server's path or `tcp:PORT`, for messages.
  let path: String
  /// A descriptor that becomes readable when the person presses Ctrl-C; waiting then ends with ``Failure/interrupted``.
  var interruption: Int32?

  /// Readable when the server has said something, unless ``receive(timeout:)`` has it already.
  let descriptor: Int32
  private var framer = LineFramer(maximumLength: 64 << 20)
  private var lines: [LineFramer.Line] = []
  private var unread: [Message] = []
  private var lastID = 0

  /// - Throws: ``Failure/noServer(path:)`` or ``Failure/notPermitted(path:)``. The descriptor is closed with the object, also where this fails.
  init(path: String) throws(Failure) {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let fits = path.utf8.count < SocketPath.maximumLength
    guard fits, SocketFile.withAddress(of: path, { connect(descriptor, $0, $1) }) == 0 else {
      let reason = errno
      throw fits && reason == EACCES ? .notPermitted(path: path) : .noServer(path: path)
    }
  }

  /// On a port of this machine, where it shows the token.
  ///
  /// - Throws: As ``init(path:)``, and ``Failure/refused(_:)`` where the token is wrong.
  init(port: Int, token: AccessToken) throws(Failure) {
    path = "tcp:\(port)"
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in(
      sin_family: sa_family_t(AF_INET), sin_port: in_port_t(UInt16(clamping: port).bigEndian), sin_addr: in_addr(s_addr: INADDR_LOOPBACK.bigEndian),
      sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw .noServer(path: path) }
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    try call("auth", ["token": .string(token.text)])
  }

  /// - Throws: ``CommandClient/Failure``, and ``SocketError`` where there is no token.
  convenience init(_ address: CommandAddress) throws {
    switch address {
    case .path(let path): try self.init(path: path)
    case .port(let port, let tokenFile): try self.init(port: port, token: AccessToken(inFile: tokenFile, isCreating: false))
    }
  }

  deinit { close(descriptor) }

  /// Sends one request and waits for its answer. Notifications that come meanwhile are kept for ``receive(timeout:)``.
  ///
  /// - Parameter timeout: [s]; nil waits for ever.
  /// - Throws: ``Failure/refused(_:)`` with the server's error, and what can happen to a connection.
  @discardableResult
  func call(_ method: String, _ parameters: JSONObject = [:], timeout: Double? = 10) throws(Failure) -> JSONValue {
    let id = try send(method, parameters)
    let deadline = timeout.map { Self.now + $0 }
    while let message = try nextMessage(deadline: deadline) {
      guard case .answer(id, let result) = message else {
        unread.append(message)
        continue
      }
      switch result {
      case .success(let value): return value
      case .failure(let error): throw .refused(error)
      }
    }
    throw .noAnswer(method: method, seconds: timeout ?? 0)
  }

  /// Sends one request without waiting. Its answer comes out of ``receive(timeout:)``.
  /// - Returns: The request's id.
  func send(_ method: String, _ parameters: JSONObject = [:]) throws(Failure) -> Int {
    lastID += 1
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": .number(Double(lastID)), "method": .string(method), "params": .object(parameters),
    ]
    try write(request.bytes + [UInt8(ascii: "\n")])
    return lastID
  }

  /// The next answer or notification; nil if none comes within `timeout` seconds.
  func receive(timeout: Double? = nil) throws(Failure) -> Message? {
    if !unread.isEmpty { return unread.removeFirst() }
    return try nextMessage(deadline: timeout.map { Self.now + $0 })
  }

  // MARK: The wire

  private func nextMessage(deadline: Double?) throws(Failure) -> Message? {
    while true {
      if !lines.isEmpty { return try Self.message(lines.removeFirst()) }
      guard try waitForInput(deadline: deadline) else { return nil }
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count > 0 {
        buffer.withUnsafeBytes { framer.feed(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &lines) }
      } else if count == 0 || errno != EINTR {
        throw .disconnected(path: path)
      }
    }
  }

  /// - Returns: Whether there is something to read before the deadline.
  private func waitForInput(deadline: Double?) throws(Failure) -> Bool {
    var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    if let interruption { waiting.append(pollfd(fd: interruption, events: Int16(POLLIN), revents: 0)) }
    while true {
      let remaining = deadline.map { max(0, $0 - Self.now) }
      let ready = poll(&waiting, nfds_t(waiting.count), remaining.map { Int32(min($0 * 1e3, 1e9).rounded(.up)) } ?? -1)
      if waiting.count > 1, waiting[1].revents != 0 { throw .interrupted }
      if ready > 0 { return true }
      if ready == 0 { return false }
      if errno != EINTR { throw .disconnected(path: path) }
    }
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count > 0 {
        sent += count
      } else if errno != EINTR {
        throw .disconnected(path: path)
      }
    }
  }

  private static func message(_ line: LineFramer.Line) throws(Failure) -> Message {
    guard case .text(let bytes) = line else { throw .malformedAnswer("a line is too long") }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch { throw .malformedAnswer("\(error)") }
    if let method = value["method"]?.string { return .notification(method: method, parameters: value["params"]?.object ?? [:]) }
    if let error = value["error"]?.object {
      let failure = RPCError(
        code: error["code"]?.integer ?? 0, message: error["message"]?.string ?? "The server refused.", data: error["data"]?.object ?? [:])
      return .answer(id: value["id"]?.integer ?? 0, .failure(failure))
    }
    guard let id = value["id"]?.integer, let result = value["result"] else { throw .malformedAnswer("neither an answer nor a notification") }
    return .answer(id: id, .success(result))
  }

  /// Monotonic [s].
  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
