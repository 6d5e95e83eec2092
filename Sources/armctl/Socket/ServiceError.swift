internal import Kinematics

/// Why the arm did not do what was asked, or what is wrong with it: a sentence, the facts in it, and what to do.
struct ServiceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What programs tell errors apart by. The names and codes are on the wire and never change.
  enum Kind: String, Sendable, CaseIterable {
    case leaseHeld = "lease.held"
    case leaseEnded = "lease.ended"
    case notHomed = "not-homed"
    case emergencyStop = "emergency-stop"
    case unreachable
    case collision
    /// Planning found no way round the obstacles in its time.
    case noPath = "no-path"
    /// A fence of the arm file is in the way.
    case fence
    case singular
    case positionLimit = "limit.position"
    case velocityLimit = "limit.velocity"
    case accelerationLimit = "limit.acceleration"
    case jerkLimit = "limit.jerk"
    case effortLimit = "limit.effort"
    case followingError = "limit.following-error"
    case bus
    case driveFault = "drive-fault"
    case wrongMode = "wrong-mode"
    case faultLatched = "fault-latched"
    case stopped
    /// The one who asked for a motion does not want it any more.
    case cancelled
    case unknownJob = "job.unknown"
    case timeout
    case busy
    /// A client on TCP has not shown the token.
    case unauthorized
    /// A parameter that is well-formed but cannot be right, such as the name of a pose that the arm lacks.
    case parameter
    case `internal`

    var code: Int {
      switch self {
      case .leaseHeld, .leaseEnded: -32001
      case .notHomed: -32002
      case .emergencyStop: -32003
      case .unreachable: -32004
      case .collision: -32005
      case .singular: -32006
      case .noPath: -32007
      case .fence: -32008
      case .positionLimit, .velocityLimit, .accelerationLimit, .jerkLimit, .effortLimit, .followingError: -32010
      case .bus: -32020
      case .driveFault: -32030
      case .wrongMode: -32040
      case .faultLatched: -32041
      case .stopped, .cancelled: -32042
      case .unknownJob: -32043
      case .timeout: -32044
      case .busy: -32045
      case .unauthorized: -32046
      case .parameter: -32602
      case .internal: -32603
      }
    }
  }

  var kind: Kind
  /// One sentence.
  var message: String
  var joint: String?
  /// What was asked for or measured, and what is allowed. Same SI unit.
  var value, limit: Double?
  /// What led to it, where the sentence does not say.
  var why: String?
  /// Of a pose that cannot be reached, the one that comes nearest.
  var closest: ClosestPose?
  /// What would touch what.
  var contact: ContactFacts?
  /// Who leads the arm, where somebody else must not.
  var lead: LeadFacts?
  /// Who has stopped the arm, where somebody did.
  var stopper: String?
  /// The file with the last second before a fault.
  var record: String?
  /// What to do about it, for after "try: ".
  var suggestion: String

  init(
    _ kind: Kind, _ message: String, joint: String? = nil, value: Double? = nil, limit: Double? = nil, why: String? = nil,
    suggestion: String
  ) {
    self.kind = kind
    self.message = message
    self.joint = joint
    self.value = value
    self.limit = limit
    self.why = why
    self.suggestion = suggestion
  }

  var description: String { message }
}

/// What an arm can do instead of what it was asked for.
struct ClosestPose: Equatable, Sendable {
  var pose: ToolPose
  /// The configuration with that pose [rad; m].
  var joints: JointVector
  /// From the pose that was asked for [m], [rad].
  var distance, angle: Double
}

/// How near two things are.
struct ContactFacts: Equatable, Sendable {
  var link: String
  /// What it is near to: an obstacle's name, or another link's.
  var obstacle, otherLink: String?
  /// [m]; negative where they overlap.
  var distance: Double
  /// Since the motion's start [s]; nil of a single configuration.
  var time: Double?
}
