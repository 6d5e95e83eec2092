internal import Kinematics

/// A stop that stays on the path: the path parameter comes to rest as fast as the joints' acceleration and jerk limits allow on the way.
///
/// Where the path is straight the limits of the joints are limits of the path parameter, and the stop is the fastest there is. Where it bends,
/// part of the limits goes into following the bend: then the stop is the fastest of a few gentler ones that keeps to the limits.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws. Creating: some microseconds at most.
struct PathStop: Sendable {
  private let profile: ScalarProfile

  /// Until the arm stands [s].
  var duration: Double { profile.duration }
  /// Where on the path it comes to stand.
  var end: Double { profile.end.position }

  /// Shares of the limits that are tried.
  private static let shares: InlineArray<7, Double> = [1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1]
  /// Where on the way a stop is looked at.
  private static let samples = 12

  /// - Parameters:
  ///   - trajectory: The motion that is stopped.
  ///   - state: Its path parameter now, with derivatives by time.
  ///   - limits: Of the joints.
  /// - Returns: nil where every stop leads past the path's end or a stop on the way; the motion then comes to rest there by itself.
  init?(along trajectory: Trajectory, from state: ScalarState, limits: JointLimits) {
    let direction = trajectory.path.point(at: min(max(state.position, 0), trajectory.path.length)).first
    var acceleration = Double.infinity
    var jerk = Double.infinity
    for joint in direction.indices where abs(direction[joint]) > 1e-12 {
      acceleration = min(acceleration, limits.acceleration[joint] / abs(direction[joint]))
      jerk = min(jerk, limits.jerk[joint] / abs(direction[joint]))
    }
    let leg = trajectory.path.leg(from: state.position, toward: state.velocity)
    var best: ScalarProfile?
    var leastShare = Double.infinity
    for index in Self.shares.indices {
      let share = Self.shares[index]
      let profile = ScalarProfile.fastestStop(from: state, acceleration: share * acceleration, jerk: share * jerk)
      guard profile.end.position <= leg.upperBound + 1e-12, profile.end.position >= leg.lowerBound - 1e-12 else { break }
      let used = Self.largestShare(of: limits, along: trajectory, profile: profile)
      if used < leastShare { (best, leastShare) = (profile, used) }
      if used <= 1 + 1e-9 { break }
    }
    guard let best else { return nil }
    profile = best
  }

  private static func largestShare(of limits: JointLimits, along trajectory: Trajectory, profile: ScalarProfile) -> Double {
    var largest = 0.0
    for index in 0..<samples {
      let state = profile.state(at: profile.duration * (Double(index) + 0.5) / Double(samples))
      largest = max(largest, trajectory.share(at: state, of: limits))
    }
    return largest
  }

  /// The path parameter `time` [s] after the stop began.
  func state(at time: Double) -> ScalarState { profile.state(at: time) }
}
