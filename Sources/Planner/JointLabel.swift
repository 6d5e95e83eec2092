internal import Foundation
public import Kinematics

/// What people call a joint and how they read its numbers: an angle also in degrees, a displacement in metres.
public struct JointLabel: Sendable, Equatable, ExpressibleByStringLiteral {
  public let name: String
  public let isSliding: Bool

  public init(_ name: String, isSliding: Bool = false) {
    self.name = name
    self.isSliding = isSliding
  }

  public init(stringLiteral name: String) { self.init(name) }

  /// "1.571 rad (90.0°)", "0.2 m".
  func text(position: Double) -> String {
    isSliding
      ? String(format: "%.4g m", position) : String(format: "%.4g rad (%.1f°)", position, position * 180 / .pi)
  }

  /// "2.5 rad/s", with the quantity's power of the second.
  func text(_ value: Double, of quantity: MotionQuantity) -> String {
    String(format: "%.4g ", value) + (isSliding ? "m" : "rad") + quantity.perSecond
  }
}

/// A derivative of position that has a limit.
public enum MotionQuantity: String, Sendable {
  case velocity, acceleration, jerk

  var perSecond: String {
    switch self {
    case .velocity: "/s"
    case .acceleration: "/s²"
    case .jerk: "/s³"
    }
  }
}

/// The labels of an arm's joints; those without one are called "joint 1", …
struct JointLabels {
  private let labels: [JointLabel]

  init(_ labels: [JointLabel]) { self.labels = labels }

  subscript(joint: Int) -> JointLabel { joint < labels.count ? labels[joint] : JointLabel("joint \(joint + 1)") }
}

extension RobotModel {
  /// What refusals call this arm's joints.
  public var jointLabels: [JointLabel] { zip(jointNames, isPrismatic).map { JointLabel($0, isSliding: $1) } }
}
