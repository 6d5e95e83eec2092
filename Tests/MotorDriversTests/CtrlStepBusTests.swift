import Foundation
import MotorDrivers
import TestSupport
import Testing

@Suite struct CtrlStepBusTests {
  @Test func connectingReadsEachMotorAndWritesItsLimits() throws {
    var bench = Bench()
    for index in 0..<6 { bench.channel.drives[index].position = 0.5 * Double(index) - 1 }
    try bench.bus.connect()
    try bench.bus.receive(into: &bench.states, time: bench.channel.now)
    for index in 0..<6 {
      #expect(abs(bench.states[index].position - Bench.turn * (0.5 * Double(index) - 1)) < 1e-6)
      #expect(bench.states[index].sampleTime != nil)
      let log = bench.channel.drives[index].log
      let limits: [(CtrlStep.Command, Double)] = [
        (.setCurrentLimit, 2), (.setVelocityLimit, 60 / Bench.turn), (.setAccelerationLimit, 188 / Bench.turn),
      ]
      for (command, value) in limits {
        let written = log.filter { $0.command == command }
        #expect(written.count == 2 && written.allSatisfy { abs(Double($0.value) - value) < 1e-5 && !$0.flag })
      }
      #expect(!log.contains { $0.command == .enable || $0.command == .position }, "connecting neither stops nor moves a motor")
    }
  }

  @Test func oneWriteATickAndOneAnswerAMotor() throws {
    var bench = Bench()
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 20)
    let writes = bench.channel.writes.count
    let frames = bench.bus.statistics.framesSent
    try bench.tick(.position(0, velocity: 0), count: 60)
    #expect(bench.channel.writes.count - writes == 60)
    #expect(bench.bus.statistics.framesSent - frames == 60 * 7)
    let statistics = bench.bus.statistics
    #expect(statistics.missed == 0 && statistics.stale == 0 && statistics.malformed == 0 && statistics.implausible == 0 && statistics.dropped == 0)
    for state in bench.states {
      #expect(state.missedReplies == 0)
      #expect(abs(bench.channel.now - (state.sampleTime ?? 0) - Bench.period) < 1e-9, "the answer of the tick before")
      #expect(state.effort == 0)
    }
  }

  /// Giving way, a drive begins afresh where its rotor is, its trapezoid out of the way; afterwards its limits are put back, three times over.
  @Test func yieldingGetsTheTrapezoidOutOfTheWay() throws {
    var bench = Bench(nodes: [3])
    try bench.bus.connect()
    func told() -> [CtrlStep.Message] {
      defer { bench.channel.drives[0].log.removeAll() }
      return bench.channel.drives[0].log.filter { ![.readCurrent, .readHomeOffset].contains($0.command) }
    }
    try bench.tick(.position(0, velocity: 0), count: 20)
    _ = told()
    try bench.tick(.yielding(0.01, velocity: 3, acceleration: 40 * 188, isAfresh: true))
    let first = told()
    #expect(first.map(\.command) == [.setAccelerationLimit, .enable, .limitedPosition] && first[1].word == 1)
    #expect(abs(Double(first[0].value) - 40 * 188 / Bench.turn) < 1e-3)
    #expect(abs(Double(first[2].value) * Bench.turn - (0.01 + 3 * Bench.period)) < 1e-5, "a period ahead, so that it does not stop there")
    #expect(abs(Double(first[2].second) * Bench.turn - (1.1 * 3 + 0.03 * 60)) < 1e-4)
    try bench.tick(.yielding(0.01, velocity: 0, acceleration: 40 * 188, isAfresh: false))
    #expect(told().map(\.command) == [.limitedPosition])
    try bench.tick(.yielding(0.01, velocity: 0, acceleration: 60 * 188, isAfresh: false))
    #expect(told().map(\.command) == [.limitedPosition])
    try bench.tick(.yielding(0.01, velocity: 0, acceleration: 200 * 188, isAfresh: false))
    let thrown = told()
    #expect(thrown.map(\.command) == [.setAccelerationLimit, .limitedPosition], "a joint that turns out to be thrown has to brake harder")
    #expect(abs(Double(thrown[0].value) - 200 * 188 / Bench.turn) < 1e-2)
    for _ in 0..<3 {
      try bench.tick(.position(0.01, velocity: 0))
      let calm = told()
      #expect(calm.map(\.command) == [.setAccelerationLimit, .limitedPosition])
      #expect(abs(Double(calm[0].value) - 188 / Bench.turn) < 1e-4 && abs(Double(calm[1].second) - 60 / Bench.turn) < 1e-4)
    }
    try bench.tick(.position(0.01, velocity: 0))
    #expect(told().map(\.command) == [.position])
  }

  @Test func offIsToldOftenAtFirstAndThenTenTimesASecond() throws {
    var bench = Bench(nodes: [3])
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 3)
    bench.channel.drives[0].log.removeAll()
    try bench.tick(.off, count: 500)
    let stops = bench.channel.drives[0].log.filter { $0.command == .enable && $0.word == 0 }.count
    #expect(stops == 5 + 9)
    #expect(bench.channel.drives[0].log.filter { $0.command == .readPosition }.count == 500)
  }

  @Test func effortIsACurrentWithinTheLimit() throws {
    var bench = Bench(nodes: [3])
    try bench.bus.connect()
    try bench.tick(.effort(0.1), count: 20)
    #expect(bench.channel.drives[0].current == 0.5)
    #expect(abs((bench.states[0].effort ?? 0) - 0.1) < 1e-6)
    try bench.tick(.effort(-7), count: 20)
    #expect(bench.channel.drives[0].current == -2)
    try bench.tick(.effort(.nan), count: 2)
    #expect(bench.channel.drives[0].current == 0)
  }

  struct LeadCase: CustomTestStringConvertible {
    let velocity: Double
    let lead: Double
    var testDescription: String { "\(velocity) rad/s" }
  }

  /// By hand: v²/(2·188), signed.
  @Test(arguments: [
    LeadCase(velocity: 0, lead: 0),
    LeadCase(velocity: 18.8, lead: 0.94),
    LeadCase(velocity: -37.6, lead: -3.76),
  ])
  func setpointsAreLedByTheBrakingDistance(example: LeadCase) throws {
    #expect(abs(Bench.motor(node: 1).lead(at: example.velocity) - example.lead) < 1e-12)
    var bench = Bench(nodes: [1])
    try bench.bus.connect()
    try bench.tick(.position(1, velocity: example.velocity))
    let sent = try #require(bench.channel.drives[0].log.last { $0.command == .position })
    #expect(abs(Double(sent.value) * Bench.turn - 1 - example.lead) < 1e-6)
  }

  /// The drive's own trapezoid, stepped here, follows a led setpoint with no error to speak of, and an unled one far behind.
  @Test func aLedTrapezoidKeepsUp() {
    let motor = Bench.motor(node: 1)
    var led = (position: 0.0, velocity: 0.0)
    var plain = led
    let step = 5e-5
    var worst = (led: 0.0, plain: 0.0)
    for tick in 0..<500 {
      let time = Double(tick) * Bench.period
      // A sine with half the drive's acceleration at most.
      let velocity = 30 * sin(3 * time)
      let position = 10 * (1 - cos(3 * time))
      for _ in 0..<40 {
        advance(&led, toward: position + motor.lead(at: velocity), limit: motor, step: step)
        advance(&plain, toward: position, limit: motor, step: step)
      }
      let next = 10 * (1 - cos(3 * (time + Bench.period)))
      worst = (max(worst.led, abs(led.position - next)), max(worst.plain, abs(plain.position - next)))
    }
    #expect(worst.led < 0.13, "a tick's travel at most is 0.06 rad")
    #expect(worst.plain > 1.5)
  }

  private func advance(_ state: inout (position: Double, velocity: Double), toward goal: Double, limit: CtrlStepBus.Motor, step: Double) {
    let distance = goal - state.position
    let braking = (2 * limit.accelerationLimit * abs(distance)).squareRoot()
    let wanted = (distance < 0 ? -1 : 1) * min(braking, limit.velocityLimit)
    let change = limit.accelerationLimit * step
    state.velocity += min(max(wanted - state.velocity, -change), change)
    state.position += state.velocity * step
  }

  @Test func likelyDamageOfASetpointIsHarmless() throws {
    var bench = Bench(nodes: [1])
    try bench.bus.connect()
    try bench.tick(.position(1, velocity: 0))
    let sent = try #require(bench.channel.drives[0].log.last { $0.command == .position })
    // 0x05 with one bit flipped is 0x07: a velocity limit from bytes 4…7. Byte 4 is also the acknowledge flag, just 1.
    #expect(abs(Double(sent.second) * Bench.turn / 60 - 1) < 1e-4)
    #expect(UInt8(truncatingIfNeeded: sent.bits >> 32) == 1)
    // 0x21 is 0x01: it must not switch the motor.
    try bench.tick(.position(1, velocity: 0), count: 3)
    #expect(bench.channel.drives[0].log.last { $0.command == .readCurrent }?.word == 1)
    try bench.tick(.off, count: 3)
    #expect(bench.channel.drives[0].log.last { $0.command == .readCurrent }?.word == 0)
  }

  /// 7 requests and 7 answers of 123 bits a tick: 0.86 of the second.
  @Test func loadIsTheWiresTime() throws {
    var bench = Bench()
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 600)
    #expect(abs(bench.bus.statistics.load - 14 * 123e-6 * 500) < 0.01)
  }

  @Test func anUnfinishedFrameIsFinishedFirst() throws {
    var bench = Bench(nodes: [1, 2])
    try bench.bus.connect()
    try bench.tick(.off, count: 10)
    bench.channel.writeLimit = 30
    try bench.tick(.off)
    bench.channel.writeLimit = nil
    let dropped = bench.bus.statistics.dropped
    try bench.tick(.off, count: 10)
    #expect(dropped == 1, "of three frames of 22 bytes the second was begun")
    #expect(bench.channel.refused == 0, "no torn line reaches the adapter")
    #expect(bench.states.allSatisfy { $0.missedReplies == 0 })
  }

  @Test func aFullChannelIsNeverStuffed() throws {
    var bench = Bench()
    try bench.bus.connect()
    try bench.tick(.position(0, velocity: 0), count: 10)
    bench.channel.writeLimit = 0
    let sent = bench.bus.statistics.bytesSent
    try bench.tick(.position(0, velocity: 0), count: 100)
    #expect(bench.bus.statistics.bytesSent == sent)
    #expect(bench.bus.statistics.dropped >= 600)
    bench.channel.writeLimit = nil
    try bench.tick(.position(0, velocity: 0), count: 30)
    #expect(bench.channel.refused == 0)
    #expect(!bench.bus.statistics.isStalled && bench.states.allSatisfy { $0.missedReplies == 0 })
  }

  @Test func aChannelThatTakesAnyNumberOfBytesIsNeverSentATornLine() throws {
    var random = SeededGenerator(seed: 21)
    for round in 0..<caseCount(30) {
      var bench = Bench(seed: UInt64(round))
      try bench.bus.connect()
      for _ in 0..<100 {
        bench.channel.writeLimit = Int.random(in: 0...200, using: &random)
        try bench.tick(.position(0, velocity: 0))
      }
      #expect(bench.channel.refused == 0)
      #expect(bench.bus.statistics.malformed == 0)
    }
  }
}
