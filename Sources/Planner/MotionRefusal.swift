internal import Foundation
public import Kinematics

/// Why a motion is not made. Always before anything moves.
///
/// `description` is one sentence; `suggestion` says what to do about it.
public enum MotionRefusal: Error, Equatable, Sendable {
  /// Which end of the motion a value belongs to.
  public enum End: String, Sendable { case start, target }

  /// A configuration has another number of joints than the arm.
  case wrongJointCount(End, given: Int, expected: Int)
  /// A joint's position is not a number, or infinite.
  case notFinite(End, joint: JointLabel)
  /// A joint would end, or be led further, outside its position limits [rad; m].
  case outsideLimits(joint: JointLabel, value: Double, lower: Double, upper: Double)
  /// The speed is not above 0 and at most 1.
  case speedOutOfRange(Double)
  /// A joint's limit is not a positive number.
  case unusableLimit(joint: JointLabel, MotionQuantity, value: Double)
  /// A target moves a joint beyond a limit, or can only be reached from beyond it.
  case targetTooFast(joint: JointLabel, MotionQuantity, value: Double, limit: Double)
  /// On the way to a target within them a joint would leave its position limits [rad; m].
  case passesLimits(joint: JointLabel, value: Double, lower: Double, upper: Double)
  /// A joint has a limit neither on its acceleration nor on its jerk.
  case unlimited(joint: JointLabel)
  /// A limit on the tool's own motion is not a positive number, or there is none on its acceleration and jerk.
  case unusableToolLimits
  /// A tool pose is not made of finite numbers.
  case notAPose
  /// A segment of a tool path is no arc.
  case notAnArc(segment: Int, ArcFlaw)
  /// The blend radius of a corner, given by the segment or waypoint at which it is, is negative or not a number [m; rad].
  case unusableBlend(corner: Int, radius: Double)
  /// All poses or waypoints of a path are the same.
  case leadsNowhere
  /// A tool path takes a joint out of its position limits [rad; m]: from where on, and how far at its furthest.
  case leavesLimits(joint: JointLabel, value: Double, lower: Double, upper: Double, at: PathPlace)
  /// From this place of the path on its poses are out of the arm's reach, at their furthest by so much.
  case outOfReach(at: PathPlace, by: InverseKinematics.Residual)
  /// The arm reaches what follows this place of the path, but only by passing a singularity into another posture.
  case losesPosture(at: PathPlace)
  /// The arm starts in a singularity that does not let it move the tool the path's way.
  case singular
  /// At this place a joint would have to pass its velocity limit even where the path is followed as slowly as makes sense [m/s].
  case nearSingularity(joint: JointLabel, pathVelocity: Double, value: Double, limit: Double, at: PathPlace)
  /// The path has no timing under the limits.
  case notRetimed(RetimingRefusal)
  /// Whoever asked for it did not want it any more.
  case stopped

  /// Why there is no arc.
  public enum ArcFlaw: Sendable {
    case pointsOnOneLine, noAxis, startOnAxis

    var sentence: String {
      switch self {
      case .pointsOnOneLine: "its three points lie on one line"
      case .noAxis: "its axis has no direction"
      case .startOnAxis: "it begins on its own axis"
      }
    }

    var suggestion: String {
      switch self {
      case .pointsOnOneLine: "give a line, or a point that the arc passes beside it; a full circle by its axis and angle"
      case .noAxis: "give an axis other than 0, 0, 0"
      case .startOnAxis: "give a centre beside the tool, or a turn on the spot as a line to the turned pose"
      }
    }
  }
}

extension MotionRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongJointCount(let end, let given, let expected):
      "The \(end) has \(given) joint position\(given == 1 ? "" : "s"), but the arm has \(expected) joint\(expected == 1 ? "" : "s")."
    case .notFinite(let end, let joint):
      "The \(end) gives \(joint.name) a position that is not a number."
    case .outsideLimits(let joint, let value, let lower, let upper):
      "The target puts \(joint.name) at \(joint.text(position: value)), \(Self.side(joint, value, lower, upper))."
    case .speedOutOfRange(let speed):
      "A speed of \(String(format: "%.4g", speed)) is not a share of the limits."
    case .unusableLimit(let joint, let quantity, let value):
      "The \(quantity) limit of \(joint.name) is \(joint.text(value, of: quantity)), which allows no motion."
    case .targetTooFast(let joint, let quantity, let value, let limit):
      "To meet the target, the \(quantity) of \(joint.name) would be \(joint.text(value, of: quantity)), "
        + "its limit being \(joint.text(limit, of: quantity))."
    case .passesLimits(let joint, let value, let lower, let upper):
      "On the way to the target \(joint.name) would go to \(joint.text(position: value)), \(Self.side(joint, value, lower, upper))."
    case .unlimited(let joint):
      "Neither the acceleration nor the jerk of \(joint.name) has a limit."
    case .unusableToolLimits:
      "The limits on the tool's own motion allow none, or do not bound its acceleration."
    case .notAPose:
      "The target pose is not made of finite numbers."
    case .notAnArc(let segment, let flaw):
      "Segment \(segment) of the path is no arc: \(flaw.sentence)."
    case .unusableBlend(let corner, let radius):
      "The blend radius of corner \(corner) is \(String(format: "%.4g", radius)), which is none."
    case .leadsNowhere:
      "The path leads nowhere: all its places are the same."
    case .leavesLimits(let joint, let value, let lower, let upper, let place):
      "The \(place.wholeName) leaves the limits of \(joint.name) at \(place) and would take it to \(joint.text(position: value)), "
        + "\(Self.side(joint, value, lower, upper))."
    case .outOfReach(let place, let shortage):
      "The arm cannot follow the \(place.wholeName) beyond \(place): there its reach ends, and what follows is up to "
        + "\(Self.text(shortage)) out of it."
    case .losesPosture(let place):
      "The arm cannot follow the \(place.wholeName) beyond \(place): there it meets a singularity, and goes on only in another posture."
    case .singular:
      "The arm stands in a singularity and cannot start the path from there."
    case .nearSingularity(let joint, let pathVelocity, let value, let limit, let place):
      "The \(place.wholeName) passes so near a singularity at \(place) that \(joint.name) would need a velocity of "
        + "\(joint.text(value, of: .velocity)) even at \(place.text(pathVelocity: pathVelocity)), its limit being "
        + "\(joint.text(limit, of: .velocity))."
    case .notRetimed(let refusal):
      refusal.description
    case .stopped:
      RetimingRefusal.stopped.description
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String { suggestion(isGoalReachable: true) }

  /// - Parameter isGoalReachable: Whether a joint motion leads where a path of the tool does not.
  public func suggestion(isGoalReachable: Bool) -> String {
    switch self {
    case .wrongJointCount(_, _, let expected):
      "give \(expected) number\(expected == 1 ? "" : "s"), one for each joint from the base to the tool"
    case .notFinite(_, let joint):
      "give \(joint.name) a finite number"
    case .outsideLimits(let joint, _, let lower, let upper):
      "keep \(joint.name) from \(joint.text(position: lower)) to \(joint.text(position: upper))"
    case .speedOutOfRange:
      "give a speed above 0 and at most 1, where 1 is as fast as the limits allow"
    case .unusableLimit(let joint, let quantity, _):
      "write a positive \(quantity) limit for \(joint.name) in the arm file"
    case .targetTooFast(let joint, let quantity, _, _):
      "lower the target's \(quantity) of \(joint.name), or let it arrive at rest"
    case .passesLimits(let joint, _, _, _):
      "come to rest first, or give \(joint.name) a target further from its limit"
    case .unlimited(let joint):
      "write an acceleration limit for \(joint.name) in the arm file"
    case .unusableToolLimits:
      "give the tool a positive speed, acceleration and jerk"
    case .notAPose:
      "give a position of three finite numbers and a quaternion of four"
    case .notAnArc(_, let flaw):
      flaw.suggestion
    case .unusableBlend:
      "give a radius of 0, to rest at the corner, or more"
    case .leadsNowhere:
      "give a place other than where the path begins"
    case .leavesLimits(let joint, _, _, _, let place):
      Self.alternatives(to: place, "start it from a posture with more room for \(joint.name)", isGoalReachable: isGoalReachable)
    case .outOfReach(let place, _):
      Self.alternatives(to: place, "bring it nearer to the base", isGoalReachable: false)
    case .losesPosture(let place):
      Self.alternatives(to: place, "start it from another posture", isGoalReachable: isGoalReachable)
    case .singular:
      (isGoalReachable ? "go there with a joint move, or first" : "first") + " turn a joint of the wrist a little"
    case .nearSingularity(_, _, _, _, let place):
      (isGoalReachable ? "go there with a joint move, or " : "") + "lead the \(place.wholeName) further from that place"
    case .notRetimed(let refusal):
      refusal.suggestion
    case .stopped:
      RetimingRefusal.stopped.suggestion
    }
  }

  /// "end the line before 43.5 mm, start it from another posture, or go there with a joint move"
  private static func alternatives(to place: PathPlace, _ other: String, isGoalReachable: Bool) -> String {
    let shortening = place.shortening, named = shortening.isEmpty ? other.replacing(" it ", with: " the \(place.wholeName) ") : other
    let all = shortening + [named] + (isGoalReachable ? ["go there with a joint move"] : [])
    return all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + ", or " + all[all.count - 1]
  }

  /// "12.0 mm", "3.0°", "12.0 mm and 3.0°".
  private static func text(_ shortage: InverseKinematics.Residual) -> String {
    let way = String(format: "%.1f mm", 1000 * shortage.position), turn = String(format: "%.1f°", shortage.orientation * 180 / .pi)
    if shortage.orientation < 1e-3 { return way }
    return shortage.position < 1e-4 ? turn : "\(way) and \(turn)"
  }

  private static func side(_ joint: JointLabel, _ value: Double, _ lower: Double, _ upper: Double) -> String {
    value < lower ? "below its lower limit of \(joint.text(position: lower))" : "above its upper limit of \(joint.text(position: upper))"
  }
}
