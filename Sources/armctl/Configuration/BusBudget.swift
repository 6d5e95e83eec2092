internal import MotorDrivers

extension ArmConfiguration {
  /// Frames that a tick puts on a bus: a command and its answer for each motor; of stepper drives one motor's current as well, asked and told.
  func framesPerTick(onBus bus: Int) -> Int { 2 * buses[bus].joints.count + (driver(ofBus: bus) == .ctrlStep ? 2 : 0) }

  /// What all motors of a bus speak.
  func driver(ofBus bus: Int) -> Driver { joints[buses[bus].joints[0]].motor.driver }

  /// Share of a bus's time that its frames take, with a usual number of stuff bits; beyond 1 the rate cannot be kept.
  func load(ofBus bus: Int) -> Double {
    Double(framesPerTick(onBus: bus)) * CANFrame(0).wireBits * rate / Double(buses[bus].bitrate)
  }
}
