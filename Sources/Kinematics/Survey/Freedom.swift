/// In how many directions an arm moves its tool, and in which ones it never does.
public struct Freedom: Sendable {
  /// The Jacobian's rank nearly everywhere: at most six, at most the number of joints.
  public let rank: Int
  /// Of the directions that goals bind, how many the arm commands.
  public let boundRank: Int
  /// How many directions goals bind.
  public let boundCount: Int
  /// Directions in which the tool never moves, whatever the joints do.
  public let locked: [Direction]

  /// One of six ways to move along or about an axis.
  public struct Direction: Sendable, Equatable, CustomStringConvertible {
    public enum Frame: String, Sendable, CaseIterable { case base, tool }
    public let frame: Frame
    public let isTurn: Bool
    /// 0, 1 and 2 for x, y and z.
    public let axis: Int

    public init(frame: Frame, isTurn: Bool, axis: Int) { (self.frame, self.isTurn, self.axis) = (frame, isTurn, axis) }

    public var description: String { "\(isTurn ? "turning about" : "moving along") the \(frame.rawValue)'s \(["x", "y", "z"][axis])" }

    func twist(toolFrame: Rotation) -> Twist {
      let unit: SIMD3<Double> = [[1, 0, 0], [0, 1, 0], [0, 0, 1]][axis]
      let direction = frame == .base ? unit : toolFrame * unit
      return isTurn ? Twist(angular: direction) : Twist(linear: direction)
    }

    static let all = Frame.allCases.flatMap { frame in
      [false, true].flatMap { isTurn in (0..<3).map { Direction(frame: frame, isTurn: isTurn, axis: $0) } }
    }
  }
}

extension RobotModel {
  /// The arm's freedom, from its Jacobian at many configurations.
  ///
  /// - Parameter free: What goals leave open.
  public func freedom(free: InverseKinematics.FreeAxes) -> Freedom {
    let length = typicalLength
    var sequence = EvenSequence(dimensions: jointCount), rank = 0, boundRank = 0, locked = Freedom.Direction.all
    for _ in 0..<64 {
      let (pose, jacobian) = poseAndJacobian(at: configuration(at: sequence.next()))
      rank = max(rank, jacobian.rank(length: length))
      boundRank = max(boundRank, jacobian.bearing(toolFrame: pose.rotation, free: free).rank(length: length))
      locked.removeAll { direction in
        let twist = direction.twist(toolFrame: pose.rotation)
        return jacobian.effort(for: Wrench(force: twist.linear, torque: twist.angular)).maximumMagnitude > 1e-6 * (direction.isTurn ? 1 : length)
      }
    }
    // What is locked in both frames is said once.
    let inBase = locked.filter { $0.frame == .base }
    let left = 6 - rank
    return Freedom(rank: rank, boundRank: boundRank, boundCount: free.boundCount, locked: inBase.count == left ? inBase : locked)
  }
}

extension InverseKinematics.FreeAxes {
  /// How many of a pose's six numbers bind.
  public var boundCount: Int {
    switch self {
    case .none: 6
    case .axis: 5
    case .position: 3
    case .plane: 3
    }
  }

  /// What is left open, as it reads after "goals leave open".
  public var phrase: String {
    switch self {
    case .none: "nothing"
    case .axis: "the turn about the tool's z"
    case .position: "the tool's orientation"
    case .plane: "the turn about the tool's z and the place in the goal's xy plane"
    }
  }
}

extension Jacobian {
  /// What of it bears on goals that leave `free` open: the same columns without the motion that does not matter.
  func bearing(toolFrame: Rotation, free: InverseKinematics.FreeAxes) -> Jacobian {
    guard free != .none else { return self }
    let z = Vector4(toolFrame.z)
    var bearing = self
    for joint in 0..<count {
      if free == .plane { bearing.linear[joint] = z * dot(z, linear[joint]) }
      bearing.angular[joint] = free == .position ? .zero : angular[joint] - z * dot(z, angular[joint])
    }
    return bearing
  }

  fileprivate func rank(length: Double) -> Int {
    let gains = manipulability(length: length).gains
    return gains.count { $0 > 1e-6 * (gains.first ?? 0) && $0 > 1e-9 }
  }
}
