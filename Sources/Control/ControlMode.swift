/// What the control core is doing. The raw values are the names on the command socket.
public enum ControlMode: String, Sendable, CaseIterable, BitwiseCopyable {
  /// The motors have no torque.
  case off
  /// Stiff at the setpoint.
  case hold
  /// Following a trajectory.
  case move
  /// Following a stream of commands.
  case servo
  /// Gives way to the hand, and stays where it is left.
  case float
  /// Held by springs that a hand may stretch.
  case comply
  /// Something has knocked the arm, and it gives way.
  case yield
  /// On its way back from a knock.
  case recover
  /// Braked on request; stiff where it came to rest. Left by the next motion or mode.
  case stopped
  /// Latched after a fault, in the safest state the fault allows. Left by `reset`.
  case fault
}
