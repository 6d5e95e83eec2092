internal import Kinematics
internal import Planner

/// Shapes setpoints where joints swing (``InputShaper``), and passes them on as they are where that would do harm: to an arm that gives way to a
/// hand, and from a fault on until the arm has come to rest.
struct SetpointShaping: Sendable {
  private var shaper: InputShaper?
  /// Whether what was sent last has been shaped.
  private(set) var isActive = false

  init(_ settings: ControlSettings) {
    if settings.vibrations.contains(where: { $0 != nil }) { shaper = InputShaper(settings.vibrations, period: settings.period) }
  }

  /// What to send.
  ///
  /// - Parameter isWanted: Whether to shape, if that has begun or the setpoint stands still.
  /// - Real-time: does not allocate, lock or throw.
  mutating func shaped(_ setpoint: JointSetpoint, isWanted: Bool) -> JointSetpoint {
    guard shaper != nil else { return setpoint }
    if !isWanted { suspend() }
    if !isActive {
      guard isWanted, setpoint == JointSetpoint(restingAt: setpoint.position) else { return setpoint }
      shaper?.begin(at: setpoint)
      isActive = true
    }
    return shaper?.shaped(setpoint) ?? setpoint
  }

  /// From now on setpoints go as they are, until they stand still.
  mutating func suspend() { isActive = false }
}
