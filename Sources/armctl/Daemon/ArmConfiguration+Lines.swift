internal import Control
internal import MotorDrivers
internal import Simulator

// The lines that the arm file names, on this computer's chips or, of an emulated arm, in a folder.

extension ArmConfiguration {
  /// - Parameter folder: Where emulated lines are; nil for the real ones.
  /// - Throws: ``CommandFailure`` where a line cannot be had.
  func makeSafetyLines(emulatedIn folder: String?) throws(CommandFailure) -> SafetyLines {
    var lines = SafetyLines()
    if let line = gpio.emergencyStop { lines.emergencyStop = try input(line, named: "emergencyStop", emulatedIn: folder) }
    if let line = gpio.enable { lines.enable = try output(line, named: "enable", emulatedIn: folder) }
    return lines
  }

  /// - Parameter folder: Where emulated lines are; nil for the real ones.
  /// - Throws: ``CommandFailure`` where a line cannot be had.
  func makePeripherals(emulatedIn folder: String?) throws(CommandFailure) -> Peripherals {
    var inputs: [(name: String, line: any DigitalInput)] = []
    for given in gpio.inputs { inputs.append((given.name, try input(given.line, named: given.name, emulatedIn: folder))) }
    var hand: Peripherals.Gripper?
    if let gripper { hand = .init(close: try output(gripper.close, named: "gripper", emulatedIn: folder), duration: gripper.duration) }
    do throws(GPIOError) { return try Peripherals(inputs: inputs, gripper: hand) } catch { throw CommandFailure(error) }
  }

  private func input(_ line: GPIO.Line, named name: String, emulatedIn folder: String?) throws(CommandFailure) -> any DigitalInput {
    do throws(GPIOError) {
      if let folder { return try EmulatedLine(name: name, folder: folder) }
      return try GPIOInput(chip: line.chip, line: line.line, isActiveLow: line.isActiveLow)
    } catch { throw CommandFailure(error) }
  }

  private func output(_ line: GPIO.Line, named name: String, emulatedIn folder: String?) throws(CommandFailure) -> any DigitalOutput {
    do throws(GPIOError) {
      if let folder { return try EmulatedLine(name: name, folder: folder) }
      return try GPIOOutput(chip: line.chip, line: line.line, isActiveLow: line.isActiveLow)
    } catch { throw CommandFailure(error) }
  }
}

extension CommandFailure {
  init(_ error: GPIOError) { self.init("\(error)".capitalizedSentence, suggestion: error.suggestion) }
}
