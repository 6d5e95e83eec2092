import Foundation
import Kinematics
import TestSupport
import Testing

@Suite struct DHTableTests {
  /// The published table of the default arm.
  static let dummy = DHTable(
    name: "dummy", convention: .standard,
    rows: [
      DHTable.Row(name: "waist", d: 0.109, a: 0.035, alpha: -.pi / 2), DHTable.Row(name: "shoulder", theta: -.pi / 2, a: 0.146),
      DHTable.Row(name: "elbow", theta: .pi / 2, a: -0.052, alpha: .pi / 2), DHTable.Row(name: "forearm", d: 0.115, alpha: -.pi / 2),
      DHTable.Row(name: "wrist", alpha: .pi / 2), DHTable.Row(name: "tool_roll", d: 0.072),
    ])

  @Test func tableAndFileAreTheSameArm() throws {
    let table = try RobotModel(Self.dummy), file = try dummyModel()
    #expect(table.jointNames == file.jointNames)
    var random = SeededGenerator(seed: 90)
    for _ in 0..<caseCount(20) {
      let q = random.vector(6, in: -3...3)
      #expect(difference(table.pose(at: q), file.pose(at: q)) < 1e-12)
      #expect(difference(table.jacobian(at: q).numbers, file.jacobian(at: q).numbers) < 1e-12)
    }
  }

  /// Row by row as the textbooks multiply the matrices, sliding joints among them.
  @Test(arguments: DHTable.Convention.allCases) func multipliesAsTheTextbooksDo(convention: DHTable.Convention) throws {
    var random = SeededGenerator(seed: 91)
    for _ in 0..<caseCount(20) {
      let rows = (1...5).map { joint in
        DHTable.Row(
          name: "j\(joint)", kind: joint % 3 == 0 ? .prismatic : .revolute, theta: random.number(in: -3...3), d: random.number(in: -1...1),
          a: random.number(in: -1...1), alpha: random.number(in: -3...3))
      }
      let base = random.pose(), model = try RobotModel(DHTable(name: "any", convention: convention, rows: rows), baseFromTable: base)
      let q = random.vector(5, in: -2...2)
      var expected = base
      for (row, position) in zip(rows, q) {
        let theta = row.kind == .prismatic ? row.theta : row.theta + position, d = row.kind == .prismatic ? row.d + position : row.d
        let alongZ = Pose(rotation: Rotation(axis: [0, 0, 1], angle: theta), translation: [0, 0, d])
        let alongX = Pose(rotation: Rotation(axis: [1, 0, 0], angle: row.alpha), translation: [row.a, 0, 0])
        expected = expected * (convention == .standard ? alongZ * alongX : alongX * alongZ)
      }
      #expect(difference(model.pose(at: q), expected) < 1e-12)
    }
  }

  /// A pendulum of 2 kg at half a metre.
  @Test(arguments: DHTable.Convention.allCases) func linksHaveMass(convention: DHTable.Convention) throws {
    // Standard: the link's frame is at its far end; modified: at its joint.
    let center = convention == .standard ? SIMD3(-0.5, 0, 0) : SIMD3(0.5, 0, 0)
    let inertial = URDF.Inertial(mass: 2, linkFromCenter: Pose(translation: center), inertia: .zero)
    let row = DHTable.Row(name: "swing", a: convention == .standard ? 1 : 0, inertial: inertial)
    let table = DHTable(name: "pendulum", convention: convention, rows: [row])
    let model = try RobotModel(table, baseFromTable: Pose(rotation: Rotation(axis: [1, 0, 0], angle: .pi / 2)))
    #expect(abs(model.gravityEffort(at: [0])[0] - 2 * 9.81 * 0.5) < 1e-12)
    #expect(abs(model.massMatrix(at: [0])[0, 0] - 2 * 0.25) < 1e-12)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let sentence: String
    let spoil: @Sendable (inout DHTable) -> Void
    var testDescription: String { sentence }
  }

  static let bad = [
    Bad(sentence: "the DH table has no rows") { $0.rows = [] },
    Bad(sentence: "the DH table has 9 rows, and an arm has at most 8 joints") { $0.rows += $0.rows[0..<3] },
    Bad(sentence: "row 2 of the DH table (\"shoulder\") holds a number that is not finite") { $0.rows[1].alpha = .nan },
    Bad(sentence: "the joint \"waist\" is in the DH table twice") { $0.rows[4].name = "waist" },
    Bad(sentence: "joint \"elbow\" of the DH table is floating, which no row can be") { $0.rows[2].kind = .floating },
    Bad(sentence: "the limits of joint \"wrist\" are upside down: lower 1.0 rad, upper -1.0 rad") {
      ($0.rows[4].limit.lower, $0.rows[4].limit.upper) = (1, -1)
    },
    Bad(sentence: "the link behind joint \"waist\" has the negative mass -1.0") {
      $0.rows[0].inertial = URDF.Inertial(mass: -1, linkFromCenter: .identity, inertia: .zero)
    },
    Bad(sentence: "the inertia of the link behind joint \"waist\" is impossible: about some axis it is negative") {
      $0.rows[0].inertial = URDF.Inertial(
        mass: 1, linkFromCenter: .identity, inertia: SymmetricMatrix3(xx: 1, xy: 2, xz: 0, yy: 1, yz: 0, zz: 1))
    },
  ]

  @Test(arguments: bad) func refusesImpossibleTables(bad: Bad) {
    var table = Self.dummy
    bad.spoil(&table)
    let error = #expect(throws: DHTable.Problem.self) { try RobotModel(table) }
    #expect(error?.description == bad.sentence)
    #expect(error?.suggestion.isEmpty == false)
  }
}
