internal import Kinematics
internal import Simulator

/// Which part of the arm is met.
enum KnockPlace: String, Sendable, CaseIterable {
  /// The tool centre point.
  case tool
  /// The last joint but one.
  case wrist
  /// Where the arm bends in the middle.
  case elbow

  /// The joint whose link is met, at the joint itself; nil for the tool.
  func joint(of count: Int) -> Int? {
    switch self {
    case .tool: nil
    case .wrist: max(0, count - 2)
    case .elbow: max(0, count >= 6 ? count - 4 : count / 2)
    }
  }

  /// - Returns: nil where the arm has joints that follow others, and no parts to take it by.
  func point(on model: RobotModel) -> ContactPoint? {
    guard let joint = joint(of: model.jointCount) else { return ContactPoint(onTipOf: model) }
    return model.part(through: joint).map { ContactPoint(onTipOf: $0) }
  }
}
