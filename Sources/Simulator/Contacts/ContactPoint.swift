public import Kinematics

/// A point that is fixed to a link of the arm, where something may touch it.
public struct ContactPoint: Sendable {
  /// The arm up to the link, with the point as its tool.
  private let chain: RobotModel

  /// - Parameters:
  ///   - chain: The arm's model whose tip is the link: its joints are the first of the arm's.
  ///   - linkFromPoint: In the link's frame [m]; where nil the model's own tool centre point.
  public init(onTipOf chain: RobotModel, at linkFromPoint: SIMD3<Double>? = nil) {
    var chain = chain
    if let linkFromPoint { chain.tool = Pose(translation: linkFromPoint) }
    self.chain = chain
  }

  /// Joints that move the point.
  public var jointCount: Int { chain.jointCount }

  /// Where the point is, in base axes [m].
  public func position(at q: JointVector) -> SIMD3<Double> { pose(at: q).translation }

  /// Where the link is, with its origin at the point.
  public func pose(at q: JointVector) -> Pose { chain.pose(at: JointVector(q.prefix(chain.jointCount))) }

  /// How the point moves with the joints, and how a force at it is felt by them.
  public func motion(at q: JointVector, velocity: JointVector) -> Motion {
    let count = chain.jointCount
    let (pose, jacobian) = chain.poseAndJacobian(at: JointVector(q.prefix(count)))
    return Motion(
      position: pose.translation, velocity: jacobian.twist(for: JointVector(velocity.prefix(count))).linear, jacobian: jacobian,
      jointCount: q.count)
  }

  /// The point at one instant, in base axes.
  public struct Motion: Sendable {
    /// [m], [m/s]
    public let position, velocity: SIMD3<Double>
    let jacobian: Jacobian
    let jointCount: Int

    /// What a force [N] at the point does to the arm's joints [N·m]: Jᵀ·F, and nothing beyond the link.
    public func effort(of force: SIMD3<Double>) -> JointVector {
      var effort = JointVector(count: jointCount)
      for (joint, share) in jacobian.effort(for: Wrench(force: force)).enumerated() { effort[joint] = share }
      return effort
    }
  }
}
