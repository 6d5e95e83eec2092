internal import Foundation

/// The listening socket and its name in the file system, from when the server has it until it lets go.
///
/// A lock beside the socket (`PATH.lock`) decides who serves: two servers that start at once cannot both take a dead one's place,
/// and the kernel drops a dead server's lock.
struct SocketFile {
  let path: String
  /// Bound and listening.
  let descriptor: Int32
  private let lock: Int32
  private let inode: ino_t

  /// Binds `path` with mode 0600, which it has from its first moment. Replaces the socket of a server that has died.
  ///
  /// - Throws: ``SocketError/inUse(path:)`` while another server lives, and what else is in the way.
  init(listeningAt path: String) throws(SocketError) {
    func failure(_ path: String) -> SocketError { .cannotCreate(path: path, reason: String(cString: strerror(errno))) }

    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw failure(path + ".lock") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(lock)
      throw .inUse(path: path)
    }
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    do throws(SocketError) {
      guard listener >= 0 else { throw failure(path) }
      try Self.clear(path)
      // Linux gives the name the descriptor's mode, so that there is no moment in which it is wider, and no umask to change for all threads.
      guard fchmod(listener, 0o600) == 0, Self.withAddress(of: path, { bind(listener, $0, $1) }) == 0 else { throw failure(path) }
      var information = stat()
      guard listen(listener, 512) == 0, lstat(path, &information) == 0 else { throw failure(path) }
      inode = information.st_ino
    } catch {
      if listener >= 0 { Foundation.close(listener) }
      Foundation.close(lock)
      throw error
    }
    self.path = path
    self.lock = lock
    descriptor = listener
  }

  /// Removes the name, if it is still ours, and lets the lock go; its empty file stays. The descriptor belongs to the channel by now.
  func remove() {
    var information = stat()
    if lstat(path, &information) == 0, information.st_ino == inode { unlink(path) }
    close(lock)
  }

  /// Makes room for the name.
  private static func clear(_ path: String) throws(SocketError) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    defer { close(client) }
    let answer = withAddress(of: path) { connect(client, $0, $1) }
    // A full queue of connections also means that somebody lives.
    if answer == 0 || errno == EAGAIN { throw .inUse(path: path) }
    unlink(path)
  }

  /// - Precondition: The path fits, see ``SocketPath``.
  static func withAddress(of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    precondition(path.utf8.count < SocketPath.maximumLength)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
