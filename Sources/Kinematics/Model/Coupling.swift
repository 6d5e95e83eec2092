/// How bodies follow joints where a chain holds followers (`<mimic>`): body position = multiplier × joint position + offset.
///
/// The kernels know bodies only. With S the matrix of the multipliers, velocities are spread by S and efforts gathered by Sᵀ.
struct Coupling: Sendable {
  let bodyCount, jointCount: Int
  /// Which joint each body follows.
  private(set) var joint = InlineArray<8, Int>(repeating: 0)
  private(set) var multiplier = JointScalars(repeating: 0)
  private(set) var offset = JointScalars(repeating: 0)
  /// Which body each joint moves itself.
  private(set) var ownBody = InlineArray<8, Int>(repeating: 0)

  struct Row {
    let joint: Int
    let multiplier, offset: Double
    /// Whether the body is the joint's own.
    let leads: Bool
  }

  /// - Parameter rows: One a body.
  init(rows: [Row], jointCount: Int) {
    bodyCount = rows.count
    self.jointCount = jointCount
    for (body, row) in rows.enumerated() {
      joint[body] = row.joint
      multiplier[body] = row.multiplier
      offset[body] = row.offset
      if row.leads { ownBody[row.joint] = body }
    }
  }

  func hasFollowers(_ index: Int) -> Bool { (0..<bodyCount).count { joint[$0] == index } > 1 }

  func positions(_ q: JointVector) -> JointVector {
    var positions = JointScalars(repeating: 0)
    for body in 0..<bodyCount { positions[body] = multiplier[body] * q[joint[body]] + offset[body] }
    return JointVector(scalars: positions, count: bodyCount)
  }

  func rates(_ rate: JointVector) -> JointVector {
    var rates = JointScalars(repeating: 0)
    for body in 0..<bodyCount { rates[body] = multiplier[body] * rate[joint[body]] }
    return JointVector(scalars: rates, count: bodyCount)
  }

  func efforts(_ effort: JointVector) -> JointVector {
    var efforts = JointScalars(repeating: 0)
    for body in 0..<bodyCount { efforts[joint[body]] += multiplier[body] * effort[body] }
    return JointVector(scalars: efforts, count: jointCount)
  }

  func jacobian(_ bodyJacobian: Jacobian) -> Jacobian {
    var jacobian = Jacobian(count: jointCount)
    for body in 0..<bodyCount {
      jacobian.linear[joint[body]] += multiplier[body] * bodyJacobian.linear[body]
      jacobian.angular[joint[body]] += multiplier[body] * bodyJacobian.angular[body]
    }
    return jacobian
  }

  func matrix(_ bodyMatrix: JointMatrix) -> JointMatrix {
    var matrix = JointMatrix(count: jointCount)
    for row in 0..<bodyCount {
      for column in 0..<bodyCount { matrix[joint[row], joint[column]] += multiplier[row] * multiplier[column] * bodyMatrix[row, column] }
    }
    return matrix
  }
}
