import Control
import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import armctl

/// Arms whose files are wrong by a fifth in mass, 20 mm in the centres and three tenths in friction are found as they are.
@Suite struct ArmIdentificationTests {
  static let seconds = Double(ProcessInfo.processInfo.environment["IDENT_SECONDS"] ?? "24") ?? 24

  @Test(arguments: ["dummy", "openarm"]) func theArmIsFound(_ name: String) throws {
    let clock = ContinuousClock(), t0 = clock.now
    let seed = UInt64(ProcessInfo.processInfo.environment["IDENT_SEED"] ?? "5") ?? 5
    let rig = try IdentificationRig(name, seed: seed), start = try #require(rig.file.pose("home"))
    let motion = try rig.motion(seconds: Self.seconds, seed: 1, from: start)
    print("plan", clock.now - t0, motion.legs.count, motion.duration)
    let recording = try rig.record(motion)
    print("record", clock.now - t0, recording.samples.count)
    let identification = ArmIdentification(configuration: rig.file)
    let outcome = try identification.outcome(of: recording, fold: motion.fold)
    print("fit", clock.now - t0)
    print(IdentificationReport(configuration: rig.file, outcome: outcome, seconds: recording.duration).text)
    for (joint, truth) in rig.truth.joints.enumerated() {
      let found = outcome.finding.friction[joint], file = rig.file.joints[joint].transmission
      print(
        truth.name, "dry", truth.transmission.coulomb, file.coulomb, found.coulomb, found.coulomb / truth.transmission.coulomb, "viscous",
        truth.transmission.viscous, file.viscous, found.viscous, found.viscous / truth.transmission.viscous)
    }
    // A motion that it was not found from.
    let fresh = try rig.motion(seconds: 20, seed: 2, from: start)
    let instants = try rig.record(fresh, seed: 2).instants()
    let friction = rig.file.joints.map { EffortIdentification.Friction(coulomb: $0.transmission.coulomb, viscous: $0.transmission.viscous) }
    func left(_ model: RobotModel, _ friction: [EffortIdentification.Friction]) -> [Double] {
      rig.file.joints.indices.map { joint in
        let rests = instants.filter { $0.isSliding[joint] }.map { identification.remainder($0, model: model, friction: friction)[joint] }
        return (rests.reduce(0) { $0 + $1 * $1 } / Double(max(rests.count, 1))).squareRoot()
      }
    }
    let before = left(rig.file.model, friction), after = left(outcome.model, outcome.finding.friction)
    print("fresh before", before, "after", after, "ratio", zip(before, after).map { $1 / $0 })
    print("done", clock.now - t0)
  }
}
