/// A stream of bytes to a device: a serial port, a pseudo-terminal, or an emulated device in the same process.
public protocol ByteChannel: AnyObject {
  /// What people call it, for messages: a path.
  var name: String { get }
  /// Monotonic time as this channel sees it [s]. Logical where the device is emulated in lockstep.
  var now: Double { get }

  func open() throws(BusError)
  func close()

  /// Copies what has arrived, at most `buffer.count` bytes, and returns how many; 0 where nothing has.
  ///
  /// - Throws: ``BusError/disconnected(bus:reason:)`` when the far end is gone.
  /// - Real-time: does not block or allocate.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int

  /// Hands over as many of `bytes` as the channel takes at once, and returns how many.
  ///
  /// - Real-time: does not block or allocate.
  func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int

  /// Waits until something can be read, at most `seconds`. For connecting, never for the loop.
  func waitForInput(atMost seconds: Double) throws(BusError)
}
