internal import Foundation

/// How big a screen or camera image is to the eye: turns shares of it into visual angles, which filters and thresholds are about.
public struct ViewGeometry: Sendable, Equatable {
  /// Width and height [m].
  public var size: SIMD2<Double>
  /// From the eye to the middle [m].
  public var distance: Double

  /// A 24-inch screen on a desk.
  public static let desk = ViewGeometry(size: SIMD2(0.53, 0.3), distance: 0.65)

  public init(size: SIMD2<Double>, distance: Double) {
    self.size = size
    self.distance = distance
  }

  /// Angles to the right of and below the middle [rad].
  public func angle(of share: SIMD2<Double>) -> SIMD2<Double> {
    let offset = (share - 0.5) * size / distance
    return SIMD2(atan(offset.x), atan(offset.y))
  }

  /// The inverse of ``angle(of:)``.
  public func share(at angle: SIMD2<Double>) -> SIMD2<Double> { SIMD2(tan(angle.x), tan(angle.y)) * distance / size + 0.5 }

  /// Visual angles of a look [rad]: of a sight line, to the right and downwards in a frame whose z points ahead and y down.
  public func angle(of look: GazeSample.Look) -> SIMD2<Double> {
    switch look {
    case .screen(let share): angle(of: share)
    case .ray(_, let direction): SIMD2(atan2(direction.x, direction.z), atan2(direction.y, direction.z))
    }
  }

  /// A look of the same kind as `look`, at another visual angle.
  public func look(at angle: SIMD2<Double>, like look: GazeSample.Look) -> GazeSample.Look {
    switch look {
    case .screen: .screen(share(at: angle))
    case .ray(let origin, _): .ray(origin: origin, direction: SIMD3(tan(angle.x), tan(angle.y), 1))
    }
  }
}
