public import MotorDrivers

/// A drive on an emulated bus: it hears frames and answers them, and puts torque on its motor's rotor.
///
/// For a motor that has its reducer inside, and measures behind it, the rotor is what its frames are about: its output shaft.
public protocol EmulatedDrive: Sendable {
  /// Takes one frame in; returns the answer, if the frame is for this drive and has one.
  ///
  /// - Parameters:
  ///   - position: True rotor position [rad].
  ///   - velocity: True rotor velocity [rad/s].
  mutating func receive(_ frame: CANFrame, rotorPosition position: Double, velocity: Double) -> CANFrame?

  /// One control period, ``ArmPlant/step``: the torque on the rotor [N·m].
  mutating func torque(rotorPosition position: Double, velocity: Double) -> Double

  /// Power off and on again.
  mutating func restart(rotorPosition position: Double)
}

extension EmulatedCtrlStep: EmulatedDrive {
  public mutating func receive(_ frame: CANFrame, rotorPosition position: Double, velocity: Double) -> CANFrame? {
    receive(frame, rotorPosition: position)
  }

  public mutating func torque(rotorPosition position: Double, velocity: Double) -> Double {
    tuning.torqueConstant * step(rotorPosition: position)
  }
}
