public import Kinematics

/// A way through joint space by straight pieces, free of collisions all along: geometry without time.
public struct Route: Sendable, Equatable {
  /// From the start to a goal, exactly as they were given.
  public let waypoints: [JointVector]
  /// Which of the goals it leads to.
  public let goal: Int

  /// The Euclidean length in joint space [rad; m].
  public var length: Double {
    zip(waypoints, waypoints.dropFirst()).reduce(0) { sum, ends in
      let step = ends.1 - ends.0
      return sum + step.dot(step).squareRoot()
    }
  }
}
