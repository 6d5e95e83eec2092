import MotorDrivers
import TestSupport
import Testing

/// What the bus says to motors on a good line.
@Suite struct DamiaoBusTests {
  @Test func connectingReadsTheRangesArmsTheWatchdogsAndMovesNothing() throws {
    var bench = DamiaoBench()
    for index in 0..<7 { bench.channel.motors[index].position = 0.3 * Double(index) - 1 }
    try bench.bus.connect()
    try bench.bus.receive(into: &bench.states, time: bench.channel.now)
    for index in 0..<7 {
      let state = bench.states[index]
      let place = 0.3 * Double(index) - 1
      #expect(abs(state.position - place) < 25.0 / 65_535)
      #expect(state.sampleTime != nil && state.driverTemperature == 31 && state.windingTemperature == 42)
      #expect(bench.channel.motors[index].timeout == 1_000, "50 ms")
      #expect(bench.channel.motors[index].status == .disabled && bench.channel.motors[index].impedances.isEmpty)
    }
  }

  struct RefusalCase: CustomTestStringConvertible {
    let reason: String
    let error: BusError
    let motor: @Sendable (inout FakeDamiao.Motor) -> Void
    let sentence, suggestion: String
    var testDescription: String { reason }
  }

  static let refusals = [
    RefusalCase(
      reason: "VMAX", error: .rangeDiffers(bus: "can0", motor: 4, register: "VMAX", file: 45, motorHas: 8), motor: { $0.scale.velocity = 8 },
      sentence: "motor 4 on can0 has VMAX = 8.0, where the arm's file says 45.0; every figure would be wrong by that",
      suggestion: "write vMax: 8.0 in the arm's file, or set the motor's register with the maker's tool"),
    RefusalCase(
      reason: "PMAX", error: .rangeDiffers(bus: "can0", motor: 4, register: "PMAX", file: 12.5, motorHas: 12.566),
      motor: { $0.scale.position = 12.566 },
      sentence: "motor 4 on can0 has PMAX = 12.566, where the arm's file says 12.5; every figure would be wrong by that",
      suggestion: "write pMax: 12.566 in the arm's file, or set the motor's register with the maker's tool"),
    RefusalCase(
      reason: "TMAX", error: .rangeDiffers(bus: "can0", motor: 4, register: "TMAX", file: 54, motorHas: 28), motor: { $0.scale.torque = 28 },
      sentence: "motor 4 on can0 has TMAX = 28.0, where the arm's file says 54.0; every figure would be wrong by that",
      suggestion: "write tMax: 28.0 in the arm's file, or set the motor's register with the maker's tool"),
    RefusalCase(
      reason: "no watchdog", error: .noWatchdog(bus: "can0", motor: 4, wanted: 0.05, motorHas: 0), motor: { $0.keepsTimeout = false },
      sentence: "motor 4 on can0 has a watchdog time of 0.0 s, and does not take the 0.05 s that it is given",
      suggestion: "update the motor's firmware; without its watchdog it would go on pushing when this computer falls silent"),
    RefusalCase(
      reason: "another mode", error: .wrongMode(bus: "can0", motor: 4, mode: 3),
      motor: {
        $0.mode = 3
        $0.keepsMode = false
      },
      sentence: "motor 4 on can0 stays in its control mode 3, and does not take mode 1, MIT",
      suggestion: "set the control mode to MIT with the maker's tool, and save it"),
    RefusalCase(
      reason: "silence", error: .noReply(bus: "can0", motor: 4), motor: { $0.isSilent = true }, sentence: "motor 4 on can0 does not answer",
      suggestion: "check the motor's power, its node number, and the CAN wires with a resistor of 120 Ω at either end"),
  ]

  @Test(arguments: refusals) func aMotorThatIsNotAsTheFileSaysIsRefused(example: RefusalCase) {
    let bench = DamiaoBench()
    example.motor(&bench.channel.motors[3])
    #expect(throws: example.error) { try bench.bus.connect() }
    #expect(example.error.description == example.sentence)
    #expect(example.error.suggestion == example.suggestion)
    #expect(bench.channel.motors.allSatisfy { $0.impedances.isEmpty && $0.status == .disabled })
  }

  @Test func aMotorInAnotherModeIsPutIntoMIT() throws {
    let bench = DamiaoBench()
    bench.channel.motors[2].mode = 2
    bench.channel.motors[5].tellsMode = false
    try bench.bus.connect()
    #expect(bench.channel.motors[2].mode == 1)
  }

  @Test func aFaultThatIsOverIsClearedWhileConnecting() throws {
    var bench = DamiaoBench()
    bench.channel.motors[2].status = .communicationLost
    try bench.bus.connect()
    try bench.tick(.off, count: 5)
    #expect(bench.states.allSatisfy { $0.faults.isEmpty })
    try bench.tick(.position(0, velocity: 0), count: 10)
    #expect(bench.channel.motors.allSatisfy { $0.status == .enabled })
  }

  @Test func aTickIsOneFrameAndOneAnswerAMotor() throws {
    var bench = try DamiaoBench.holding()
    let writes = bench.channel.writes.count
    let before = bench.bus.statistics
    try bench.tick(.position(0, velocity: 0), count: 100)
    #expect(bench.channel.writes.count - writes == 100)
    let after = bench.bus.statistics
    #expect(after.framesSent - before.framesSent == 700 && after.framesReceived - before.framesReceived == 700)
    #expect(after.missed == 0 && after.stale == 0 && after.malformed == 0 && after.implausible == 0 && after.dropped == 0)
    for state in bench.states {
      #expect(state.missedReplies == 0 && state.faults.isEmpty)
      #expect(abs(bench.channel.now - (state.sampleTime ?? 0) - DamiaoBench.period) < 1e-9, "the answer of the tick before")
    }
  }

  /// 14 frames of 123 bits, 500 times a second.
  @Test func loadIsTheWiresTime() throws {
    var bench = try DamiaoBench.holding()
    try bench.tick(.position(0, velocity: 0), count: 600)
    #expect(abs(bench.bus.statistics.load - 14 * 123e-6 * 500) < 0.01)
  }

  @Test func onIsEnableAndOffIsDisableOnlyUntilItIsTrue() throws {
    var bench = DamiaoBench(ids: [3])
    try bench.bus.connect()
    try bench.tick(.off, count: 20)
    let refresh = Damiao.RegisterFrame(.refresh, motor: 3).frame()
    #expect(bench.channel.motors[0].log.suffix(10).allSatisfy { $0 == refresh }, "a motor that is off is only asked")
    bench.channel.motors[0].log.removeAll()
    try bench.tick(.position(0.5, velocity: 0), count: 10)
    #expect(bench.channel.motors[0].status == .enabled)
    #expect(bench.channel.motors[0].log.filter { Damiao.Command($0) == .enable }.count == 1)
    #expect(bench.channel.motors[0].impedances.count == 9)
    bench.channel.motors[0].log.removeAll()
    try bench.tick(.off, count: 20)
    #expect(bench.channel.motors[0].status == .disabled)
    #expect((1...2).contains(bench.channel.motors[0].log.filter { Damiao.Command($0) == .disable }.count))
  }

  @Test func aLostSwitchingIsRepeated() throws {
    var bench = DamiaoBench(ids: [3])
    try bench.bus.connect()
    try bench.tick(.off, count: 10)
    var lost = 0
    bench.channel.losesRequest = { frame in
      guard Damiao.Command(frame) != nil, lost < 4 else { return false }
      lost += 1
      return true
    }
    try bench.tick(.position(0, velocity: 0), count: 30)
    #expect(bench.channel.motors[0].status == .enabled && lost == 4)
    lost = 0
    try bench.tick(.off, count: 30)
    #expect(bench.channel.motors[0].status == .disabled && lost == 4)
    #expect(bench.states[0].faults.isEmpty)
  }

  @Test func motorsWithoutRefreshAreHeardOfAllTheSame() throws {
    var bench = DamiaoBench()
    bench.channel.motors[3].answersRefresh = false
    try bench.bus.connect()
    try bench.tick(.off, count: 50)
    #expect(bench.bus.statistics.missed == 0)
    #expect(bench.states.allSatisfy { bench.channel.now - ($0.sampleTime ?? 0) < 0.003 })
  }

  struct ImpedanceCase: CustomTestStringConvertible, Sendable {
    let name: String
    let command: MotorCommand
    let stiffness, damping, torque: Double
    var testDescription: String { name }
  }

  /// What arrives, to within the codes of gains, and half a code of torque.
  @Test(arguments: [
    ImpedanceCase(name: "position, with the file's gains", command: .position(0, velocity: 0), stiffness: 100, damping: 2, torque: 0),
    ImpedanceCase(name: "effort alone", command: .effort(7.5), stiffness: 0, damping: 0, torque: 7.5),
    ImpedanceCase(
      name: "impedance", command: .impedance(position: 0, velocity: 0, effort: -3, stiffness: 35, damping: 0.8), stiffness: 35, damping: 0.8,
      torque: -3),
    ImpedanceCase(
      name: "effort beyond the range", command: .impedance(position: 0, velocity: 0, effort: 99, stiffness: 0, damping: 0), stiffness: 0, damping: 0,
      torque: 54),
  ])
  func commandsArriveAsTheyAreMeant(example: ImpedanceCase) throws {
    var bench = try DamiaoBench.holding(ids: [1])
    bench.channel.motors[0].motion = { _ in 0 }
    try bench.tick(example.command, count: 3)
    let told = try #require(bench.channel.motors[0].impedances.last)
    #expect(abs(told.stiffness - example.stiffness) <= Damiao.stiffness.resolution)
    #expect(abs(told.damping - example.damping) <= Damiao.damping.resolution)
    // The whole law at the point that is meant, at rest there: what codes lose of position and velocity is in the torque.
    let torque = told.torque + told.stiffness * told.position + told.damping * told.velocity
    #expect(abs(torque - example.torque) <= 0.51 * DamiaoBench.scale.torque.resolution)
  }

  /// The drive's law with what arrives gives the torque that was meant, wherever the motor is.
  @Test func theLawSurvivesTheCodes() throws {
    var bench = try DamiaoBench.holding(ids: [1])
    var random = SeededGenerator(seed: 5)
    let actual = 0.05
    bench.channel.motors[0].motion = { _ in actual }
    try bench.tick(.position(actual, velocity: 0), count: 20)
    for _ in 0..<caseCount(200) {
      let position = actual + .random(in: -0.1...0.1, using: &random), velocity = Double.random(in: -1...1, using: &random)
      let stiffness = Double.random(in: 0...300, using: &random), damping = Double.random(in: 0...5, using: &random)
      let effort = Double.random(in: -10...10, using: &random)
      try bench.tick(.impedance(position: position, velocity: velocity, effort: effort, stiffness: stiffness, damping: damping))
      let told = try #require(bench.channel.motors[0].impedances.last)
      let meant = stiffness * (position - actual) + damping * velocity + effort
      let given = told.stiffness * (told.position - actual) + told.damping * told.velocity + told.torque
      // Half a code of torque, and a code of either gain.
      let allowed = 0.0133 + 0.13 * 0.1 + 0.0013 * 1
      #expect(abs(given - meant) < allowed)
    }
  }

  @Test func stiffnessAndDampingBeyondTheCodesComeThroughTheTorque() throws {
    var bench = try DamiaoBench.holding(ids: [1])
    bench.channel.motors[0].motion = { 0.3 * $0 - 0.3 * 0.3 }
    for _ in 0..<20 { try bench.tick(.position(0, velocity: 0)) }
    bench.channel.motors[0].velocity = 0.3
    try bench.tick(.impedance(position: 0, velocity: 0, effort: 0, stiffness: 600, damping: 12), count: 3)
    let told = try #require(bench.channel.motors[0].impedances.last)
    #expect(told.stiffness == 500 && told.damping == 5)
    let measured = bench.states[0]
    let expected = -100 * measured.position - 7 * (measured.velocity ?? 0)
    #expect(abs(told.torque - expected) < 0.3, "told \(told.torque), expected \(expected)")
  }

  @Test func whatIsNoNumberIsNotSent() throws {
    var bench = try DamiaoBench.holding(ids: [1])
    let count = bench.channel.motors[0].impedances.count
    try bench.tick(.impedance(position: .nan, velocity: 0, effort: 0, stiffness: 1, damping: 1), count: 3)
    try bench.tick(.effort(.infinity), count: 3)
    #expect(bench.channel.motors[0].impedances.count == count)
    #expect(bench.states[0].missedReplies == 0, "it is asked all the same")
  }

  @Test func velocityTorqueAndTemperaturesAreTold() throws {
    var bench = try DamiaoBench.holding(ids: [2])
    try bench.tick(.impedance(position: 0, velocity: 1.5, effort: 4, stiffness: 0, damping: 0), count: 5)
    #expect(abs((bench.states[0].velocity ?? 0) - 1.5) < 90.0 / 4095)
    #expect(abs((bench.states[0].effort ?? 0) - 4) < 0.06)
    #expect(bench.states[0].driverTemperature == 31 && bench.states[0].windingTemperature == 42)
  }
}
