internal import Control
internal import Foundation
internal import Kinematics
internal import Planner

// How the errors of the modules below look on the socket.

extension ServiceError {
  init(_ fault: ControlFault, joints: [String], buses: [String]) {
    let kind: Kind
    switch fault {
    case .busSilent, .busLost, .busNoise: kind = .bus
    case .followingError: kind = .followingError
    case .limit(.position, _, _, _): kind = .positionLimit
    case .limit(.velocity, _, _, _): kind = .velocityLimit
    case .limit(.acceleration, _, _, _): kind = .accelerationLimit
    case .limit(.effort, _, _, _): kind = .effortLimit
    case .motor: kind = .driveFault
    case .emergencyStop: kind = .emergencyStop
    case .safetyLine: kind = .driveFault
    }
    self.init(
      kind, fault.sentence(joints: joints, buses: buses), joint: fault.joint.map { joints[$0] }, value: fault.figures?.value,
      limit: fault.figures?.limit, why: fault.kind, suggestion: fault.suggestion)
  }

  init(_ refusal: ControlRefusal, joints: [String], buses: [String]) {
    let kind: Kind
    var joint: String?
    switch refusal {
    case .faulted: kind = .faultLatched
    case .off, .floating, .cannotComply: kind = .wrongMode
    case .busy: kind = .busy
    case .startsElsewhere(let index, _):
      kind = .busy
      joint = joints[index]
    case .notHeard(let index):
      kind = .bus
      joint = joints[index]
    case .noEffort(let index):
      kind = .wrongMode
      joint = joints[index]
    case .emergencyStop: kind = .emergencyStop
    case .safetyLine: kind = .driveFault
    case .stopped: kind = .stopped
    case .busLost: kind = .bus
    case .noSuchJob, .idle: kind = .unknownJob
    case .outsideLimits(let index, let value, let limit):
      self.init(
        .positionLimit, refusal.sentence(joints: joints, buses: buses), joint: joints[index], value: value, limit: limit,
        suggestion: refusal.suggestion)
      return
    }
    self.init(kind, refusal.sentence(joints: joints, buses: buses), joint: joint, suggestion: refusal.suggestion)
  }

  init(_ refusal: MotionRefusal) {
    switch refusal {
    case .outsideLimits(let joint, let value, let lower, let upper) where Self.looksLikeDegrees(joint, value, lower, upper):
      self.init(
        .positionLimit, "\(refusal.description.dropLast()); did you mean \(plain(value))deg?", joint: joint.name, value: value,
        limit: value < lower ? lower : upper,
        suggestion: "\(plain(value))deg, or --degrees for all of them; \(plain(value * .pi / 180)) on the socket")
    case .outsideLimits(let joint, let value, let lower, let upper), .leavesLimits(let joint, let value, let lower, let upper, _),
      .passesLimits(let joint, let value, let lower, let upper):
      self.init(
        .positionLimit, refusal.description, joint: joint.name, value: value, limit: value < lower ? lower : upper, suggestion: refusal.suggestion)
    case .nearSingularity(let joint, _, let value, let limit, _):
      self.init(.singular, refusal.description, joint: joint.name, value: value, limit: limit, suggestion: refusal.suggestion)
    case .singular, .losesPosture: self.init(.singular, refusal.description, suggestion: refusal.suggestion)
    case .outOfReach: self.init(.unreachable, refusal.description, suggestion: refusal.suggestion)
    case .notFinite(_, let joint), .unlimited(let joint):
      self.init(.parameter, refusal.description, joint: joint.name, suggestion: refusal.suggestion)
    case .targetTooFast(let joint, let quantity, let value, let limit):
      let kind: Kind = quantity == .velocity ? .velocityLimit : quantity == .acceleration ? .accelerationLimit : .jerkLimit
      self.init(kind, refusal.description, joint: joint.name, value: value, limit: limit, suggestion: refusal.suggestion)
    case .unusableLimit(let joint, _, let value):
      self.init(.parameter, refusal.description, joint: joint.name, value: value, suggestion: refusal.suggestion)
    case .wrongJointCount, .speedOutOfRange, .notAPose, .unusableToolLimits, .notAnArc, .unusableBlend, .leadsNowhere, .notRetimed, .stopped:
      self.init(.parameter, refusal.description, suggestion: refusal.suggestion)
    }
  }

  /// Whether a joint that turns would be more than a turn away, and within its limits if the number were in degrees.
  private static func looksLikeDegrees(_ joint: JointLabel, _ value: Double, _ lower: Double, _ upper: Double) -> Bool {
    !joint.isSliding && abs(value) > 2 * .pi && value * .pi / 180 >= lower && value * .pi / 180 <= upper
  }
}

extension StopReason {
  /// Who has stopped the arm; nil where nobody did, or has no name.
  var stopper: String? {
    switch self {
    case .requested(let client): client.isEmpty ? nil : client
    case .leaseTaken(_, let taker): taker
    case .leaseExpired: nil
    }
  }

  /// - Parameter circumstance: At what moment, such as `while the motion was planned`; nil: it goes without saying.
  func sentence(_ circumstance: String? = nil) -> String {
    let clause =
      switch self {
      case .requested(let client): "\(client.isEmpty ? "A client" : client) stopped the arm"
      case .leaseExpired(let holder): "The lease of \(holder) ran out"
      case .leaseTaken(let holder, let taker): "\(taker) took the lease from \(holder)"
      }
    return clause + (circumstance.map { " \($0)." } ?? ".")
  }
}

extension ArmMode {
  init(_ mode: ControlMode) {
    switch mode {
    case .off: self = .off
    case .hold: self = .hold
    case .move: self = .move
    case .servo: self = .servo
    case .float: self = .float
    case .comply: self = .comply
    case .yield: self = .yield
    case .recover: self = .recover
    case .stopped: self = .stopped
    case .fault: self = .fault
    }
  }
}

extension ControlMode {
  /// The mode that a request ends in.
  init(_ mode: RequestedMode) {
    switch mode {
    case .hold: self = .hold
    case .comply: self = .comply
    case .float: self = .float
    case .off: self = .off
    }
  }
}

extension Pose {
  init(_ pose: ToolPose) { self.init(rotation: Rotation(quaternion: pose.quaternion), translation: pose.position) }
}

extension String {
  /// The same sentence with a capital letter at its beginning and, unless it is a question, a full stop at its end.
  var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() + (hasSuffix(".") || hasSuffix("?") ? "" : ".") }
}
