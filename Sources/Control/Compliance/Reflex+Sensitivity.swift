// How much it takes to be felt, by what the arm does.

internal import Kinematics

extension Reflex {
  /// Whether a joint is so fast that only a blow can have done it: a drive that holds positions makes up for what it has missed no faster than its
  /// own velocity limit allows.
  func outrunsDrive(_ joint: Int?) -> Bool {
    guard let joint, settings.hardware != .torque else { return false }
    return abs(velocity[joint]) > Self.driveSpeedShare * control.limits.velocity[joint]
  }

  /// More than any drive is allowed, of its joint's velocity limit.
  private static let driveSpeedShare = 2.0

  /// What motors that take torque feel: blows, by the joint that is jolted; and what leans on the arm without one.
  var met: Int? { jolts.joint(beyond: joltRatio) ?? (isComingBack ? nil : watch.joint(leantOnBeyond: leanRatio)) }

  /// Of the thresholds, beyond which something leans on the arm. Free motion with wrong models came to at most 0.9 on five arms while they moved, and
  /// to 0.4 where they had rested for a while.
  private var leanRatio: Double {
    switch phase {
    case .idle: return sinceMotion >= Self.settlingTime ? 1 : Self.movingLeanRatio
    case .yielding: return settings.thresholds.collisionRatio
    case .returning: return Self.returningLeanRatio
    }
  }

  /// While the arm gives way its speeds and accelerations are a blow's, and its model is as wrong about them.
  private var joltRatio: Double {
    switch phase {
    case .idle: return sinceRecovery < Self.settlingTime ? Self.returningJoltRatio : 1
    case .yielding: return Self.yieldingJoltRatio
    case .returning: return Self.returningJoltRatio
    }
  }

  /// The longer the arm has been giving way, the farther it is from where its model was right.
  var touchRatio: Double {
    switch phase {
    case .idle: return sinceRecovery < Self.settlingTime ? Self.returnRatio : 1
    case .yielding: return min(settings.hardware == .torque ? Self.pressingRatio : settings.thresholds.collisionRatio, max(1, 20 * sincePhase))
    case .returning: return Self.returnRatio
    }
  }

  private static let movingLeanRatio = 1.5, returningLeanRatio = 2.0
  /// Of the jolts' thresholds.
  private static let yieldingJoltRatio = 4.0, returningJoltRatio = 2.0
  /// Of the thresholds, on the way back and just after.
  private static let returnRatio = 2.5
  /// Of the thresholds: what still presses on motors that take torque.
  private static let pressingRatio = 2.0
}
