internal import MotorDrivers
internal import Simulator

/// An emulated arm's line whose bytes are carried over between the ticks, so that what a tick costs is the controller's own.
final class StoringChannel: ByteChannel {
  let line: LockstepChannel
  private let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 1)
  private let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 1)
  private var outgoingCount = 0
  private var incomingCount = 0
  /// Whether `read` and `write` go to the arm at once, as connecting needs.
  var isDirect = true
  /// Throws as an unplugged line does.
  var isUnplugged = false

  init(line: LockstepChannel) { self.line = line }

  deinit {
    outgoing.deallocate()
    incoming.deallocate()
  }

  var name: String { line.name }
  var now: Double { line.now }

  func open() throws(BusError) { try line.open() }
  func close() { line.close() }
  func waitForInput(atMost seconds: Double) throws(BusError) { try line.waitForInput(atMost: seconds) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int {
    if isDirect { return try line.read(into: buffer) }
    if isUnplugged { throw .disconnected(bus: "bench", reason: "unplugged") }
    let count = min(buffer.count, incomingCount)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: incoming[..<count]))
    incomingCount = 0
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int {
    if isDirect { return try line.write(bytes) }
    if isUnplugged { throw .disconnected(bus: "bench", reason: "unplugged") }
    let count = min(bytes.count, outgoing.count - outgoingCount)
    UnsafeMutableRawBufferPointer(rebasing: outgoing[outgoingCount..<outgoingCount + count])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    outgoingCount += count
    return count
  }

  /// Hands the last tick's bytes to the arm, lets time pass, and takes its answers in.
  func carry(to time: Double) {
    _ = try? line.write(UnsafeRawBufferPointer(rebasing: outgoing[..<outgoingCount]))
    outgoingCount = 0
    line.now = time
    incomingCount = (try? line.read(into: incoming)) ?? 0
  }
}
