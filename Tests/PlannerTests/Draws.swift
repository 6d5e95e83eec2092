import Foundation
import Kinematics
import TestSupport

extension SeededGenerator {
  /// From 10^`exponents.lowerBound` to 10^`exponents.upperBound`, each order of magnitude as likely as another.
  mutating func magnitude(_ exponents: ClosedRange<Double>) -> Double { pow(10, Double.random(in: exponents, using: &self)) }

  /// Limits of a maker's arm for `count` joints: position ±π, the others over an order of magnitude each.
  mutating func limits(count: Int) -> JointLimits {
    var limits = JointLimits(unlimited: count)
    for joint in 0..<count {
      limits.lower[joint] = -.pi
      limits.upper[joint] = .pi
      limits.velocity[joint] = magnitude(-0.5...0.7)
      limits.acceleration[joint] = magnitude(0...1.5)
      limits.jerk[joint] = magnitude(1...3)
    }
    return limits
  }

  mutating func configuration(within limits: JointLimits) -> JointVector {
    var q = JointVector(count: limits.lower.count)
    for joint in q.indices { q[joint] = Double.random(in: limits.lower[joint]...limits.upper[joint], using: &self) }
    return q
  }
}

/// The rows of a table under Tests/Data: numbers, tab-separated, below one line of column names.
func table(_ path: String) throws -> [[Double]] {
  try String(contentsOfFile: packageFile(path), encoding: .utf8).split(separator: "\n").dropFirst().map {
    $0.split(separator: "\t").map { Double($0)! }
  }
}

/// The larger of what two poses differ in position [m] and rotation [rad].
func difference(_ a: Pose, _ b: Pose) -> Double {
  max((a.translation - b.translation).length, (a.rotation * b.rotation.inverse).rotationVector.length)
}
