import MotorDrivers

final class FakeButton: DigitalInput {
  let name = "emergency stop"
  var isPressed = false
  var isDead = false

  func isActive() throws(GPIOError) -> Bool {
    if isDead { throw .lost(chip: "gpiochip0", line: 17, reason: "unplugged") }
    return isPressed
  }
}

final class FakeEnable: DigitalOutput {
  let name = "enable"
  /// As last set; nil before that.
  private(set) var isActive: Bool?
  var isDead = false

  func set(isActive: Bool) throws(GPIOError) {
    if isDead { throw .lost(chip: "gpiochip0", line: 18, reason: "unplugged") }
    self.isActive = isActive
  }
}
