internal import Kinematics

// A trajectory's path, reached not by time but by the path parameter: for standing still on it, and for going on.

extension Trajectory {
  /// The path parameter at the path's end.
  var pathLength: Double { path.length }

  /// Where the joints are and how they move when the path parameter moves so.
  ///
  /// - Real-time: does not allocate, lock or throw.
  func setpoint(at s: ScalarState) -> JointSetpoint {
    let q = path.point(at: min(max(s.position, 0), path.length))
    return JointSetpoint(
      position: q.position, velocity: s.velocity * q.first, acceleration: s.velocity * s.velocity * q.second + s.acceleration * q.first)
  }

  /// When the motion passes the path parameter `s` [s after the start].
  ///
  /// - Real-time: does not allocate, lock or throw. Some fifty evaluations of the timing.
  func time(at s: Double) -> Double {
    var lower = 0.0
    var upper = duration
    while true {
      let middle = (lower + upper) / 2
      guard middle > lower, middle < upper else { return middle }
      if pathState(at: middle).position < s { lower = middle } else { upper = middle }
    }
  }
}
