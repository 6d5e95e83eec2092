internal import CSerialPort
internal import Glibc

/// A serial port on libserialport: raw bytes, eight data bits, no parity, one stop bit, no flow control.
public final class SerialPort: ByteChannel {
  public let name: String
  /// [bit/s]; without meaning to adapters that are USB throughout.
  public let baudRate: Int
  private var port: OpaquePointer?
  private var descriptor: Int32 = -1

  public init(path: String, baudRate: Int = 115_200) {
    name = path
    self.baudRate = baudRate
  }

  deinit { close() }

  public var now: Double { monotonicTime() }

  /// Opens the port for this process alone. Closes it first where it is open.
  public func open() throws(BusError) {
    close()
    guard access(name, F_OK) == 0 else { throw .opening(name, errno: errno) }
    guard let found = portByName() else { throw .cannotOpen(port: name, reason: "it is no serial port") }
    errno = 0
    guard sp_open(found, SP_MODE_READ_WRITE) == SP_OK else {
      let code = errno
      sp_free_port(found)
      throw .opening(name, errno: code)
    }
    port = found
    do throws(BusError) { try prepare(found) } catch {
      close()
      throw error
    }
  }

  /// The library knows ports by their own names only; a link as in `/dev/serial/by-id` has to be followed for it.
  private func portByName() -> OpaquePointer? {
    var found: OpaquePointer?
    if sp_get_port_by_name(name, &found) == SP_OK { return found }
    guard let resolved = realpath(name, nil) else { return nil }
    defer { free(resolved) }
    return sp_get_port_by_name(resolved, &found) == SP_OK ? found : nil
  }

  private func prepare(_ port: OpaquePointer) throws(BusError) {
    guard sp_get_port_handle(port, &descriptor) == SP_OK else { throw .cannotOpen(port: name, reason: "it has no descriptor") }
    let failure = claim(descriptor)
    guard failure == 0 else { throw .opening(name, errno: failure) }
    guard sp_set_bits(port, 8) == SP_OK, sp_set_parity(port, SP_PARITY_NONE) == SP_OK, sp_set_stopbits(port, 1) == SP_OK,
      sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE) == SP_OK
    else { throw .cannotOpen(port: name, reason: "it does not take 8 data bits without parity and flow control") }
    guard sp_set_baudrate(port, Int32(baudRate)) == SP_OK else { throw .cannotOpen(port: name, reason: "it does not run at \(baudRate) bit/s") }
    // Many drivers hold nothing back and refuse the question; there is nothing to do about it then.
    _ = serial_port_set_low_latency(descriptor)
    sp_flush(port, SP_BUF_BOTH)
  }

  public func close() {
    guard let port else { return }
    if descriptor >= 0 { _ = ioctl(descriptor, UInt(TIOCNXCL)) }
    sp_close(port)
    sp_free_port(port)
    self.port = nil
    descriptor = -1
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int {
    guard let port else { throw .losing(name, errno: EBADF) }
    guard buffer.count > 0 else { return 0 }
    let count = sp_nonblocking_read(port, buffer.baseAddress, buffer.count).rawValue
    if count > 0 { return Int(count) }
    if count < 0 && errno == EINTR { return 0 }
    // A read that finds nothing looks the same after a hang-up; asking how much waits tells the two apart.
    guard count == 0, sp_input_waiting(port).rawValue >= 0 else { throw .losing(name, errno: errno) }
    return 0
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int {
    guard let port else { throw .losing(name, errno: EBADF) }
    guard bytes.count > 0 else { return 0 }
    let count = sp_nonblocking_write(port, bytes.baseAddress, bytes.count).rawValue
    if count >= 0 { return Int(count) }
    // The library reports a full line as a failure.
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw .losing(name, errno: errno)
  }

  public func waitForInput(atMost seconds: Double) throws(BusError) {
    guard descriptor >= 0 else { throw .losing(name, errno: EBADF) }
    MotorDrivers.waitForInput(on: descriptor, atMost: seconds)
  }
}
