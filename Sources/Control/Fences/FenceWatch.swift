internal import Kinematics
internal import Planner

/// Keeps the arm's spheres out of fences, and slow where fences want it slow, at every tick's setpoint.
///
/// A setpoint is let out only if the arm can still come to rest from it before every fence. So whatever moves it slows down in time.
///
/// - Real-time: nothing here allocates, locks or throws.
struct FenceWatch: Sendable {
  private let fences: [Fence]
  private var outline: ArmOutline
  private var before: [SIMD3<Double>]

  /// Room that is kept to a fence, for what lies between the places that are looked at [m].
  private static let room = 0.002
  /// Where on a stop the arm is looked at.
  private static let samples = 8
  /// A part of the arm that nears a slow zone is let be so much faster than its speed for each metre that it is away [1/s].
  private static let approach = 2.0

  /// Whether there is anything to keep.
  let isActive: Bool
  private let hasSlowZones: Bool

  init(fences: [Fence], outline: ArmOutline) {
    self.fences = fences
    self.outline = outline
    before = outline.centers
    isActive = !fences.isEmpty && !outline.radii.isEmpty
    hasSlowZones = fences.contains { $0.rule != .keepOut }
  }

  /// The least distance of any sphere from a fence that keeps the arm out [m], and which fence.
  private mutating func nearest(at q: JointVector) -> (distance: Double, fence: Int) {
    outline.place(at: q)
    var nearest = (distance: Double.infinity, fence: 0)
    for fence in fences.indices where fences[fence].rule == .keepOut {
      for sphere in outline.radii.indices {
        let distance = fences[fence].distance(to: outline.centers[sphere]) - outline.radii[sphere]
        if distance < nearest.distance { nearest = (distance, fence) }
      }
    }
    return nearest
  }

  /// The fence that a configuration lies behind, or all but; one that the arm is behind already may be left, but not gone deeper into.
  mutating func fence(at q: JointVector, comingFrom present: JointVector) -> Int? {
    let there = nearest(at: q)
    guard there.distance < Self.room else { return nil }
    return there.distance < nearest(at: present).distance - 1e-7 ? there.fence : nil
  }

  /// The fence that a stop from `next` would lead behind.
  mutating func fence(stoppingFrom next: JointSetpoint, comingFrom present: JointVector, limits: JointLimits) -> Int? {
    let stop = JerkLimitedStop(from: next, limits: limits)
    for sample in 0...Self.samples {
      let place = stop.setpoint(at: stop.duration * Double(sample) / Double(Self.samples)).position
      if let fence = fence(at: place, comingFrom: present) { return fence }
    }
    return nil
  }

  /// The share of its velocity that the setpoint may have before some part of the arm is too fast for a slow zone: 1 or more where none is.
  mutating func paceAllowed(at setpoint: JointSetpoint) -> Double {
    let step = 1e-4
    var pace = Double.infinity
    guard hasSlowZones, setpoint.velocity.maximumMagnitude > 0 else { return pace }
    outline.place(at: setpoint.position)
    for sphere in before.indices { before[sphere] = outline.centers[sphere] }
    outline.place(at: setpoint.position + step * setpoint.velocity)
    for sphere in before.indices {
      let way = outline.centers[sphere] - before[sphere], speed = (way * way).sum().squareRoot() / step
      for fence in fences.indices {
        guard case .slow(let limit) = fences[fence].rule else { continue }
        let distance = max(0, fences[fence].distance(to: before[sphere]) - outline.radii[sphere])
        pace = min(pace, (limit + Self.approach * distance) / max(speed, 1e-9))
      }
    }
    return pace
  }
}

/// How far along a motion the fences were seen to leave room.
struct ClearedWay: Sendable {
  /// Since the motion's start [s].
  private var time = 0.0
  /// Between two places that are looked at [s].
  private static let step = 0.005

  /// Looks ahead until the arm could stand still; the fence that is in the way of that, if one is.
  mutating func fence(
    along motion: Trajectory, clock: MotionClock, comingFrom present: JointVector, settings: ControlSettings, watch: inout FenceWatch
  ) -> Int? {
    let needed = min(clock.standstill(along: motion, limits: settings.limits, period: settings.period) + 3 * settings.period, motion.duration)
    while time < needed {
      let next = min(time + Self.step, motion.duration)
      if let fence = watch.fence(at: motion.setpoint(at: next).position, comingFrom: present) { return fence }
      time = next
    }
    return nil
  }
}
