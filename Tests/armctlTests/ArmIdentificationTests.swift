import Kinematics
import Simulator
import TestSupport
import Testing

@testable import Control
@testable import armctl

/// Arms whose files are wrong by a fifth in mass, 20 mm in the centres and three tenths in friction are found as they are.
@Suite struct ArmIdentificationTests {
  private static func start(_ rig: IdentificationRig) throws -> JointVector { try #require(rig.file.pose("home")) }

  @Test(arguments: ["dummy", "openarm"]) func theArmIsFound(_ name: String) throws {
    let rig = try IdentificationRig(name, seed: 5), start = try Self.start(rig), identification = ArmIdentification(configuration: rig.file)
    let motion = try rig.motion(seconds: 8 * Double(caseCount(1)), seed: 1, from: start)
    let outcome = try identification.outcome(of: try rig.record(motion), fold: motion.fold), finding = outcome.finding
    #expect(finding.correctsMasses)
    for (joint, truth) in rig.truth.joints.enumerated() where !finding.keepsCoulomb.contains(joint) {
      let top = rig.truth.limits.velocity[joint], own = truth.transmission.coulomb + truth.transmission.viscous * top
      let found = finding.friction[joint].coulomb + finding.friction[joint].viscous * top
      #expect(abs(found - own) < 0.2 * own, "\(truth.name)")
    }
    // A motion that it was not found from.
    let fresh = try rig.record(rig.motion(seconds: 4, seed: 2, from: start), seed: 2), instants = identification.instants(of: fresh)
    func left(_ model: RobotModel, _ friction: [EffortIdentification.Friction]) -> Double {
      var sum = 0.0
      for instant in instants {
        let rest = identification.remainder(instant, model: model, friction: friction)
        for joint in rest.indices where instant.isSliding[joint] { sum += rest[joint] * rest[joint] }
      }
      return sum.squareRoot()
    }
    #expect(left(outcome.model, finding.friction) < 0.5 * left(rig.file.model, rig.file.frictions))
    #expect(try falseAlarms(fresh, outcome, rig) == 0)
  }

  /// How often the arm would have been touched on a free motion, by the thresholds that were found.
  private func falseAlarms(_ recording: EffortRecording, _ outcome: ArmIdentification.Outcome, _ rig: IdentificationRig) throws -> Int {
    let thresholds = try #require(outcome.thresholds)
    var settings = rig.file.controlSettings
    settings.coulombFriction = JointVector(outcome.finding.friction.map(\.coulomb))
    settings.viscousFriction = JointVector(outcome.finding.friction.map(\.viscous))
    var compliance = rig.file.complianceSettings(settings)
    compliance.thresholds = thresholds
    var replay = ContactReplay(model: outcome.model, settings: settings, compliance: compliance), alarms = 0
    let instants = recording.instants()
    for sample in recording.samples {
      guard let instant = instants.min(by: { abs($0.time - sample.time) < abs($1.time - sample.time) }) else { continue }
      let felt = replay.feel(
        at: sample.time, position: sample.position, velocity: sample.velocity, acceleration: instant.acceleration, effort: sample.effort)
      guard let felt else { continue }
      let levels = thresholds.values(velocity: felt.velocity, acceleration: felt.acceleration, effort: felt.effort)
      if zip(felt.residual, levels).contains(where: { abs($0) > $1 }) { alarms += 1 }
    }
    return alarms
  }

  @Test(arguments: ["dummy", "openarm"]) func theLoadIsWeighed(_ name: String) throws {
    let rig = try IdentificationRig(name), load = try Payload(mass: 0.4, center: [0.01, -0.02, 0.05])
    let motion = try rig.motion(seconds: 4 * Double(caseCount(1)), seed: 3, from: try Self.start(rig))
    let identification = ArmIdentification(configuration: rig.file, subject: .payload)
    let outcome = try identification.outcome(of: rig.record(motion, payload: load), fold: motion.fold), found = try #require(outcome.payload)
    #expect(abs(found.mass - load.mass) < 0.05 * load.mass)
    #expect((found.center - load.center).length < 0.015)
    #expect(outcome.thresholds == nil && outcome.corrections.allSatisfy { $0 == .zero })
  }

  @Test func aHandIsNoPartOfTheArm() throws {
    let rig = try IdentificationRig("openarm", seed: 5), motion = try rig.motion(seconds: 5, seed: 1, from: try Self.start(rig))
    let recording = try rig.record(motion) { time, arm in arm.plant.externalEffort[3] = abs(time - 4) < 0.3 ? 6 : 0 }
    let touched = #expect(throws: ArmIdentification.Touched.self) {
      try ArmIdentification(configuration: rig.file).outcome(of: recording, fold: motion.fold)
    }
    #expect(touched.map { abs($0.time - 3.7) < 0.3 } ?? false)
  }
}
