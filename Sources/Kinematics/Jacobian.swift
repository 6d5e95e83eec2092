/// The geometric Jacobian: column j is the twist of the tip frame's origin, in base axes, while joint j alone moves at 1 rad/s (1 m/s).
public struct Jacobian: Sendable {
  public let count: Int
  /// One column a joint; those beyond `count` are zero.
  var linear: InlineArray<8, SIMD3<Double>>
  var angular: InlineArray<8, SIMD3<Double>>

  /// All columns zero.
  public init(count: Int) {
    self.count = count
    linear = InlineArray(repeating: .zero)
    angular = InlineArray(repeating: .zero)
  }

  /// The column of one joint.
  public subscript(joint: Int) -> Twist {
    get { Twist(linear: linear[joint], angular: angular[joint]) }
    set {
      linear[joint] = newValue.linear
      angular[joint] = newValue.angular
    }
  }

  /// The tip's twist in base axes: J·q̇.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public func twist(for jointVelocity: JointVector) -> Twist {
    let qd = jointVelocity.scalars
    var twist = Twist()
    for joint in 0..<count {
      twist.linear += linear[joint] * qd[joint]
      twist.angular += angular[joint] * qd[joint]
    }
    return twist
  }

  /// The joint efforts that hold the balance of a wrench that the tip exerts: τ = Jᵀ·F.
  ///
  /// - Parameter wrench: At the tip frame's origin, in base axes.
  /// - Real-time: does not allocate, lock or throw.
  public func effort(for wrench: Wrench) -> JointVector {
    var effort = JointScalars(repeating: 0)
    for joint in 0..<count { effort[joint] = dot(linear[joint], wrench.force) + dot(angular[joint], wrench.torque) }
    return JointVector(scalars: effort, count: count)
  }
}
