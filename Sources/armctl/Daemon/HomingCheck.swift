internal import Kinematics

/// Tells whether an arm's absolute position is known, as far as anyone can tell.
struct HomingCheck: Sendable {
  /// Beyond the mechanism's ends, what springs and measuring may add [rad; m].
  private static let slack = 0.05
  private let homing: ArmConfiguration.Homing
  private let ends: JointLimits

  init(_ configuration: ArmConfiguration) { (homing, ends) = (configuration.homing, configuration.modelLimits) }

  /// Whether a measured configuration is to be believed: encoders that know the whole travel are; an arm that has to be switched on in a known place
  /// was switched on elsewhere if it seems to stand where its mechanism does not reach.
  func isPlausible(_ position: JointVector) -> Bool {
    homing == .absolute || position.indices.allSatisfy { ends.lower[$0] - Self.slack...ends.upper[$0] + Self.slack ~= position[$0] }
  }
}
