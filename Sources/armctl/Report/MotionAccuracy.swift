internal import Foundation
internal import Kinematics

/// How well one motion was carried out, by where the tool really was.
struct MotionAccuracy {
  /// Of the tool from its target, at rest after the motion: [m], [rad].
  var restPosition, restOrientation: Double
  /// The largest distance of the tool from the straight way to the target during the motion [m].
  var offLine: Double

  /// - Parameters:
  ///   - start: When the motion began, monotonic [s].
  ///   - rest: A time after it at which the arm had come to rest [s].
  ///   - target: Where the tool should have come to: base from tool.
  init?(model: RobotModel, truth: TruthLog, from start: Double, rest: Double, target: Pose) {
    guard let first = truth.sample(at: start), let last = truth.sample(at: rest) else { return nil }
    let baseFromStart = model.pose(at: first.position)
    let baseFromRest = model.pose(at: last.position)
    restPosition = length(baseFromRest.translation - target.translation)
    restOrientation = length((target.rotation * baseFromRest.rotation.inverse).rotationVector)
    let way = target.translation - baseFromStart.translation
    let wayLength = length(way)
    let direction = wayLength > 0 ? way / wayLength : .zero
    offLine = 0
    for sample in truth.samples(from: start, to: rest) {
      let gone = model.pose(at: sample.position).translation - baseFromStart.translation
      let along = min(max((gone * direction).sum(), 0), wayLength)
      offLine = max(offLine, length(gone - along * direction))
    }
  }
}

private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
