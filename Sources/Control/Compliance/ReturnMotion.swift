internal import Kinematics
internal import Planner

/// The way back after a knock: limited in jerk, and no faster than the tank can pay for.
struct ReturnMotion: Sendable {
  private let trajectory: OnlineTrajectory, goal: JointVector
  private var isOnItsWay = false
  private(set) var time = 0.0
  let duration: Double

  /// Share of the tank that the motion may take at its fastest.
  private static let tankShare = 0.6
  /// The joints' limits are for tasks; half again as slow is soon enough and leaves efforts to spare.
  private static let limitShare = 0.9

  /// - Parameters:
  ///   - start: Where the arm is and how it moves.
  ///   - goal: Where it is to come to rest.
  ///   - energy: That may be in the motion [J].
  init?(from start: JointSetpoint, to goal: JointVector, dynamics: ArmDynamics, limits: JointLimits, energy: Double, slowdown: Double = 1) {
    // From where it can come to rest: there the joints have their ways to go.
    let stop = JerkLimitedStop(from: start, limits: MotionLimits(velocity: limits.velocity, acceleration: limits.acceleration, jerk: limits.jerk))
    let way = goal - stop.setpoint(at: stop.duration).position
    // ½ ṡ² wᵀMw, where all of the way takes 1/ṡ at full speed.
    let weight = way.dot(dynamics.inertia * way)
    let rate = (2 * Self.tankShare * energy / max(weight, 1e-9)).squareRoot() * slowdown
    var velocity = limits.velocity
    for joint in velocity.indices { velocity[joint] = max(0.02, min(Self.limitShare * velocity[joint], rate * abs(way[joint]))) }
    let bounds = MotionLimits(velocity: velocity, acceleration: Self.limitShare * limits.acceleration, jerk: limits.jerk)
    guard
      let trajectory = try? OnlineTrajectory(from: start, to: .state(JointSetpoint(restingAt: goal)), limits: bounds, synchronization: .time)
    else { return nil }
    self.trajectory = trajectory
    self.goal = goal
    duration = trajectory.duration
  }

  /// Share of the time that is over, 0…1.
  var progress: Double { duration > 0 ? min(1, time / duration) : 1 }

  /// Goes on by `step` [s] and says where to be.
  ///
  /// - Parameter pace: Of the way to the goal, 0…1; what the arm has left of its motion away from there it loses as fast as it can.
  mutating func advance(by step: Double, pace: Double) -> JointSetpoint {
    let pace = isOnItsWay ? pace : 1
    time += step * pace
    let setpoint = trajectory.setpoint(at: min(time, duration))
    isOnItsWay = isOnItsWay || setpoint.velocity.indices.allSatisfy { setpoint.velocity[$0] * (goal[$0] - setpoint.position[$0]) >= 0 }
    if time >= duration { return JointSetpoint(restingAt: setpoint.position) }
    return JointSetpoint(position: setpoint.position, velocity: pace * setpoint.velocity, acceleration: pace * pace * setpoint.acceleration)
  }
}
