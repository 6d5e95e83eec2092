internal import Foundation
public import Kinematics

/// Something that the arm must not touch, by its name, its shape and where it stands.
public struct Obstacle: Sendable, Equatable {
  public var name: String
  public var shape: Shape
  /// Shapes are centred at their frame's origin; lengths run along z.
  public var baseFromObstacle: Pose

  public enum Shape: Sendable, Equatable {
    /// [m]
    case sphere(radius: Double)
    /// Half the sides' lengths [m].
    case box(halfExtents: SIMD3<Double>)
    /// `length` is the segment's alone: the half spheres at its ends come on top [m].
    case capsule(radius: Double, length: Double)
    /// With flat ends [m].
    case cylinder(radius: Double, length: Double)
    /// All that is below the plane z = 0.
    case halfSpace
    case points(PointCloud)
  }

  public init(name: String, shape: Shape, baseFromObstacle: Pose = .identity) {
    (self.name, self.shape, self.baseFromObstacle) = (name, shape, baseFromObstacle)
  }
}

extension Obstacle {
  /// From the obstacle's surface to a point in the base [m]; negative inside (for clouds never).
  public func distance(to point: SIMD3<Double>) -> Double {
    let local = baseFromObstacle.inverse * point
    func length(_ v: SIMD3<Double>) -> Double { dot(v, v).squareRoot() }
    switch shape {
    case .sphere(let radius): return length(local) - radius
    case .box(let halfExtents):
      let beyond = SIMD3(abs(local.x), abs(local.y), abs(local.z)) - halfExtents
      return length(beyond.clamped(lowerBound: .zero, upperBound: SIMD3(repeating: .infinity))) + min(beyond.max(), 0)
    case .capsule(let radius, let length_):
      let beyond = max(abs(local.z) - length_ / 2, 0)
      return length([local.x, local.y, beyond]) - radius
    case .cylinder(let radius, let length_):
      let side = hypot(local.x, local.y) - radius, end = abs(local.z) - length_ / 2
      return hypot(max(side, 0), max(end, 0)) + min(max(side, end), 0)
    case .halfSpace: return local.z
    case .points(let cloud): return cloud.distance(to: local)
    }
  }
}
