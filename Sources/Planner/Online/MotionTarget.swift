public import Kinematics

/// How the joints wait for each other.
public enum Synchronization: String, Sendable, CaseIterable {
  /// All arrive together, in the shortest time that all can take.
  case time
  /// Straight through joint space, where start and target let it and it costs no time over `time`, which it is elsewhere.
  case phase
  /// Each joint arrives as soon as it can, and goes on with its target velocity and acceleration.
  case none
}

/// Where a motion should end.
public enum MotionTarget: Sendable, Equatable {
  /// There, moving like that.
  case state(JointSetpoint)
  /// Anywhere, moving like that. Velocity limits do not bind on the way.
  case velocity(JointVector, acceleration: JointVector)
}

extension MotionTarget {
  /// Whether it matters where the joints end.
  var bindsPosition: Bool {
    switch self {
    case .state: true
    case .velocity: false
    }
  }

  func state(of joint: Int) -> ScalarState {
    switch self {
    case .state(let target): target.state(of: joint)
    case .velocity(let velocity, let acceleration): ScalarState(velocity: velocity[joint], acceleration: acceleration[joint])
    }
  }
}

extension JointSetpoint {
  func state(of joint: Int) -> ScalarState {
    ScalarState(position: position[joint], velocity: velocity[joint], acceleration: acceleration[joint])
  }
}
