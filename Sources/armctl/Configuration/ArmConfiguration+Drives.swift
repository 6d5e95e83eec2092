internal import MotorDrivers

extension ArmConfiguration {
  /// The Ctrl-Step drives on a bus of the file, in the order of its `joints`.
  func ctrlStepMotors(onBus bus: Int) -> [CtrlStepBus.Motor] {
    buses[bus].joints.map { index in
      let motor = joints[index].motor
      return CtrlStepBus.Motor(
        node: motor.node, currentLimit: motor.currentLimit, velocityLimit: motor.velocityLimit, accelerationLimit: motor.accelerationLimit,
        torqueConstant: joints[index].transmission.torqueConstant)
    }
  }

  func ctrlStepSettings(onBus bus: Int) -> CtrlStepBus.Settings {
    var settings = CtrlStepBus.Settings()
    settings.bitRate = buses[bus].bitrate
    settings.replyTimeout = max(settings.replyTimeout, 3 * period)
    return settings
  }

  /// Frames that a tick puts on a bus: a setpoint and its acknowledge for each motor, and one motor's current, asked and told.
  func framesPerTick(onBus bus: Int) -> Int { 2 * buses[bus].joints.count + 2 }

  /// Share of a bus's time that its frames take, with a usual number of stuff bits; beyond 1 the rate cannot be kept.
  func load(ofBus bus: Int) -> Double {
    Double(framesPerTick(onBus: bus)) * CANFrame(0).wireBits * rate / Double(buses[bus].bitrate)
  }
}

extension ArmConfiguration.Driver {
  /// Encoder counts per rotor turn.
  var encoderCounts: Double {
    switch self {
    case .ctrlStep: 16384
    }
  }
}
