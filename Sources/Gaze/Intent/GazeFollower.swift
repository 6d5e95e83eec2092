/// Leads the tool after the gaze while a hand holds the dead-man: a velocity along the plane, capped, and none without fresh looks.
public struct GazeFollower: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// The tool is never led faster [m/s].
    public var maximumSpeed = 0.25
    /// [m/s²]
    public var acceleration = 1.0
    /// Speed for each metre to go [1/s].
    public var gain = 2.5
    /// So near is there: eyes tremble [m].
    public var rest = 0.012
    /// What would be led slower is there: a creep that takes seconds for its last millimetre helps nobody [m/s].
    public var slowest = 0.002
    /// From this age of the latest look on the tool is slowed down, and at `lookAway` it is led no more [s]: so early that 0.3 s are kept by whoever
    /// asks every 20 ms.
    public var freshness = 0.15
    public var lookAway = 0.28

    public init() {}
  }

  public let settings: Settings
  /// Along the plane [m/s].
  public private(set) var velocity = SIMD2<Double>.zero

  public init(settings: Settings = Settings()) { self.settings = settings }

  /// - Parameters:
  ///   - look: The smoothed look [m], and how old it is [s]; nil where there has been none.
  ///   - tool: Where the tool is, in the plane's coordinates [m].
  ///   - isHeld: Whether the dead-man is held.
  ///   - interval: Since the call before [s].
  /// - Returns: The velocity to lead the tool with [m/s].
  public mutating func advance(
    look: (place: SIMD2<Double>, age: Double)?, tool: SIMD2<Double>, isHeld: Bool, by interval: Double
  ) -> SIMD2<Double> {
    guard isHeld, let look, look.age < settings.lookAway, look.place.x.isFinite, look.place.y.isFinite else {
      velocity = .zero
      return .zero
    }
    let way = look.place - tool
    let distance = way.length
    var wanted = SIMD2<Double>.zero
    if distance > settings.rest {
      // Slow enough to stop in what is left: v² = 2 a s.
      let left = distance - settings.rest
      let speed = min(settings.maximumSpeed, settings.gain * left, (2 * settings.acceleration * left).squareRoot())
      if speed >= settings.slowest { wanted = way / distance * speed }
    }
    let freshness = min(1, max(0, (settings.lookAway - look.age) / (settings.lookAway - settings.freshness)))
    wanted *= freshness
    let change = wanted - velocity
    let most = settings.acceleration * max(0, interval)
    velocity += change.length > most ? change.unit * most : change
    // Braking keeps up with the fading look, whatever the acceleration.
    if velocity.length > settings.maximumSpeed * freshness { velocity = velocity.unit * settings.maximumSpeed * freshness }
    return velocity
  }

  public mutating func stop() { velocity = .zero }
}
