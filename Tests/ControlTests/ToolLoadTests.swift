import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Control

/// What a kilogram at the tool does to the joints, against the textbook's equations of two rods in a plane.
@Suite struct ToolLoadTests {
  private static let first = 0.4, second = 0.3, gravity = 9.81

  /// Two joints about y, rods along x: a positive angle lowers what is beyond it.
  private static let model: RobotModel = {
    let joint = { (name: String, parent: String, child: String, x: Double) in
      """
      <joint name="\(name)" type="revolute"><parent link="\(parent)"/><child link="\(child)"/><origin xyz="\(x) 0 0"/><axis xyz="0 1 0"/>
      <limit lower="-3" upper="3" effort="10" velocity="10"/></joint>
      """
    }
    let links = ["base", "upper", "lower", "tool"].map { "<link name=\"\($0)\"/>" }.joined()
    let tip = """
      <joint name="t" type="fixed"><parent link="lower"/><child link="tool"/><origin xyz="\(second) 0 0"/></joint>
      """
    let text = "<robot name=\"rods\">\(links)\(joint("a", "base", "upper", 0))\(joint("b", "upper", "lower", first))\(tip)</robot>"
    return try! RobotModel(urdf: URDF(parsing: text), tip: "tool")
  }()

  /// M q̈ + C q̇ + g of a point of 1 kg at the end, as for angles that count upwards.
  private static func needed(_ q: [Double], _ v: [Double], _ a: [Double]) -> [Double] {
    let (l1, l2) = (first, second), (c2, s2) = (cos(q[1]), sin(q[1]))
    let m11 = l1 * l1 + l2 * l2 + 2 * l1 * l2 * c2, m12 = l2 * l2 + l1 * l2 * c2, h = l1 * l2 * s2
    return [
      m11 * a[0] + m12 * a[1] - h * (2 * v[0] * v[1] + v[1] * v[1]) + gravity * (l1 * cos(q[0]) + l2 * cos(q[0] + q[1])),
      m12 * a[0] + l2 * l2 * a[1] + h * v[0] * v[0] + gravity * l2 * cos(q[0] + q[1]),
    ]
  }

  @Test func aKilogramSwingsAsTheTextbookHasIt() {
    var draws = SeededGenerator(seed: 11)
    let period = 1e-5
    for _ in 0..<caseCount(200) {
      let q = (0..<2).map { _ in Double.random(in: -2...2, using: &draws) }, v = (0..<2).map { _ in Double.random(in: -4...4, using: &draws) }
      let a = (0..<2).map { _ in Double.random(in: -20...20, using: &draws) }
      var load = ToolLoad(jointCount: 2, period: period)
      // Downwards, as the joints turn.
      for back in [period, 0] {
        load.update(
          model: Self.model, position: JointVector((0..<2).map { -(q[$0] - back * v[$0]) }), velocity: JointVector(v.map { -$0 }),
          acceleration: JointVector(a.map { -$0 }))
      }
      let needed = Self.needed(q, v, a), resting = Self.needed(q, [0, 0], [0, 0])
      for joint in 0..<2 {
        // What the world does to a joint is what its motor would have to undo; upwards is negative.
        #expect(abs(load.effort[joint] - needed[joint]) < 2e-3, "\(q) \(v) \(a)")
        #expect(abs(load.weight[joint] - resting[joint]) < 1e-9)
      }
    }
  }

  /// Nothing is told of how the tool's speed turned before it was seen.
  @Test func theFirstSightTellsOfNoTurning() {
    var load = ToolLoad(jointCount: 2, period: 0.002)
    load.update(model: Self.model, position: [0, 1], velocity: [3, 3], acceleration: [0, 0])
    #expect((load.effort - load.weight).maximumMagnitude < 1e-12)
  }
}
