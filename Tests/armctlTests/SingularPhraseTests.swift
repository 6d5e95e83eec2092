@testable import Kinematics
import Testing

@testable import armctl

/// Which singular sets are told together.
@Suite struct SingularPhraseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sets: [SingularSet]
    let lines: [String]
  }

  private static let names = ["turn", "swing", "reach"]

  private static func set(_ joints: String, at positions: [Double]?, such example: JointVector = [0, 0, 0], _ reason: String? = "why") -> SingularSet
  {
    SingularSet(joints: joints.split(separator: " ").map(String.init), positions: positions, example: example, reason: reason)
  }

  private static let quarter = Double.pi / 2
  private static let noName = "the axes depend on one another, though none of them line up"

  static let cases = [
    Case(testDescription: "none", sets: [], lines: []),
    Case(
      testDescription: "places of one joint", sets: [set("turn", at: [0]), set("turn", at: [quarter]), set("turn", at: [-quarter])],
      lines: ["turn = 0°, 90° or -90°: why"]),
    Case(testDescription: "the same place twice", sets: [set("turn", at: [0]), set("turn", at: [1e-9])], lines: ["turn = 0°: why"]),
    Case(
      testDescription: "other joints", sets: [set("turn", at: [0]), set("swing", at: [0])], lines: ["turn = 0°: why", "swing = 0°: why"]),
    Case(
      testDescription: "other reasons", sets: [set("turn", at: [0]), set("turn", at: [quarter], "other")],
      lines: ["turn = 0°: why", "turn = 90°: other"]),
    Case(
      testDescription: "two joints, of which one differs", sets: [set("turn swing", at: [0, 0]), set("turn swing", at: [0, quarter])],
      lines: ["turn = 0° and swing = 0° or 90°: why"]),
    Case(
      testDescription: "two joints, of which both differ", sets: [set("turn swing", at: [0, 0]), set("turn swing", at: [quarter, quarter])],
      lines: ["turn = 0° and swing = 0°: why", "turn = 90° and swing = 90°: why"]),
    Case(
      testDescription: "all four of two by two",
      sets: [[0, 0], [0, quarter], [quarter, 0], [quarter, quarter]].map { set("turn swing", at: $0) },
      lines: ["turn = 0° and swing = 0° or 90°: why", "turn = 90° and swing = 0° or 90°: why"]),
    Case(testDescription: "one that slides", sets: [set("reach", at: [0.1]), set("reach", at: [0.2])], lines: ["reach = 100 mm or 200 mm: why"]),
    Case(
      testDescription: "along a line", sets: [set("turn reach", at: nil, such: [quarter, 0, 0.15]), set("turn", at: [0])],
      lines: ["turn and reach together, such as at 90° and 150 mm: why", "turn = 0°: why"]),
    Case(
      testDescription: "without a reason", sets: [set("turn swing reach", at: nil, nil)],
      lines: ["turn, swing and reach together, such as at 0°, 0° and 0 mm: \(noName)"]),
  ]

  @Test(arguments: cases) func tellsTogetherWhatDiffersInOnePlace(_ row: Case) throws {
    let model = try Crane.parse().model
    #expect(model.jointNames == Self.names)
    #expect(SingularPhrases(row.sets, model: model).lines == row.lines)
  }
}
