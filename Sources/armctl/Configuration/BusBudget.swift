internal import MotorDrivers

extension ArmConfiguration {
  /// Frames that a tick puts on a bus: a setpoint and its acknowledge for each motor, and one motor's current, asked and told.
  func framesPerTick(onBus bus: Int) -> Int { 2 * buses[bus].joints.count + 2 }

  /// Share of a bus's time that its frames take, with a usual number of stuff bits; beyond 1 the rate cannot be kept.
  func load(ofBus bus: Int) -> Double {
    Double(framesPerTick(onBus: bus)) * CANFrame(0).wireBits * rate / Double(buses[bus].bitrate)
  }
}
