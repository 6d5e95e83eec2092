/// What somebody's looks at one known point of the table were.
public struct CalibrationPoint: Sendable, Equatable {
  /// The middle of the looks, axis by axis: a glance elsewhere does not move it.
  public var look: GazeSample.Look
  /// Where the point is, in the plane's coordinates [m].
  public var target: SIMD2<Double>
  /// Standard deviation of the looks' visual angles, by axis [rad].
  public var noise: Double

  public init(look: GazeSample.Look, target: SIMD2<Double>, noise: Double = 0) {
    self.look = look
    self.target = target
    self.noise = noise
  }

  /// - Parameters:
  ///   - looks: All of one kind, all at the same point.
  ///   - view: What makes visual angles of them.
  /// - Throws: ``CalibrationError/tooFewPoints(count:needed:)`` of fewer than ten looks, ``CalibrationError/mixedLooks``.
  public init(looks: [GazeSample.Look], at target: SIMD2<Double>, view: ViewGeometry) throws(CalibrationError) {
    guard looks.count >= Self.fewestLooks else { throw .tooFewPoints(count: looks.count, needed: Self.fewestLooks) }
    var (screens, origins, directions) = ([SIMD2<Double>](), [SIMD3<Double>](), [SIMD3<Double>]())
    for look in looks {
      switch look {
      case .screen(let share): screens.append(share)
      case .ray(let origin, let direction):
        origins.append(origin)
        directions.append(direction.unit)
      }
    }
    guard screens.isEmpty || origins.isEmpty else { throw .mixedLooks }
    look =
      screens.isEmpty
      ? .ray(origin: Self.middle(of: origins), direction: Self.middle(of: directions).unit) : .screen(Self.middle(of: screens))
    let angles = looks.map { view.angle(of: $0) }
    let center = Self.middle(of: angles)
    // The median deviation is 0.6745 of a normal distribution's standard deviation.
    let deviations = SIMD2(median(angles.map { abs($0.x - center.x) }), median(angles.map { abs($0.y - center.y) }))
    noise = deviations.sum() / 2 / 0.6745
    self.target = target
  }

  public static let fewestLooks = 10

  private static func middle<V: SIMD>(of vectors: [V]) -> V where V.Scalar == Double {
    var middle = V()
    for axis in middle.indices { middle[axis] = median(vectors.map { $0[axis] }) }
    return middle
  }
}
