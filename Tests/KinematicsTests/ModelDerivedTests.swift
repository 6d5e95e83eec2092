import Foundation
import Kinematics
import TestSupport
import Testing

/// What is derived from Jacobian and mass matrix: rates of change, inverses, and what is weighted by them.
@Suite struct ModelDerivedTests {
  @Test(arguments: try ModelLawTests.arms()) func jacobianDerivativeIsTheDerivative(arm: ModelLawTests.Arm) {
    var random = SeededGenerator(seed: 70)
    let model = arm.model, step = 1e-6
    for _ in 0..<caseCount(50) {
      let state = ModelLawTests.State(model.jointCount, &random)
      let derivative = model.jacobianDerivative(at: state.q, velocity: state.qd)
      let after = model.jacobian(at: state.q + step * state.qd).numbers, before = model.jacobian(at: state.q - step * state.qd).numbers
      #expect(difference(derivative.numbers, zip(after, before).map { ($0 - $1) / (2 * step) }) < 1e-7)
    }
  }

  @Test(arguments: OracleArm.all) func biasAccelerationAgreesWithPinocchio(arm: OracleArm) throws {
    let (model, file) = try arm.load()
    for known in file.cases {
      let qd = known.qd.vector, bias = model.jacobianDerivative(at: known.q.vector, velocity: qd).twist(for: qd)
      let expected = known.jdot_qd_lwa.values
      #expect(difference(bias.linear, SIMD3(expected[0..<3])) < 1e-10 && difference(bias.angular, SIMD3(expected[3..<6])) < 1e-10)
    }
  }

  @Test(arguments: try ModelLawTests.arms()) func inverseMassMatrixIsTheInverse(arm: ModelLawTests.Arm) throws {
    var random = SeededGenerator(seed: 71)
    let count = arm.model.jointCount
    for _ in 0..<caseCount(50) {
      let state = ModelLawTests.State(count, &random), armature = random.vector(count, in: 0...0.3)
      for armature in [nil, armature] {
        let inverse = try #require(arm.model.inverseMassMatrix(at: state.q, armature: armature))
        let matrix = arm.model.massMatrix(at: state.q)
        let back = inverse * (matrix * state.qdd + (armature?.scaled(by: state.qdd) ?? JointVector(count: count)))
        #expect(difference(back, state.qdd) < 1e-7)
        #expect((inverse * state.qd).dot(state.qd) > 0)
        for row in 0..<count { for column in 0..<row { #expect(inverse[row, column] == inverse[column, row]) } }
      }
    }
  }

  /// Two points of 1 kg and 3 kg, 0.4 m apart along x on one turning joint: their reduced mass times the distance squared, about y and z.
  @Test func bodiesAreLumpedAboutTheirCentre() throws {
    let urdf = try URDF(
      parsing:
        """
        <robot name="barbell"><link name="base"/>
          <link name="near"><inertial><mass value="1"/><inertia ixx="0" ixy="0" ixz="0" iyy="0" iyz="0" izz="0"/></inertial></link>
          <link name="far"><inertial><mass value="3"/><inertia ixx="0" ixy="0" ixz="0" iyy="0" iyz="0" izz="0"/></inertial></link>
          <joint name="turn" type="continuous"><parent link="base"/><child link="near"/><axis xyz="0 0 1"/></joint>
          <joint name="bar" type="fixed"><parent link="near"/><child link="far"/><origin xyz="0.4 0 0"/></joint></robot>
        """)
    let inertia = try #require(try RobotModel(urdf: urdf, tip: "far").bodyInertias.first), reduced = 0.75 * 0.4 * 0.4
    for (found, expected) in [(inertia.xx, 0), (inertia.yy, reduced), (inertia.zz, reduced), (inertia.xy, 0), (inertia.xz, 0), (inertia.yz, 0)] {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func masslessJointsHaveNoInverse() throws {
    let model = try RobotModel(DHTable(name: "stick", convention: .standard, rows: [DHTable.Row(name: "a", a: 1)]))
    #expect(model.inverseMassMatrix(at: [0]) == nil)
    #expect(abs((model.inverseMassMatrix(at: [0], armature: [2])?[0, 0] ?? 0) - 0.5) < 1e-15)
    #expect(model.operationalSpace(at: [0]) == nil)
  }

  /// Two axes in line with nothing between them: the first moves no mass that the second does not, but for what rounding leaves.
  @Test func masslessJointsShowThroughRounding() throws {
    var random = SeededGenerator(seed: 74)
    for _ in 0..<caseCount(200) {
      let inertial = URDF.Inertial(
        mass: random.number(in: 0.1...3), linkFromCenter: Pose(rotation: random.rotation(), translation: random.vector3(in: -0.5...0.5)),
        inertia: SymmetricMatrix3(xx: 0.01, xy: 0, xz: 0, yy: 0.02, yz: 0, zz: 0.015))
      let model = try RobotModel(
        DHTable(
          name: "stick", convention: .standard,
          rows: [
            DHTable.Row(name: "base", d: random.number(in: -2...2), a: random.number(in: -2...2), alpha: 1.1),
            DHTable.Row(name: "one", d: random.number(in: -1...1)), DHTable.Row(name: "other", a: random.number(in: -1...1), inertial: inertial),
          ]))
      let q = random.vector(3, in: -3...3)
      #expect(model.inverseMassMatrix(at: q) == nil)
      #expect(!model.forwardDynamics(at: q, velocity: q, effort: q).isFinite)
      #expect(model.forwardDynamics(at: q, velocity: q, effort: q, armature: [0.01, 0.01, 0.01]).isFinite)
    }
  }

  /// The joint that no inertia resists is the one before those that could give way: of two axes in line with nothing between, the first, whose part
  /// is no more than a point. An axis that only now and then goes through all the mass behind it, as a folded elbow's, is resisted.
  @Test func namesJointsThatNothingResists() throws {
    let point = URDF.Inertial(mass: 1, linkFromCenter: Pose(translation: [0.3, 0, 0]), inertia: .zero)
    func model(_ rows: [DHTable.Row]) throws -> RobotModel { try RobotModel(DHTable(name: "stick", convention: .standard, rows: rows)) }
    let inLine = try model([
      DHTable.Row(name: "base", a: 0.4, alpha: 1.1), DHTable.Row(name: "one", d: 0.2), DHTable.Row(name: "other", a: 0.1, inertial: point),
    ])
    #expect(inLine.jointsWithoutInertia == [1] && inLine.jointsWithoutMass == [0])
    let onTheAxis = URDF.Inertial(mass: 1, linkFromCenter: .identity, inertia: .zero)
    let folding = try model([DHTable.Row(name: "a", a: 0.3), DHTable.Row(name: "b", a: -0.3, inertial: onTheAxis)])
    #expect(folding.massMatrix(at: [0.7, 0])[0, 0] < 1e-20)
    #expect(folding.jointsWithoutInertia.isEmpty && folding.jointsWithoutMass == [0])
    let rolling = try model([DHTable.Row(name: "a", a: 0.3, inertial: point), DHTable.Row(name: "b", inertial: onTheAxis)])
    #expect(rolling.jointsWithoutInertia == [1] && rolling.jointsWithoutMass.isEmpty)
    #expect(!rolling.forwardDynamics(at: [0.3, 0.4], velocity: [0, 0], effort: [1, 1]).isFinite)
    let bare = try model([DHTable.Row(name: "a", a: 0.3)])
    #expect(bare.jointsWithoutInertia == [0] && bare.jointsWithoutMass == [0])
  }

  @Test(arguments: ["panda", "ur5", "ar4_mk3", "so101"]) func realArmsResist(name: String) throws {
    let model = try OracleArm(name: name).load().model
    #expect(model.jointsWithoutInertia.isEmpty && model.jointsWithoutMass.isEmpty)
  }

  /// A push at the tool, the acceleration that it causes, and the inertia that it meets fit together.
  @Test(arguments: ["panda", "ur5", "ar4_mk3"]) func operationalSpaceIsWhatThePushMeets(name: String) throws {
    var random = SeededGenerator(seed: 72)
    let model = try OracleArm(name: name).load().model, still = JointVector(count: model.jointCount)
    for _ in 0..<caseCount(50) {
      let q = InverseKinematicsTests.configuration(of: model, &random)
      guard (model.manipulability(at: q, length: 0.5).gains.last ?? 0) > 0.02 else { continue }
      let space = try #require(model.operationalSpace(at: q)), jacobian = model.jacobian(at: q)
      let wrench = Wrench(force: random.vector3(in: -5...5), torque: random.vector3(in: -2...2))
      var weightless = model
      weightless.gravity = .zero
      let qdd = weightless.forwardDynamics(at: q, velocity: still, effort: jacobian.effort(for: wrench))
      let caused = jacobian.twist(for: qdd), mobility = space.mobility * wrench
      #expect(difference(mobility.linear, caused.linear) < 1e-6 * max(1, caused.linear.length))
      #expect(difference(mobility.angular, caused.angular) < 1e-6 * max(1, caused.angular.length))
      let met = try #require(space.inertia) * caused
      #expect(difference(met.force, wrench.force) < 1e-5 && difference(met.torque, wrench.torque) < 1e-5)

      let wanted = Twist(linear: random.vector3(in: -1...1), angular: random.vector3(in: -1...1))
      let got = jacobian.twist(for: try #require(space.jointAcceleration(for: wanted)))
      #expect(difference(got.linear, wanted.linear) < 1e-7 && difference(got.angular, wanted.angular) < 1e-7)
      let hidden = try #require(space.nullSpaceEffort(of: random.vector(model.jointCount, in: -10...10)))
      let felt = jacobian.twist(for: space.inverseMassMatrix * hidden)
      #expect(felt.linear.length < 1e-5 && felt.angular.length < 1e-5)
    }
  }

  @Test func operationalInertiaEndsAtSingularities() throws {
    let model = try OracleArm(name: "ur5").load().model
    #expect(model.operationalSpace(at: [0, -1, 1.2, 0.3, 0, 0.4])?.inertia == nil)
    #expect(model.manipulability(at: [0, -1, 1.2, 0.3, 0, 0.4], length: 0.5).evenness < 1e-7)
  }

  @Test(arguments: try ModelLawTests.arms()) func manipulabilityIsTheEllipsoid(arm: ModelLawTests.Arm) {
    var random = SeededGenerator(seed: 73)
    let model = arm.model, count = model.jointCount, length = 0.7
    for _ in 0..<caseCount(30) {
      let q = random.vector(count, in: -2...2), jacobian = model.jacobian(at: q), measure = model.manipulability(at: q, length: length)
      #expect(measure.gains.count == min(count, 6))
      #expect(zip(measure.gains, measure.gains.dropFirst()).allSatisfy { $0 >= $1 })
      // The gains' squares add up to the Jacobian's.
      let squares = jacobian.numbers.enumerated().map { $0.offset < 3 * count ? $0.element / length : $0.element }.map { $0 * $0 }.reduce(0, +)
      #expect(abs(measure.gains.dot(measure.gains) - squares) < 1e-10)
      // No joint velocity of length 1 makes less than the least gain or more than the largest, seen along the weakest direction.
      let weakest = measure.weakestTwist, last = measure.gains[measure.gains.count - 1]
      #expect(abs(dot(weakest.linear, weakest.linear) + dot(weakest.angular, weakest.angular) - 1) < 1e-9 || last < 1e-9)
      let along = jacobian.effort(for: Wrench(force: weakest.linear / length, torque: weakest.angular))
      #expect(abs(along.dot(along).squareRoot() - last) < 1e-7)
    }
  }
}
