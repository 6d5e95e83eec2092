public import Kinematics

/// A motion in time: a path in joint space, and how fast it is gone along.
///
/// Path and timing are kept apart: position and derivatives of the path q(s) and of its parameter s(t) give
///
///     q̇ = q′ṡ,   q̈ = q″ṡ² + q′s̈
///
/// so that slowing a motion never moves it off its path.
public struct Trajectory: Sendable {
  let path: JointPath
  let timing: PathTiming
  private let timingIndex: SpanIndex
  /// Where it begins and ends [rad; m].
  public let start, end: JointVector
  /// How much of the joints' limits it uses.
  public let peakShares: PeakShares

  init(path: JointPath, timing: PathTiming, peakShares: PeakShares) {
    self.path = path
    self.timing = timing
    timingIndex = timing.index
    self.peakShares = peakShares
    start = path.point(at: 0).position
    end = path.point(at: path.length).position
  }

  /// [s]
  public var duration: Double { timing.duration }

  /// Where the joints should be `time` [s] after the start; before it as at the start, after `duration` at rest at the end.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public func setpoint(at time: Double) -> JointSetpoint {
    let s = pathState(at: time)
    let q = path.point(at: s.position)
    return JointSetpoint(
      position: q.position, velocity: s.velocity * q.first,
      acceleration: s.velocity * s.velocity * q.second + s.acceleration * q.first)
  }

  /// Where on the path the motion is `time` [s] after its start: the path parameter s and its derivatives by time.
  @inline(__always)
  func pathState(at time: Double) -> ScalarState {
    time < duration ? timing.state(inSpan: timingSpan(at: time), at: max(0, time)) : timing.end
  }

  /// The span of the timing in which `time` lies.
  @inline(__always)
  func timingSpan(at time: Double) -> Int { timingIndex.span(at: time) }

  /// How far along the path the motion is at `time` [s], 0…1.
  public func progress(at time: Double) -> Double { pathState(at: time).position / path.length }

  /// The same motion along the same path, made to last `duration` [s] if it was shorter.
  public func lengthened(to duration: Double) -> Self {
    guard duration > self.duration, self.duration > 0 else { return self }
    let factor = duration / self.duration
    return Self(path: path, timing: timing.slowed(by: factor), peakShares: peakShares.slowed(by: factor))
  }
}
