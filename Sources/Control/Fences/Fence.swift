public import Kinematics
public import Planner

/// Where the arm must not go, or not go fast, whatever moves it.
public struct Fence: Sendable, Equatable {
  public enum Rule: Sendable, Equatable {
    /// No part of the arm comes here.
    case keepOut
    /// No part of the arm moves faster here [m/s].
    case slow(Double)
  }

  public let name: String
  public let rule: Rule
  private let fenceFromBase: Pose
  /// Half the sides' lengths of a box [m]; nil for all that is below z = 0.
  private let halfExtents: SIMD3<Double>?

  /// A box, or with nil all that is below the plane z = 0 of its frame.
  public init(name: String, rule: Rule = .keepOut, baseFromFence: Pose, halfExtents: SIMD3<Double>?) {
    (self.name, self.rule, fenceFromBase, self.halfExtents) = (name, rule, baseFromFence.inverse, halfExtents)
  }

  /// The same as an obstacle to plan round.
  public var obstacle: Obstacle {
    Obstacle(name: name, shape: halfExtents.map { .box(halfExtents: $0) } ?? .halfSpace, baseFromObstacle: fenceFromBase.inverse)
  }

  /// From its surface to a point in the base [m]; negative inside.
  ///
  /// - Real-time: does not allocate, lock or throw.
  func distance(to point: SIMD3<Double>) -> Double {
    let p = fenceFromBase * point
    guard let halfExtents else { return p.z }
    let beyond = SIMD3(abs(p.x), abs(p.y), abs(p.z)) - halfExtents
    let outside = beyond.clamped(lowerBound: .zero, upperBound: SIMD3(repeating: .infinity))
    return (outside * outside).sum().squareRoot() + min(beyond.max(), 0)
  }
}
