extension VelocityKinematics {
  /// Whether the other side of a singularity is the better one to leave to: this one has less room than the way needs, and the other has more.
  ///
  /// The choice stands until there is hardly room in its direction: what moves already tells what was chosen.
  ///
  /// - Parameters:
  ///   - push: How much the tool goes on at first for each radian; where it is next to nothing, both sides are as good.
  ///   - need: How far the way leads [rad].
  func goesBack(_ way: JointLanes, push: Double, need: Double, situation: Situation) -> Bool {
    let way = JointScalars(way), quarter = Double.pi / 4
    var ahead = Double.infinity, behind = Double.infinity, moving = 0.0
    for joint in 0..<model.jointCount where way[joint] != 0 {
      // A joint that hardly takes part may as well stay where it is.
      let weight = abs(way[joint]), leeway = 4 * quarter * ramp(1 - weight / 0.2)
      let above = (upperLimit[joint] - situation.position[joint]) / weight + leeway
      let below = (situation.position[joint] - lowerLimit[joint]) / weight + leeway
      ahead = min(ahead, way[joint] > 0 ? above : below)
      behind = min(behind, way[joint] > 0 ? below : above)
      moving += way[joint] * situation.velocity[joint]
    }
    if moving < 0 { return (push < Self.blindGain || ahead < 4 * quarter) && !(behind < Self.scarce && ahead > behind) }
    return ahead < (moving > 0 ? Self.scarce : need) && behind > ahead
  }

  /// [rad]
  private static var scarce: Double { 0.01 }

  /// Whether the joints that a way out makes use of have next to no room for it, and more on the other side.
  ///
  /// - Parameter help: How they will move when the way has opened.
  func isHelpBlocked(_ help: JointLanes, way: JointLanes, situation: Situation) -> Bool {
    let moving = dot(way, JointLanes(situation.velocity)), excess = blocked(help, situation: situation) - blocked(-help, situation: situation)
    // What moves already tells what was chosen, and to change that it takes more.
    return excess > (moving == 0 ? 0.3 : moving > 0 ? 0.6 : 0)
  }

  /// How much of a joint motion is of joints that have next to no room for it, from 0 to 1.
  private func blocked(_ motion: JointLanes, situation: Situation) -> Double {
    let motion = JointScalars(motion)
    var blocked = 0.0, all = 1e-12
    for joint in 0..<model.jointCount {
      let room = motion[joint] > 0 ? upperLimit[joint] - situation.position[joint] : situation.position[joint] - lowerLimit[joint]
      let square = motion[joint] * motion[joint]
      all += square
      blocked += square * ramp(1 - room / Self.little)
    }
    return blocked / all
  }

  /// [rad]
  private static var little: Double { 0.05 }
}
