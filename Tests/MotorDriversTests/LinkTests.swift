import TestSupport
import Testing

@testable import MotorDrivers

@Suite struct LinkMonitorTests {
  private func stalled() -> LinkMonitor {
    var link = LinkMonitor(replyTimeout: 0.010, quietTime: 0.004)
    link.noteRequest(at: 0)
    #expect(link.judge(at: 0.0099) == nil)
    #expect(link.judge(at: 0.010) == .stalled)
    return link
  }

  @Test func aReplyInTimeKeepsTheLinkUp() {
    var link = LinkMonitor(replyTimeout: 0.010, quietTime: 0.004)
    for tick in 0..<1_000 {
      let time = 0.002 * Double(tick)
      if tick % 4 == 3 { link.noteReply() }
      #expect(link.judge(at: time) == nil && link.isUp)
      link.noteRequest(at: time)
      #expect(link.probe(at: time, motorCount: 6) == nil)
    }
  }

  @Test func withoutRequestsSilenceIsNoStall() {
    var link = LinkMonitor(replyTimeout: 0.010, quietTime: 0.004)
    #expect(link.judge(at: 100) == nil && link.isUp)
  }

  @Test func aProbeGoesOutOnceTheLineIsQuiet() {
    var link = stalled()
    #expect(link.probe(at: 0.012, motorCount: 2) == nil)
    link.noteBytes(at: 0.013)
    #expect(link.probe(at: 0.016, motorCount: 2) == nil)
    #expect(link.probe(at: 0.017, motorCount: 2) == 0)
    #expect(link.probe(at: 0.019, motorCount: 2) == nil)
    #expect(link.probe(at: 0.0371, motorCount: 2) == 1, "unanswered: another motor")
  }

  @Test func oneReplyAndQuietRestore() {
    var link = stalled()
    #expect(link.probe(at: 0.014, motorCount: 2) == 0)
    link.noteBytes(at: 0.016)
    let isAnswer = link.noteProbeReply(of: 0, at: 0.016)
    #expect(isAnswer)
    #expect(link.judge(at: 0.016) == nil && !link.isUp)
    #expect(link.judge(at: 0.018) == nil)
    #expect(link.judge(at: 0.020) == .restored)
    #expect(link.isUp)
  }

  struct SpoiledProbe: CustomTestStringConvertible {
    let reason: String
    let happens: @Sendable (inout LinkMonitor) -> Void
    var testDescription: String { reason }
  }

  @Test(arguments: [
    SpoiledProbe(reason: "another motor answers") { _ = $0.noteProbeReply(of: 1, at: 0.016) },
    SpoiledProbe(reason: "two answers") {
      _ = $0.noteProbeReply(of: 0, at: 0.016)
      _ = $0.noteProbeReply(of: 0, at: 0.016)
    },
    SpoiledProbe(reason: "too late") { _ = $0.noteProbeReply(of: 0, at: 0.025) },
    SpoiledProbe(reason: "an old position comes as well") {
      _ = $0.noteProbeReply(of: 0, at: 0.016)
      $0.noteReply()
    },
    SpoiledProbe(reason: "damage") {
      _ = $0.noteProbeReply(of: 0, at: 0.016)
      $0.noteDamage()
    },
  ])
  func anythingElseStartsAnew(example: SpoiledProbe) {
    var link = stalled()
    #expect(link.probe(at: 0.014, motorCount: 2) == 0)
    link.noteBytes(at: 0.026)
    example.happens(&link)
    #expect(link.judge(at: 0.030) == nil && !link.isUp)
    #expect(link.probe(at: 0.030, motorCount: 2) == 1)
  }

  /// For minutes of silence the line is not stuffed with probes: fast for half a second, then ten a second.
  @Test func patienceThinsTheProbes() {
    var link = stalled()
    var count = 0
    for tick in 5..<30_000 {
      let motor = link.probe(at: 0.002 * Double(tick), motorCount: 6)
      count += motor == nil ? 0 : 1
    }
    #expect(count > 600 && count < 640)
  }
}

@Suite struct MotionGateTests {
  private static let period = 0.002

  /// A gate that has seen a motor pass `position` at `velocity` for ten ticks; the last of them asked at 0 and read a period later.
  private func running(at position: Double, velocity: Double) -> MotionGate {
    var gate = MotionGate(settings: .init(maximumVelocity: 90))
    for tick in -10...0 {
      let time = Self.period * Double(tick)
      #expect(gate.judge(position + velocity * time, sent: time, received: time + Self.period) == .good(position + velocity * time))
    }
    return gate
  }

  struct StepCase: CustomTestStringConvertible {
    let name: String
    let velocity: Double
    /// How far the next three reports are from where the motion leads, and how they go on [rad/s].
    let step: Double
    let after: Double
    let isLost: Bool
    var testDescription: String { name }
  }

  @Test(arguments: [
    StepCase(name: "one turn at rest", velocity: 0, step: 6.28, after: 0, isLost: true),
    StepCase(name: "a twentieth of a turn at rest", velocity: 0, step: 0.31, after: 0, isLost: true),
    StepCase(name: "a fiftieth of a turn at rest", velocity: 0, step: -0.126, after: 0, isLost: true),
    StepCase(name: "one turn at speed", velocity: 60, step: -6.28, after: 60, isLost: true),
    StepCase(name: "a hundred turns", velocity: -30, step: 628, after: -30, isLost: true),
    StepCase(name: "one turn, and the motor hurries there", velocity: 0, step: 6.28, after: -20, isLost: true),
    StepCase(name: "a hard knock", velocity: 0, step: 0.12, after: 60, isLost: false),
  ])
  func threeReportsThatAgreeDecide(example: StepCase) {
    var gate = running(at: 10, velocity: example.velocity)
    var last = MotionGate.Verdict.withheld
    for tick in 1...3 {
      let time = Self.period * Double(tick)
      let reported = 10 + example.velocity * Self.period + example.step + example.after * (time - Self.period)
      last = gate.judge(reported, sent: time, received: time + Self.period)
      if tick < 3 { #expect(last == .withheld) }
    }
    switch last {
    case .referenceLost(let position):
      #expect(example.isLost)
      let mean = (example.velocity + example.after) / 2 * Self.period
      #expect(abs(position - (10 + mean + example.after * 2 * Self.period)) < 1e-9, "continuous")
      #expect(abs(gate.offset + example.step - (mean - example.velocity * Self.period)) < 1e-9)
    case .surprising: #expect(!example.isLost && gate.offset == 0)
    case .good: Issue.record("three are needed")
    case .withheld: Issue.record("undecided")
    }
  }

  @Test func singleLiesAreForgotten() {
    var gate = running(at: 0, velocity: 20)
    var random = SeededGenerator(seed: 31)
    for tick in 1..<2_000 {
      let time = Self.period * Double(tick)
      let truth = 20 * time
      if tick % 3 != 0 {
        #expect(gate.judge(truth, sent: time, received: time + Self.period) == .good(truth))
      } else {
        #expect(gate.judge(Double.random(in: 1e3...1e30, using: &random), sent: time, received: time + Self.period) == .withheld)
      }
    }
    #expect(gate.offset == 0)
  }

  struct MotionCase: CustomTestStringConvertible {
    /// [rad/s²]
    let acceleration: Double
    let isEverDoubted: Bool
    var testDescription: String { "\(acceleration) rad/s²" }
  }

  /// Whatever answers are lost: motion within a drive's acceleration is never doubted, and no true motion is taken for a moved zero.
  @Test(arguments: [MotionCase(acceleration: 500, isEverDoubted: false), MotionCase(acceleration: 4_000, isEverDoubted: true)])
  func motionIsNoMovedZero(example: MotionCase) {
    var random = SeededGenerator(seed: 32)
    for _ in 0..<caseCount(200) {
      var gate = MotionGate(settings: .init(maximumVelocity: 90))
      var position = 0.0
      var velocity = 0.0
      var acceleration = 0.0
      let delay = Double.random(in: 0.0002...0.0012, using: &random)
      for tick in 0..<500 {
        if tick % 20 == 0 { acceleration = Double.random(in: -1...1, using: &random) * example.acceleration }
        velocity = min(max(velocity + acceleration * Self.period, -60), 60)
        position += velocity * Self.period
        let time = Self.period * Double(tick)
        // Measured some time between asking and reading, not always the same.
        let lag = delay + Double.random(in: 0...0.0006, using: &random)
        guard Bool.random(using: &random) else { continue }
        let verdict = gate.judge(position + velocity * lag, sent: time, received: time + Self.period)
        let isKnown = verdict == .good(position + velocity * lag) || verdict == .surprising(position + velocity * lag)
        #expect(isKnown || (example.isEverDoubted && verdict == .withheld))
      }
      #expect(gate.offset == 0)
    }
  }

  @Test func afterASilenceTheOffsetStays() {
    var gate = running(at: 10, velocity: 0)
    for tick in 1...3 { _ = gate.judge(4, sent: Self.period * Double(tick), received: Self.period * Double(tick + 1)) }
    #expect(abs(gate.offset - 6) < 1e-9)
    gate.trustNext()
    #expect(gate.judge(5, sent: 9, received: 9.1) == .good(5 + gate.offset))
  }
}

@Suite struct LinkPartsTests {
  @Test func batchesAreCutAtFrameBorders() {
    struct Cut { let written, sent, rest: Int }
    // Three frames of 22 bytes.
    for cut in [
      Cut(written: 0, sent: 0, rest: 0), Cut(written: 1, sent: 1, rest: 21), Cut(written: 22, sent: 1, rest: 0), Cut(written: 23, sent: 2, rest: 21),
      Cut(written: 65, sent: 3, rest: 1), Cut(written: 66, sent: 3, rest: 0),
    ] {
      var batch = FrameBatch(capacity: 3)
      for id in 1...3 { batch.append(CANFrame(UInt32(id)), reply: .none, motor: 0) }
      let all = Array(batch.bytes)
      #expect(batch.finish(written: cut.written) == cut.sent)
      #expect(Array(batch.bytes) == Array(all[cut.written..<cut.written + cut.rest]))
      // The next batch begins with what was left, however slowly it goes.
      batch.append(CANFrame(9), reply: .none, motor: 0)
      let next = Array(batch.bytes)
      #expect(next.count == cut.rest + 22)
      if cut.rest > 1 {
        #expect(batch.finish(written: 1) == 0)
        #expect(Array(batch.bytes) == Array(next[1..<cut.rest]))
      }
    }
  }

  @Test func requestsAreKeptInOrder() {
    var queue = RequestQueue()
    for round in 0..<100 {
      for tick in 0..<5 { queue.append(.init(tick: UInt64(5 * round + tick), sent: Double(5 * round + tick))) }
      #expect(queue.popFirst()?.tick == UInt64(5 * round))
      #expect(queue.removeRequests(before: UInt64(5 * round + 2)) == 1)
      #expect(queue.removeRequests(sentBefore: Double(5 * round + 3)) == 1)
      #expect(queue.first?.tick == UInt64(5 * round + 3) && queue.count == 2)
      #expect(queue.removeAll() == 2 && queue.popFirst() == nil)
    }
    while !queue.isFull { queue.append(.init(tick: 0, sent: 0)) }
    #expect(queue.count == 32)
  }

  struct Debt: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What a motor owes, tick by tick; where a question was answered, what it owed when asked, had lost, and owes now.
    var owed: [Int]
    var settled: (owed: Int, lost: Int, left: Int)?
    var then: [Int] = []
    var isDoubtful: Bool
  }

  /// A question takes the place of a command, so that a debt has to be worth it.
  @Test(arguments: [
    Debt(testDescription: "who owes nothing is not asked", owed: [0, 0, 0], isDoubtful: false),
    Debt(testDescription: "the first time that anything is owed it is looked into", owed: [0, 1], isDoubtful: true),
    Debt(testDescription: "what was honest once is not asked again", owed: [0, 1], settled: (1, 0, 0), then: [0, 1, 0, 1, 1], isDoubtful: false),
    Debt(testDescription: "more than ever is", owed: [0, 1], settled: (1, 0, 0), then: [0, 1, 2], isDoubtful: true),
    Debt(
      testDescription: "what lasts, as a loss does", owed: [0, 1], settled: (1, 0, 0), then: [0] + Array(repeating: 1, count: 25),
      isDoubtful: true),
    Debt(
      testDescription: "and not a tick sooner", owed: [0, 1], settled: (1, 0, 0), then: [0] + Array(repeating: 1, count: 24),
      isDoubtful: false),
    Debt(
      testDescription: "a debt that stays after a question is the line's own", owed: [0, 1], settled: (1, 0, 1), then: [1, 1, 1],
      isDoubtful: false),
    Debt(testDescription: "what turned out to be lost was not honest", owed: [0, 1], settled: (1, 1, 0), then: [0, 1], isDoubtful: true),
    Debt(
      testDescription: "a line that was slow for once is forgotten", owed: [0, 3], settled: (3, 0, 0),
      then: (0..<300).map { $0 % 2 } + [0, 2], isDoubtful: true),
  ])
  func aDebtIsLookedInto(_ example: Debt) {
    var debt = ReplyDebt()
    for count in example.owed { debt.note(count) }
    if let settled = example.settled { debt.settle(owed: settled.owed, lost: settled.lost, left: settled.left) }
    for count in example.then { debt.note(count) }
    #expect(debt.isDoubtful((example.owed + example.then).last ?? 0) == example.isDoubtful)
  }

  @Test func theLostShareSlides() {
    var history = ReplyHistory()
    #expect(history.lostShare == 0)
    history.record(isGood: false)
    #expect(history.lostShare == 0.02, "one of at least fifty")
    for _ in 0..<99 { history.record(isGood: false) }
    #expect(history.lostShare == 1)
    for _ in 0..<100 { history.record(isGood: true) }
    #expect(history.lostShare == 0.5)
    for _ in 0..<100 { history.record(isGood: true) }
    #expect(history.lostShare == 0)
  }

  @Test func theLoadIsOfTheLastSecond() {
    var load = WireLoad()
    #expect(load.share(at: 12.3456, bitRate: 1_000_000) == 0)
    // 300 bits a millisecond at 1 Mbit/s, beginning anywhere.
    for tick in 0..<3_000 {
      let time = 12.3456 + 0.001 * Double(tick)
      load.add(bits: 300, time: time)
      if tick > 300 { #expect(abs(load.share(at: time, bitRate: 1_000_000) - 0.3) < 0.01) }
    }
    #expect(load.share(at: 15.95, bitRate: 1_000_000) < 0.2)
    #expect(load.share(at: 30, bitRate: 1_000_000) == 0)
  }
}

@Suite struct HomeReferenceTests {
  struct Reading: CustomTestStringConvertible {
    let name: String
    let homes: [Int32]
    let present: Double
    /// After the last of `homes` [rad].
    let offset: Double?
    var testDescription: String { name }
  }

  private static let turn = 2 * Double.pi

  /// Begun at 1000 with no offset.
  @Test(arguments: [
    Reading(name: "as it was", homes: [1_000, 1_000], present: 0, offset: nil),
    Reading(name: "another, once", homes: [1_000, 6_120], present: 0, offset: nil),
    Reading(name: "another, twice", homes: [6_120, 6_120], present: 0, offset: 0.1 * turn),
    Reading(name: "two different others", homes: [6_120, 6_121], present: 0, offset: nil),
    Reading(name: "another, known already", homes: [6_120, 6_120], present: 0.1 * turn, offset: nil),
    Reading(name: "another, known roughly", homes: [6_120, 6_120], present: 0.5, offset: 0.1 * turn),
    Reading(name: "the same, though motion seemed to tell of another", homes: [1_000, 1_000], present: -0.3, offset: 0),
    Reading(name: "turns counted anew from the same home", homes: [1_000, 1_000], present: 3 * turn, offset: nil),
  ])
  func aValueReadTwiceCounts(example: Reading) {
    var reference = HomeReference()
    #expect(reference.correction(for: 5, present: 0) == nil && !reference.isKnown)
    reference.begin(at: 1_000, offset: 0)
    reference.begin(at: 77, offset: 9)
    var last: Double?
    for home in example.homes { last = reference.correction(for: home, present: example.present) }
    #expect((last == nil) == (example.offset == nil))
    if let last, let offset = example.offset { #expect(abs(last - offset) < 1e-12) }
  }
}
