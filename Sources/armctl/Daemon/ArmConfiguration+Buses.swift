internal import Control
internal import MotorDrivers

extension ArmConfiguration {
  /// The file that a name or path means, read and checked.
  static func find(_ nameOrFile: String) throws(CommandFailure) -> ArmConfiguration {
    let file: String
    do throws(ArmNotFound) { file = try ArmLibrary().locate(nameOrFile) } catch { throw CommandFailure(error) }
    do throws(ConfigurationError) { return try load(file) } catch { throw CommandFailure(error) }
  }

  var busNames: [String] { buses.map(\.name) }

  /// The buses with their drivers, not connected yet.
  ///
  /// - Parameter ports: Ports by the names of their buses, where they are others than the file's.
  func makeBuses(ports: [String: String]) -> [any MotorBus] {
    makeBuses { bus in DevicePort(path: ports[bus.name] ?? bus.port) }
  }

  /// - Parameter channel: Makes the channel of a bus.
  func makeBuses(channel: (Bus) -> any ByteChannel) -> [any MotorBus] {
    buses.map { bus in
      var settings = CtrlStepBus.Settings()
      settings.bitRate = bus.bitrate
      settings.replyTimeout = max(settings.replyTimeout, 3 * period)
      let motors = bus.joints.map { index in
        let motor = joints[index].motor
        return CtrlStepBus.Motor(
          node: motor.node, currentLimit: motor.currentLimit, velocityLimit: motor.velocityLimit, accelerationLimit: motor.accelerationLimit,
          torqueConstant: joints[index].transmission.torqueConstant)
      }
      return CtrlStepBus(name: bus.name, channel: channel(bus), motors: motors, settings: settings)
    }
  }

  /// - Throws: ``CommandFailure`` where a line cannot be had.
  func makeSafetyLines() throws -> SafetyLines {
    do throws(GPIOError) {
      var lines = SafetyLines()
      if let line = gpio.emergencyStop { lines.emergencyStop = try GPIOInput(chip: line.chip, line: line.line, isActiveLow: line.isActiveLow) }
      if let line = gpio.enable { lines.enable = try GPIOOutput(chip: line.chip, line: line.line, isActiveLow: line.isActiveLow) }
      return lines
    } catch {
      throw CommandFailure("\(error)".capitalizedSentence, suggestion: error.suggestion)
    }
  }
}
