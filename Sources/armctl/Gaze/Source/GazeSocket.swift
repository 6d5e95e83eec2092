internal import Foundation

/// A non-blocking socket that looks come through.
final class GazeSocket {
  let descriptor: Int32
  private let isStream: Bool

  /// Listens for datagrams.
  static func listening(host: String, port: UInt16) throws(GazeInput.Failure) -> GazeSocket {
    try GazeSocket(host: host, port: port, type: Int32(SOCK_DGRAM.rawValue)) { descriptor, address, length in
      bind(descriptor, address, length) == 0
    }
  }

  /// Connects to a server; a connection that is under way is good enough.
  static func connected(host: String, port: UInt16) throws(GazeInput.Failure) -> GazeSocket {
    let connected = try GazeSocket(host: host, port: port, type: Int32(SOCK_STREAM.rawValue)) { descriptor, address, length in
      connect(descriptor, address, length) == 0 || errno == EINPROGRESS
    }
    connected.watchPeer()
    return connected
  }

  /// A machine that was switched off, or whose cable was pulled, ends no connection: nothing would tell a tracker that is gone from a silent one.
  private func watchPeer() {
    func set(_ level: Int32, _ option: Int32, to value: Int32) {
      var value = value
      _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
    set(SOL_SOCKET, SO_KEEPALIVE, to: 1)
    // Asked after 2 s of silence, and then every second, three times.
    set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, to: 2)
    set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, to: 1)
    set(Int32(IPPROTO_TCP), TCP_KEEPCNT, to: 3)
  }

  private init(
    host: String, port: UInt16, type: Int32, open: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) throws(GazeInput.Failure) {
    isStream = type == Int32(SOCK_STREAM.rawValue)
    var hints = addrinfo()
    hints.ai_socktype = type
    hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0 else { throw .unknownHost(host) }
    defer { freeaddrinfo(found) }
    var reason = ENOENT
    var next = found
    while let info = next {
      next = info.pointee.ai_next
      let descriptor = socket(
        info.pointee.ai_family, info.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
        info.pointee.ai_protocol)
      guard descriptor >= 0 else { continue }
      if let address = info.pointee.ai_addr, open(descriptor, address, info.pointee.ai_addrlen) {
        self.descriptor = descriptor
        return
      }
      reason = errno
      close(descriptor)
    }
    throw .noSocket(place: "\(host):\(port)", reason: String(cString: strerror(reason)))
  }

  deinit { close(descriptor) }

  enum Reading {
    case bytes([UInt8])
    case nothing
    case end(String)
  }

  /// One datagram, or what has come of a stream.
  func read(into buffer: inout [UInt8]) -> Reading {
    let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
    // A datagram may be empty; a stream that gives nothing has ended.
    if count > 0 || (count == 0 && !isStream) { return .bytes(Array(buffer[..<count])) }
    if count < 0 {
      return [EAGAIN, EINTR, ENOTCONN].contains(errno) ? .nothing : .end(String(cString: strerror(errno)))
    }
    return .end("the connection was closed")
  }

  func write(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } == bytes.count
  }

  /// Whether a connection stands.
  var isWritable: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLOUT) != 0 && waiting.revents & Int16(POLLERR | POLLHUP) == 0
  }
}
