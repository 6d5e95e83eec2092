internal import Foundation

/// Why a path is not retimed. Always before anything moves. Joints count from 0; path velocities are in units of the path parameter per second.
public enum RetimingRefusal: Error, Equatable, Sendable {
  /// The limits are for another number of joints than the path.
  case wrongJointCount(limits: Int, path: Int)
  /// A joint's limit is not a positive number.
  case unusableLimit(joint: Int, MotionQuantity, value: Double)
  /// A limit on the path parameter or the tool is not a positive number.
  case unusablePathLimit(MotionQuantity, value: Double)
  /// A path velocity is not a finite number of 0 or more.
  case unusablePathVelocity(Double)
  /// No limit bounds the motion, so that it would take no time.
  case unlimited
  /// The path begins faster than the limits allow further on, which leave at most `most`.
  case startTooFast(Double, most: Double)
  /// The path is to end faster than the limits allow at its start and on the way; from `least` on it would come to that.
  case startTooSlow(Double, least: Double)
  /// The path is to end faster than the limits allow there.
  case endTooFast(Double, most: Double)
  /// At a place of the path, 0…1, gravity and dry friction alone ask more of a joint than it may use [N·m; N].
  case tooHeavy(joint: Int, effort: Double, limit: Double, place: Double)
  /// Under the jerk limits the path cannot be begun and ended with these velocities.
  case jerkTooLow(start: Double, end: Double)
  /// Whoever asked for it did not want it any more.
  case stopped
}

extension RetimingRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongJointCount(let limits, let path):
      "The limits are for \(limits) joint\(limits == 1 ? "" : "s"), but the path has \(path)."
    case .unusableLimit(let joint, let quantity, let value):
      "The \(quantity) limit of joint \(joint + 1) is \(Self.text(value)), which allows no motion."
    case .unusablePathLimit(let quantity, let value):
      "The \(quantity) limit along the path is \(Self.text(value)), which allows no motion."
    case .unusablePathVelocity(let value):
      "A path velocity of \(Self.text(value)) is not a finite number of 0 or more."
    case .unlimited:
      "No limit bounds the motion, so that it would take no time."
    case .startTooFast(let velocity, let most):
      "The path cannot begin at \(Self.text(velocity)) per s: to keep the limits further on it may begin at \(Self.text(most)) per s at most."
    case .startTooSlow(let velocity, let least):
      "From \(Self.text(velocity)) per s at its start the path cannot reach the velocity it is to end with; from \(Self.text(least)) per s it could."
    case .endTooFast(let velocity, let most):
      "The path cannot end at \(Self.text(velocity)) per s: the limits allow \(Self.text(most)) per s there."
    case .tooHeavy(let joint, let effort, let limit, let place):
      "Joint \(joint + 1) needs an effort of \(Self.text(effort)) against gravity and friction after \(Self.text(100 * place)) % of "
        + "the path, and may use \(Self.text(limit))."
    case .jerkTooLow(let start, let end):
      "The jerk limits do not let the path begin at \(Self.text(start)) per s and end at \(Self.text(end)) per s."
    case .stopped: "The motion was not wanted any more while it was planned."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .wrongJointCount(_, let path): "give \(path) limit\(path == 1 ? "" : "s"), one for each joint"
    case .unusableLimit(let joint, let quantity, _): "give joint \(joint + 1) a positive \(quantity) limit"
    case .unusablePathLimit(let quantity, _): "give the path a positive \(quantity) limit"
    case .unusablePathVelocity: "give 0 to begin or end at rest"
    case .unlimited: "give every joint a velocity or an acceleration limit"
    case .startTooFast(_, let most): "begin at \(Self.text(most)) per s or less"
    case .startTooSlow(_, let least): "begin at \(Self.text(least)) per s or more, or end slower"
    case .endTooFast(_, let most): "end at \(Self.text(most)) per s or less"
    case .tooHeavy: "take the load off the arm, or lead the path through postures that need less effort"
    case .jerkTooLow: "begin and end slower, or at rest"
    case .stopped: "ask again"
    }
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}
