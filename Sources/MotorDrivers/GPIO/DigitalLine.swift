/// One bit that comes in: an emergency stop, a limit switch.
public protocol DigitalInput: AnyObject {
  /// For messages: which line this is.
  var name: String { get }

  /// Whether the line is active, as its polarity defines that.
  ///
  /// - Throws: ``GPIOError/lost(chip:line:reason:)`` when the chip is gone. An emergency stop must take that for active.
  /// - Real-time: does not block or allocate; one system call.
  func isActive() throws(GPIOError) -> Bool
}

/// One bit that goes out: an enable, a brake.
public protocol DigitalOutput: AnyObject {
  /// For messages: which line this is.
  var name: String { get }

  /// - Real-time: does not block or allocate; one system call.
  func set(isActive: Bool) throws(GPIOError)
}
