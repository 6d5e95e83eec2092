/// The geometric Jacobian: column j is the twist of the tip frame's origin, in base axes, while joint j alone moves at 1 rad/s (1 m/s).
public struct Jacobian: Sendable {
  public let count: Int
  /// One column a joint; those beyond `count` are zero.
  var linear: InlineArray<8, Vector4>
  var angular: InlineArray<8, Vector4>

  /// All columns zero.
  public init(count: Int) {
    self.count = count
    linear = InlineArray(repeating: .zero)
    angular = InlineArray(repeating: .zero)
  }

  /// The column of one joint.
  public subscript(joint: Int) -> Twist {
    get { Twist(linear: linear[joint].xyz, angular: angular[joint].xyz) }
    set {
      linear[joint] = Vector4(newValue.linear)
      angular[joint] = Vector4(newValue.angular)
    }
  }

  /// The tip's twist in base axes: J·q̇.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public func twist(for jointVelocity: JointVector) -> Twist {
    let qd = jointVelocity.scalars, rates = qd.span, linearSpan = linear.span, angularSpan = angular.span
    var velocity = Vector4.zero, angularVelocity = Vector4.zero
    for joint in 0..<count {
      velocity += linearSpan[joint] * rates[joint]
      angularVelocity += angularSpan[joint] * rates[joint]
    }
    return Twist(linear: velocity.xyz, angular: angularVelocity.xyz)
  }

  /// The joint efforts that hold the balance of a wrench that the tip exerts: τ = Jᵀ·F.
  ///
  /// - Parameter wrench: At the tip frame's origin, in base axes.
  /// - Real-time: does not allocate, lock or throw.
  public func effort(for wrench: Wrench) -> JointVector {
    let force = Vector4(wrench.force), torque = Vector4(wrench.torque), linearSpan = linear.span, angularSpan = angular.span
    var effort = JointScalars(repeating: 0)
    for joint in 0..<count { effort[joint] = (linearSpan[joint] * force + angularSpan[joint] * torque).sum() }
    return JointVector(scalars: effort, count: count)
  }
}
