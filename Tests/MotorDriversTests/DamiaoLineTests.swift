import Foundation
import MotorDrivers
import TestSupport
import Testing

/// What a serial line does to a bus: silence, loss, damage, hang-up. On logical time.
@Suite struct DamiaoLineTests {
  /// Motors that only ever turn one way, so that a position tells when it was measured.
  static func turningBench(seed: UInt64 = 1) throws -> DamiaoBench {
    var bench = DamiaoBench(seed: seed)
    for index in 0..<7 { bench.channel.motors[index].motion = Self.motion }
    try bench.bus.connect()
    try bench.tick(.off, count: 10)
    return bench
  }

  /// [rad] at time [s]: 2 to 4 rad/s.
  static let motion: @Sendable (Double) -> Double = { 3 * $0 - 0.25 * cos(4 * $0) - 8 }

  /// Each position was measured between its sample time and now.
  static func expectTrueAges(_ bench: DamiaoBench, _ remark: String = "") {
    for (index, state) in bench.states.enumerated() {
      let sampleTime = state.sampleTime ?? 0
      let oldest = Self.motion(sampleTime), newest = Self.motion(bench.channel.now)
      // One code of position.
      #expect(
        state.position >= oldest - 4e-4 && state.position <= newest + 4e-4,
        "motor \(index) at \(bench.channel.now): \(state.position) is not of \(sampleTime) or later \(remark)")
    }
  }

  @Test func agesAreTrueOnAPerfectLine() throws {
    var bench = try Self.turningBench()
    for _ in 0..<200 {
      try bench.tick()
      Self.expectTrueAges(bench)
    }
    for state in bench.states { #expect(abs(bench.channel.now - (state.sampleTime ?? 0) - DamiaoBench.period) < 1e-9) }
    #expect(bench.bus.statistics.missed == 0)
  }

  struct Delay: CustomTestStringConvertible {
    let latency: Double
    let oldest: Double
    var testDescription: String { "\(latency * 1000) ms" }
  }

  @Test(arguments: [
    Delay(latency: 0.0001, oldest: 0.002),
    Delay(latency: 0.003, oldest: 0.004),
    Delay(latency: 0.0075, oldest: 0.008),
  ])
  func lateAnswersAreOldPositions(example: Delay) throws {
    var bench = try Self.turningBench()
    bench.channel.latency = example.latency
    try bench.tick(.off, count: 20)
    for _ in 0..<200 {
      try bench.tick()
      Self.expectTrueAges(bench)
      for state in bench.states { #expect(bench.channel.now - (state.sampleTime ?? 0) <= example.oldest + 0.002 + 1e-9) }
    }
    #expect(bench.bus.statistics.missed == 0)
  }

  /// Answers and commands lost at random: never a position too new, and the count comes back into step within a few ticks.
  @Test(arguments: [false, true]) func lossesDoNotShiftTheOthers(isOn: Bool) throws {
    for seed in 0..<UInt64(caseCount(20)) {
      var bench = try Self.turningBench(seed: seed)
      if isOn { try bench.tick(.position(0, velocity: 0), count: 20) }
      let command = isOn ? MotorCommand.position(0, velocity: 0) : .off
      var random = SeededGenerator(seed: 100 + seed)
      let channel = bench.channel
      channel.loses = { _ in Double.random(in: 0..<1, using: &random) < 0.1 }
      channel.losesRequest = { _ in Double.random(in: 0..<1, using: &random) < 0.1 }
      var age = 0.0
      for _ in 0..<300 {
        try bench.tick(command)
        Self.expectTrueAges(bench)
        age += bench.states.map { bench.channel.now - ($0.sampleTime ?? 0) }.reduce(0, +) / 7 / 300
      }
      #expect(age < 0.0035, "after a loss the questions soon tell: \(age) s on the average")
      channel.loses = { _ in false }
      channel.losesRequest = { _ in false }
      try bench.tick(command, count: 30)
      for state in bench.states { #expect(abs(bench.channel.now - (state.sampleTime ?? 0) - DamiaoBench.period) < 1e-9) }
      #expect(bench.bus.statistics.implausible == 0)
      #expect(abs(Double(bench.bus.statistics.missed) / (300 * 7) - 0.19) < 0.05)
      #expect(bench.states.allSatisfy { $0.faults.isEmpty })
    }
  }

  @Test func aSilentMotorIsCountedAndTheOthersGoOn() throws {
    var bench = try Self.turningBench()
    let before = bench.states[3]
    bench.channel.motors[3].isSilent = true
    try bench.tick(.off, count: 50)
    #expect(!bench.bus.statistics.isStalled)
    #expect(bench.states[3].missedReplies >= 40)
    #expect(bench.states[3].position - before.position < 0.05, "the last one")
    for index in [0, 1, 2, 4, 5, 6] { #expect(bench.states[index].missedReplies == 0) }
    bench.channel.motors[3].isSilent = false
    for _ in 0..<20 {
      try bench.tick()
      Self.expectTrueAges(bench)
    }
    #expect(bench.states[3].missedReplies == 0)
    #expect(abs(bench.channel.now - (bench.states[3].sampleTime ?? 0) - DamiaoBench.period) < 1e-9)
  }

  /// The emulator stops for 300 ms and then answers all that waited.
  @Test(arguments: [0.0, 0.0005, 0.0013]) func afterAStallNothingOldIsUsed(phase: Double) throws {
    var bench = try Self.turningBench()
    bench.channel.watchesTime = true
    let setpoint = MotorCommand.position(0, velocity: 0)
    try bench.tick(setpoint, count: 20)
    bench.channel.advance(by: phase)
    bench.channel.isStopped = true
    let start = bench.channel.now
    let written = bench.channel.writes.joined().count
    var lastSample = 0.0
    while bench.channel.now < start + 0.3 {
      try bench.tick(setpoint)
      Self.expectTrueAges(bench, "while stopped")
      lastSample = bench.states.compactMap(\.sampleTime).max() ?? 0
    }
    #expect(bench.bus.statistics.isStalled)
    #expect(lastSample <= start)
    #expect(bench.states.allSatisfy { $0.missedReplies > 100 })
    #expect(bench.channel.writes.joined().count - written < 1_500, "a few ticks' frames and the probes")

    bench.channel.isStopped = false
    let resumed = bench.channel.now
    var restored: Double?
    for _ in 0..<60 {
      try bench.tick(setpoint)
      Self.expectTrueAges(bench, "after the stall")
      let newest = bench.states.compactMap(\.sampleTime).max() ?? 0
      #expect(newest <= start || newest > resumed)
      if restored == nil && !bench.bus.statistics.isStalled { restored = bench.channel.now }
    }
    #expect(try #require(restored) - resumed < 0.03, "drained and probed")
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 && $0.faults == .communicationLost }, "the watchdogs have let go")
    #expect(bench.bus.statistics.errorRate == 0, "a stall is no noise")
    bench.bus.clearFaults()
    try bench.tick(setpoint, count: 20)
    #expect(bench.channel.motors.allSatisfy { $0.status == .enabled } && bench.states.allSatisfy { $0.faults.isEmpty })
  }

  @Test func onAStalledLinkNothingIsCommandedButOff() throws {
    var bench = try Self.turningBench()
    try bench.tick(.position(0, velocity: 0), count: 10)
    bench.channel.isStopped = true
    try bench.tick(.position(0, velocity: 0), count: 10)
    #expect(bench.bus.statistics.isStalled)
    let before = bench.channel.writes.count
    try bench.tick(.position(0, velocity: 0), count: 40)
    try bench.tick(.off, count: 100)
    var decoder = SLCANDecoder()
    var disables = 0, probes = 0, others = 0
    for byte in bench.channel.writes[before...].joined() {
      guard case .frame(let frame, _)? = decoder.decode(byte) else { continue }
      if Damiao.Command(frame) == .disable {
        disables += 1
      } else if Damiao.RegisterFrame(frame)?.operation == .read {
        probes += 1
      } else {
        others += 1
      }
    }
    #expect(others == 0 && probes >= 10)
    #expect(disables == 7 * (5 + 1))
  }

  /// The host stops instead: answers that came in time and were read late are not used, and nothing stalls.
  @Test func afterTheHostsOwnPauseTheNextTicksAreGood() throws {
    var bench = try Self.turningBench()
    bench.channel.advance(by: 0.3)
    for _ in 0..<6 {
      try bench.tick()
      Self.expectTrueAges(bench)
    }
    #expect(bench.states.allSatisfy { bench.channel.now - ($0.sampleTime ?? 0) < 0.003 })
    #expect(!bench.bus.statistics.isStalled)
  }

  /// A loop that comes late finds answers that waited for it, some of them too old to be used: each is still the answer to its own request.
  @Test func aLateLoopDatesAnswersRight() throws {
    var random = SeededGenerator(seed: 17)
    for round in 0..<(8 * caseCount(2)) {
      var bench = try Self.turningBench()
      for tick in 0..<200 {
        // Up to two ticks wait for their answers at any time, and more after a pause.
        bench.channel.latency = .random(in: 0.0005...0.0035, using: &random)
        if Int.random(in: 0..<20, using: &random) == 0 { bench.channel.advance(by: .random(in: 0...0.012, using: &random)) }
        try bench.tick()
        Self.expectTrueAges(bench)
        for (index, state) in bench.states.enumerated() {
          // These motors measure when they are asked.
          let newest = Self.motion((state.sampleTime ?? 0) + 0.0005)
          #expect(state.position <= newest + 4e-4, "motor \(index) in tick \(tick) of round \(round)")
        }
      }
    }
  }

  /// The very first answers come late: the motors are understood all the same, and switched off as they should be.
  @Test(arguments: [0.005, 0.02, 0.3]) func aPauseAfterTheFirstTickDoesNoHarm(pause: Double) throws {
    var bench = DamiaoBench()
    try bench.bus.connect()
    try bench.tick(.off)
    bench.channel.advance(by: pause)
    try bench.tick(.off, count: 20)
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 && bench.channel.now - ($0.sampleTime ?? 0) < 0.003 })
    let refresh = Damiao.RegisterFrame.Operation.refresh
    #expect(bench.channel.motors.allSatisfy { $0.log.suffix(3).allSatisfy { Damiao.RegisterFrame($0)?.operation == refresh } })
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.channel.motors.allSatisfy { $0.status == .enabled })
  }

  /// One byte in a hundred has a flipped bit, both ways. Motors obey what damage makes of their commands.
  @Test func noiseIsSurvivedAndJudged() throws {
    for seed in 0..<UInt64(caseCount(10)) {
      var bench = try DamiaoBench.holding(seed: 40 + seed)
      bench.channel.flipShare = 0.01
      for _ in 0..<500 {
        try bench.tick(.impedance(position: 0, velocity: 0, effort: 0, stiffness: 50, damping: 1))
        for state in bench.states { #expect(state.position.isFinite && abs(state.position) < 12.6, "seed \(seed)") }
      }
      let statistics = bench.bus.statistics
      #expect(statistics.errorRate > 0.1 && statistics.errorRate < 0.8, "\(statistics.errorRate)")
      #expect(statistics.malformed > 100 && statistics.missed > 100 && statistics.implausible > 0)
      bench.channel.flipShare = 0
      bench.bus.clearFaults()
      try bench.tick(.position(0, velocity: 0), count: 300)
      #expect(bench.bus.statistics.errorRate == 0)
      #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
      #expect(bench.channel.motors.allSatisfy { $0.status == .enabled && $0.timeout == 1_000 })
    }
  }

  @Test func connectingSucceedsInNoise() throws {
    for seed in 0..<UInt64(caseCount(20)) {
      var bench = DamiaoBench(seed: 70 + seed)
      bench.channel.flipShare = 0.01
      for index in 0..<7 { bench.channel.motors[index].position = 0.5 * Double(index) }
      try bench.bus.connect()
      bench.channel.flipShare = 0
      try bench.bus.receive(into: &bench.states, time: bench.channel.now)
      for index in 0..<7 {
        let motor = bench.channel.motors[index]
        #expect(abs(bench.states[index].position - (motor.position - motor.zero)) < 0.25, "seed \(seed) motor \(index)")
        #expect(motor.timeout == 1_000)
      }
    }
  }

  @Test func garbageOnTheLineIsOnlyCounted() throws {
    var bench = try Self.turningBench()
    var random = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      bench.channel.noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      try bench.tick()
      Self.expectTrueAges(bench)
    }
    #expect(bench.bus.statistics.missed == 0, "noise before a frame does not cost the frame")
    #expect(bench.bus.statistics.malformed > 100)
  }

  /// A motor takes another place for zero. Positions go on, and it is told in its new count.
  @Test func aMovedZeroIsFoundAndCompensated() throws {
    var bench = try DamiaoBench.holding()
    for step in 0...500 { try bench.tick(.position(0.5 * Double(step) / 500, velocity: 0)) }
    bench.channel.motors[3].zero = 0.5
    bench.channel.motors[3].motion = { _ in 0.5 }
    try bench.tick(.position(0.5, velocity: 0), count: 10)
    #expect(bench.states[3].faults == .referenceLost)
    #expect(abs(bench.states[3].position - 0.5) < 2e-3)
    #expect(abs((bench.channel.motors[3].impedances.last?.position ?? 9)) < 2e-3, "told in its new count, it stays where it is")
    for index in [0, 1, 2, 4, 5, 6] { #expect(bench.states[index].faults.isEmpty) }
  }

  struct Stranger: CustomTestStringConvertible, Sendable {
    let reason, line: String
    var testDescription: String { reason }
  }

  /// Motor 1 answers under 0x011.
  @Test(arguments: [
    Stranger(reason: "an identifier that nobody has", line: "t0998118FFF7FF7FF1919"),
    Stranger(reason: "another motor's number inside", line: "t0118128FFF7FF7FF1919"),
    Stranger(reason: "a status that there is not", line: "t0118318FFF7FF7FF1919"),
    Stranger(reason: "seven bytes", line: "t0117118FFF7FF7FF19"),
    Stranger(reason: "a 29-bit identifier", line: "T000000118118FFF7FF7FF1919"),
    Stranger(reason: "a place out of reach", line: "t011811FFFF7FF7FF1919"),
  ])
  func framesThatCannotBeTrueAreNotUsed(example: Stranger) throws {
    var bench = try DamiaoBench.holding(ids: [1, 2])
    let before = bench.bus.statistics.implausible
    bench.channel.noise = Array("\(example.line)\r".utf8)
    bench.channel.loses = { _ in true }
    try bench.tick(.position(0, velocity: 0))
    bench.channel.loses = { _ in false }
    #expect(bench.bus.statistics.implausible > before)
    try bench.tick(.position(0, velocity: 0), count: 10)
    #expect(bench.states.allSatisfy { abs($0.position) < 1e-3 && $0.faults.isEmpty })
  }

  @Test func anUnfinishedFrameIsFinishedFirst() throws {
    var bench = try DamiaoBench.holding(ids: [1, 2])
    bench.channel.writeLimit = 30
    let before = bench.bus.statistics.dropped
    for step in 0..<5 {
      bench.channel.writeLimit = [30, 5, 0, 17, 23][step]
      try bench.tick(.position(0, velocity: 0))
    }
    bench.channel.writeLimit = nil
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.bus.statistics.dropped > before)
    #expect(bench.channel.refused == 0, "no torn line reaches the adapter")
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
  }

  @Test func aPulledPlugIsAnErrorAndANewOneConnects() throws {
    var bench = try DamiaoBench.holding()
    bench.channel.isUnplugged = true
    let gone = BusError.disconnected(bus: "fake", reason: "the far end hung up")
    #expect(throws: gone) { try bench.tick() }
    #expect(throws: gone) { try bench.bus.receive(into: &bench.states, time: bench.channel.now) }
    #expect(throws: gone) { try bench.bus.send(Array(repeating: .off, count: 7), time: bench.channel.now) }
    #expect(throws: BusError.cannotOpen(port: "fake", reason: "there is no such device")) { try bench.bus.connect() }
    bench.channel.isUnplugged = false
    try bench.bus.connect()
    try bench.tick(.off, count: 5)
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
    #expect(bench.channel.motors.allSatisfy { $0.status == .disabled }, "who comes back is off until it is told otherwise")
  }

  @Test func disconnectingSwitchesTheMotorsOff() throws {
    var bench = try DamiaoBench.holding()
    bench.bus.disconnect()
    #expect(bench.channel.motors.allSatisfy { $0.status == .disabled })
    #expect(bench.channel.writes.last == Array("C\r".utf8))
    #expect(throws: BusError.disconnected(bus: "fake", reason: "it is not open")) { try bench.bus.receive(into: &bench.states, time: 1) }
  }
}
