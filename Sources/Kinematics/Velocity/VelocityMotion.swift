internal import Foundation

extension VelocityKinematics {
  /// Joint velocities for one period, and what became of the wish.
  public struct Motion: Sendable {
    /// For the next period: positions go from q to q + velocity·period [rad/s; m/s].
    public var velocity: JointVector
    /// What the tool does, in base axes.
    public var twist: Twist
    /// How much of the wanted motion is brought about along its own direction: 1 all, 0 nothing; below 0 while the arm still moves the other way.
    public var share: Double
    /// What takes most of the rest; nil where next to nothing is missing.
    public var hindrance: Hindrance?
  }

  /// What keeps the arm from moving as wanted.
  public enum Hindrance: Sendable, Equatable, BitwiseCopyable {
    /// A joint is at a position limit, or so near that it has to brake.
    case position(joint: Int, isUpper: Bool)
    /// A joint is as fast as it may be; all slow down with it, so that the direction is kept.
    case velocity(joint: Int)
    /// A joint is still gaining or losing speed.
    case acceleration(joint: Int)
    /// The arm is at a singularity or close to one: `lost` is the direction that is slowed, of length 1 with metres in units of ``typicalLength``, in
    /// base axes; `joints` is the joint motion that hardly moves the tool.
    case singularity(lost: Twist, joints: JointVector)
    /// The arm reaches no farther in this posture, or hardly; `lost` as above.
    case border(lost: Twist)
    /// The arm has too few joints to move so in any posture; `lost` as above.
    case freedom(lost: Twist)
    /// The wanted pose cannot be reached from the posture that the arm has; it stands still.
    case outOfReach
    /// The wish holds a number that is not finite; the arm brakes.
    case notFinite
    /// A joint position or velocity is not finite; the arm brakes.
    case unknownState
  }

  /// One sentence for a person.
  public func sentence(for hindrance: Hindrance) -> String {
    switch hindrance {
    case .position(let joint, let isUpper): return "joint \"\(model.jointNames[joint])\" is at its \(isUpper ? "upper" : "lower") limit"
    case .velocity(let joint): return "joint \"\(model.jointNames[joint])\" is at its velocity limit"
    case .acceleration(let joint): return "joint \"\(model.jointNames[joint])\" is at its acceleration limit"
    case .singularity(let lost, let joints):
      let largest = joints.maximumMagnitude
      let names = joints.indices.filter { largest > 0 && abs(joints[$0]) > 0.3 * largest }.map { "\"\(model.jointNames[$0])\"" }
      let who = names.isEmpty ? "the arm is" : names.count == 1 ? "joint \(names[0]) is" : "joints \(names.joined(separator: ", ")) are"
      return "\(who) lined up: \(motionName(lost)) is slowed"
    case .border(let lost): return "the arm reaches no farther in this posture: \(motionName(lost)) is slowed"
    case .freedom(let lost): return "the arm has too few joints for \(motionName(lost))"
    case .outOfReach: return "the wanted pose is out of reach from this posture"
    case .notFinite: return "the wanted velocity is not a finite number"
    case .unknownState: return "a joint position or velocity is not a finite number"
    }
  }

  /// What a person can do about it.
  public func suggestion(for hindrance: Hindrance) -> String {
    switch hindrance {
    case .position(let joint, let isUpper): "move so that \"\(model.jointNames[joint])\" turns \(isUpper ? "down" : "up"), or move it by itself"
    case .velocity, .acceleration: "ask for less speed"
    case .singularity: "go on, and the arm turns out of it where it can; or move one of these joints by itself"
    case .border: "move back, or move single joints to another posture"
    case .freedom: "leave an axis of the tool free"
    case .outOfReach: "give a pose nearer to where the tool is, or go there with move.pose, which says what stops it"
    case .notFinite: "give finite numbers"
    case .unknownState: "check what measures the joints"
    }
  }

  /// "moving along (0, 0, 1)" or "turning about (1, 0, 0)", whichever the direction mostly is, in base axes.
  private func motionName(_ direction: Twist) -> String {
    let shift = direction.linear.length / typicalLength, turn = direction.angular.length
    let isTurning = turn >= shift, axis = isTurning ? direction.angular / turn : direction.linear / (shift * typicalLength)
    func shown(_ x: Double) -> String { String(format: "%.2g", abs(x) < 0.005 ? 0 : x) }
    return "\(isTurning ? "turning about" : "moving along") (\(shown(axis.x)), \(shown(axis.y)), \(shown(axis.z)))"
  }
}
