/// A hand that comes flying, meets the arm and bounces off: two bodies, a spring and a damper between them.
///
///     m ẍ = −F,      F = k δ + d δ̇ while the two are pressed together by δ > 0, and never pulls
///
/// The hand moves along one direction and slips sideways without friction. Stiffness and mass are those with which ISO/TS 15066:2016, Annex A, has
/// a hand and its fingers.
public struct HandContact: Contact {
  public struct Settings: Sendable, Equatable {
    /// [kg]
    public var mass = 0.6
    /// [N/m]
    public var stiffness = 75_000.0
    /// [N·s/m]; a tenth of the critical damping of the hand alone.
    public var damping = 40.0

    public init() {}
  }

  public let point: ContactPoint
  public var record = ContactRecord()
  public let settings: Settings
  /// Of unit length, in base axes: the way the hand goes.
  public let direction: SIMD3<Double>
  /// When it first touches [s]: it is placed at the point then.
  public let start: Double
  /// The hand's own, along its direction [m], [m/s].
  public private(set) var position: Double?
  public private(set) var speed: Double

  /// - Parameter speed: Before it meets the arm [m/s].
  /// - Precondition: `direction` is not zero.
  public init(at point: ContactPoint, speed: Double, along direction: SIMD3<Double>, start: Double, settings: Settings = Settings()) {
    let length = (direction * direction).sum().squareRoot()
    precondition(length > 0)
    self.point = point
    self.speed = speed
    self.direction = direction / length
    self.start = start
    self.settings = settings
  }

  public func isPresent(from start: Double, to end: Double) -> Bool { end > self.start }

  public mutating func force(on motion: ContactPoint.Motion, at time: Double, for period: Double) -> SIMD3<Double> {
    let wall = (motion.position * direction).sum(), wallSpeed = (motion.velocity * direction).sum()
    // Half a step ahead, as the arm's own positions are when its forces count.
    let place = (position ?? wall) + 0.5 * period * speed
    let depth = place - (wall + 0.5 * period * wallSpeed)
    let force = depth > 0 ? max(0, settings.stiffness * depth + settings.damping * (speed - wallSpeed)) : 0
    speed -= force / settings.mass * period
    position = place + 0.5 * period * speed
    return force * direction
  }
}
