internal import Foundation
internal import Kinematics

/// Why there is no route.
public enum RouteFailure: Error, Sendable, Equatable {
  /// An end of the route; goals count from 0.
  public enum End: Sendable, Equatable {
    case start
    case goal(Int)
  }

  case noGoals
  case wrongJointCount(End, given: Int, expected: Int)
  case notFinite(End, joint: String)
  /// [rad; m]
  case outsideLimits(End, joint: String, value: Double, lower: Double, upper: Double)
  /// What touches what there, and how deep.
  case inCollision(End, Clearance)
  /// The search was stopped before it found a way; `walledIn` where hundreds of attempts around that end all ran into something.
  case notFound(attempts: Int, walledIn: End?)
}

extension RouteFailure.End: CustomStringConvertible {
  public var description: String {
    switch self {
    case .start: "the start"
    case .goal(let index): "goal \(index)"
    }
  }
}

extension RouteFailure: CustomStringConvertible {
  /// The word for programs.
  public var name: String {
    switch self {
    case .noGoals: "no-goals"
    case .wrongJointCount: "wrong-length"
    case .notFinite: "not-finite"
    case .outsideLimits: "outside-limits"
    case .inCollision(.start, _): "start-in-collision"
    case .inCollision(.goal, _): "goal-in-collision"
    case .notFound(_, .some): "unreachable"
    case .notFound(_, nil): "no-path"
    }
  }

  public var description: String {
    switch self {
    case .noGoals: "there is no goal"
    case .wrongJointCount(let end, let given, let expected): "\(end) has \(given) joint positions, and the arm has \(expected) joints"
    case .notFinite(let end, let joint): "\(end) puts joint \"\(joint)\" at a place that is not a number"
    case .outsideLimits(let end, let joint, let value, let lower, let upper):
      "\(end) puts joint \"\(joint)\" at \(Self.shown(value)), "
        + (value < lower ? "below its lower limit of \(Self.shown(lower))" : "above its upper limit of \(Self.shown(upper))")
    case .inCollision(let end, let clearance): "at \(end) \(clearance)"
    case .notFound(let attempts, let end?): "no way leads away from \(end): \(attempts) attempts all ran into something"
    case .notFound(let attempts, nil): "no path was found in the time, after \(attempts) attempts"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .noGoals: "give one goal or more"
    case .wrongJointCount(let end, _, let expected): "give \(expected) numbers for \(end)"
    case .notFinite(_, let joint): "give \"\(joint)\" a finite number"
    case .outsideLimits(_, let joint, _, let lower, let upper): "keep \"\(joint)\" from \(Self.shown(lower)) to \(Self.shown(upper))"
    case .inCollision(_, let clearance): "move the arm or \(clearance.other) away from the other, or allow the two to touch"
    case .notFound(_, .some): "give a configuration with more room around it, or remove an obstacle"
    case .notFound(_, nil): "give it more time, another seed, or another goal"
    }
  }

  private static func shown(_ value: Double) -> String { String(format: "%.4g", value) }
}
