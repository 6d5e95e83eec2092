import Control
import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import armctl

/// What leans on an arm, and what it carries, in the midst of a knock.
@Suite struct HeldPushTests {
  /// 30 N for 3 s somewhere in the sweep's places, from anywhere.
  private static func lean(on arm: String, at places: [KnockPlace], seed: Int) throws -> KnockTrial.Outcome {
    let scene = try KnockRunnerTests.scene(arm), sweep = KnockSweep(scene: scene, cases: [])
    var random = SplitMix64(seed: 900 + UInt64(seed))
    let stand = Int.random(in: scene.stands.indices, using: &random), direction = KnockDirection.all.randomElement(using: &random)!.vector
    var trial = KnockTrial(scene: scene, stand: scene.stands[stand], motion: .holding) { onset, point in
      [Push(at: point, force: 30 * direction, start: onset, duration: 3, ramp: 0.05)]
    }
    trial.conditions = sweep.conditions(at: stand)
    (trial.patience, trial.contactDuration, trial.seed) = (6, 3, UInt64(seed))
    trial.place = places.randomElement(using: &random)!
    return try trial.run()
  }

  /// Drives that hold positions cannot come back against a hand, and need not: that is no fault, and when it lets go they do.
  @Test func noHandLeadsDummyIntoAFault() throws {
    let endings = try parallelMap(Array(0..<caseCount(24))) { seed -> String? in
      let outcome = try Self.lean(on: "dummy", at: [.tool], seed: seed)
      let isBack = outcome.result.recovery != nil && outcome.trace.samples.last?.mode == .hold
      return isBack ? nil : "seed \(seed): \(outcome.trace.events.suffix(3))"
    }
    #expect(endings.allSatisfy { $0 == nil }, "\(endings.compactMap { $0 })")
  }

  /// OpenArm does not push back harder than its spring would; what is too little for it to be sure of, it does.
  @Test func openArmMostlyLetsAHandLeadIt() throws {
    let scene = try KnockRunnerTests.scene("openarm"), count = caseCount(40)
    let stiffness = try #require(scene.controlSettings.compliance?.yieldStiffness)
    let isLed = try parallelMap(Array(0..<count)) { seed in
      let result = try Self.lean(on: "openarm", at: [.tool, .wrist], seed: seed).result
      return (result.opposingForce ?? 0) <= stiffness * result.travel + 2
    }
    let led = isLed.count { $0 }
    #expect(Double(led) >= 0.9 * Double(count), "\(led) of \(count)")
  }

  /// A hand between the moving tool and a wall: what the arm has met a moment ago it believes in sooner, and presses with half of what a face
  /// may bear.
  @Test func aHandAgainstAWallIsPressedGently() throws {
    let scene = try KnockRunnerTests.scene("openarm"), sweep = KnockSweep(scene: scene, cases: [])
    let scenarios = KnockScenario.all(of: scene, conditions: scene.stands.indices.map(sweep.conditions(at:)), yieldStiffness: 0)
    let clamp = try #require(scenarios.first { $0.name == "a hand against a wall" })
    let complaints = try parallelMap(clamp.trials) { trial -> String? in
      let outcome = try trial.run(), released = outcome.onset + trial.contactDuration
      let pressed = outcome.trace.samples.filter { outcome.onset + 0.5 < $0.time && $0.time < released }.map(\.force.length).max() ?? 0
      let isGentle = pressed < 32 && outcome.result.hasResumed && !outcome.result.crossesLimit
      return isGentle ? nil : "\(trial.stand.name): \(pressed) N, \(outcome.trace.events.suffix(3))"
    }
    #expect(clamp.trials.count == 5 && complaints.allSatisfy { $0 == nil }, "\(complaints.compactMap { $0 })")
  }

  /// The scenarios of the report, on an arm of which nobody has tuned anything.
  @Test(arguments: ["a hand against a wall", "30 N for 3 s"]) func anUntunedArmIsGentle(name: String) throws {
    let scene = try KnockRunnerTests.untuned, sweep = KnockSweep(scene: scene, cases: [])
    let stiffness = try #require(scene.controlSettings.compliance?.yieldStiffness)
    let scenarios = KnockScenario.all(of: scene, conditions: scene.stands.indices.map(sweep.conditions(at:)), yieldStiffness: stiffness)
    let scenario = try #require(scenarios.first { $0.name == name })
    let complaints = try KnockScenario.findings(of: [scenario])[0].complaints
    #expect(5 * complaints.count <= scenario.trials.count, "\(complaints)")
  }

  struct Load: CustomTestStringConvertible {
    let before, after: Double?
    var testDescription: String { "\(before ?? 0) kg, then \(after ?? 0) kg" }
  }

  /// A bump may well make an arm drop what it holds: that is no hand which leans on it from then on. Now and then an arm takes it for another bump as
  /// it comes back, and is not back yet after six seconds.
  @Test(arguments: [Load(before: 0.5, after: nil), Load(before: nil, after: 0.5)])
  func whatIsDroppedInTheMidstOfAKnockIsNoHand(_ load: Load) throws {
    let scene = try KnockRunnerTests.scene("openarm"), tool = try #require(scene.points[.tool])
    let endings = try parallelMap(Array(0..<caseCount(10))) { seed -> String? in
      var random = SplitMix64(seed: 300 + UInt64(seed))
      let stand = Int.random(in: scene.stands.indices, using: &random), origin = scene.stands[stand].position
      var conditions = KnockConditions()
      conditions.modelSeed = UInt64(seed)
      let rig = try KnockRig(scene, at: origin, conditions: conditions, seed: UInt64(seed))
      func carry(_ mass: Double?) throws { rig.carry(try mass.map { try Payload(mass: $0, center: [0, 0, 0.05]) }) }
      rig.hold()
      try carry(load.before)
      rig.run(2)
      let direction = KnockDirection.all.randomElement(using: &random)!.vector
      rig.touch(with: KnockForce(at: tool, impulse: 2, along: direction, start: rig.time, duration: 0.02))
      rig.run(.random(in: 0.03...0.15, using: &random))
      try carry(load.after)
      rig.run(6)
      let isBack = rig.snapshot.mode == .hold && (rig.truth.position - origin).maximumMagnitude < 0.03
      return isBack ? nil : "seed \(seed): \(rig.snapshot.mode), \((rig.truth.position - origin).maximumMagnitude) rad off, \(rig.events.suffix(4))"
    }
    let complaints = endings.compactMap { $0 }
    #expect(10 * complaints.count <= endings.count, "\(complaints)")
    withKnownIssue("what was dropped is felt as another bump as the arm comes to rest", isIntermittent: true) {
      #expect(complaints.isEmpty, "\(complaints)")
    }
  }
}
