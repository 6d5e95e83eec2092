/// A serial arm from a base link to a tip link: poses, Jacobians and dynamics as functions of the joint positions.
///
/// A plain value without hidden state: nothing must be refreshed, and the same model may be used from any thread.
public struct RobotModel: Sendable {
  public let name: String
  public let baseName, tipName: String
  /// The movable joints from base to tip, without those that follow another one.
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
  /// What the tip carries beyond its own links; moves with the tip link and counts in all dynamics.
  public var payload: Payload? {
    didSet { bodies[bodies.count - 1] = loaded(unloadedLastBody) }
  }

  /// From the first that moves to the last.
  private(set) var bodies: [MovingBody]
  /// How bodies follow joints, where there are followers; else each body has its own joint.
  let coupling: Coupling?
  /// 1 in the lanes of bodies that turn, else 0.
  let turning: SIMD8<Double>
  /// 1 in the lanes of bodies that slide, else 0.
  let sliding: SIMD8<Double>
  let lastBodyFromTip: Pose
  private(set) var lastBodyFromTool: Frame4
  private var unloadedLastBody: MovingBody

  /// The arm between two links of a URDF.
  ///
  /// Its joints are the movable ones from `base` to `tip` in order. All other movable joints are held at zero, and the links behind them move as one
  /// piece with the link that carries them.
  ///
  /// - Parameters:
  ///   - base: A link; the root where nil. It stands still, whatever hangs on it.
  ///   - tip: Any other link, also one nearer to the root than `base`: joints that are passed from child to parent keep their names and signs.
  ///   - tool: Tool frame in the tip link's frame.
  /// - Throws: ``URDFError`` where a link is unknown, where there are no joints or more than eight between the two, or where a joint's limits and
  ///   those of one that follows it leave no place.
  public init(urdf: URDF, base: String? = nil, tip: String, tool: Pose = .identity) throws(URDFError) {
    let chain = try SerialChain(urdf: urdf, base: base ?? urdf.rootLink, tip: tip)
    var limits = JointLimits(unlimited: chain.joints.count)
    for (index, joint) in chain.joints.enumerated() { limits.take(joint.limit, at: index) }
    for (follower, row) in chain.followers {
      limits.take(follower.limit, through: row)
      let lower = limits.lower[row.joint], upper = limits.upper[row.joint]
      guard lower <= upper else {
        let leader = chain.joints[row.joint]
        throw URDFError(
          file: urdf.file, place: follower.place,
          problem: .noRoomToFollow(joint: follower.name, leader: leader.name, lower: lower, upper: upper, unit: leader.kind.unit))
      }
    }
    self.init(
      name: urdf.name, baseName: chain.base, tipName: tip, jointNames: chain.joints.map(\.name),
      isContinuous: chain.joints.map { $0.kind == .continuous }, limits: limits, bodies: chain.bodies, coupling: chain.coupling,
      lastBodyFromTip: chain.lastBodyFromTip, tool: tool)
  }

  init(
    name: String, baseName: String, tipName: String, jointNames: [String], isContinuous: [Bool], limits: JointLimits, bodies: [MovingBody],
    coupling: Coupling?, lastBodyFromTip: Pose, tool: Pose
  ) {
    (self.name, self.baseName, self.tipName) = (name, baseName, tipName)
    (self.jointNames, self.isContinuous, self.limits) = (jointNames, isContinuous, limits)
    (self.bodies, self.coupling, unloadedLastBody) = (bodies, coupling, bodies[bodies.count - 1])
    (self.lastBodyFromTip, self.tool) = (lastBodyFromTip, tool)
    lastBodyFromTool = Frame4(lastBodyFromTip * tool)
    turning = SIMD8(JointVector(bodies.map(\.turns)).scalars)
    sliding = SIMD8(JointVector(bodies.map(\.slides)).scalars)
  }

  /// The inertia of all that moves with each joint, fixed links and held ones included, about its centre of mass, in axes of its own [kg·m²].
  public var bodyInertias: [SymmetricMatrix3] { bodies.map(\.centralInertia) }

  /// A fourth of the way from the base over all joints to the tool: what a metre is measured in to compare with a radian [m].
  public var typicalLength: Double {
    let way = bodies.reduce(lastBodyFromTool.origin.xyz.length) { $0 + $1.parentFromJoint.origin.xyz.length }
    return max(way / 4, 1e-3)
  }

  /// What moves with each joint, fixed links and held ones included [kg].
  public var bodyMasses: [Double] { bodies.map(\.mass) }

  /// The centre of mass of all that moves with each joint, in the body's frame: on the joint, with z along it [m].
  public var bodyCenters: [SIMD3<Double>] { bodies.map { $0.mass > 0 ? $0.firstMoment.xyz / $0.mass : .zero } }

  /// The same joints, carrying other bodies and no payload.
  func replacingBodies(_ bodies: [MovingBody]) -> RobotModel {
    var other = self
    other.unloadedLastBody = bodies[bodies.count - 1]
    other.payload = nil
    other.bodies = bodies
    return other
  }

  /// Without what the tip carries.
  var unloadedBodies: [MovingBody] { bodies.dropLast() + [unloadedLastBody] }

  private func loaded(_ body: MovingBody) -> MovingBody {
    guard let payload else { return body }
    var loaded = body
    loaded.add(mass: payload.mass, bodyFromCenter: lastBodyFromTip * Pose(translation: payload.center), inertia: payload.inertia)
    return loaded
  }

  /// The bodies' positions, given the joints'.
  @inline(__always)
  func bodyPositions(_ q: JointVector) -> JointVector {
    precondition(q.count == jointCount, "q has one number a joint")
    return coupling.map { $0.positions(q) } ?? q
  }
}

extension JointLimits {
  /// Takes over a joint's limits.
  mutating func take(_ limit: URDF.Limit, at joint: Int) {
    (lower[joint], upper[joint]) = (limit.lower, limit.upper)
    (velocity[joint], acceleration[joint], jerk[joint], effort[joint]) = (limit.velocity, limit.acceleration, limit.jerk, limit.effort)
  }

  /// Narrows a joint's limits to what a follower of it may do.
  fileprivate mutating func take(_ limit: URDF.Limit, through row: Coupling.Row) {
    guard row.multiplier != 0 else { return }
    let ends = [(limit.lower - row.offset) / row.multiplier, (limit.upper - row.offset) / row.multiplier], share = abs(row.multiplier)
    lower[row.joint] = max(lower[row.joint], ends.min() ?? 0)
    upper[row.joint] = min(upper[row.joint], ends.max() ?? 0)
    velocity[row.joint] = min(velocity[row.joint], limit.velocity / share)
    acceleration[row.joint] = min(acceleration[row.joint], limit.acceleration / share)
    jerk[row.joint] = min(jerk[row.joint], limit.jerk / share)
  }
}
