internal import Control
internal import Dispatch
internal import Kinematics
internal import Synchronization

/// Records where the joints are at every tick, for teaching. It reads the flight recorder's ring from time to time, so that the loop does nothing
/// for it.
final class PathRecorder: Sendable {
  private struct Contents {
    var motion: RecordedMotion?
    var isRunning = false
    /// The last tick that was taken.
    var tick = 0
  }

  private let controlled: ControlledArm
  private let period: Double
  private let limits: JointLimits
  private let contents = Mutex(Contents())
  private let queue = DispatchQueue(label: "arm.recording", qos: .utility)

  /// Between two looks, well within the flight recorder's memory [ms].
  private static let interval = 200

  init(_ controlled: ControlledArm, period: Double, limits: JointLimits) {
    (self.controlled, self.period, self.limits) = (controlled, period, limits)
  }

  /// Begins anew.
  func start() {
    let tick = controlled.snapshot.tick
    let wasRunning = contents.withLock { contents in
      defer { contents = Contents(motion: RecordedMotion(period: period), isRunning: true, tick: tick) }
      return contents.isRunning
    }
    if !wasRunning { continueLater() }
  }

  /// - Returns: How long the recording is [s] and how many ticks; nil where nothing was being recorded.
  func stop() -> (duration: Double, samples: Int)? {
    take()
    return contents.withLock { contents in
      guard contents.isRunning, let motion = contents.motion else { return nil }
      contents.isRunning = false
      return (motion.duration, motion.count)
    }
  }

  /// What was recorded last, as a path; it may be recorded still. Takes its time.
  /// - Returns: Nil where nothing was recorded.
  func path(tolerance: Double) -> RecordedPath? {
    guard let motion = contents.withLock(\.motion) else { return nil }
    let waypoints = motion.waypoints(tolerance: tolerance, most: ParameterSpecification.waypointLimit).map { limits.clamped($0) }
    return RecordedPath(waypoints: waypoints, blend: Self.blend(for: tolerance), duration: motion.duration)
  }

  /// A corner that is rounded this much stays near the tolerance for the turns that recordings have.
  private static func blend(for tolerance: Double) -> Double { 8 * tolerance }

  private func continueLater() {
    queue.asyncAfter(deadline: .now() + .milliseconds(Self.interval)) { [weak self] in
      guard let self, contents.withLock(\.isRunning) else { return }
      take()
      continueLater()
    }
  }

  /// Takes the ticks that have come since the last time.
  private func take() {
    contents.withLock { contents in
      guard contents.isRunning else { return }
      for record in controlled.recorder.last(seconds: 1) where record.tick > contents.tick {
        contents.motion?.append(record.position)
        contents.tick = record.tick
      }
    }
  }
}

extension JointLimits {
  /// The nearest configuration within the limits.
  func clamped(_ q: JointVector) -> JointVector {
    var q = q
    for joint in q.indices { q[joint] = min(max(q[joint], lower[joint]), upper[joint]) }
    return q
  }
}
