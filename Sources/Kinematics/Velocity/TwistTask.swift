/// A wanted twist and the Jacobian in the numbers that bind: in the tool's axes, its linear part in units of a typical length.
struct TwistTask {
  /// How many numbers bind.
  let rowCount: Int
  /// The Jacobian's rows, one lane a joint, each joint in its own unit.
  private(set) var rows = InlineArray<6, JointLanes>(repeating: .zero)
  var wanted = TaskLanes.zero
  private let free: InverseKinematics.FreeAxes
  private let baseFromTool: Frame4
  private let length: Double

  /// - Parameter twist: In base axes.
  init(twist: Twist, free: InverseKinematics.FreeAxes, pose: Pose, jacobian: Jacobian, units: JointScalars, length: Double) {
    self.free = free
    self.length = length
    baseFromTool = Frame4(pose)
    rowCount =
      switch free {
      case .none: 6
      case .axis: 5
      case .position, .plane: 3
      }
    wanted = numbers(linear: Vector4(twist.linear), angular: Vector4(twist.angular))
    let linear = jacobian.linear.span, angular = jacobian.angular.span
    for joint in 0..<jacobian.count {
      let column = numbers(linear: linear[joint], angular: angular[joint]) * units[joint]
      for row in 0..<rowCount { rows[row][joint] = column[row] }
    }
  }

  /// The numbers of a twist in base axes.
  @inline(__always)
  func numbers(linear: Vector4, angular: Vector4) -> TaskLanes {
    let l = baseFromTool.turnedBack(linear) / length, a = baseFromTool.turnedBack(angular)
    switch free {
    case .none: return TaskLanes(l.x, l.y, l.z, a.x, a.y, a.z, 0, 0)
    case .axis: return TaskLanes(l.x, l.y, l.z, a.x, a.y, 0, 0, 0)
    case .position: return TaskLanes(l.x, l.y, l.z, 0, 0, 0, 0, 0)
    case .plane: return TaskLanes(l.z, a.x, a.y, 0, 0, 0, 0, 0)
    }
  }

  /// 1 for the numbers that are lengths, else 0.
  var isLinear: TaskLanes {
    switch free {
    case .none, .axis, .position: TaskLanes(1, 1, 1, 0, 0, 0, 0, 0)
    case .plane: TaskLanes(1, 0, 0, 0, 0, 0, 0, 0)
    }
  }

  /// What joint rates make of the tool.
  @inline(__always)
  func numbers(for rates: JointLanes) -> TaskLanes {
    let rows = rows.span
    return TaskLanes(
      dot(rows[0], rates), dot(rows[1], rates), dot(rows[2], rates), dot(rows[3], rates), dot(rows[4], rates), dot(rows[5], rates), 0, 0)
  }

  /// What each joint's column of a Jacobian, or of its change, does along a direction of the task.
  func effect(of jacobian: Jacobian, along direction: TaskLanes, units: JointScalars) -> JointLanes {
    let linear = jacobian.linear.span, angular = jacobian.angular.span, wanted = twist(of: direction, perLength: 1 / length)
    let force = Vector4(wanted.linear), torque = Vector4(wanted.angular)
    var effect = JointScalars(repeating: 0)
    for joint in 0..<jacobian.count { effect[joint] = (linear[joint] * force + angular[joint] * torque).sum() * units[joint] }
    return JointLanes(effect)
  }

  /// The root of the sum of all squares of a Jacobian, or of its change.
  func size(of jacobian: Jacobian, units: JointScalars) -> Double {
    let linear = jacobian.linear.span, angular = jacobian.angular.span
    var sum = 0.0
    for joint in 0..<jacobian.count {
      let column = numbers(linear: linear[joint], angular: angular[joint]) * units[joint]
      sum += dot(column, column)
    }
    return sum.squareRoot()
  }

  /// The twist in base axes that has these numbers.
  func twist(of numbers: TaskLanes) -> Twist { twist(of: numbers, perLength: length) }

  /// The twist with these numbers, where a unit of length is so many metres.
  private func twist(of numbers: TaskLanes, perLength length: Double) -> Twist {
    let n = numbers
    let (linear, angular) =
      switch free {
      case .none: (Vector4(n[0], n[1], n[2], 0), Vector4(n[3], n[4], n[5], 0))
      case .axis: (Vector4(n[0], n[1], n[2], 0), Vector4(n[3], n[4], 0, 0))
      case .position: (Vector4(n[0], n[1], n[2], 0), Vector4.zero)
      case .plane: (Vector4(0, 0, n[0], 0), Vector4(n[1], n[2], 0, 0))
      }
    return Twist(linear: (baseFromTool.turned(linear) * length).xyz, angular: baseFromTool.turned(angular).xyz)
  }

  /// What joint motion costs: a change of the tool's motion aside from `way` in full, one along it by the share `alongWeight`, and the joint rates
  /// themselves a little, by `jointWeight`.
  ///
  ///     M = Jᵀ·(1 − (1 − ρ)·d dᵀ)·J + ε·1
  ///
  /// - Parameter way: d, of length 1 or less; the shorter, the more all directions are alike.
  func metric(way: TaskLanes, alongWeight: Double, jointWeight: Double, jointCount: Int) -> JointMatrix {
    let rows = rows.span
    var along = JointLanes.zero, matrix = JointMatrix(count: jointCount)
    for row in 0..<rowCount { along += rows[row] * way[row] }
    for joint in 0..<jointCount {
      var column = along * ((alongWeight - 1) * along[joint])
      for row in 0..<rowCount { column += rows[row] * rows[row][joint] }
      column[joint] += jointWeight
      for other in 0..<jointCount { matrix[joint, other] = column[other] }
    }
    return matrix
  }
}
