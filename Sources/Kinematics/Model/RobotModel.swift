/// A serial arm from a base link to a tip link: poses, Jacobians and dynamics as functions of the joint positions.
///
/// A plain value without hidden state: nothing must be refreshed, and the same model may be used from any thread.
public struct RobotModel: Sendable {
  public let name: String
  public let baseName, tipName: String
  /// The movable joints from base to tip.
  public let jointNames: [String]
  public var jointCount: Int { jointNames.count }
  /// From the URDF; infinite where it is silent.
  public var limits: JointLimits
  /// Whether each joint turns without end.
  public let isContinuous: [Bool]
  /// Gravity in base axes [m/s²].
  public var gravity = SIMD3<Double>(0, 0, -9.81)
  /// Tool frame in the tip link's frame. Poses and Jacobians are those of the tool.
  public var tool: Pose {
    didSet { lastBodyFromTool = Frame4(lastBodyFromTip * tool) }
  }

  /// From the first joint's to the last.
  let bodies: [MovingBody]
  /// 1 in the lanes of joints that turn, else 0.
  let turning: SIMD8<Double>
  /// 1 in the lanes of joints that slide, else 0.
  let sliding: SIMD8<Double>
  let lastBodyFromTip: Pose
  private(set) var lastBodyFromTool: Frame4

  /// The arm between two links of a URDF.
  ///
  /// Its joints are the movable ones from `base` to `tip` in order. All other movable joints are held at zero, and the links behind them move as one
  /// piece with the link that carries them.
  ///
  /// - Parameters:
  ///   - base: A link; the root where nil. It stands still, whatever hangs on it.
  ///   - tip: Any other link, also one nearer to the root than `base`: joints that are passed from child to parent keep their names and signs.
  ///   - tool: Tool frame in the tip link's frame.
  /// - Throws: ``URDFError`` where a link is unknown, or where there are no joints or more than eight between the two.
  public init(urdf: URDF, base: String? = nil, tip: String, tool: Pose = .identity) throws(URDFError) {
    let chain = try SerialChain(urdf: urdf, base: base ?? urdf.rootLink, tip: tip)
    name = urdf.name
    baseName = chain.base
    tipName = tip
    jointNames = chain.joints.map(\.name)
    isContinuous = chain.joints.map { $0.kind == .continuous }
    bodies = chain.bodies
    lastBodyFromTip = chain.lastBodyFromTip
    self.tool = tool
    lastBodyFromTool = Frame4(chain.lastBodyFromTip * tool)
    turning = SIMD8(JointVector(chain.bodies.map(\.turns)).scalars)
    sliding = SIMD8(JointVector(chain.bodies.map(\.slides)).scalars)

    var limits = JointLimits(unlimited: chain.joints.count)
    for (index, joint) in chain.joints.enumerated() {
      limits.lower[index] = joint.limit.lower
      limits.upper[index] = joint.limit.upper
      limits.velocity[index] = joint.limit.velocity
      limits.acceleration[index] = joint.limit.acceleration
      limits.jerk[index] = joint.limit.jerk
      limits.effort[index] = joint.limit.effort
    }
    self.limits = limits
  }
}
