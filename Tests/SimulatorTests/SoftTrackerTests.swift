import Testing
import TestSupport

@testable import Simulator

/// The drives' own trapezoid: within its limits always, on its goal in the end.
@Suite struct SoftTrackerTests {
  private let period = EmulatedCtrlStep.period

  @Test func randomGoalsAreReachedExactlyWithinTheLimits() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(100) {
      var tracker = SoftTracker(position: Double.random(in: -50...50, using: &generator))
      let limit = Double.random(in: 0.1...40, using: &generator)
      let acceleration = Double.random(in: 5...2000, using: &generator)
      var fastest = 0.0, steepest = 0.0
      for _ in 0..<3 {
        let goal = tracker.position + Double.random(in: -3...3, using: &generator)
        // The goal changes in mid-motion, too.
        let steps = Bool.random(using: &generator) ? 400_000 : Int.random(in: 1...4000, using: &generator)
        for _ in 0..<steps where tracker.position != goal || tracker.velocity != 0 {
          let before = tracker
          tracker.step(towardPosition: goal, limit: limit, acceleration: acceleration, period: period)
          fastest = max(fastest, abs(tracker.velocity) / limit)
          steepest = max(steepest, abs(tracker.velocity - before.velocity) / (acceleration * period))
        }
        if steps == 400_000 { #expect(tracker.position == goal && tracker.velocity == 0) }
      }
      #expect(fastest <= 1 + 1e-12)
      #expect(steepest <= 1 + 1e-9)
    }
  }

  struct Move {
    let distance, limit, acceleration, duration: Double
  }

  @Test(arguments: [
    // A triangle takes 2·√(d/a), a trapezoid d/v + v/a.
    Move(distance: 1, limit: 100, acceleration: 4, duration: 1),
    Move(distance: -1, limit: 100, acceleration: 100, duration: 0.2),
    Move(distance: 10, limit: 5, acceleration: 10, duration: 2.5),
    Move(distance: -3, limit: 1, acceleration: 30, duration: 3 + 1.0 / 30),
  ])
  func aMoveTakesTheTrapezoidsTime(move: Move) {
    var tracker = SoftTracker()
    var steps = 0
    while tracker.position != move.distance || tracker.velocity != 0 {
      tracker.step(towardPosition: move.distance, limit: move.limit, acceleration: move.acceleration, period: period)
      steps += 1
      guard steps < 1_000_000 else { break }
    }
    #expect(abs(Double(steps) * period - move.duration) < 4 * period + 1e-4 * move.duration)
  }

  @Test func aGoalThatIsTooNearIsOverrunAndComeBackTo() {
    var tracker = SoftTracker(position: 0, velocity: 10)
    var furthest = 0.0
    for _ in 0..<20_000 {
      tracker.step(towardPosition: 0.1, limit: 20, acceleration: 100, period: period)
      furthest = max(furthest, tracker.position)
    }
    // v²/(2a) = 0.5 turns are needed.
    #expect(abs(furthest - 0.5) < 1e-3)
    #expect(tracker == SoftTracker(position: 0.1, velocity: 0))
  }

  @Test func aVelocityIsReachedAlongARamp() {
    var tracker = SoftTracker()
    for _ in 0..<2000 { tracker.step(towardVelocity: -7, acceleration: 50, period: period) }
    #expect(abs(tracker.velocity + 5) < 1e-9)
    for _ in 0..<2000 { tracker.step(towardVelocity: -7, acceleration: 50, period: period) }
    #expect(tracker.velocity == -7)
  }
}
