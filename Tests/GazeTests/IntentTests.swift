import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct IntentTests {
  static let targets = [
    GazeTarget(name: "cup", position: SIMD2(0.2, 0.1), radius: 0.02), GazeTarget(name: "box", position: SIMD2(0.2, -0.1), radius: 0.02),
  ]
  static let go = GazeTarget(name: "go", position: SIMD2(0.4, 0), radius: 0.03)

  /// Looks at one place, or closed eyes, at 60 Hz.
  struct Scene {
    var intent: GazeIntent
    var time = 0.0
    var events: [GazeIntent.Event] = []

    init(_ change: (inout GazeIntent.Settings) -> Void = { _ in }) {
      var settings = GazeIntent.Settings()
      change(&settings)
      intent = GazeIntent(targets: IntentTests.targets, settings: settings)
    }

    mutating func see(_ look: GazeIntent.Look, for duration: Double) {
      let end = time + duration
      while time < end {
        time += 1.0 / 60
        events += intent.observe(look, time: time)
      }
    }

    var names: [String] {
      events.map {
        switch $0 {
        case .selected(let choice): "selected \(choice.name ?? "place")"
        case .confirmed(let choice, let means): "confirmed \(choice.name ?? "place") by \(means)"
        case .dropped(let choice): "dropped \(choice.name ?? "place")"
        }
      }
    }
  }

  @Test func lookingSelectsAndNothingElse() {
    var scene = Scene()
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 0.5)
    #expect(scene.names == [])
    #expect((0.4..<0.9).contains(scene.intent.dwell.share))
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 3)
    #expect(scene.names == ["selected cup"])
    scene.see(.away, for: 3)
    #expect(scene.names == ["selected cup", "dropped cup"])
  }

  @Test func aKeyConfirmsOnceAndOnlyWhatIsSelected() {
    var scene = Scene()
    #expect(scene.intent.confirm() == nil)
    scene.see(.resting(SIMD2(0.2, -0.1)), for: 1)
    guard case .confirmed(let choice, by: .key)? = scene.intent.confirm() else {
      Issue.record("nothing was confirmed")
      return
    }
    #expect(choice.name == "box")
    #expect(scene.intent.confirm() == nil)
  }

  @Test func aSecondLookConfirmsOnlyAfterTheFirst() {
    var scene = Scene { $0.go = Self.go }
    scene.see(.resting(Self.go.position), for: 3)
    #expect(scene.names == [])
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 1)
    scene.see(.resting(Self.go.position), for: 0.3)
    #expect(scene.names == ["selected cup"])
    scene.see(.resting(Self.go.position), for: 1)
    #expect(scene.names == ["selected cup", "confirmed cup by look"])
  }

  /// Closings and openings of the eyes [s], and whether they confirm.
  @Test(arguments: [
    ([0.4, 0.3, 0.4], true), ([0.5, 0.6, 0.35], true), ([0.15, 0.3, 0.15], false), ([0.4], false), ([0.4, 1.2, 0.4], false),
    ([2.0, 0.3, 0.4], false),
    ([0.4, 0.3, 0.12], false), ([0.4, 0.03, 0.4], false),
  ]) func twoLongBlinksConfirm(_ times: [Double], _ confirms: Bool) {
    var scene = Scene { $0.blinks = true }
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 1)
    for (index, time) in times.enumerated() { scene.see(index % 2 == 0 ? .closed : .resting(SIMD2(0.2, 0.1)), for: time) }
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 0.2)
    #expect(scene.names == (confirms ? ["selected cup", "confirmed cup by blink"] : ["selected cup"]))
  }

  @Test func aBlinkHoldsTheRing() {
    var scene = Scene()
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 0.5)
    let share = scene.intent.dwell.share
    scene.see(.closed, for: 0.25)
    #expect(scene.intent.dwell.share == share)
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 0.4)
    #expect(scene.names == ["selected cup"])
  }

  @Test func lostLooksTakeTheSelectionAway() {
    var scene = Scene()
    scene.see(.resting(SIMD2(0.2, 0.1)), for: 1)
    #expect(scene.intent.lose().map { if case .dropped = $0 { true } else { false } } == true)
    #expect(scene.intent.confirm() == nil)
    #expect(scene.intent.dwell.share == 0)
  }

  @Test func aPlaceWithoutANameCanBeMeant() throws {
    var scene = Scene { $0.freePoints = true }
    scene.see(.resting(SIMD2(0.3, 0.02)), for: 1.2)
    let choice = try #require(scene.intent.selection)
    #expect(choice.name == nil)
    #expect((choice.position - SIMD2(0.3, 0.02)).length < 1e-9)
    // A target nearby is meant rather than the place.
    scene.see(.resting(SIMD2(0.21, 0.1)), for: 1.2)
    #expect(scene.intent.selection?.name == "cup")
  }

  /// Laws of probabilities, whatever was looked at, and at whatever rate.
  @Test func probabilitiesAreProbabilities() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<caseCount(200) {
      var inference = GoalInference(targets: TrialTable.targets)
      var time = 0.0
      for _ in 0..<100 {
        time += Double.random(in: 0...0.2, using: &generator)
        let place = SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator))
        inference.observe(Bool.random(using: &generator) ? place : nil, time: time)
        let known = inference.probabilities
        #expect(known.allSatisfy { (0...1).contains($0) })
        #expect(known.reduce(0, +) <= 1 + 1e-9)
        #expect((0...log2(10) + 1e-9).contains(inference.entropy))
      }
    }
  }

  @Test func theRateOfTheTrackerDoesNotMatter() {
    let answers = [60.0, 250, 1000].map { rate in
      var inference = GoalInference(targets: TrialTable.targets)
      for step in 0...Int(0.2 * rate) { inference.observe(SIMD2(0.26, 0.02), time: Double(step) / rate) }
      return inference.probabilities[4]
    }
    #expect(answers.allSatisfy { abs($0 - answers[0]) < 0.05 })
    #expect(answers[0] > 0.8)
  }

  @Test func whatWasLookedAtIsForgotten() {
    var inference = GoalInference(targets: TrialTable.targets)
    for step in 0...60 { inference.observe(TrialTable.targets[0].position, time: Double(step) / 60) }
    #expect(inference.probabilities[0] > 0.95)
    inference.pass(to: 5)
    #expect(inference.probabilities[0] < 0.2)
  }
}
