public import Kinematics

/// How wrong a controller's model of an arm is: drawn at random, the same for the same seed.
public struct ModelDraw: Sendable, Equatable {
  /// The most that a mass, a coordinate of a centre of mass [m] and a friction are wrong by.
  public var massShare = 0.2, centerShift = 0.02, frictionShare = 0.3
  public var seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// What the controller takes the arm for.
  public func model(of truth: RobotModel) -> RobotModel {
    var draws = SplitMix64(seed: seed)
    return truth.misjudged(
      by: (0..<truth.jointCount).map { _ in
        InertialError(
          massShare: 1 + .random(in: -massShare...massShare, using: &draws),
          centerShift: SIMD3.random(in: -centerShift...centerShift, using: &draws))
      })
  }

  /// What it takes the joints' friction for, dry or viscous.
  public func friction(of truth: JointVector) -> JointVector {
    var draws = SplitMix64(seed: seed ^ 0xF51C_710E)
    return JointVector(truth.map { $0 * (1 + .random(in: -frictionShare...frictionShare, using: &draws)) })
  }
}
