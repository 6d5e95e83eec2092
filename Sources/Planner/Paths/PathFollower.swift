public import Kinematics

/// Leads an arm's joints along a tool path, always in the posture in which it begins.
///
/// From knot to knot by prediction and Newton's correction, the knots as far apart as keeps the tool within the tolerance of the path between
/// them too. With joints to spare it takes the least joint motion, bent away from the joints' limits where they come near.
public struct PathFollower: Sendable {
  public let model: RobotModel
  /// Position limits that the path has to keep, and velocity limits that tell what is too near a singularity.
  public let limits: JointLimits
  public let settings: Settings

  public struct Settings: Sendable {
    /// How far the tool may be off the path, anywhere [m; rad].
    public var tolerance = 1e-5
    /// The longest distance of two knots, by the path's parameter [m].
    public var longestStep = 0.02
    /// Where the joints' velocity limits allow no more than this velocity of the path's parameter [m/s], the path passes too near a singularity.
    public var slowest = 0.005
    /// How much joints to spare keep away from limits [rad/m]: how fast a joint at its limit would leave it, were it free to.
    public var aversion = 1.0
    /// What of the tool's pose the path leaves free; nil: whatever an arm of so many joints cannot do.
    public var freeAxes: InverseKinematics.FreeAxes?

    public init() {}
  }

  /// - Parameter limits: nil: the model's.
  public init(model: RobotModel, limits: JointLimits? = nil, settings: Settings = Settings()) {
    self.model = model
    self.limits = limits ?? model.limits
    self.settings = settings
  }

  var freeAxes: InverseKinematics.FreeAxes { settings.freeAxes ?? .usual(jointCount: model.jointCount) }
  var labels: JointLabels { JointLabels(model.jointLabels) }

  /// The joint path whose tool follows a tool path: of the same parameter, with the same stops.
  ///
  /// - Parameters:
  ///   - toolPath: What to follow.
  ///   - seed: Where the arm is [rad; m]. If its tool is not where the path begins, the joint path begins in the posture nearest to the seed that
  ///     puts it there.
  /// - Throws: Where the path cannot be followed, and why.
  public func path(along toolPath: ToolPath, from seed: JointVector) throws(MotionRefusal) -> JointPath {
    try path(along: toolPath, from: seed, .never)
  }

  /// An interruption ends it with ``MotionRefusal/stopped``.
  func path(along toolPath: ToolPath, from seed: JointVector, _ interruption: Interruption) throws(MotionRefusal) -> JointPath {
    try limits.check(seed, as: .start, labels: labels)
    let start = try start(of: toolPath, near: seed)
    var march = PathMarch(follower: self, path: toolPath, allowed: limits.widened(toInclude: start), interruption: interruption)
    return try march.path(from: start)
  }

  /// The configuration near the seed that puts the tool on the path's first pose.
  private func start(of toolPath: ToolPath, near seed: JointVector) throws(MotionRefusal) -> JointVector {
    let task = PathTask(free: freeAxes, point: toolPath.point(at: 0))
    if task.residual(of: model.pose(at: seed)).magnitude < 1e-6, let q = corrected(seed, task: task)?.q { return q }
    do throws(InverseKinematics.Failure) {
      return try inverseKinematics().solution(for: toolPath.start, near: seed, free: freeAxes).q
    } catch {
      throw refusal(of: error, at: toolPath.place(at: 0))
    }
  }

  /// The joint positions near `predicted` that put the tool on the path, and pose and Jacobian there; nil where Newton's method finds none nearby.
  func corrected(_ predicted: JointVector, task: PathTask) -> (q: JointVector, pose: Pose, jacobian: Jacobian)? {
    var q = predicted
    var last = Double.infinity
    for _ in 0..<Self.mostCorrections {
      let (pose, jacobian) = model.poseAndJacobian(at: q)
      let residual = task.residual(of: pose)
      // On the path, or as near as rounding lets it.
      if residual.magnitude < 1e-12 || (residual.magnitude < 1e-9 && residual.magnitude > last / 4) { return (q, pose, jacobian) }
      last = residual.magnitude
      q += LeastMotion(jacobian, task: task).velocity(for: residual).velocity
      guard (q - predicted).maximumMagnitude < Self.mostCorrected else { return nil }
    }
    return nil
  }

  private static let mostCorrections = 12
  /// Farther from its prediction a solution may be of another posture [rad; m].
  private static let mostCorrected = 0.2

  func inverseKinematics() -> InverseKinematics {
    var limited = model
    limited.limits = limits
    var settings = InverseKinematics.Settings()
    settings.maximumIterations = 1000
    return InverseKinematics(model: limited, settings: settings)
  }
}
