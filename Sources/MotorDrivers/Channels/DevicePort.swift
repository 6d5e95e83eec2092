internal import Glibc

/// A device by its path: a pseudo-terminal where the path leads to one, else a serial port. Decided anew at each `open`, because a
/// link may lead elsewhere after a loss.
public final class DevicePort: ByteChannel {
  public let name: String
  private let serialPort: SerialPort
  private let pseudoTerminal: PseudoTerminal
  private var transport: any ByteChannel

  /// - Parameters:
  ///   - path: `/dev/ttyACM0`, `/dev/serial/by-id/…`, `/dev/pts/3`, or a link to one of these.
  ///   - baudRate: [bit/s], for true serial ports.
  public init(path: String, baudRate: Int = 115_200) {
    name = path
    serialPort = SerialPort(path: path, baudRate: baudRate)
    pseudoTerminal = PseudoTerminal(path: path)
    transport = pseudoTerminal
  }

  /// What the path led to when it was last opened.
  public var isPseudoTerminal: Bool { transport === pseudoTerminal }

  public var now: Double { monotonicTime() }

  public func open() throws(BusError) {
    close()
    transport = leadsToPseudoTerminal ? pseudoTerminal : serialPort
    try transport.open()
  }

  public func close() { transport.close() }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int { try transport.read(into: buffer) }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int { try transport.write(bytes) }

  public func waitForInput(atMost seconds: Double) throws(BusError) { try transport.waitForInput(atMost: seconds) }

  private var leadsToPseudoTerminal: Bool {
    guard let resolved = realpath(name, nil) else { return false }
    defer { free(resolved) }
    return strncmp(resolved, "/dev/pts/", 9) == 0
  }
}
