extension DamiaoBus {
  /// What the arm's file says of one motor. All at its output shaft, which is where these motors measure: their own reducer is behind it.
  public struct Motor: Sendable, Equatable {
    /// The motor's own identifier, 1…15.
    public var id: Int
    /// The identifier of its answers, 1…0x7FE.
    public var masterId: Int
    /// Positions are coded within ± this [rad]; as the motor's register PMAX has it.
    public var pMax: Double
    /// Velocities are coded within ± this [rad/s]; VMAX.
    public var vMax: Double
    /// Torques are coded within ± this [N·m]; TMAX.
    public var tMax: Double
    /// The motor lets go when it was told nothing for so long [s], more than 0.
    public var timeout: Double
    /// Of ``MotorCommand/position(_:velocity:)`` [N·m/rad] and [N·m·s/rad].
    public var stiffness, damping: Double

    public init(
      id: Int, masterId: Int, pMax: Double, vMax: Double, tMax: Double, timeout: Double, stiffness: Double, damping: Double
    ) {
      precondition(1...15 ~= id && 1..<0x7FF ~= masterId && timeout > 0 && stiffness >= 0 && damping >= 0)
      self.id = id
      self.masterId = masterId
      self.pMax = pMax
      self.vMax = vMax
      self.tMax = tMax
      self.timeout = timeout
      self.stiffness = stiffness
      self.damping = damping
    }

    /// The ranges, as the file has them.
    var scale: Damiao.Scale { Damiao.Scale(position: pMax, velocity: vMax, torque: tMax) }

    /// The watchdog's time in the motor's unit; at least one, as 0 would be none at all.
    var timeoutUnits: UInt32 { UInt32(max(1, min((timeout / Damiao.timeoutUnit).rounded(), Double(UInt32.max)))) }

    func command(_ command: Damiao.Command) -> CANFrame { command.frame(to: id) }

    func ask(_ operation: Damiao.RegisterFrame.Operation, _ register: Damiao.Register? = nil, value: UInt32 = 0) -> CANFrame {
      Damiao.RegisterFrame(operation, of: register, motor: id, value: value).frame()
    }
  }

  /// Dials of the bus.
  public struct Settings: Sendable, Equatable {
    /// A request unanswered for longer is lost [s]; at least three periods of the loop. Silence of all motors for as long stalls the link.
    public var replyTimeout = 0.010
    /// How long a line must be silent to be called drained [s].
    public var quietTime = 0.004
    /// On the CAN side [bit/s], one of ``SLCAN/bitRates``.
    public var bitRate = 1_000_000
    /// Between two repetitions of a switch-off on a link that is down [s].
    public var offInterval = 0.1

    public init() {}
  }
}

extension MotorFaults {
  /// What a motor that reports `status` has latched.
  init(_ status: Damiao.Status) {
    switch status {
    case .disabled, .enabled: self = []
    case .sensor: self = .sensor
    case .parameter: self = .parameter
    case .overVoltage: self = .overVoltage
    case .underVoltage: self = .underVoltage
    case .overCurrent: self = .overCurrent
    case .driverOverTemperature, .windingOverTemperature: self = .overTemperature
    case .communicationLost: self = .communicationLost
    case .overload: self = .overload
    }
  }
}
