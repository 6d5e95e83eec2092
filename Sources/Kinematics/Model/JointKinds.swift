extension RobotModel {
  /// Whether each joint slides instead of turning.
  public var isPrismatic: [Bool] { (0..<jointCount).map { sliding[$0] != 0 } }
}
