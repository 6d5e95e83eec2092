internal import Foundation

/// What the jog keys move, and how fast.
struct JogSettings: Equatable, Sendable {
  enum Target: Equatable, Sendable { case tool, joints }
  enum Frame: String, CaseIterable, Sendable { case base, tool, view }

  var target = Target.tool
  var frame = Frame.base
  var isStepwise = false
  /// Whether obstacles, and the arm itself, do not hold the arm back.
  var mayTouch = false
  private var speedIndex = 4
  private var stepIndex = 2
  /// The joint that the arrow keys move.
  var joint = 0
  /// About the base's z, from where the picture is seen [rad]; 0: x goes to the right, y away.
  var viewAngle = 0.0

  /// Shares of the most.
  static let speeds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]
  /// [m] and [rad].
  static let steps: [(length: Double, angle: Double)] = [(1e-4, 0.1), (1e-3, 0.5), (5e-3, 1), (0.01, 5), (0.05, 15)].map {
    ($0.0, $0.1 * .pi / 180)
  }
  /// The most of tool jogging [m/s], [rad/s].
  static let toolSpeed = (linear: 0.25, angular: Double.pi / 3)
  /// The least turn of the view [rad].
  static let viewStep = Double.pi / 12

  var speed: Double { Self.speeds[speedIndex] }
  var step: (length: Double, angle: Double) { Self.steps[stepIndex] }

  mutating func changeSpeed(by steps: Int) { speedIndex = min(max(speedIndex + steps, 0), Self.speeds.count - 1) }
  mutating func changeStep(by steps: Int) { stepIndex = min(max(stepIndex + steps, 0), Self.steps.count - 1) }

  mutating func turnView(by steps: Int) {
    let turned = viewAngle + Double(steps) * Self.viewStep
    viewAngle = turned > .pi + 1e-9 ? turned - 2 * .pi : turned <= -.pi + 1e-9 ? turned + 2 * .pi : turned
  }

  /// The names of the tool's axes.
  var axisNames: [String] {
    frame == .view ? ["right", "away", "up", "roll", "pitch", "yaw"] : ["x", "y", "z", "roll", "pitch", "yaw"]
  }

  /// An axis and a direction of it for an arrow key; nil where it means none.
  func axis(of arrow: TeleopAction.Arrow) -> (axis: Int, isUp: Bool)? {
    switch (target, arrow) {
    case (.joints, .left): (joint, false)
    case (.joints, .right): (joint, true)
    case (.joints, _): nil
    case (.tool, _) where frame == .view:
      switch arrow {
      case .left: (0, false)
      case .right: (0, true)
      case .up: (2, true)
      case .down: (2, false)
      case .far: (1, true)
      case .near: (1, false)
      }
    // As one stands behind the arm and looks along x.
    case (.tool, .up): (0, true)
    case (.tool, .down): (0, false)
    case (.tool, .left): (1, true)
    case (.tool, .right): (1, false)
    case (.tool, .far): (2, true)
    case (.tool, .near): (2, false)
    }
  }

  /// Axis numbers and signs as a direction of the tool's motion: of three axes the shift, of three the turn.
  func direction(of axes: [JoggedAxis]) -> (linear: SIMD3<Double>, angular: SIMD3<Double>) {
    var linear = SIMD3<Double>.zero, angular = SIMD3<Double>.zero
    for jogged in axes where jogged.axis < 6 {
      if jogged.axis < 3 { linear[jogged.axis] += jogged.share } else { angular[jogged.axis - 3] += jogged.share }
    }
    return frame == .view ? (inBase(linear), inBase(angular)) : (linear, angular)
  }

  /// A vector along the view's axes (right, away, up) along the base's.
  func inBase(_ v: SIMD3<Double>) -> SIMD3<Double> {
    let (s, c) = (sin(viewAngle), cos(viewAngle))
    return [c * v.x - s * v.y, s * v.x + c * v.y, v.z]
  }
}
