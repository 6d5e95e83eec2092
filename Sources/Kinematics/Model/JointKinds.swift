extension RobotModel {
  /// Whether each joint slides instead of turning.
  public var isPrismatic: [Bool] { (0..<jointCount).map { sliding[ownBody(of: $0)] != 0 } }

  /// Whether a whole turn of the joint leads back to the same pose.
  func isPeriodic(_ joint: Int) -> Bool { sliding[ownBody(of: joint)] == 0 && coupling?.hasFollowers(joint) != true }

  /// The body that the joint itself moves; others may follow it.
  public func ownBody(of joint: Int) -> Int { coupling?.ownBody[joint] ?? joint }
}
