public import MotorDrivers

/// The GPIO lines that the arm file names: a button that stops the arm, and an output that lets the motors have power.
public struct SafetyLines {
  public var emergencyStop: (any DigitalInput)?
  public var enable: (any DigitalOutput)?

  public init(emergencyStop: (any DigitalInput)? = nil, enable: (any DigitalOutput)? = nil) {
    self.emergencyStop = emergencyStop
    self.enable = enable
  }
}
