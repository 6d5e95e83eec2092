import Foundation
import Kinematics
import Testing
import TestSupport

/// Poses and dynamics against Pinocchio, and the default arm against its original firmware.
@Suite struct OracleTests {
  @Test(arguments: OracleArm.all) func agreesWithPinocchio(arm: OracleArm) throws {
    let (model, file) = try arm.load()
    #expect(model.jointNames == file.joints)
    for known in file.cases {
      let q = known.q.vector, qd = known.qd.vector, still = JointVector(count: model.jointCount)
      let (pose, jacobian) = model.poseAndJacobian(at: q)
      let t = known.T.values
      let expected = Pose(
        rotation: Rotation(x: [t[0], t[4], t[8]], y: [t[1], t[5], t[9]], z: [t[2], t[6], t[10]]), translation: [t[3], t[7], t[11]])
      #expect(difference(pose, expected) < 1e-11)
      #expect(difference(jacobian.numbers, known.J_lwa.values) < 1e-11)
      #expect(difference(model.inverseDynamics(at: q, velocity: qd, acceleration: known.qdd.vector), known.tau.values) < 1e-10)
      #expect(difference(model.gravityEffort(at: q), known.gravity.values) < 1e-10)
      #expect(difference(model.massMatrix(at: q).numbers, known.M.values) < 1e-11)
      let qdd = known.qdd_from_zero_tau.values, scale = qdd.map(abs).max() ?? 1
      #expect(difference(model.forwardDynamics(at: q, velocity: qd, effort: still), qdd) < 1e-10 * max(1, scale))
    }
  }

  @Test func dummyAgreesWithItsFirmware() throws {
    struct Case: Decodable { let q_deg, position_m, rotation: [Double] }
    let model = try dummyModel()
    #expect(model.jointNames == ["waist", "shoulder", "elbow", "forearm", "wrist", "tool_roll"])
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: dataFile("dummy.json")))
    #expect(cases.count == 30)
    for known in cases {
      let pose = model.pose(at: JointVector(known.q_deg.map { $0 * .pi / 180 })), r = known.rotation
      let rotation = Rotation(x: [r[0], r[3], r[6]], y: [r[1], r[4], r[7]], z: [r[2], r[5], r[8]])
      #expect(difference(pose, Pose(rotation: rotation, translation: SIMD3(known.position_m))) < 2e-6)
    }
  }

  @Test func dummyWeighsAndReachesWhatItsFileSays() throws {
    let urdf = try URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf"))
    #expect(abs(urdf.links.map(\.inertial.mass).reduce(0, +) - 3.95) < 1e-12)
    #expect(urdf.links.allSatisfy { !$0.collisions.isEmpty })
    let model = try RobotModel(urdf: urdf, tip: "flange")
    let degrees = 180 / Double.pi
    #expect(difference(degrees * model.limits.lower, [-170, -73, 35, -180, -120, -720]) < 1e-9)
    #expect(difference(degrees * model.limits.upper, [170, 90, 180, 180, 120, 720]) < 1e-9)
    let stretched = model.gravityEffort(at: [0, .pi / 2, 0, 0, 0, 0])
    #expect((0..<6).allSatisfy { abs(stretched[$0]) < 0.5 * model.limits.effort[$0] })
  }
}
