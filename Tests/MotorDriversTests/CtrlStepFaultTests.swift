import Foundation
import MotorDrivers
import TestSupport
import Testing

/// What a serial line does to a bus: silence, loss, damage, hang-up. On logical time.
@Suite struct CtrlStepFaultTests {
  /// Motors that only ever turn one way, so that a position tells when it was measured.
  private func turningBench(seed: UInt64 = 1) throws -> Bench {
    let bench = Bench(seed: seed)
    for index in 0..<6 { bench.channel.drives[index].motion = Self.motion }
    try bench.bus.connect()
    return bench
  }

  /// [turn] at time [s]: 19 to 57 rad/s.
  private static let motion: @Sendable (Double) -> Double = { 6 * $0 - cos(3 * $0) }

  /// Each position was measured between its sample time and now.
  private func expectTrueAges(_ bench: Bench, _ remark: String = "") {
    for (index, state) in bench.states.enumerated() {
      let sampleTime = state.sampleTime ?? 0
      let oldest = Self.motion(sampleTime) * Bench.turn
      let newest = Self.motion(bench.channel.now) * Bench.turn
      // Float positions on the wire.
      #expect(
        state.position >= oldest - 1e-4 && state.position <= newest + 1e-4,
        "motor \(index) at \(bench.channel.now): \(state.position) is not of \(sampleTime) or later \(remark)")
    }
  }

  @Test func agesAreTrueOnAPerfectLine() throws {
    var bench = try turningBench()
    for _ in 0..<200 {
      try bench.tick()
      expectTrueAges(bench)
    }
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
    var bench = try turningBench()
    bench.channel.latency = example.latency
    for tick in 0..<200 {
      try bench.tick()
      expectTrueAges(bench)
      if tick > 10 { for state in bench.states { #expect(bench.channel.now - (state.sampleTime ?? 0) <= example.oldest + 1e-9) } }
    }
    #expect(bench.bus.statistics.missed == 0)
  }

  /// Answers lost at random: never one too new, and the count comes back into step within a few ticks.
  @Test func lostAnswersDoNotShiftTheOthers() throws {
    for seed in 0..<UInt64(caseCount(20)) {
      var bench = try turningBench(seed: seed)
      var random = SeededGenerator(seed: 100 + seed)
      let channel = bench.channel
      channel.loses = { _ in Double.random(in: 0..<1, using: &random) < 0.2 }
      for _ in 0..<300 {
        try bench.tick()
        expectTrueAges(bench)
      }
      channel.loses = { _ in false }
      try bench.tick(.off, count: 20)
      for state in bench.states { #expect(abs(bench.channel.now - (state.sampleTime ?? 0) - Bench.period) < 1e-9) }
      let statistics = bench.bus.statistics
      // Everything that was asked was answered or missed, but for what the last tick asked.
      #expect(abs(Double(statistics.missed) / (300 * 7) - 0.2) < 0.05)
      #expect(statistics.implausible == 0)
    }
  }

  @Test func theErrorRateIsTheShareOfLostAnswers() throws {
    var bench = try turningBench(seed: 3)
    var random = SeededGenerator(seed: 5)
    bench.channel.loses = { _ in Double.random(in: 0..<1, using: &random) < 0.3 }
    var sum = 0.0
    for _ in 0..<20 {
      try bench.tick(.off, count: 40)
      sum += bench.bus.statistics.errorRate
    }
    #expect(abs(sum / 20 - 0.3) < 0.05)
    bench.channel.loses = { _ in false }
    try bench.tick(.off, count: 60)
    #expect(bench.bus.statistics.errorRate == 0)
  }

  @Test func aSilentMotorIsCountedAndTheOthersGoOn() throws {
    var bench = try turningBench()
    try bench.tick(.off, count: 10)
    let before = bench.states[3]
    bench.channel.drives[3].isSilent = true
    try bench.tick(.off, count: 50)
    #expect(!bench.bus.statistics.isStalled)
    #expect(bench.states[3].missedReplies >= 45)
    #expect(bench.states[3].position - before.position < 0.2, "the last one")
    for index in [0, 1, 2, 4, 5] { #expect(bench.states[index].missedReplies == 0) }
  }

  /// The emulator stops for 300 ms and then answers all that waited.
  @Test(arguments: [0.0, 0.0005, 0.0013]) func afterAStallNothingOldIsUsed(phase: Double) throws {
    var bench = try turningBench()
    let setpoint: (Int) -> MotorCommand = { _ in .position(0, velocity: 0) }
    for _ in 0..<20 { try bench.tick(setpoint) }
    bench.channel.advance(by: phase)
    bench.channel.isStopped = true
    let start = bench.channel.now
    let written = bench.channel.writes.joined().count
    var lastSample = 0.0
    while bench.channel.now < start + 0.3 {
      try bench.tick(setpoint)
      expectTrueAges(bench, "while stopped")
      lastSample = bench.states.compactMap(\.sampleTime).max() ?? 0
    }
    #expect(bench.bus.statistics.isStalled)
    #expect(lastSample <= start)
    #expect(bench.states.allSatisfy { $0.missedReplies > 100 })
    let stuffed = bench.channel.writes.joined().count - written
    #expect(stuffed < 1_500, "a few ticks' frames and the probes, not 150 ticks' frames: \(stuffed)")

    // What the stopped drives answer now was asked up to 300 ms ago, and is measured now: only its tick tells. The first position that
    // counts must have been asked after the stall.
    bench.channel.isStopped = false
    let resumed = bench.channel.now
    let stale = bench.bus.statistics.stale
    var restored: Double?
    for _ in 0..<60 {
      try bench.tick(setpoint)
      expectTrueAges(bench, "after the stall")
      let newest = bench.states.compactMap(\.sampleTime).max() ?? 0
      #expect(newest <= start || newest > resumed)
      if restored == nil && !bench.bus.statistics.isStalled { restored = bench.channel.now }
    }
    let took = try #require(restored) - resumed
    #expect(took < 0.03, "drained and probed in \(took) s")
    #expect(bench.bus.statistics.stale - stale >= 30)
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
    #expect(bench.bus.statistics.errorRate == 0, "a stall is no noise")
  }

  @Test func onAStalledLinkNoSetpointIsSentButOffIs() throws {
    var bench = try turningBench()
    for _ in 0..<10 { try bench.tick { _ in .position(0, velocity: 0) } }
    bench.channel.isStopped = true
    for _ in 0..<10 { try bench.tick { _ in .position(0, velocity: 0) } }
    #expect(bench.bus.statistics.isStalled)
    let before = bench.channel.writes.count
    for _ in 0..<40 { try bench.tick { _ in .position(0, velocity: 0) } }
    try bench.tick(.off, count: 100)
    var decoder = SLCANDecoder()
    var commands: [CtrlStep.Command: Int] = [:]
    for byte in bench.channel.writes[before...].joined() {
      guard case .frame(let frame, _)? = decoder.decode(byte), let message = CtrlStep.Message(frame) else { continue }
      commands[message.command, default: 0] += 1
    }
    #expect(commands[.position] == nil && commands[.readPosition] == nil && commands[.readCurrent] == nil)
    #expect(commands[.enable] == 6 * (5 + 1))
    #expect((commands[.readVelocity] ?? 0) >= 10)
  }

  /// The host stops instead: answers that came in time and were read late are not used, and nothing stalls.
  @Test func afterTheHostsOwnPauseTheNextTickIsGood() throws {
    var bench = try turningBench()
    try bench.tick(.off, count: 20)
    bench.channel.advance(by: 0.3)
    try bench.tick()
    expectTrueAges(bench)
    #expect(bench.states.allSatisfy { bench.channel.now - ($0.sampleTime ?? 0) > 0.3 })
    try bench.tick()
    expectTrueAges(bench)
    #expect(bench.states.allSatisfy { bench.channel.now - ($0.sampleTime ?? 0) < 0.003 })
    #expect(!bench.bus.statistics.isStalled)
  }

  /// A loop that comes late finds answers that waited for it, some of them too old to be used: each is still the answer to its own request.
  @Test func aLateLoopDatesAnswersRight() throws {
    var random = SeededGenerator(seed: 17), bench = try turningBench()
    for tick in 0..<(2000 * caseCount(2)) {
      // Up to two ticks wait for their answers at any time, and more after a pause.
      bench.channel.latency = .random(in: 0.0005...0.0035, using: &random)
      if Int.random(in: 0..<20, using: &random) == 0 { bench.channel.advance(by: .random(in: 0...0.012, using: &random)) }
      try bench.tick(.position(0, velocity: 0))
      expectTrueAges(bench)
      for (index, state) in bench.states.enumerated() {
        // These motors measure when they are asked.
        let newest = Self.motion((state.sampleTime ?? 0) + 0.0005) * Bench.turn
        #expect(state.position <= newest + 1e-4, "motor \(index) in tick \(tick)")
      }
    }
  }

  /// One byte in a hundred has a flipped bit, both ways. Drives obey what damage makes of setpoints, 0x15 included.
  @Test func noiseIsSurvivedAndJudged() throws {
    for seed in 0..<UInt64(caseCount(10)) {
      var bench = Bench(seed: 40 + seed)
      try bench.bus.connect()
      try bench.tick(.position(0, velocity: 0), count: 20)
      bench.channel.flipShare = 0.01
      for _ in 0..<500 {
        try bench.tick(.position(0, velocity: 0))
        for state in bench.states { #expect(abs(state.position) < 2 && state.position.isFinite, "seed \(seed)") }
      }
      let statistics = bench.bus.statistics
      #expect(statistics.errorRate > 0.15 && statistics.errorRate < 0.7)
      #expect(statistics.malformed > 100 && statistics.missed > 100 && statistics.implausible > 0)
      bench.channel.flipShare = 0
      try bench.tick(.position(0, velocity: 0), count: 100)
      #expect(bench.bus.statistics.errorRate == 0)
      #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
    }
  }

  @Test func connectingSucceedsInNoise() throws {
    for seed in 0..<UInt64(caseCount(20)) {
      var bench = Bench(seed: 70 + seed)
      bench.channel.flipShare = 0.01
      for index in 0..<6 { bench.channel.drives[index].position = Double(index) }
      try bench.bus.connect()
      bench.channel.flipShare = 0
      try bench.bus.receive(into: &bench.states, time: bench.channel.now)
      for index in 0..<6 {
        let zero = bench.channel.drives[index].zero
        #expect(abs(bench.states[index].position - Bench.turn * (Double(index) - zero)) < 0.25, "seed \(seed) motor \(index)")
      }
    }
  }

  @Test func garbageOnTheLineIsOnlyCounted() throws {
    var bench = try turningBench()
    var random = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      bench.channel.noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      try bench.tick()
      expectTrueAges(bench)
    }
    #expect(bench.bus.statistics.missed == 0, "noise before a frame does not cost the frame")
    #expect(bench.bus.statistics.malformed > 100)
  }

  /// A drive takes 0x15 for its own: its zero jumps. Positions go on, the motor is told in its new count, and its trapezoid begins anew.
  @Test(arguments: [3.3, -0.4, 20]) func aMovedZeroIsFoundAndCompensated(turns: Double) throws {
    var bench = Bench()
    try bench.bus.connect()
    let goal = turns * Bench.turn
    // Get there at a speed that can be believed.
    for step in 0...2_000 { try bench.tick(.position(goal * Double(step) / 2_000, velocity: 0)) }
    try bench.tick(.position(goal, velocity: 0), count: 30)
    #expect(bench.states.allSatisfy { abs($0.position - goal) < 1e-4 && $0.faults.isEmpty })
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })

    let home = SLCAN.bytes(of: .frame(CtrlStep.Message(.setHome, node: 4).frame))
    _ = try home.withUnsafeBytes { (bytes) throws(BusError) in try bench.channel.write(bytes) }
    // A true drive hurries to what is now another place; hold this one, so that the answers show the step alone.
    bench.channel.drives[3].motion = { _ in turns }
    try bench.tick(.position(goal, velocity: 0), count: 3)
    #expect(bench.states[3].faults.isEmpty, "two answers are no proof")
    #expect(abs(bench.states[3].position - goal) < 1e-4)
    bench.channel.drives[3].log.removeAll()
    try bench.tick(.position(goal, velocity: 0))
    #expect(bench.states[3].faults == .referenceLost)
    #expect(abs(bench.states[3].position - goal) < 1e-3)
    let told = bench.channel.drives[3].log.filter { $0.command != .readCurrent }
    #expect(told.map(\.command) == [.enable, .enable, .position] && told.prefix(2).map(\.word) == [0, 1])
    bench.channel.drives[3].motion = nil
    try bench.tick(.position(goal, velocity: 0), count: 3)
    #expect(abs(bench.channel.drives[3].position - turns) < 1e-3, "told in its new count, it stays where it is")
    #expect(abs(bench.states[3].position - goal) < 1e-3)
    for index in [0, 1, 2, 4, 5] { #expect(bench.states[index].faults.isEmpty) }

    bench.bus.clearFaults()
    bench.channel.drives[3].log.removeAll()
    try bench.tick(.position(goal, velocity: 0), count: 20)
    #expect(bench.states[3].faults.isEmpty)
    #expect(bench.channel.drives[3].log.filter { $0.command == .setVelocityLimit }.count == 1, "settings are written again")
  }

  /// A step too small to tell from motion: the drive's own home offset tells it, and exactly.
  @Test func aZeroMovedALittleIsFoundByAskingForIt() throws {
    var bench = Bench()
    bench.channel.drives[4].position = 0.008
    try bench.bus.connect()
    try bench.tick(.position(0.008 * Bench.turn, velocity: 0), count: 50)
    let home = SLCAN.bytes(of: .frame(CtrlStep.Message(.setHome, node: 5).frame))
    _ = try home.withUnsafeBytes { (bytes) throws(BusError) in try bench.channel.write(bytes) }
    try bench.tick(.position(0.008 * Bench.turn, velocity: 0), count: 60)
    #expect(bench.states.map(\.faults) == [[], [], [], [], .referenceLost, []])
    try bench.tick(.position(0.008 * Bench.turn, velocity: 0), count: 2)
    #expect(abs(bench.channel.drives[4].position - 0.008) < 1e-4, "back where it should be")
    #expect(abs(bench.states[4].position - 0.008 * Bench.turn) < 1e-3)
    // Once told, it is told no more; and it survives a new connection.
    bench.bus.clearFaults()
    try bench.tick(.position(0.008 * Bench.turn, velocity: 0), count: 200)
    #expect(bench.states[4].faults.isEmpty)
    try bench.bus.connect()
    try bench.tick(.off, count: 3)
    #expect(abs(bench.states[4].position - 0.008 * Bench.turn) < 1e-3)
  }

  @Test func drivesThatDoNotTellTheirHomeWorkAllTheSame() throws {
    var bench = Bench()
    bench.channel.tellsHome = false
    try bench.bus.connect()
    bench.channel.drives[0].log.removeAll()
    try bench.tick(.off, count: 100)
    #expect(bench.bus.statistics.missed == 0)
    #expect(!bench.channel.drives[0].log.contains { $0.command == .readHomeOffset }, "they are asked no more")
  }

  @Test func aPulledPlugIsAnErrorAndANewOneConnects() throws {
    var bench = Bench()
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 10)
    bench.channel.isUnplugged = true
    let gone = BusError.disconnected(bus: "fake", reason: "the far end hung up")
    #expect(throws: gone) { try bench.tick() }
    #expect(throws: gone) { try bench.bus.receive(into: &bench.states, time: bench.channel.now) }
    #expect(throws: gone) { try bench.bus.send(Array(repeating: .off, count: 6), time: bench.channel.now) }
    #expect(throws: BusError.cannotOpen(port: "fake", reason: "there is no such device")) { try bench.bus.connect() }

    bench.channel.isUnplugged = false
    bench.channel.drives[2].position = 0.01
    try bench.bus.connect()
    #expect(bench.bus.statistics.framesReceived == 0)
    try bench.tick(.off, count: 5)
    #expect(abs(bench.states[2].position - 0.01 * Bench.turn) < 1e-6)
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
  }

  @Test func disconnectingStopsTheMotorsAndClosesTheAdapter() throws {
    var bench = Bench()
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 10)
    bench.bus.disconnect()
    #expect(bench.channel.drives.allSatisfy { $0.log.last?.command == .enable && $0.log.last?.word == 0 })
    #expect(bench.channel.writes.last == Array("C\r".utf8))
    #expect(throws: BusError.disconnected(bus: "fake", reason: "it is not open")) { try bench.bus.receive(into: &bench.states, time: 1) }
    bench.bus.disconnect()
  }

  @Test func whatDoesNotAnswerIsNamed() {
    let bench = Bench()
    bench.channel.drives[4].isSilent = true
    #expect(throws: BusError.noReply(bus: "can0", motor: 5)) { try bench.bus.connect() }
    bench.channel.answersCommands = false
    #expect(throws: BusError.noAdapter(bus: "can0")) { try bench.bus.connect() }
  }
}
