internal import Kinematics
internal import Planner

/// What the arm is doing while it is knocked: a straight way in joint space through a place, which the tool passes at a wanted speed.
struct KnockJob: Sendable {
  let trajectory: Trajectory
  /// Of the joints' limits.
  let share: Double
  /// Of the tool where it passes the place [m/s]: the wanted speed, or all that the arm can do.
  let toolSpeed: Double
  /// When it passes the place, since the job began [s].
  let passingTime: Double

  /// How far the tool goes before and after the place at most [m], and how far from their limits the joints keep [rad].
  private static let reach = 0.3, room = 0.15

  /// - Returns: nil where the arm has nowhere to go.
  init?(through place: JointVector, speed: Double, model: RobotModel, limits: JointLimits) {
    // Of all ways the one on which the tool gets fastest; of those that are fast enough for any sweep the first.
    let ways = KnockDirection.all.map(\.vector).compactMap { Self.way(along: $0, at: place, model: model) }
    var best: (fast: Trajectory, toolSpeed: Double)?
    for way in ways where best?.toolSpeed ?? 0 < Self.plenty {
      guard let fast = Self.fastest(along: way, through: place, limits: limits) else { continue }
      let speed = Self.toolSpeed(of: fast, model: model)
      if speed > best?.toolSpeed ?? 0 { best = (fast, speed) }
    }
    // Slower, the profile keeps its shape.
    guard let best, best.toolSpeed > 0 else { return nil }
    share = min(1, speed / best.toolSpeed)
    guard let trajectory = try? Trajectory.jointMove(from: best.fast.start, to: best.fast.end, limits: limits, speed: share) else { return nil }
    self.trajectory = trajectory
    toolSpeed = share * best.toolSpeed
    passingTime = trajectory.duration / 2
  }

  /// [m/s]
  private static let plenty = 1.0

  /// As far both ways as there is room, at full speed.
  private static func fastest(along way: JointVector, through place: JointVector, limits: JointLimits) -> Trajectory? {
    var half = reach
    for joint in place.indices where way[joint] != 0 {
      let above = max(0, limits.upper[joint] - room - place[joint]), below = max(0, place[joint] - limits.lower[joint] - room)
      half = min(half, min(above, below) / abs(way[joint]))
    }
    return half > 0.01 ? try? Trajectory.jointMove(from: place - half * way, to: place + half * way, limits: limits) : nil
  }

  /// In the middle of a motion, which is the fastest of it.
  private static func toolSpeed(of trajectory: Trajectory, model: RobotModel) -> Double {
    let middle = trajectory.setpoint(at: trajectory.duration / 2)
    return model.jacobian(at: middle.position).twist(for: middle.velocity).linear.length
  }

  /// Joint velocities that move the tool at 1 m/s, mostly along `direction`; nil where it does not move that way.
  private static func way(along direction: SIMD3<Double>, at q: JointVector, model: RobotModel) -> JointVector? {
    let jacobian = model.jacobian(at: q)
    // Of least kinetic energy with the tool's orientation kept; where that cannot be, what the direction itself pulls at.
    let straight = model.operationalSpace(at: q)?.jointAcceleration(for: Twist(linear: direction))
    let way = straight ?? jacobian.effort(for: Wrench(force: direction))
    let speed = jacobian.twist(for: way).linear.length
    guard speed > 1e-6, way.isFinite else { return nil }
    return (1 / speed) * way
  }
}
