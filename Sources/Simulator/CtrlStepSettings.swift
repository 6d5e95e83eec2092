/// What a Ctrl-Step drive keeps in its non-volatile memory.
///
/// The defaults are a drive's out of the box.
public struct CtrlStepSettings: Sendable, Equatable {
  /// 1…15 on an 11-bit bus; each drive is given its own when an arm is built.
  public var node: UInt32
  /// [A]
  public var currentLimit = 1.0
  /// [turn/s]
  public var velocityLimit = 30.0
  /// [turn/s²]
  public var acceleration = 100.0
  /// Encoder position that is home [1/51200 turn], within one turn.
  public var homeOffset: Int32 = 0
  public var isEnabledAtPowerUp = false
  public var hasStallProtection = false
  /// Gains of the position loop, in the drive's own units; see ``EmulatedCtrlStep``.
  public var kp: Int32 = 200
  public var kv: Int32 = 80
  public var ki: Int32 = 300
  public var kd: Int32 = 250

  public init(node: UInt32) { self.node = node }
}
