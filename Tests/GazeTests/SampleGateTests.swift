import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct SampleGateTests {
  static func sample(_ time: Double, _ share: SIMD2<Double> = SIMD2(0.5, 0.5)) -> GazeSample { GazeSample(time: time, look: .screen(share)) }

  /// One thing wrong with a sample of an otherwise good stream of 60 Hz, one second long.
  struct Liar: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var verdict: SampleGate.Verdict
    var spoil: @Sendable (inout GazeSample) -> Void
  }

  static let liars: [Liar] = [
    Liar(testDescription: "not a number", verdict: .refused(.notANumber)) { $0.look = .screen(SIMD2(.nan, 0.5)) },
    Liar(testDescription: "infinity", verdict: .refused(.notANumber)) { $0.look = .screen(SIMD2(0.5, .infinity)) },
    Liar(testDescription: "time is no number", verdict: .refused(.notANumber)) { $0.time = .nan },
    Liar(testDescription: "confidence is no number", verdict: .refused(.notANumber)) { $0.confidence = .nan },
    Liar(testDescription: "ray without a direction", verdict: .refused(.notANumber)) { $0.look = .ray(origin: .zero, direction: .zero) },
    Liar(testDescription: "ray to nowhere", verdict: .refused(.notANumber)) { $0.look = .ray(origin: .zero, direction: SIMD3(0, .nan, 1)) },
    Liar(testDescription: "far out of sight", verdict: .refused(.outOfSight)) { $0.look = .screen(SIMD2(1e200, 0)) },
    Liar(testDescription: "eye on the moon", verdict: .refused(.outOfSight)) { $0.look = .ray(origin: SIMD3(0, 0, 4e8), direction: SIMD3(0, 0, 1)) },
    Liar(testDescription: "unsure", verdict: .refused(.unsure)) { $0.confidence = 0.2 },
    Liar(testDescription: "time stands still", verdict: .refused(.outOfOrder)) { $0.time -= 1.0 / 60 },
    Liar(testDescription: "time runs backwards", verdict: .refused(.outOfOrder)) { $0.time -= 0.5 },
    Liar(testDescription: "clock set back", verdict: .refused(.clockJump)) { $0.time -= 3600 },
    Liar(testDescription: "clock set forward", verdict: .refused(.clockJump)) { $0.time += 1e9 },
    Liar(testDescription: "eyes closed", verdict: .eyesClosed) { $0.isValid = false },
    Liar(testDescription: "beside the screen is somewhere, too", verdict: .accepted(time: 1.02)) { $0.look = .screen(SIMD2(1.4, -0.3)) },
  ]

  @Test(arguments: liars) func tellsWhatIsWrong(_ liar: Liar) {
    var gate = SampleGate()
    for step in 0..<60 { #expect(gate.admit(Self.sample(Double(step) / 60), arrival: Double(step) / 60 + 0.02) != .eyesClosed) }
    var sample = Self.sample(1)
    liar.spoil(&sample)
    switch (gate.admit(sample, arrival: 1.02), liar.verdict) {
    case (.accepted(let time), .accepted(let expected)): #expect(abs(time - expected) < 1e-9)
    case (let verdict, let expected): #expect(verdict == expected)
    }
  }

  /// Whatever comes, nothing that is accepted is wild, and its times increase and are neither old nor from the future.
  @Test func acceptsOnlyWhatCanBe() {
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<caseCount(200) {
      var gate = SampleGate()
      var (clock, stamp, last) = (0.0, 1e5, -Double.infinity)
      for _ in 0..<300 {
        let step = Double.random(in: 0...0.03, using: &generator)
        clock += step
        stamp += step
        var sample = Self.sample(stamp, SIMD2(Double.random(in: 0...1, using: &generator), 0.5))
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: sample.time = [.nan, .infinity, -.infinity, stamp + 1e6, stamp - 1e6, 0].randomElement(using: &generator)!
        case 1: sample.look = .screen(SIMD2([.nan, .infinity, 1e300, -1e300].randomElement(using: &generator)!, 0.5))
        case 2: clock += Double.random(in: 0...2, using: &generator)
        default: break
        }
        guard case .accepted(let time) = gate.admit(sample, arrival: clock) else { continue }
        #expect(time <= clock + 1e-9)
        #expect(time >= clock - gate.settings.staleAge - 1e-9)
        // A clock that was set begins a new life; within one, time runs forwards.
        #expect(time > last - 0.2)
        last = time
        guard case .screen(let share) = sample.look else { continue }
        #expect(abs(share.x) <= 10)
      }
    }
  }

  /// The first samples come late, as those after them show; whatever the delays, one look is after another.
  @Test func looksFollowOneAnother() throws {
    var generator = SeededGenerator(seed: 23)
    var eye = SyntheticEye()
    let calibration = try TrialTable.calibrated(&eye)
    for _ in 0..<caseCount(40) {
      var pipeline = GazePipeline(calibration: calibration)
      let rate = [30.0, 60, 250, 1000].randomElement(using: &generator)!
      var (arrival, last, seen) = (0.0, -Double.infinity, 0)
      for step in 0..<200 {
        let stamp = Double(step) / rate
        arrival = max(arrival, stamp + Double.random(in: 0...(step < 10 ? 0.12 : 0.02), using: &generator))
        let place = SIMD2(Double.random(in: 0.49...0.51, using: &generator), Double.random(in: 0.49...0.51, using: &generator))
        guard let (_, time) = pipeline.take(Self.sample(stamp, place), arrival: arrival) else { continue }
        #expect(time > last)
        (last, seen) = (time, seen + 1)
        if let look = pipeline.latest?.place { #expect(look.x.isFinite && look.y.isFinite) }
      }
      #expect(seen > 50)
    }
  }

  @Test func aFloodIsThinnedToWhatTrackersCanMeasure() {
    var gate = SampleGate()
    for step in 0..<50_000 { _ = gate.admit(Self.sample(Double(step) / 10_000), arrival: Double(step) / 10_000 + 0.001) }
    #expect(gate.acceptedCount <= 5 * 2000 + 200)
    #expect(gate.refusals[.flood] ?? 0 >= 39_000)
  }

  @Test func aQueueThatIsFlushedIsStale() {
    var gate = SampleGate()
    for step in 0..<60 { _ = gate.admit(Self.sample(Double(step) / 60), arrival: Double(step) / 60) }
    // Half a second of samples comes at once, half a second late.
    let verdicts = (60..<90).map { gate.admit(Self.sample(Double($0) / 60), arrival: 1.5) }
    #expect(verdicts[0] == .refused(.stale))
    #expect(verdicts[15] == .refused(.stale))
    #expect(verdicts.last.map { if case .accepted = $0 { true } else { false } } == true)
  }

  /// What a stream's state is, so long after its last open look or after the eyes were closed [s].
  @Test(arguments: [
    (0.05, false, SampleGate.State.live), (0.2, false, .gap), (0.31, false, .lost), (0.1, true, .blink), (0.39, true, .blink), (0.42, true, .lost),
  ]) func silenceIsAState(_ age: Double, _ isClosed: Bool, _ state: SampleGate.State) {
    var gate = SampleGate()
    #expect(gate.state(at: 0) == .waiting)
    for step in 0...60 { _ = gate.admit(Self.sample(Double(step) / 60), arrival: Double(step) / 60) }
    if isClosed {
      var time = 1.0
      while time < 1 + age {
        time += 1.0 / 60
        var sample = Self.sample(time)
        sample.isValid = false
        _ = gate.admit(sample, arrival: time)
      }
    }
    #expect(gate.state(at: 1 + age) == state)
  }

  /// A sender's clock that is hours off and runs 50 ppm too fast, over a network that delays by 5 to 40 ms.
  @Test func clockOffsetIsFoundBehindTheDelays() {
    var generator = SeededGenerator(seed: 3)
    var offset = ClockOffset()
    var worst = 0.0
    for step in 0..<12_000 {
      let time = Double(step) / 60
      let stamp = (time + 7200) * (1 + 5e-5)
      offset.observe(stamp: stamp, arrival: time + 0.005 + 0.035 * pow(Double.random(in: 0...1, using: &generator), 2))
      if step > 60, let found = offset.value { worst = max(worst, abs(found - (time - stamp) - 0.005)) }
    }
    #expect(worst < 2e-3)
  }
}
