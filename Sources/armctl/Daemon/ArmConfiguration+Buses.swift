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
    buses.indices.map { index in
      switch driver(ofBus: index) {
      case .ctrlStep: ctrlStepBus(buses[index], channel: channel(buses[index]))
      case .damiao: damiaoBus(buses[index], channel: channel(buses[index]))
      }
    }
  }

  private func ctrlStepBus(_ bus: Bus, channel: any ByteChannel) -> CtrlStepBus {
    var settings = CtrlStepBus.Settings()
    settings.bitRate = bus.bitrate
    settings.replyTimeout = max(settings.replyTimeout, 3 * period)
    let motors = bus.joints.map { index in
      let motor = joints[index].motor
      return CtrlStepBus.Motor(
        node: motor.node, currentLimit: motor.currentLimit, velocityLimit: motor.velocityLimit, accelerationLimit: motor.accelerationLimit,
        torqueConstant: joints[index].transmission.torqueConstant)
    }
    return CtrlStepBus(name: bus.name, channel: channel, motors: motors, settings: settings)
  }

  private func damiaoBus(_ bus: Bus, channel: any ByteChannel) -> DamiaoBus {
    var settings = DamiaoBus.Settings()
    settings.bitRate = bus.bitrate
    settings.replyTimeout = max(settings.replyTimeout, 3 * period)
    let motors = bus.joints.compactMap { index in
      joints[index].motor.damiao.map { motor in
        let gear = joints[index].transmission.ratio * joints[index].transmission.ratio
        return DamiaoBus.Motor(
          id: joints[index].motor.node, masterId: motor.masterId, pMax: motor.pMax, vMax: motor.vMax, tMax: motor.tMax, timeout: motor.timeout,
          stiffness: motor.stiffness / gear, damping: motor.damping / gear)
      }
    }
    return DamiaoBus(name: bus.name, channel: channel, motors: motors, settings: settings)
  }
}
