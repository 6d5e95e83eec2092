internal import Foundation

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
  /// A place of a tool line puts a joint outside its position limits [rad; m].
  case leavesLimits(joint: JointLabel, value: Double, lower: Double, upper: Double, at: LinePlace)
  /// No joint positions near those of the place before put the tool at this place of the line, or let it go on from there.
  case outOfReach(at: LinePlace)
  /// The arm starts in a singularity that does not let it move the tool the line's way.
  case singular
  /// To follow the line at this place a joint would have to pass a limit by more than a slower line can mend.
  case nearSingularity(joint: JointLabel, MotionQuantity, value: Double, limit: Double, at: LinePlace)
}

/// Somewhere on a tool line.
public struct LinePlace: Sendable, Equatable, CustomStringConvertible {
  /// From the line's start, and the whole of it [m].
  public let along, length: Double
  /// How far the tool has turned, and will in all [rad].
  public let turned, angle: Double

  /// "83.0 mm of its 120.0 mm", or for a line that only turns, "12.0° of its 90.0°".
  public var description: String { "\(text) of its \(length > 1e-6 ? millimetres(length) : degrees(angle))" }

  /// How far along, alone.
  var text: String { length > 1e-6 ? millimetres(along) : degrees(turned) }

  private func millimetres(_ length: Double) -> String { String(format: "%.1f mm", 1000 * length) }
  private func degrees(_ angle: Double) -> String { String(format: "%.1f°", angle * 180 / .pi) }
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
      "To meet the target, the \(quantity) of \(joint.name) would be \(joint.text(value, of: quantity)), its limit being \(joint.text(limit, of: quantity))."
    case .passesLimits(let joint, let value, let lower, let upper):
      "On the way to the target \(joint.name) would go to \(joint.text(position: value)), \(Self.side(joint, value, lower, upper))."
    case .unlimited(let joint):
      "Neither the acceleration nor the jerk of \(joint.name) has a limit."
    case .unusableToolLimits:
      "The limits on the tool's own motion allow none, or do not bound its acceleration."
    case .notAPose:
      "The target pose is not made of finite numbers."
    case .leavesLimits(let joint, let value, let lower, let upper, let place):
      "The line would take \(joint.name) to \(joint.text(position: value)) at \(place), \(Self.side(joint, value, lower, upper))."
    case .outOfReach(let place):
      "The arm cannot follow the line beyond \(place): there it meets the end of its reach or a singularity."
    case .singular:
      "The arm stands in a singularity and cannot start the line from there."
    case .nearSingularity(let joint, let quantity, let value, let limit, let place):
      "The line passes so near a singularity at \(place) that \(joint.name) would need a \(quantity) of \(joint.text(value, of: quantity)), "
        + "its limit being \(joint.text(limit, of: quantity))."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
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
    case .leavesLimits(let joint, _, _, _, let place):
      "end the line before \(place.text), start it from a posture with more room for \(joint.name), or go there with a joint move"
    case .outOfReach(let place):
      "end the line before \(place.text), bring it nearer to the base, or go there with a joint move"
    case .singular:
      "go there with a joint move, or first turn a joint of the wrist a little"
    case .nearSingularity:
      "go there with a joint move, or lead the line further from that place"
    }
  }

  private static func side(_ joint: JointLabel, _ value: Double, _ lower: Double, _ upper: Double) -> String {
    value < lower ? "below its lower limit of \(joint.text(position: lower))" : "above its upper limit of \(joint.text(position: upper))"
  }
}
