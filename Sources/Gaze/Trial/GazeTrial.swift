internal import Foundation

/// Somebody who is made up chooses things of a table by looking at them: how often that goes right, and how long it takes.
///
/// Only the eye is made up. It is calibrated as a person's is, its looks travel as a tracker's bytes, and whatever judges, smooths and understands
/// them is what directs the arm.
public struct GazeTrial: Sendable {
  /// What becomes of a sample between the tracker and here; nil where nothing comes of it.
  public typealias Wire = @Sendable (GazeSample) -> GazeSample?

  public struct Choice: Sendable {
    public var isRight: Bool
    /// From the moment the eye has landed on the target until it is selected [s].
    public var seconds: Double
    /// From the target to where the tool would go [m].
    public var error: Double
  }

  /// What was decided while somebody only looked about.
  public struct Browsing: Sendable {
    public var selections = 0
    public var commits = 0

    public init() {}
  }

  /// Of a tracker and of the eyes before it.
  public struct Habits: Sendable, Equatable {
    /// Samples in a second [Hz].
    public var rate = 60.0
    /// [rad in a second]
    public var drift = 0.1 * .pi / 180 / 60
    /// How often the eyes blink [Hz].
    public var blinkRate = 0.25

    public init() {}
  }

  private let seed: Int
  private let wire: Wire
  private var eye: SyntheticEye
  public let calibration: GazeCalibration

  /// - Parameters:
  ///   - noise: Standard deviation of a sample, by axis [rad].
  ///   - seed: Of the person: where their tracker is off by 1°, whither it drifts, when they blink, what they choose.
  ///   - habits: How often the tracker measures, how fast it drifts, how often the person blinks.
  /// - Throws: What a calibration is refused for.
  public init(noise: Double, seed: Int, habits: Habits = Habits(), over wire: @escaping Wire) throws(CalibrationError) {
    var settings = SyntheticEye.Settings()
    settings.noise = noise
    settings.rate = habits.rate
    settings.blinkRate = habits.blinkRate
    settings.seed = UInt64(seed)
    var generator = EyeNoise(seed: UInt64(seed))
    let heading = Double.random(in: 0..<2 * .pi, using: &generator)
    settings.offset = SIMD2(cos(heading), sin(heading)) * (1 * .pi / 180)
    settings.drift = habits.drift
    self.seed = seed
    self.wire = wire
    eye = SyntheticEye(settings: settings)
    calibration = try TrialTable.calibrated(&eye, over: wire)
  }

  private func intent(_ change: (inout GazeIntent.Settings) -> Void, among targets: [GazeTarget] = TrialTable.targets) -> GazeIntent {
    var settings = GazeIntent.Settings()
    settings.inference.spread = calibration.spread
    change(&settings)
    return GazeIntent(targets: targets, settings: settings)
  }

  /// Chooses one of nine targets 80 mm apart after the other, and confirms each by a key.
  ///
  /// - Parameter isFree: The targets have no names: places of the table are chosen.
  public mutating func choices(_ count: Int, isFree: Bool = false) -> [Choice] {
    var generator = EyeNoise(seed: UInt64(seed) + 1000)
    var pipeline = GazePipeline(calibration: calibration)
    var intent = intent({ $0.freePoints = isFree }, among: isFree ? [] : TrialTable.targets)
    var choices: [Choice] = []
    var last = -1
    while choices.count < count {
      var wanted = Int.random(in: 0..<9, using: &generator)
      while wanted == last { wanted = Int.random(in: 0..<9, using: &generator) }
      last = wanted
      choices.append(choice(of: TrialTable.targets[wanted], isFree: isFree, &pipeline, &intent))
    }
    return choices
  }

  private mutating func choice(of target: GazeTarget, isFree: Bool, _ pipeline: inout GazePipeline, _ intent: inout GazeIntent) -> Choice {
    let angle = TrialTable.angle(of: target.position)
    eye.look(at: angle)
    let begin = eye.time
    var landed: Double?
    while eye.time < begin + Self.patience {
      let look = eye.next()
      if landed == nil, look.movement == .fixation, (look.truth - angle).length < Self.landing { landed = look.time }
      guard let sample = wire(TrialTable.sample(look)), let seen = pipeline.take(sample, arrival: look.time + Self.latency) else { continue }
      for case .selected(let choice) in intent.observe(seen.look, time: seen.time) {
        let error = (choice.position - target.position).length
        let isRight = isFree ? error < 0.04 : choice.name == target.name
        if isRight { pipeline.drift.learn(target: target.position, look: choice.look) }
        _ = intent.confirm()
        return Choice(isRight: isRight, seconds: eye.time - (landed ?? eye.time), error: error)
      }
    }
    return Choice(isRight: false, seconds: Self.patience, error: .infinity)
  }

  /// Looks about for so long [s], and means nothing by it; a second look and blinks would confirm.
  public mutating func browsing(for duration: Double) -> Browsing {
    var pipeline = GazePipeline(calibration: calibration)
    var intent = intent {
      $0.blinks = true
      $0.go = TrialTable.go
    }
    eye.browse((TrialTable.targets + [TrialTable.go]).map { TrialTable.angle(of: $0.position) })
    let begin = eye.time
    var browsing = Browsing()
    while eye.time < begin + duration {
      let look = eye.next()
      guard let sample = wire(TrialTable.sample(look)), let seen = pipeline.take(sample, arrival: look.time + Self.latency) else { continue }
      for event in intent.observe(seen.look, time: seen.time) {
        if case .confirmed = event { browsing.commits += 1 }
        if case .selected = event { browsing.selections += 1 }
      }
    }
    return browsing
  }

  /// Leads the tool after the eye, with a hand on the dead-man, until the tracker dies.
  ///
  /// - Parameter period: Of the control loop [s].
  /// - Returns: How fast the tool was led when the last sample came [m/s], and how long after it the tool was led no more [s].
  public mutating func lossWhileFollowing(period: Double = 0.002) -> (speed: Double, seconds: Double) {
    var pipeline = GazePipeline(calibration: calibration)
    var follower = GazeFollower()
    var tool = SIMD2<Double>(0.15, -0.1)
    eye.look(at: TrialTable.angle(of: SIMD2(0.36, 0.12)))
    let death = eye.time + 0.6 + 0.01 * Double(seed % 10)
    var (now, lastArrival, speed) = (eye.time, eye.time, 0.0)
    while true {
      now += period
      while eye.time + 1 / eye.settings.rate + Self.latency <= min(now, death) {
        let look = eye.next()
        guard let sample = wire(TrialTable.sample(look)), pipeline.take(sample, arrival: look.time + Self.latency) != nil else { continue }
        (lastArrival, speed) = (look.time + Self.latency, follower.velocity.length)
      }
      tool += follower.advance(look: pipeline.look(at: now), tool: tool, isHeld: true, by: period) * period
      if now > death, follower.velocity == .zero { return (speed, now - lastArrival) }
    }
  }

  /// How long a sample takes from the eye to here [s].
  private static let latency = 0.02
  /// Whoever has chosen nothing after this time has not succeeded [s].
  private static let patience = 5.0
  /// So near its target the eye has landed [rad].
  private static let landing = 1.5 * .pi / 180
}
