import Foundation
import Kinematics
import TestSupport
import Testing

/// A kind of geometry, of which arms are drawn at random.
struct ArmKind: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let jointCount: Int
  /// Changes a table of random rows into one of the kind.
  let shape: @Sendable (inout [DHTable.Row]) -> Void

  init(_ description: String, joints: Int = 6, _ shape: @escaping @Sendable (inout [DHTable.Row]) -> Void) {
    (testDescription, jointCount, self.shape) = (description, joints, shape)
  }

  /// An arm about a metre long. `limit` bounds each joint's position on both sides.
  func model(_ random: inout SeededGenerator, limit: Double = .infinity) throws -> RobotModel {
    var rows = (1...jointCount).map { joint in
      let sign = random.number(in: -1...1) < 0 ? -1.0 : 1.0
      return DHTable.Row(
        name: "j\(joint)", theta: random.number(in: -3...3), d: random.number(in: -0.3...0.3), a: random.number(in: 0.05...0.3) * sign,
        alpha: sign * random.number(in: 0.5...2.6))
    }
    shape(&rows)
    for joint in rows.indices { (rows[joint].limit.lower, rows[joint].limit.upper) = (-limit, limit) }
    return try RobotModel(DHTable(name: testDescription, convention: .standard, rows: rows))
  }

  /// Three neighbouring axes through a point, from `first` on.
  static func meet(_ rows: inout [DHTable.Row], from first: Int) {
    rows[first].a = 0
    rows[first + 1].a = 0
    rows[first + 1].d = 0
  }

  static func parallel(_ rows: inout [DHTable.Row], from first: Int) {
    rows[first].alpha = 0
    rows[first + 1].alpha = .pi
  }

  static let sixAxes = [
    ArmKind("spherical wrist, arm in general position") { meet(&$0, from: 3) },
    ArmKind("spherical wrist, axes 2 and 3 parallel") {
      meet(&$0, from: 3)
      $0[1].alpha = 0
    },
    ArmKind("spherical wrist, axes 2 and 3 antiparallel") {
      meet(&$0, from: 3)
      $0[1].alpha = .pi
    },
    ArmKind("spherical wrist, axes 1 and 2 parallel") {
      meet(&$0, from: 3)
      $0[0].alpha = 0
    },
    ArmKind("spherical wrist, axes 1 and 2 meet") {
      meet(&$0, from: 3)
      $0[0].a = 0
    },
    ArmKind("spherical wrist, axes 2 and 3 meet") {
      meet(&$0, from: 3)
      $0[1].a = 0
    },
    ArmKind("spherical wrist at right angles, as arms are built") {
      meet(&$0, from: 3)
      for (joint, alpha) in [-0.5, 0, 0.5, -0.5, 0.5, 0].enumerated() { $0[joint].alpha = alpha * .pi }
      $0[1].d = 0
      $0[2].d = 0
    },
    ArmKind("spherical shoulder") { meet(&$0, from: 0) },
    ArmKind("spherical shoulder, axes 4 and 5 parallel") {
      meet(&$0, from: 0)
      $0[3].alpha = 0
    },
    ArmKind("axes 2, 3 and 4 parallel, 5 and 6 meet") {
      parallel(&$0, from: 1)
      $0[4].a = 0
    },
    ArmKind("axes 2, 3 and 4 parallel") { parallel(&$0, from: 1) },
    ArmKind("axes 3, 4 and 5 parallel, 1 and 2 meet") {
      parallel(&$0, from: 2)
      $0[0].a = 0
    },
    ArmKind("axes 3, 4 and 5 parallel") { parallel(&$0, from: 2) },
  ]

  static let sevenAxes = [
    ArmKind("spherical shoulder and wrist", joints: 7) {
      meet(&$0, from: 0)
      meet(&$0, from: 4)
    },
    ArmKind("spherical shoulder, axes 5 and 6 meet", joints: 7) {
      meet(&$0, from: 0)
      $0[4].a = 0
    },
    ArmKind("spherical shoulder", joints: 7) { meet(&$0, from: 0) },
    ArmKind("spherical wrist", joints: 7) { meet(&$0, from: 4) },
    ArmKind("axes 2, 3 and 4 parallel", joints: 7) { parallel(&$0, from: 1) },
    ArmKind("axes 3, 4 and 5 parallel", joints: 7) { parallel(&$0, from: 2) },
  ]
}

/// The largest difference between two configurations, but for whole turns.
func differenceOfTurns(_ a: JointVector, _ b: JointVector) -> Double {
  zip(a, b).map { abs(($0 - $1).remainder(dividingBy: 2 * .pi)) }.max() ?? 0
}

/// How far a configuration's pose is from a goal: distance [m] and angle [rad], the larger.
func miss(_ model: RobotModel, _ q: JointVector, _ goal: Pose) -> Double {
  let pose = model.pose(at: q)
  return max((pose.translation - goal.translation).length, (pose.rotation * goal.rotation.inverse).rotationVector.length)
}

func isWithinLimits(_ q: JointVector, _ model: RobotModel) -> Bool {
  zip(q, model.limits.lower).allSatisfy(>=) && zip(q, model.limits.upper).allSatisfy(<=)
}

extension ClosedFormKinematics {
  func solutions(for goal: Pose, near seed: JointVector) -> [JointVector] {
    var solutions: [JointVector] = []
    visitSolutions(for: goal, near: seed) { solutions.append($0) }
    return solutions
  }
}
