internal import Foundation

/// What a client on TCP has to know. It stands in a file of mode 0600, so that whoever may read it is the user who owns the arm.
struct AccessToken: Sendable {
  /// Shorter ones could be guessed.
  static let leastLength = 32

  let text: String
  /// Where it stands.
  let path: String

  /// Reads the token in a file; where there is none, makes one of 256 random bits.
  ///
  /// - Throws: ``SocketError/tokenNotPrivate(path:)`` where others could read the file, and what else is wrong with it.
  init(inFile path: String, isCreating: Bool) throws(SocketError) {
    if isCreating { try Self.create(path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw errno == ENOENT ? .noToken(path: path) : .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG, information.st_uid == getuid(),
      information.st_mode & 0o077 == 0
    else { throw .tokenNotPrivate(path: path) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.utf8.count >= Self.leastLength else { throw .tokenTooShort(path: path, least: Self.leastLength) }
    (self.text, self.path) = (text, path)
  }

  /// Its time does not depend on where the two differ, so that nobody finds the token out piece by piece.
  func matches(_ other: String) -> Bool {
    let own = Array(text.utf8), given = Array(other.utf8)
    var difference = own.count ^ given.count
    for index in own.indices { difference |= Int(own[index] ^ (index < given.count ? given[index] : 0)) }
    return difference == 0
  }

  /// Leaves a file that is there alone.
  private static func create(_ path: String) throws(SocketError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return }
      throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var random = SystemRandomNumberGenerator()
    let text = (0..<4).map { _ in String(format: "%016lx", random.next()) }.joined() + "\n"
    let count = text.utf8.count
    guard write(descriptor, text, count) == count else { throw .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
  }
}
