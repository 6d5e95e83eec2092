extension RobotModel {
  /// The arm from its base to the link that one of its joints carries.
  ///
  /// The tip frame has its origin on the joint and z along its axis.
  ///
  /// - Parameter joint: The last one that belongs to the part.
  /// - Returns: nil where some joint of the arm follows another.
  /// - Precondition: `joint < jointCount`.
  public func part(through joint: Int) -> RobotModel? {
    precondition(joint < jointCount)
    guard coupling == nil else { return nil }
    let count = joint + 1
    func first(_ v: JointVector) -> JointVector { JointVector(v.prefix(count)) }
    var limits = self.limits
    (limits.lower, limits.upper, limits.velocity) = (first(limits.lower), first(limits.upper), first(limits.velocity))
    (limits.acceleration, limits.jerk, limits.effort) = (first(limits.acceleration), first(limits.jerk), first(limits.effort))
    var part = RobotModel(
      name: name, baseName: baseName, tipName: count == jointCount ? tipName : jointNames[joint], jointNames: Array(jointNames.prefix(count)),
      isContinuous: Array(isContinuous.prefix(count)), limits: limits, bodies: Array(bodies.prefix(count)), coupling: nil,
      lastBodyFromTip: .identity, tool: .identity)
    part.gravity = gravity
    return part
  }
}

extension RobotModel {
  /// Of all that the joints move, with what the tip carries [kg].
  public var movingMass: Double { bodies.reduce(0) { $0 + $1.mass } }
}
