/// What moves with a joint beyond what the model's file says, as far as weight tells: a mass, negative for less, and its first moment.
public struct MassCorrection: Sendable, Equatable {
  /// [kg]
  public var mass: Double
  /// Mass × centre of mass, in the joint's frame as ``RobotModel/jointFrames(at:)`` has it [kg·m].
  public var firstMoment: SIMD3<Double>

  /// Of a body's mass; no correction leaves less.
  public static let leastShare = 0.1

  public static let zero = MassCorrection(mass: 0, firstMoment: .zero)

  public init(mass: Double, firstMoment: SIMD3<Double>) { (self.mass, self.firstMoment) = (mass, firstMoment) }
}

extension RobotModel {
  /// How many bodies move: one a joint, and one more for each follower.
  public var bodyCount: Int { bodies.count }

  /// The same arm, with every body made heavier by its correction. A body's inertia about its own centre stays what it was, so that it remains one
  /// that a body can have; no body becomes lighter than a tenth of what it was.
  ///
  /// - Parameter corrections: One a body, from base to tip.
  public func corrected(by corrections: [MassCorrection]) -> RobotModel {
    precondition(corrections.count == bodies.count, "there is one correction a body")
    var corrected = replacingBodies(zip(unloadedBodies, corrections).map { $0.corrected(by: $1) })
    corrected.payload = payload
    return corrected
  }

  /// The same arm with corrections of the bodies that the joints move themselves, one a joint.
  public func corrected(byJoint corrections: [MassCorrection]) -> RobotModel {
    var byBody = Array(repeating: MassCorrection.zero, count: bodies.count)
    for (joint, correction) in corrections.enumerated() { byBody[ownBody(of: joint)] = correction }
    return corrections.allSatisfy { $0 == .zero } ? self : corrected(by: byBody)
  }

  /// The load at the tip that the last body's correction amounts to.
  ///
  /// - Throws: ``Payload/Impossible`` where its mass is negative.
  public func payload(of correction: MassCorrection) throws(Payload.Impossible) -> Payload {
    guard correction.mass > 0 else { return try Payload(mass: correction.mass) }
    return try Payload(mass: correction.mass, center: lastBodyFromTip.inverse * (correction.firstMoment / correction.mass))
  }
}

extension MovingBody {
  fileprivate func corrected(by correction: MassCorrection) -> MovingBody {
    let heavier = max(mass + correction.mass, MassCorrection.leastShare * mass)
    guard heavier > 0 else { return self }
    var corrected = filled(with: Content())
    let moment = firstMoment.xyz + correction.firstMoment
    corrected.add(mass: heavier, bodyFromCenter: Pose(translation: moment / heavier), inertia: centralInertia)
    return corrected
  }
}
