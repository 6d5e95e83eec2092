internal import Glibc

/// The program's end of a pseudo-terminal, whose other end is an emulator. libserialport refuses these; plain termios takes them.
public final class PseudoTerminal: ByteChannel {
  public let name: String
  private var descriptor: Int32 = -1

  /// - Parameter path: `/dev/pts/N`, or a link to one; followed anew at each `open`.
  public init(path: String) { name = path }

  deinit { close() }

  public var now: Double { monotonicTime() }

  /// Opens the terminal raw, for this process alone. Closes it first where it is open.
  public func open() throws(BusError) {
    close()
    let opened = Glibc.open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard opened >= 0 else { throw .opening(name, errno: errno) }
    let failure = prepare(opened)
    guard failure == 0 else {
      _ = Glibc.close(opened)
      throw .opening(name, errno: failure)
    }
    descriptor = opened
  }

  private func prepare(_ descriptor: Int32) -> Int32 {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return errno }
    // Raw, and one byte as the least that a read waits for: so nothing there is EAGAIN, and 0 only ever means that the far end is gone.
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else { return errno }
    return claim(descriptor)
  }

  public func close() {
    guard descriptor >= 0 else { return }
    _ = ioctl(descriptor, UInt(TIOCNXCL))
    _ = Glibc.close(descriptor)
    descriptor = -1
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int {
    guard descriptor >= 0 else { throw .losing(name, errno: EBADF) }
    guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
    let count = Glibc.read(descriptor, base, buffer.count)
    if count > 0 { return count }
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return 0 }
    throw .losing(name, errno: count == 0 || errno == EIO ? 0 : errno)
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int {
    guard descriptor >= 0 else { throw .losing(name, errno: EBADF) }
    guard let base = bytes.baseAddress, bytes.count > 0 else { return 0 }
    let count = Glibc.write(descriptor, base, bytes.count)
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw .losing(name, errno: errno == EIO ? 0 : errno)
  }

  public func waitForInput(atMost seconds: Double) throws(BusError) {
    guard descriptor >= 0 else { throw .losing(name, errno: EBADF) }
    MotorDrivers.waitForInput(on: descriptor, atMost: seconds)
  }
}
