internal import Kinematics

/// The limits on tool, efforts and path parameter at single places of a path, in the form that retiming needs.
///
/// Unlike the joints' own limits, which are bounded between the places too, these are looked at in three places of every interval; what lies
/// between is worth less than the share that is kept back.
struct SampledBounds {
  private let limits: RetimingLimits
  /// 0.2 % for what lies between.
  private static let keptBack = 0.998

  init(_ limits: RetimingLimits) { self.limits = limits }

  /// How many bounds every place has.
  var count: Int {
    (limits.tool == nil ? 0 : 2) + (limits.effort == nil ? 0 : 1) + (limits.parameter.acceleration.isFinite ? 1 : 0)
  }

  /// Whether there is anything to look at.
  var isEmpty: Bool { count == 0 && limits.parameter.velocity.isInfinite }

  /// The bounds at a place of a path, and the most that ṡ² may be there.
  ///
  /// - Parameters:
  ///   - ceiling: What ṡ² may be for other reasons.
  ///   - turning: 1 for the joints that turn round so near to the place that the direction of their friction is uncertain, else 0.
  ///   - place: 0…1 along the path, for refusals.
  func bounds(at point: PathPoint, ceiling: Double, turning: SIMD8<Double>, place: Double) throws(RetimingRefusal) -> (
    bounds: [PathBound], ceiling: Double
  ) {
    var ceiling = min(ceiling, Self.keptBack * limits.parameter.velocity * limits.parameter.velocity)
    var bounds: [PathBound] = []
    bounds.reserveCapacity(count)
    if limits.parameter.acceleration.isFinite {
      let reach = limits.parameter.acceleration
      bounds.append(PathBound(p: SIMD8(repeating: 1), r: SIMD8(), centre: SIMD8(), reach: SIMD8(repeating: reach)))
    }
    if let tool = limits.tool {
      let derivatives = ToolDerivatives(of: tool.model, at: point)
      let (most, acceleration) = (tool.limits, Self.keptBack * derivatives.polygonShare)
      ceiling = min(
        ceiling, Self.keptBack * derivatives.ceiling(\.linear, most.speed), Self.keptBack * derivatives.ceiling(\.angular, most.angularSpeed))
      bounds.append(derivatives.bound(\.linear, within: acceleration * most.acceleration))
      bounds.append(derivatives.bound(\.angular, within: acceleration * most.angularAcceleration))
    }
    if let effort = limits.effort {
      bounds.append(try effort.bound(at: point, ceiling: &ceiling, turning: turning, share: Self.keptBack, place: place))
    }
    return (bounds, ceiling)
  }
}

/// The tool's twist along a path, by the path parameter: x′ = J q′ and x″ = J q″ + J′q′.
private struct ToolDerivatives {
  private let first, second: Twist

  init(of model: RobotModel, at point: PathPoint) {
    let jacobian = model.jacobian(at: point.position)
    first = jacobian.twist(for: point.first)
    let (bent, turned) = (
      jacobian.twist(for: point.second), model.jacobianDerivative(at: point.position, velocity: point.first).twist(for: point.first)
    )
    second = Twist(linear: bent.linear + turned.linear, angular: bent.angular + turned.angular)
  }

  /// The ṡ² at which the tool has this speed.
  func ceiling(_ part: KeyPath<Twist, SIMD3<Double>>, _ speed: Double) -> Double {
    let share = speed / first[keyPath: part].length
    return share * share
  }

  /// The eight directions, and the opposite ones, in which the acceleration is bounded make a polygon of sixteen sides within the circle.
  let polygonShare = 0.98078528040323044912618223613424

  /// |x′ s̈ + x″ ṡ²| ≤ `reach`, in the plane of the two: each direction's cosine and sine with x′ make a lane.
  func bound(_ part: KeyPath<Twist, SIMD3<Double>>, within reach: Double) -> PathBound {
    guard reach.isFinite else { return PathBound(p: SIMD8(), r: SIMD8(), centre: SIMD8(), reach: SIMD8(repeating: 1)) }
    let (x1, x2) = (first[keyPath: part], second[keyPath: part])
    let along = x1.length
    let axis = along > 0 ? x1 / along : .zero
    let tangential = dot(x2, axis)
    let across = (x2 - tangential * axis).length
    return PathBound(
      p: along * Self.cosines, r: tangential * Self.cosines + across * Self.sines, centre: SIMD8(), reach: SIMD8(repeating: reach))
  }

  /// Of 0, π/8, … 7π/8.
  private static let (c, d) = (0.92387953251128675613, 0.38268343236508977173)
  private static let cosines = SIMD8(1, c, 0.5.squareRoot(), d, 0, -d, -(0.5.squareRoot()), -c)
  private static let sines = SIMD8(0, d, 0.5.squareRoot(), c, 1, c, 0.5.squareRoot(), d)
}

extension EffortBound {
  /// The joints' efforts along a path: M q′ s̈ + (M q″ + c(q, q′)) ṡ² + g, and friction.
  ///
  /// Viscous friction grows with ṡ, which lies between ṡ²/√Y and that plus √Y/4 where ṡ² ≤ Y: the line goes to r, the rest in equal parts to
  /// centre and reach. Of a joint that turns round the dry friction is taken from the reach.
  func bound(
    at point: PathPoint, ceiling: inout Double, turning: SIMD8<Double>, share: Double, place: Double
  ) throws(RetimingRefusal) -> PathBound {
    let (q, rest) = (point.position, JointVector(count: point.position.count))
    let gravity = model.gravityEffort(at: q)
    let p = model.inverseDynamics(at: q, velocity: rest, acceleration: point.first) - gravity + rotorInertia.scaled(by: point.first)
    let r = model.inverseDynamics(at: q, velocity: point.first, acceleration: point.second) - gravity + rotorInertia.scaled(by: point.second)
    var bound = PathBound(p: SIMD8(), r: SIMD8(), centre: SIMD8(), reach: SIMD8(repeating: 1))
    for joint in q.indices where limit[joint].isFinite {
      let direction = point.first[joint] == 0 ? 0.0 : point.first[joint] < 0 ? -1 : 1
      let viscous = viscousFriction[joint] * point.first[joint].magnitude
      let reach = share * (1 - margin) * limit[joint] - turning[joint] * coulombFriction[joint]
      let steady = gravity[joint] + (1 - turning[joint]) * direction * coulombFriction[joint]
      guard steady.magnitude < reach else { throw .tooHeavy(joint: joint, effort: steady.magnitude, limit: reach, place: place) }
      let most = 2 * (reach - steady.magnitude) / viscous
      ceiling = min(ceiling, most * most)
      let unknown = viscous * ceiling.squareRoot() / 8
      bound.p[joint] = p[joint]
      bound.r[joint] = r[joint] + direction * viscous / ceiling.squareRoot()
      bound.centre[joint] = steady + direction * unknown
      bound.reach[joint] = reach - unknown
    }
    return bound
  }
}
