import Foundation
import Kinematics
import TestSupport
import Testing

@Suite struct SurveyTests {
  // MARK: Arms that one can reckon by hand

  /// A waist, a shoulder and an elbow that are 1 m and 0.6 m from one another and the tool, whose z continues the last link.
  static let twoLinks = try! RobotModel(
    DHTable(
      name: "two links", convention: .modified,
      rows: [
        DHTable.Row(name: "waist", d: 0.4), DHTable.Row(name: "shoulder", alpha: -.pi / 2),
        DHTable.Row(name: "elbow", a: 1, limit: turn(-2.5, 2.5)),
      ]), tool: Pose(rotation: Rotation(axis: [0, 1, 0], angle: .pi / 2), translation: [0.6, 0, 0]))

  static let scara = try! RobotModel(
    DHTable(
      name: "scara", convention: .standard,
      rows: [
        DHTable.Row(name: "shoulder", d: 0.3, a: 0.25), DHTable.Row(name: "elbow", a: 0.2, alpha: .pi),
        DHTable.Row(name: "quill", kind: .prismatic, limit: turn(0, 0.15)), DHTable.Row(name: "roll"),
      ]))

  private static func turn(_ lower: Double, _ upper: Double) -> URDF.Limit {
    var limit = URDF.Limit()
    (limit.lower, limit.upper) = (lower, upper)
    return limit
  }

  private func model(_ name: String) throws -> RobotModel { try OracleArm(name: name).load().model }

  private static func iiwa() throws -> RobotModel {
    try RobotModel(urdf: URDF(contentsOf: packageFile("Tests/Data/kinematics/iiwa14_pybullet.urdf")), tip: "lbr_iiwa_link_7")
  }

  // MARK: Freedom

  @Test func freedomOfArms() throws {
    let scara = Self.scara.freedom(free: .none)
    #expect(scara.rank == 4 && scara.boundRank == 4 && scara.boundCount == 6)
    #expect(scara.locked.map(\.description) == ["turning about the base's x", "turning about the base's y"])
    let two = Self.twoLinks.freedom(free: .position)
    #expect(two.rank == 3 && two.boundRank == 3 && two.boundCount == 3)
    let dummy = try dummyModel().freedom(free: .none)
    #expect(dummy.rank == 6 && dummy.locked.isEmpty)
    #expect(try model("panda").freedom(free: .none).rank == 6)
    let so101 = try model("so101").freedom(free: .axis)
    #expect(so101.rank == 5 && so101.boundRank == 5 && so101.boundCount == 5)
  }

  // MARK: Reach

  @Test func reachOfTwoLinks() {
    let reach = Self.twoLinks.reach
    #expect(difference(reach.shoulder, [0, 0, 0.4]) < 1e-12)
    #expect(abs(reach.farthest - 1.6) < 1e-9)
    // The elbow ends at 2.5 rad: by the law of cosines.
    #expect(abs(reach.nearest - (1 + 0.36 + 1.2 * cos(2.5)).squareRoot()) < 1e-9)
    #expect(abs(reach.farthestFromBase - 2) < 1e-9)
  }

  @Test(arguments: ["ur5", "panda", "so101", "ar4_mk3"]) func nothingIsBeyondTheReach(_ name: String) throws {
    let model = try model(name), reach = model.reach
    var generator = SeededGenerator(seed: 21)
    var farthest = 0.0
    for _ in 0..<caseCount(4000) {
      let q = JointVector(model.surveyedRange.map { generator.number(in: $0) }), point = model.pose(at: q).translation
      let distance = (point - reach.shoulder).length
      farthest = max(farthest, distance)
      #expect(distance <= reach.farthest + 1e-9 && distance >= reach.nearest - 1e-9 && point.length <= reach.farthestFromBase + 1e-9)
    }
    #expect(reach.farthest < 1.1 * farthest, "and the figure is no guess")
  }

  // MARK: Singular sets

  struct Expected: Sendable, CustomTestStringConvertible {
    let name: String
    let model: @Sendable () throws -> RobotModel
    var free = InverseKinematics.FreeAxes.none
    /// Joints, positions in degrees where they are fixed, and the reason.
    let sets: [(joints: [String], degrees: [Double]?, reason: String?)]
    var testDescription: String { name }
  }

  /// The literature's singularities of these arms: wrist, elbow and shoulder of six joints; the pairs of seven.
  static let expected: [Expected] = [
    Expected(
      name: "dummy", model: dummyModel,
      sets: [
        (["wrist"], [0], "the axes of forearm and tool_roll are in line"),
        (["shoulder", "elbow"], nil, "the wrist's centre is on the axis of waist"),
      ]),
    Expected(
      name: "ur5", model: { try OracleArm(name: "ur5").load().model },
      sets: [-180.0, 0, 180].map {
        (
          ["elbow_joint"], [$0],
          "the axes of shoulder_lift_joint, elbow_joint and wrist_1_joint are in one plane: the arm is \($0 == 0 ? "stretched" : "folded")"
        )
      } + [-180.0, 0, 180].map { (["wrist_2_joint"], [$0], "the axes of wrist_1_joint and wrist_3_joint are parallel") } + [
        (
          ["shoulder_lift_joint", "elbow_joint", "wrist_1_joint"], nil,
          "the crossing of the last two axes is in the plane through the axis of shoulder_pan_joint along that of shoulder_lift_joint"
        )
      ]),
    Expected(
      name: "iiwa14", model: iiwa,
      sets: [
        (["lbr_iiwa_joint_4"], [0], "the axes of lbr_iiwa_joint_3 and lbr_iiwa_joint_5 are in line"),
        (["lbr_iiwa_joint_2", "lbr_iiwa_joint_3"], [0, -90], "the axes of lbr_iiwa_joint_1 and lbr_iiwa_joint_3 are in line"),
        (["lbr_iiwa_joint_2", "lbr_iiwa_joint_3"], [0, 90], "the axes of lbr_iiwa_joint_1 and lbr_iiwa_joint_3 are in line"),
        (
          ["lbr_iiwa_joint_2", "lbr_iiwa_joint_6"], [0, 0],
          "the axes of lbr_iiwa_joint_1 and lbr_iiwa_joint_3 are in line, and the axes of lbr_iiwa_joint_5 and lbr_iiwa_joint_7 are in line"
        ),
        (["lbr_iiwa_joint_5", "lbr_iiwa_joint_6"], [-90, 0], "the axes of lbr_iiwa_joint_5 and lbr_iiwa_joint_7 are in line"),
        (["lbr_iiwa_joint_5", "lbr_iiwa_joint_6"], [90, 0], "the axes of lbr_iiwa_joint_5 and lbr_iiwa_joint_7 are in line"),
      ]),
    Expected(
      name: "panda", model: { try OracleArm(name: "panda").load().model },
      sets: [
        (
          ["panda_joint4", "panda_joint5", "panda_joint6"], nil,
          "one straight line through the shoulder's centre meets all the axes, so that nothing moves the tool along it"
        )
      ]),
    Expected(
      name: "scara", model: { scara },
      sets: [-180.0, 0, 180].map { (["elbow"], [$0], scaraReason($0)) }),
    Expected(
      name: "two links", model: { twoLinks }, free: .position,
      sets: [
        (["elbow"], [0], "the tool's point is in one plane with the axes of shoulder and elbow: the arm is stretched"),
        (["shoulder", "elbow"], nil, "the tool's point is on the axis of waist"),
      ]),
  ]

  private static func scaraReason(_ elbow: Double) -> String {
    "the axes of shoulder, elbow and roll are in one plane: the arm is \(elbow == 0 ? "stretched" : "folded")"
  }

  @Test(arguments: expected) func namesTheSingularSets(_ expected: Expected) throws {
    let found = try expected.model().singularSets(free: expected.free)
    let lines = found.map { line($0.joints, $0.positions.map { $0.map { ($0 * 180 / .pi).rounded() + 0 } }, $0.reason) }
    #expect(lines.sorted() == expected.sets.map { line($0.joints, $0.degrees, $0.reason) }.sorted())
  }

  private func line(_ joints: [String], _ degrees: [Double]?, _ reason: String?) -> String {
    "\(joints.joined(separator: ", ")) \(degrees.map { "\($0)" } ?? "together"): \(reason ?? "")"
  }

  /// Whatever else the other joints do, a member of a set has lost a direction.
  @Test(arguments: ["so101", "ar4_mk3"]) func membersAreSingular(_ name: String) throws {
    let model = try model(name)
    var generator = SeededGenerator(seed: 8)
    func evenness(_ q: JointVector) -> Double { model.manipulability(at: q, length: 0.3).evenness }
    func anywhere() -> JointVector { JointVector(model.surveyedRange.map { generator.number(in: $0) }) }
    let usual = (0..<200).map { _ in evenness(anywhere()) }.sorted()[100]
    let sets = model.singularSets(free: .none)
    #expect(!sets.isEmpty)
    for set in sets {
      for _ in 0..<caseCount(20) {
        var q = anywhere()
        for joint in set.joints.compactMap(model.jointNames.firstIndex(of:)) { q[joint] = set.example[joint] }
        #expect(evenness(q) < 1e-3 * usual, "\(set.joints)")
      }
    }
  }

  // MARK: Sections

  /// Its first axis is 39 mm before the base's origin: distances count from the origin all the same, and the plane holds the axis and the tool.
  @Test func uprightPlaneCountsFromTheBase() throws {
    let model = try OracleArm(name: "so101").load().model, axis = try #require(model.uprightAxis)
    #expect(difference(axis, [0.0388353, 0, 0]) < 1e-6)
    for q: JointVector in [[0, 0.2, 0.3, 0.4, 0], [0.7, 0.2, 0.3, 0.4, 0]] {
      let plane = model.verticalPlane(through: q), tool = model.pose(at: q).translation
      #expect(difference(plane.point(plane.coordinates(of: axis)), axis) < 1e-9)
      #expect(abs(plane.coordinates(of: .zero).x) < 1e-12)
      #expect(abs(plane.coordinates(of: tool).x - (tool.x * plane.across.x + tool.y * plane.across.y)) < 1e-12)
      #expect((plane.point(plane.coordinates(of: tool)) - tool).length < 0.01)
    }
    #expect(try RobotModel(urdf: URDF(parsing: URDFErrorTests.arm), base: "base", tip: "forearm").uprightAxis == nil)
  }

  /// Two links reach a ring about the shoulder, in any upright plane through the base axis and at the shoulder's height.
  @Test(arguments: [true, false]) func sectionOfTwoLinksIsARing(isUpright: Bool) {
    let model = Self.twoLinks, q: JointVector = [0.3, 0.2, 0.5], reach = model.reach
    let plane = isUpright ? model.verticalPlane(through: q) : model.horizontalPlane(atHeight: 0.4)
    if isUpright { #expect(difference(plane.across, [cos(0.3), sin(0.3), 0]) < 1e-9) }
    let middle = plane.coordinates(of: reach.shoulder)
    let section = model.workspace(in: plane, middle: middle, radius: 1.7, free: .position, cells: 41, samples: 4000)
    func radius(_ column: Double, _ row: Double) -> Double {
      let off = section.first + section.cell * [column, row] - middle
      return (off * off).sum().squareRoot()
    }
    for row in 0..<section.rows {
      for column in 0..<section.columns {
        let index = row * section.columns + column, here = radius(Double(column), Double(row))
        guard abs(here - reach.nearest) > 1e-3, abs(here - reach.farthest) > 1e-3 else { continue }
        #expect((section.ease[index] != nil) == (here > reach.nearest && here < reach.farthest), "\(column), \(row)")
        for (share, place) in [
          (section.edgeAcross[index], { (Double(column) + $0, Double(row)) }), (section.edgeUp[index], { (Double(column), Double(row) + $0) }),
        ] as [(Double?, (Double) -> (Double, Double))] {
          guard let share else { continue }
          let edge = place(share), distance = radius(edge.0, edge.1)
          #expect(min(abs(distance - reach.nearest), abs(distance - reach.farthest)) < 0.06 * section.cell)
        }
      }
    }
  }

  /// Three links in a plane, which no joint moves the tool out of.
  @Test func sectionOfAPlanarArmIsADisc() throws {
    let model = try RobotModel(
      DHTable(name: "planar", convention: .standard, rows: ["a", "b", "c"].map { DHTable.Row(name: $0, d: $0 == "a" ? 0.1 : 0, a: 0.3) }))
    let plane = model.horizontalPlane(atHeight: 0.1)
    let section = model.workspace(in: plane, middle: .zero, radius: 1, free: .position, cells: 31, samples: 2000)
    for index in section.ease.indices {
      let place = section.first + section.cell * [Double(index % 31), Double(index / 31)], distance = (place * place).sum().squareRoot()
      if abs(distance - 0.9) > 1e-3 { #expect((section.ease[index] != nil) == (distance < 0.9), "\(place)") }
    }
    let beside = model.horizontalPlane(atHeight: 0.3)
    #expect(model.workspace(in: beside, middle: .zero, radius: 1, free: .position, cells: 31, samples: 500).ease.allSatisfy { $0 == nil })
  }

  @Test func sectionsAreTheSameEachTime() throws {
    let model = try model("so101"), plane = model.horizontalPlane(atHeight: 0.1)
    func section() -> WorkspaceSection { model.workspace(in: plane, middle: .zero, radius: 0.5, free: .axis, cells: 31, samples: 2000) }
    let (one, other) = (section(), section())
    #expect(one.ease == other.ease && one.edgeAcross == other.edgeAcross && one.edgeUp == other.edgeUp)
  }

  @Test func evenSequenceIsEven() {
    var sequence = EvenSequence(dimensions: 3), sums = [0.0, 0, 0], counts = Array(repeating: 0, count: 8)
    for _ in 0..<8000 {
      let point = sequence.next()
      for index in 0..<3 { sums[index] += point[index] }
      counts[point.reduce(0) { 2 * $0 + ($1 < 0.5 ? 0 : 1) }] += 1
    }
    for sum in sums { #expect(abs(sum / 8000 - 0.5) < 1e-3) }
    for count in counts { #expect(abs(count - 1000) < 60) }
  }

  @Test func bodiesInertia() {
    func inertia(_ xx: Double, _ yy: Double, _ zz: Double, yz: Double = 0) -> SymmetricMatrix3 {
      SymmetricMatrix3(xx: xx, xy: 0, xz: 0, yy: yy, yz: yz, zz: zz)
    }
    #expect(inertia(1, 1, 1).isOfABody() && inertia(1, 1, 2).isOfABody() && SymmetricMatrix3.zero.isOfABody())
    #expect(!inertia(1, 1, 2.1).isOfABody() && inertia(1, 1, 2.01).isOfABody(tolerance: 0.01))
    #expect(!inertia(-1, 1, 1).isOfABody() && !inertia(1, 1, 1, yz: 1.1).isOfABody())
    let turned = inertia(0.02, 0.03, 0.04).rotated(by: Rotation(rotationVector: [0.4, -1, 0.7])).principalMoments
    #expect(difference(turned, [0.02, 0.03, 0.04]) < 1e-15)
  }
}
