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
  case notFinite(End, joint: String)
  /// A joint would end, or be led further, outside its position limits [rad; m].
  case outsideLimits(joint: String, value: Double, lower: Double, upper: Double)
  /// The speed is not above 0 and at most 1.
  case speedOutOfRange(Double)
  /// A joint's limit is not a positive number, or its acceleration and jerk are both without limit.
  case unusableLimit(joint: String, quantity: String, value: Double)
  /// A tool pose is not made of finite numbers.
  case notAPose
  /// A sample of a tool line puts a joint outside its position limits. `along` and `length`: where on the line [m].
  case leavesLimits(joint: String, value: Double, lower: Double, upper: Double, along: Double, length: Double)
  /// No joint positions put the tool at this place of the line, near those of the place before.
  case outOfReach(along: Double, length: Double)
  /// To follow the line at this place a joint would have to be faster than its limit by more than a slower line can mend.
  case nearSingularity(joint: String, velocity: Double, limit: Double, along: Double, length: Double)
}

extension MotionRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongJointCount(let end, let given, let expected):
      "The \(end) has \(given) joint \(given == 1 ? "position" : "positions"), but the arm has \(expected) \(expected == 1 ? "joint" : "joints")."
    case .notFinite(let end, let joint):
      "The \(end)'s position of \(joint) is not a number."
    case .outsideLimits(let joint, let value, let lower, let upper):
      "The target puts \(joint) at \(number(value)), \(side(value, lower, upper))."
    case .speedOutOfRange(let speed):
      "A speed of \(number(speed)) is not a share of the limits."
    case .unusableLimit(let joint, let quantity, let value):
      value.isInfinite
        ? "Neither acceleration nor jerk of \(joint) has a limit."
        : "The \(quantity) limit of \(joint) is \(number(value)), which leaves it no motion."
    case .notAPose:
      "The target pose is not made of finite numbers."
    case .leavesLimits(let joint, let value, let lower, let upper, let along, let length):
      "The line would take \(joint) to \(number(value)) \(place(along, length)), \(side(value, lower, upper))."
    case .outOfReach(let along, let length):
      "The arm cannot reach the line \(place(along, length))."
    case .nearSingularity(let joint, let velocity, let limit, let along, let length):
      "The line passes so near a singularity \(place(along, length)) that \(joint) would turn at \(number(velocity)), its limit being \(number(limit))."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .wrongJointCount(_, _, let expected):
      "give \(expected) \(expected == 1 ? "number" : "numbers"), one for each joint from the base to the tool"
    case .notFinite(_, let joint):
      "give \(joint) a finite number"
    case .outsideLimits(let joint, let value, let lower, let upper):
      "keep \(joint) from \(number(lower)) to \(number(upper)); the nearest is \(number(min(max(value, lower), upper)))"
    case .speedOutOfRange:
      "a speed above 0 and at most 1, where 1 is as fast as the limits allow"
    case .unusableLimit(let joint, let quantity, let value):
      value.isInfinite ? "write an acceleration limit for \(joint) in the arm file" : "write a positive \(quantity) limit for \(joint) in the arm file"
    case .notAPose:
      "give a position of three finite numbers and a quaternion of four"
    case .leavesLimits(let joint, _, _, _, let along, _):
      "start from a posture with more room for \(joint), end the line before \(millimetres(along)), or go there with a joint move"
    case .outOfReach(let along, _):
      "end the line before \(millimetres(along)), or bring it nearer to the base"
    case .nearSingularity(let joint, _, _, _, _):
      "go there with a joint move, or lead the line further from where \(joint) has to turn so fast"
    }
  }
}

private func number(_ value: Double) -> String { String(format: "%.4g", value) }
private func millimetres(_ length: Double) -> String { String(format: "%.1f mm", 1000 * length) }
private func place(_ along: Double, _ length: Double) -> String { "\(millimetres(along)) along its \(millimetres(length))" }

private func side(_ value: Double, _ lower: Double, _ upper: Double) -> String {
  value < lower ? "below its lower limit of \(number(lower))" : "above its upper limit of \(number(upper))"
}
