extension VelocityKinematics {
  /// Joint rates in the null space that lead away from position limits, in proportion to how much the arm moves.
  ///
  /// - Source: A. Liégeois, *Automatic supervisory control of the configuration and behavior of multibody mechanisms* (1977); the potential is the
  ///   fourth power of the distance from the middle of the range.
  func roomSeeking(rates: JointLanes, directions: TaskDirections, situation: Situation) -> JointLanes {
    guard directions.count < model.jointCount else { return .zero }
    let fast = JointScalars(rates)
    var push = JointScalars(repeating: 0), activity = 0.0
    for joint in 0..<model.jointCount {
      let half = (upperLimit[joint] - lowerLimit[joint]) / 2
      guard speedLimit[joint] > 0 else { continue }
      activity = max(activity, abs(fast[joint]) / speedLimit[joint])
      guard half.isFinite, half > 0, speedLimit[joint].isFinite else { continue }
      let place = (situation.position[joint] - (upperLimit[joint] + lowerLimit[joint]) / 2) / half
      push[joint] = -settings.roomSeeking * speedLimit[joint] * place * place * place
    }
    var seeking = JointLanes(push) * min(1, 4 * activity)
    for index in 0..<directions.count { seeking -= directions.joints[index] * dot(directions.joints[index], seeking) }
    return seeking
  }
}
