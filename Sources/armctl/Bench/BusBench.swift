internal import Control
internal import MotorDrivers
internal import Simulator

/// What one exchange with every motor of the arm costs the controller: taking the last replies in, and sending the next commands.
enum BusBench {
  static func run(configuration: ArmConfiguration) throws -> Measurement {
    let channel = StoringChannel(line: LockstepChannel(arm: configuration.emulatedArm()))
    let bus = configuration.makeBuses { _ in channel }[0]
    try bus.connect()
    channel.isDirect = false
    var states = Array(repeating: MotorState(), count: bus.motorCount)
    var commands = Array(repeating: MotorCommand.off, count: bus.motorCount)
    var samples: [Double] = []
    var time = channel.now
    for _ in 0..<5000 {
      time += configuration.period
      channel.carry(to: time)
      let start = monotonicTime()
      try bus.receive(into: &states, time: time)
      for motor in states.indices { commands[motor] = .position(states[motor].position, velocity: 0) }
      try bus.send(commands, time: time)
      samples.append((monotonicTime() - start) * 1e6)
    }
    return Measurement("bus.exchange", samples: samples, unit: "µs")
  }
}
