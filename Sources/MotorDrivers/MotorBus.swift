/// Motors that share a wire. A bus speaks one vendor's protocol over one channel and knows motors, not joints.
///
/// The control loop calls `receive` at the start of each tick and `send` at its end, so nothing ever waits for a reply:
/// what a tick sends is answered on the wire while the loop sleeps, and read by the next tick.
public protocol MotorBus: AnyObject {
  /// The bus's name in the arm file; for messages.
  var name: String { get }
  var motorCount: Int { get }
  /// Counters since `connect`. Read on the loop's thread.
  var statistics: BusStatistics { get }

  /// Opens the channel, starts the adapter, reads every motor and writes its settings. May be called again after a loss.
  ///
  /// - Throws: What is missing and what to do about it.
  /// - Real-time: no; blocks for up to a few seconds. The loop leaves the bus alone meanwhile.
  func connect() throws(BusError)

  /// Switches the motors off as well as it can, and closes the channel. Never fails.
  func disconnect()

  /// Takes in all that has arrived, and updates the state of each motor that answered.
  ///
  /// - Parameters:
  ///   - states: One per motor. A silent motor keeps its last state, and its `missedReplies` grows.
  ///   - time: The tick's time, monotonic [s].
  /// - Throws: ``BusError/disconnected(bus:reason:)`` when the channel is gone.
  /// - Real-time: does not block or allocate.
  func receive(into states: inout [MotorState], time: Double) throws(BusError)

  /// Forgets latched faults of the motors, and writes their settings once more over the next ticks. For a reset by the user.
  /// Buses without either do nothing.
  ///
  /// - Real-time: does not block or allocate.
  func clearFaults()

  /// Sends one command to each motor, in the motors' order.
  ///
  /// - Real-time: does not block or allocate. What the channel cannot take is counted as dropped, never queued.
  func send(_ commands: [MotorCommand], time: Double) throws(BusError)
}

extension MotorBus {
  public func clearFaults() {}
}

/// What a motor is told, at its rotor, before any reducer.
public enum MotorCommand: Sendable, Equatable {
  /// No torque.
  case off
  /// Position [rad] to be at, moving at `velocity` [rad/s]. A motor without a watchdog stays there when the host goes silent.
  case position(Double, velocity: Double)
  /// The same of a motor that is giving way to a push: it goes there as suddenly as `acceleration` [rad/s²]. Afresh, it first lets go of all that it
  /// held against the push, and begins where it is. Motors that keep no way of their own take it for ``position(_:velocity:)``.
  case yielding(Double, velocity: Double, acceleration: Double, isAfresh: Bool)
  /// Torque [N·m].
  case effort(Double)
  /// A spring and a damper towards a moving point, and a torque beside:
  ///
  ///     τ = stiffness · (position − q) + damping · (velocity − q̇) + effort
  ///
  /// in [rad], [rad/s], [N·m], [N·m/rad] and [N·m·s/rad]. A motor that cannot yield takes it for ``position(_:velocity:)``.
  case impedance(position: Double, velocity: Double, effort: Double, stiffness: Double, damping: Double)
}

/// What is known of a motor, at its rotor, before any reducer.
public struct MotorState: Sendable, Equatable {
  /// [rad], continuous over any number of turns.
  public var position = 0.0
  /// [rad/s]; nil where the motor does not report it.
  public var velocity: Double?
  /// [N·m]; nil where the motor does not report it, or has not yet.
  public var effort: Double?
  /// Of the driver and of the winding [°C]; nil where the motor does not report it.
  public var driverTemperature, windingTemperature: Double?
  /// When `position` was last refreshed, monotonic [s]; nil before the first reply.
  public var sampleTime: Double?
  /// Requests in a row that were not answered in time.
  public var missedReplies = 0
  public var faults: MotorFaults = []

  public init() {}
}

public struct MotorFaults: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The motor's own position jumped by more than it can have moved: its reference was changed. Positions are continued from before the jump.
  public static let referenceLost = MotorFaults(rawValue: 1 << 0)
  public static let stalled = MotorFaults(rawValue: 1 << 1)
  public static let overTemperature = MotorFaults(rawValue: 1 << 2)
  public static let overVoltage = MotorFaults(rawValue: 1 << 3)
  public static let underVoltage = MotorFaults(rawValue: 1 << 4)
  public static let overCurrent = MotorFaults(rawValue: 1 << 5)
  public static let overload = MotorFaults(rawValue: 1 << 6)
  /// Its position sensor fails.
  public static let sensor = MotorFaults(rawValue: 1 << 7)
  /// It cannot read its own settings.
  public static let parameter = MotorFaults(rawValue: 1 << 8)
  /// It was told nothing for its watchdog's time, and has let go.
  public static let communicationLost = MotorFaults(rawValue: 1 << 9)
  /// It is off, though nobody switched it off: it may have lost power and with it its settings.
  public static let switchedOff = MotorFaults(rawValue: 1 << 10)

  /// With one of these a motor has let go of its joint.
  public static let withoutTorque: MotorFaults = [
    .overTemperature, .overVoltage, .underVoltage, .overCurrent, .overload, .sensor, .parameter, .communicationLost, .switchedOff,
  ]
}

/// Counters of a bus since it was connected.
public struct BusStatistics: Sendable, Equatable {
  public var bytesSent: UInt64 = 0
  public var bytesReceived: UInt64 = 0
  public var framesSent: UInt64 = 0
  public var framesReceived: UInt64 = 0
  /// Lines or frames that did not parse.
  public var malformed: UInt64 = 0
  /// Well-formed frames whose content cannot be true: unknown sender, impossible motion.
  public var implausible: UInt64 = 0
  /// Replies that answered a request older than the present one and were not used.
  public var stale: UInt64 = 0
  /// Requests without an answer in time, those of a stall too.
  public var missed: UInt64 = 0
  /// Frames not sent because the channel was full or the link is being drained.
  public var dropped: UInt64 = 0
  /// Share of the wire's time that frames took over the last second, 0…1.
  public var load = 0.0
  /// Share of the last 200 expected replies that did not come or could not be true, 0…1. For judging noise: those lost to a stall are left out.
  public var errorRate = 0.0
  /// All motors fell silent, and the link is being drained: nothing that arrives is believed, and no setpoint is sent, until it has proved itself.
  public var isStalled = false

  public init() {}
}
