internal import Foundation
public import Kinematics

/// How much of each joint's limits a motion uses at most: 1 is all of it, 0 where there is no limit.
public struct PeakShares: Sendable, Equatable {
  public var velocity, acceleration, jerk: JointVector

  public init(count: Int) {
    velocity = JointVector(count: count)
    acceleration = JointVector(count: count)
    jerk = JointVector(count: count)
  }

  /// The largest share of any limit of any joint.
  public var largest: Double { max(velocity.maximumMagnitude, acceleration.maximumMagnitude, jerk.maximumMagnitude) }

  /// How many times as long the motion has to last so that every share is at most 1; below 1 where it may be shorter.
  ///
  /// Time scaled by k leaves 1/k of the velocities, 1/k² of the accelerations and 1/k³ of the jerks.
  public var neededSlowdown: Double {
    max(velocity.maximumMagnitude, acceleration.maximumMagnitude.squareRoot(), cbrt(jerk.maximumMagnitude))
  }

  /// The shares of the same motion made `factor` times as long.
  func slowed(by factor: Double) -> Self {
    var slowed = self
    slowed.velocity = (1 / factor) * velocity
    slowed.acceleration = (1 / (factor * factor)) * acceleration
    slowed.jerk = (1 / (factor * factor * factor)) * jerk
    return slowed
  }

  /// Takes in what the joints do at one instant.
  @inline(__always)
  mutating func note(velocity: JointVector, acceleration: JointVector, jerk: JointVector, limits: JointLimits) {
    self.velocity.raise(to: velocity.lanes.magnitudes / limits.velocity.lanes)
    self.acceleration.raise(to: acceleration.lanes.magnitudes / limits.acceleration.lanes)
    self.jerk.raise(to: jerk.lanes.magnitudes / limits.jerk.lanes)
  }

  /// Takes in what another motion uses.
  mutating func note(_ other: Self) {
    velocity.raise(to: other.velocity.lanes)
    acceleration.raise(to: other.acceleration.lanes)
    jerk.raise(to: other.jerk.lanes)
  }
}

extension JointVector {
  /// Each element at least as large as `values` has it, where that is a number.
  @inline(__always)
  fileprivate mutating func raise(to values: SIMD8<Double>) { self = JointVector(lanes: lanes.larger(values), count: count) }
}
