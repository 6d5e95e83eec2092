internal import Glibc

/// A raw pseudo-terminal under a name that stays, for programs that expect a serial port.
///
/// Its far end is kept open here too, so that clients may come and go: without one the near end would report an error for as long as nobody is there.
final class PseudoTerminal {
  /// A symbolic link to the far end.
  let link: String
  /// The far end's own name, below /dev/pts.
  let path: String
  private let near, far: Int32

  /// - Throws: ``EmulatorError/noTerminal(reason:)``, ``EmulatorError/cannotLink(path:reason:)``
  init(link: String) throws(EmulatorError) {
    self.link = link
    var near: Int32 = -1, far: Int32 = -1
    var modes = termios()
    cfmakeraw(&modes)
    guard openpty(&near, &far, nil, &modes, nil) == 0 else { throw .noTerminal(reason: systemReason()) }
    var name = [CChar](repeating: 0, count: 256)
    guard near < Int32(FD_SETSIZE), ttyname_r(far, &name, name.count) == 0, fchmod(far, 0o600) == 0,
      fcntl(near, F_SETFL, O_NONBLOCK) == 0, fcntl(near, F_SETFD, FD_CLOEXEC) == 0, fcntl(far, F_SETFD, FD_CLOEXEC) == 0
    else {
      let reason = systemReason()
      Glibc.close(near)
      Glibc.close(far)
      throw .noTerminal(reason: reason)
    }
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.near = near
    self.far = far
    // Made beside and renamed over, so that nobody ever finds the name missing; only a link of an earlier run may be replaced.
    var found = stat()
    let isTaken = lstat(link, &found) == 0 && found.st_mode & S_IFMT != S_IFLNK
    let beside = "\(link).\(getpid())"
    unlink(beside)
    guard !isTaken, symlink(path, beside) == 0, rename(beside, link) == 0 else {
      let reason = isTaken ? "a file of that name exists" : systemReason()
      unlink(beside)
      throw .cannotLink(path: link, reason: reason)
    }
  }

  deinit {
    // A later emulator may have taken the name over.
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink(link, &target, target.count)
    if length > 0, path.utf8.elementsEqual(target.prefix(length).map(UInt8.init(bitPattern:))) { unlink(link) }
    Glibc.close(near)
    Glibc.close(far)
  }

  /// Waits until bytes have come in, or `seconds` have passed.
  func waitForInput(atMost seconds: Double) {
    var set = fd_set()
    withUnsafeMutableBytes(of: &set) { $0[Int(near) / 8] |= 1 << UInt8(near % 8) }
    var timeout = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    pselect(near + 1, &set, nil, nil, &timeout, nil)
  }

  /// Bytes that have come in, 0 where none have.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { max(0, Glibc.read(near, buffer.baseAddress, buffer.count)) }

  /// Hands bytes over; what the terminal has no room for is not taken.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int { max(0, Glibc.write(near, bytes.baseAddress, bytes.count)) }
}

/// What the system says of the last failure.
func systemReason() -> String { String(cString: strerror(errno)) }
