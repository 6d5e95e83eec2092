/// By how much somebody is wrong about one moving body: its links, with what is fixed to them.
public struct InertialError: Sendable, Equatable {
  /// What its mass and inertia are taken for, as a share of what they are; positive.
  public var massShare: Double
  /// Where its centre of mass is taken to be, from where it is, in the body's axes, whose z is the joint's [m].
  public var centerShift: SIMD3<Double>

  public init(massShare: Double = 1, centerShift: SIMD3<Double> = .zero) {
    precondition(massShare > 0)
    self.massShare = massShare
    self.centerShift = centerShift
  }
}

extension RobotModel {
  /// The same arm as somebody takes it to be who has the lengths right and the masses wrong.
  ///
  /// Each body stays one that can be: its inertia about its own centre of mass grows as its mass does, and moves with its centre. The payload is
  /// taken for what it is.
  ///
  /// - Parameter errors: One per moving body, from base to tip.
  /// - Precondition: as many as there are moving bodies: as joints, where none follows another.
  public func misjudged(by errors: [InertialError]) -> RobotModel {
    var unloaded = self
    unloaded.payload = nil
    precondition(errors.count == unloaded.bodies.count)
    var model = RobotModel(
      name: name, baseName: baseName, tipName: tipName, jointNames: jointNames, isContinuous: isContinuous, limits: limits,
      bodies: zip(unloaded.bodies, errors).map { $0.misjudged(by: $1) }, coupling: coupling, lastBodyFromTip: lastBodyFromTip, tool: tool)
    model.gravity = gravity
    model.payload = payload
    return model
  }
}

extension MovingBody {
  fileprivate func misjudged(by error: InertialError) -> MovingBody {
    var body = MovingBody(parentFromJoint: parentFromJoint.pose, isSliding: slides == 1)
    guard mass > 0 else { return self }
    let share = error.massShare, own = centralInertia
    let inertia = SymmetricMatrix3(
      xx: share * own.xx, xy: share * own.xy, xz: share * own.xz, yy: share * own.yy, yz: share * own.yz, zz: share * own.zz)
    body.add(mass: share * mass, bodyFromCenter: Pose(translation: firstMoment.xyz / mass + error.centerShift), inertia: inertia)
    return body
  }
}
