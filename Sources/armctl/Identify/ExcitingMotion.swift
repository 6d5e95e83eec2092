internal import Kinematics
internal import Planner
internal import Simulator

/// A motion from rest to rest through many places and the same way back, chosen so that its efforts tell friction and weights apart.
///
/// Each leg is straight in joint space, and each is gone both ways, so that friction shows as what differs between there and back. Legs are slow and
/// fast by turns, so that dry friction shows as what is left when they are slow. Of several places that are drawn for a leg, the one whose way is
/// free and tells most in its time is taken.
struct ExcitingMotion: Sendable {
  struct Leg: Sendable {
    let target: JointVector
    /// Share of the limits.
    let speed: Double
    /// [s]
    let duration: Double
  }

  struct Settings: Sendable {
    /// There and back [s].
    var seconds = 120.0
    /// The greatest share of the limits.
    var speed = 1.0
    /// Neither joint nor tool goes below this [m], if it is not there at the beginning.
    var floor = 0.05
    /// Slow legs are made shorter, not longer than this [s].
    var longestLeg = 4.0
    var seed: UInt64 = 1
  }

  /// No place is free to go to.
  struct NoWay: Error, Equatable {
    /// How many legs were found before.
    let legs: Int
  }

  let start: JointVector
  let legs: [Leg]

  /// For so long the arm rests between two legs [s].
  static let rest = 0.25
  /// Shares of the speed, in turn.
  private static let speeds = [1, 0.3, 0.7, 0.12, 1, 0.5]
  private static let draws = 12, attempts = 6

  /// - Parameter isFree: Whether the straight way between two configurations is free.
  /// - Throws: ``NoWay``, or what `isFree` does.
  init(
    model: RobotModel, limits: JointLimits, from start: JointVector, settings: Settings = .init(),
    isFree: (_ from: JointVector, _ to: JointVector) throws -> Bool
  ) throws {
    // An arm at rest may stand a hair beyond its limits, and has to come back to where it may be.
    let start = start.clamped(lower: limits.lower, upper: limits.upper)
    var chooser = LegChooser(model: model, limits: limits, start: start, settings: settings)
    var out: [Leg] = [], position = start, time = 0.0
    while 2 * time < settings.seconds || out.count < EffortIdentification.folds {
      let speed = settings.speed * Self.speeds[out.count % Self.speeds.count]
      guard let leg = try chooser.next(from: position, speed: speed, draws: Self.draws, attempts: Self.attempts, isFree: isFree) else {
        throw NoWay(legs: out.count)
      }
      out.append(leg)
      position = leg.target
      time += leg.duration + Self.rest
    }
    let places = [start] + out.map(\.target)
    self.start = start
    legs = out + out.indices.reversed().map { Leg(target: places[$0], speed: out[$0].speed, duration: out[$0].duration) }
  }

  /// With its rests [s].
  var duration: Double { legs.reduce(0) { $0 + $1.duration + Self.rest } }

  /// Which part of a cross-validation a leg belongs to: the same as its way back.
  func fold(ofLeg leg: Int) -> Int { min(leg, legs.count - 1 - leg) % EffortIdentification.folds }

  /// The lowest and highest position of each joint [rad].
  var range: (lower: JointVector, upper: JointVector) {
    legs.reduce(into: (start, start)) { range, leg in
      for joint in start.indices {
        range.0[joint] = min(range.0[joint], leg.target[joint])
        range.1[joint] = max(range.1[joint], leg.target[joint])
      }
    }
  }
}

/// Draws legs, and knows what the ones so far have told.
private struct LegChooser {
  let model: RobotModel
  let limits: JointLimits
  let lower, upper: JointVector
  let floor: [Double]
  let longestLeg: Double
  private var told: Excitation
  private var draws: SplitMix64

  /// Between two instants that are looked at [s].
  private static let step = 0.1
  /// What efforts are uncertain by, as a share of their limits.
  private static let noiseShare = 0.02
  /// How near to its limits a joint goes, at most and as a share of its range [rad].
  private static let margin = 0.1, marginShare = 0.05

  init(model: RobotModel, limits: JointLimits, start: JointVector, settings: ExcitingMotion.Settings) {
    (self.model, self.limits, longestLeg) = (model, limits, settings.longestLeg)
    var lower = start, upper = start
    for joint in start.indices {
      let ends = (max(limits.lower[joint], start[joint] - .pi), min(limits.upper[joint], start[joint] + .pi))
      let margin = min(Self.margin, Self.marginShare * (ends.1 - ends.0))
      (lower[joint], upper[joint]) = (min(ends.0 + margin, start[joint]), max(ends.1 - margin, start[joint]))
    }
    (self.lower, self.upper) = (lower, upper)
    floor = Self.heights(model, start).map { min($0, settings.floor) }
    let effort = JointVector(limits.effort.map { $0.isFinite && $0 > 0 ? $0 : 1 })
    told = Excitation(model: model, noise: Self.noiseShare * effort, friction: 0.2 * effort)
    draws = SplitMix64(seed: settings.seed)
  }

  private static func heights(_ model: RobotModel, _ q: JointVector) -> [Double] {
    model.jointFrames(at: q).map(\.translation.z) + [model.pose(at: q).translation.z]
  }

  /// - Returns: nil where no place that was drawn is free to go to.
  mutating func next(
    from start: JointVector, speed: Double, draws count: Int, attempts: Int, isFree: (JointVector, JointVector) throws -> Bool
  ) throws -> ExcitingMotion.Leg? {
    for attempt in 0..<attempts {
      // What is nearer is more likely to be free.
      let reach = 1 / Double(1 << attempt)
      let candidates = (0..<count).compactMap { _ in candidate(from: start, speed: speed, reach: reach) }
      for candidate in candidates.sorted(by: { $0.gain > $1.gain }) where try isFree(start, candidate.leg.target) {
        told = candidate.told
        return candidate.leg
      }
    }
    return nil
  }

  private mutating func candidate(
    from start: JointVector, speed: Double, reach: Double
  ) -> (leg: ExcitingMotion.Leg, told: Excitation, gain: Double)? {
    var way = JointVector(zip(lower, upper).map { .random(in: $0...$1, using: &draws) }) - start
    way = reach * way
    guard let drawn = try? Trajectory.jointMove(from: start, to: start + way, limits: limits, speed: speed), drawn.duration > 0.2 else { return nil }
    way = min(1, longestLeg / drawn.duration) * way
    guard let motion = try? Trajectory.jointMove(from: start, to: start + way, limits: limits, speed: speed) else { return nil }
    var told = told
    for step in 0...Int(motion.duration / Self.step) {
      let setpoint = motion.setpoint(at: Double(step) * Self.step)
      guard zip(Self.heights(model, setpoint.position), floor).allSatisfy({ $0 >= $1 - 1e-9 }) else { return nil }
      told.add(setpoint.position, velocity: setpoint.velocity, acceleration: setpoint.acceleration)
    }
    let gain = (told.logVolume - self.told.logVolume) / (motion.duration + ExcitingMotion.rest)
    return (ExcitingMotion.Leg(target: motion.end, speed: speed, duration: motion.duration), told, gain)
  }
}
