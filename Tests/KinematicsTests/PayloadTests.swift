import Foundation
import Kinematics
import TestSupport
import Testing

@Suite struct PayloadTests {
  /// A load is a link that hangs on the tip: both ways of saying so agree.
  @Test func loadsAreLinks() throws {
    let inertia = SymmetricMatrix3(xx: 0.004, xy: 0.0005, xz: -0.0002, yy: 0.003, yz: 0.0001, zz: 0.005)
    let loadedFile = mixedArm.replacing(
      "</robot>",
      with: """
        <joint name="grip" type="fixed"><parent link="finger"/><child link="brick"/></joint>
        <link name="brick"><inertial><origin xyz="0.02 -0.01 0.07"/><mass value="1.3"/>
        <inertia ixx="0.004" ixy="0.0005" ixz="-0.0002" iyy="0.003" iyz="0.0001" izz="0.005"/></inertial></link></robot>
        """)
    let linked = try RobotModel(urdf: URDF(parsing: loadedFile, file: "mixed.urdf"), tip: "finger")
    var model = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), tip: "finger")
    let bare = model
    model.payload = try Payload(mass: 1.3, center: [0.02, -0.01, 0.07], inertia: inertia)
    var random = SeededGenerator(seed: 80)
    for _ in 0..<caseCount(20) {
      let state = ModelLawTests.State(5, &random)
      #expect(
        difference(
          model.inverseDynamics(at: state.q, velocity: state.qd, acceleration: state.qdd),
          linked.inverseDynamics(at: state.q, velocity: state.qd, acceleration: state.qdd)) < 1e-10)
      #expect(difference(model.massMatrix(at: state.q).numbers, linked.massMatrix(at: state.q).numbers) < 1e-11)
      #expect(difference(model.pose(at: state.q), bare.pose(at: state.q)) == 0)
    }
    model.payload = nil
    let q = random.vector(5, in: -1...1)
    #expect(model.gravityEffort(at: q) == bare.gravityEffort(at: q))
  }

  @Test func weightIsHeldByTheJacobian() throws {
    var model = try dummyModel(), random = SeededGenerator(seed: 81)
    let q = random.vector(6, in: -1...1), empty = model.gravityEffort(at: q), center = SIMD3(0.01, 0.02, 0.06)
    model.payload = try Payload(mass: 0.4, center: center)
    model.tool = Pose(translation: center)
    let push = model.jacobian(at: q).effort(for: Wrench(force: [0, 0, 0.4 * 9.81]))
    #expect(difference(model.gravityEffort(at: q), empty + push) < 1e-12)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let mass: Double, center: SIMD3<Double>, xx: Double, sentence: String
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Bad(mass: -0.5, center: .zero, xx: 0, sentence: "the payload has the negative mass -0.5"),
    Bad(mass: .nan, center: .zero, xx: 0, sentence: "the payload's figures are not all finite numbers"),
    Bad(mass: 1, center: [0, .infinity, 0], xx: 0, sentence: "the payload's figures are not all finite numbers"),
    Bad(mass: 1, center: .zero, xx: -0.1, sentence: "the payload's inertia is impossible: about some axis it is negative"),
    Bad(mass: 0, center: .zero, xx: 0.1, sentence: "the payload has an inertia but no mass"),
  ])
  func refusesImpossibleLoads(bad: Bad) {
    let inertia = SymmetricMatrix3(xx: bad.xx, xy: 0, xz: 0, yy: abs(bad.xx), yz: 0, zz: abs(bad.xx))
    let error = #expect(throws: Payload.Impossible.self) { try Payload(mass: bad.mass, center: bad.center, inertia: inertia) }
    #expect(error?.description == bad.sentence)
    #expect(error?.suggestion.isEmpty == false)
  }
}

/// Joints that follow others, on the way from base to tip.
@Suite struct FollowerTests {
  /// `lift` raises both sides: `bend` follows it turned back, `slide` follows `bend`, and `jaw` follows a joint beside the way.
  static let leaders = """
    <robot name="followers">
      <link name="base"/>
      <joint name="lift" type="revolute"> <parent link="base"/> <child link="a"/> <origin xyz="0 0 0.2"/> <axis xyz="0 1 0"/>
        <limit lower="-2" upper="2" velocity="3" effort="9"/> </joint>
      <link name="a"> <inertial> <origin xyz="0.1 0 0"/> <mass value="1"/>
        <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/> </inertial> </link>
      <joint name="bend" type="revolute"> <parent link="a"/> <child link="b"/> <origin xyz="0.3 0 0" rpy="0.1 0 0"/> <axis xyz="0 1 0"/>
        <limit lower="-1" upper="1.5" velocity="1" effort="9"/> MIMIC_BEND </joint>
      <link name="b"> <inertial> <origin xyz="0 0.1 0"/> <mass value="0.7"/>
        <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.02" iyz="0" izz="0.01"/> </inertial> </link>
      <joint name="yaw" type="continuous"> <parent link="b"/> <child link="c"/> <origin xyz="0 0 0.2"/> <axis xyz="0 0 1"/> </joint>
      <link name="c"> <inertial> <mass value="0.5"/> <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/> </inertial> </link>
      <joint name="slide" type="prismatic"> <parent link="c"/> <child link="d"/> <origin xyz="0.1 0 0"/> <axis xyz="1 0 0"/>
        <limit lower="-9" upper="9" velocity="9" effort="9"/> MIMIC_SLIDE </joint>
      <link name="d"> <inertial> <mass value="0.3"/> <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/> </inertial> </link>
      <joint name="thumb" type="revolute"> <parent link="c"/> <child link="e"/> <limit lower="-1" upper="1" velocity="1" effort="1"/> </joint>
      <link name="e"/>
      <joint name="jaw" type="revolute"> <parent link="d"/> <child link="tip"/> <axis xyz="0 0 1"/>
        <limit lower="-1" upper="1" velocity="1" effort="1"/> MIMIC_JAW </joint>
      <link name="tip"> <inertial> <mass value="0.2"/> <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/> </inertial> </link>
    </robot>
    """

  static func model(following: Bool) throws -> RobotModel {
    let mimics = [
      "BEND": #"<mimic joint="lift" multiplier="-0.5" offset="0.2"/>"#, "SLIDE": #"<mimic joint="bend" multiplier="0.4"/>"#,
      "JAW": #"<mimic joint="thumb" offset="0.3"/>"#,
    ]
    var text = leaders
    for (name, mimic) in mimics { text = text.replacing("MIMIC_\(name)", with: following ? mimic : "") }
    return try RobotModel(urdf: URDF(parsing: text, file: "followers.urdf"), tip: "tip")
  }

  /// lift, bend, yaw, slide, jaw from lift and yaw.
  static func spread(_ q: JointVector, offset: Double = 1) -> JointVector {
    let bend = -0.5 * q[0] + 0.2 * offset
    return [q[0], bend, q[1], 0.4 * bend, 0.3 * offset]
  }

  @Test func followersMoveAsTheyAreTold() throws {
    let model = try Self.model(following: true), open = try Self.model(following: false)
    #expect(model.jointNames == ["lift", "yaw"])
    #expect(model.isPrismatic == [false, false])
    var random = SeededGenerator(seed: 82)
    for _ in 0..<caseCount(30) {
      let q = random.vector(2, in: -2...2), qd = random.vector(2, in: -2...2), qdd = random.vector(2, in: -5...5), whole = Self.spread(q)
      let rates = Self.spread(qd, offset: 0), changes = Self.spread(qdd, offset: 0)
      #expect(difference(model.pose(at: q), open.pose(at: whole)) < 1e-13)
      let twist = model.jacobian(at: q).twist(for: qd), openTwist = open.jacobian(at: whole).twist(for: rates)
      #expect(difference(twist.linear, openTwist.linear) < 1e-12 && difference(twist.angular, openTwist.angular) < 1e-12)
      let bias = model.jacobianDerivative(at: q, velocity: qd).twist(for: qd)
      let openBias = open.jacobianDerivative(at: whole, velocity: rates).twist(for: rates)
      #expect(difference(bias.linear, openBias.linear) < 1e-12)
      // The same power, whichever way it is counted.
      let effort = model.inverseDynamics(at: q, velocity: qd, acceleration: qdd)
      let openEffort = open.inverseDynamics(at: whole, velocity: rates, acceleration: changes)
      for direction in [[1, 0], [0, 1]] as [JointVector] {
        #expect(abs(effort.dot(direction) - openEffort.dot(Self.spread(direction, offset: 0))) < 1e-11)
      }
      #expect(abs((model.massMatrix(at: q) * qd).dot(qd) - (open.massMatrix(at: whole) * rates).dot(rates)) < 1e-11)
      #expect(difference(model.forwardDynamics(at: q, velocity: qd, effort: effort), qdd) < 1e-9)
      #expect(difference(model.gravityEffort(at: q), model.inverseDynamics(at: q, velocity: [0, 0], acceleration: [0, 0])) < 1e-12)
    }
  }

  /// `bend` may go from −1 to 1.5 at 1 rad/s, so `lift` from −2.6 to 2.4 at 2 rad/s; its own limits are −2 to 2 at 3 rad/s.
  @Test func followersNarrowTheLimits() throws {
    let limits = try Self.model(following: true).limits
    #expect(Array(limits.lower) == [-2, -.infinity] && Array(limits.upper) == [2, .infinity])
    #expect(limits.velocity[0] == 2)
  }

  @Test func followersNeedRoom() throws {
    let text = Self.leaders.replacing("MIMIC_BEND", with: #"<mimic joint="lift" offset="4"/>"#).replacing("MIMIC_SLIDE", with: "")
      .replacing("MIMIC_JAW", with: "")
    let error = #expect(throws: URDFError.self) { try RobotModel(urdf: URDF(parsing: text, file: "followers.urdf"), tip: "tip") }
    #expect(
      error?.description
        == "followers.urdf:7:3: the limits of joint \"bend\" leave no place for \"lift\", which it follows: at least -2.0 rad, at most -2.5 rad")
    #expect(error?.suggestion == "check the limits of both, and multiplier and offset of the <mimic>")
  }

  @Test func inverseKinematicsKnowsFollowers() throws {
    let model = try Self.model(following: true), solver = InverseKinematics(model: model)
    #expect(solver.sentence == "numeric: some joints of the arm follow others, and there are closed forms only for joints that move by themselves")
    let q: JointVector = [0.4, 1.1], solution = try solver.solution(for: model.pose(at: q), near: [0.3, 1], free: .position)
    #expect(difference(solution.q, q) < 1e-6)
  }
}
