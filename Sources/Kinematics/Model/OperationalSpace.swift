/// An arm's inertia as it is felt at the tool, and what is weighted by it.
///
/// - Source: O. Khatib, *A unified approach for motion and force control of robot manipulators* (1987).
public struct OperationalSpace: Sendable {
  /// M⁻¹.
  public let inverseMassMatrix: JointMatrix
  /// J·M⁻¹·Jᵀ: the tool's acceleration under a wrench that pushes it, at rest. Defined in every configuration.
  public let mobility: SpatialMatrix
  /// Λ = (J·M⁻¹·Jᵀ)⁻¹: the mass and inertia that a push at the tool meets; nil where the tool cannot move in every direction.
  public let inertia: SpatialMatrix?
  private let jacobian: Jacobian

  init(inverseMassMatrix: JointMatrix, jacobian: Jacobian) {
    (self.inverseMassMatrix, self.jacobian) = (inverseMassMatrix, jacobian)
    let count = jacobian.count
    // Columns of M⁻¹·Jᵀ, one for each of the tool's six directions.
    var mobility = SpatialMatrix()
    for column in 0..<6 {
      let moved = inverseMassMatrix * jacobian.row(column)
      for row in 0...column {
        let element = jacobian.row(row).dot(moved)
        mobility.matrix[row, column] = element
        mobility.matrix[column, row] = element
      }
    }
    self.mobility = mobility
    inertia = count >= 6 ? mobility.matrix.inverse.map { SpatialMatrix(matrix: $0) } : nil
  }

  /// The joint acceleration of least kinetic energy that gives the tool an acceleration, J·q̈ = twist: q̈ = M⁻¹·Jᵀ·Λ·twist.
  ///
  /// - Returns: nil where the tool cannot move in every direction.
  public func jointAcceleration(for twist: Twist) -> JointVector? {
    inertia.map { inverseMassMatrix * jacobian.effort(for: $0 * twist) }
  }

  /// The part of joint efforts that does not accelerate the tool: τ − Jᵀ·Λ·J·M⁻¹·τ.
  ///
  /// - Returns: nil where the tool cannot move in every direction.
  public func nullSpaceEffort(of effort: JointVector) -> JointVector? {
    inertia.map { effort - jacobian.effort(for: $0 * jacobian.twist(for: inverseMassMatrix * effort)) }
  }
}

extension RobotModel {
  /// The arm's inertia as it is felt at the tool.
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - armature: Each rotor's inertia × ratio² [kg·m²]; none where nil.
  /// - Returns: nil where some joint moves no mass.
  /// - Real-time: does not allocate, lock or throw. O(joints³).
  public func operationalSpace(at q: JointVector, armature: JointVector? = nil) -> OperationalSpace? {
    inverseMassMatrix(at: q, armature: armature).map { OperationalSpace(inverseMassMatrix: $0, jacobian: jacobian(at: q)) }
  }
}

extension Jacobian {
  /// One of the six rows, linear first.
  func row(_ index: Int) -> JointVector {
    var row = JointScalars(repeating: 0)
    for joint in 0..<count { row[joint] = index < 3 ? linear[joint][index] : angular[joint][index - 3] }
    return JointVector(scalars: row, count: count)
  }
}
