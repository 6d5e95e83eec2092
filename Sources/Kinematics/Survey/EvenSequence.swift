internal import Foundation

/// Points spread evenly over the unit cube, without chance.
///
/// Each coordinate advances by a power of 1/φ, modulo 1, where φ^(d+1) = φ + 1.
/// - Source: M. Roberts, *The unreasonable effectiveness of quasirandom sequences* (2018).
public struct EvenSequence: Sendable {
  private let steps: [Double]
  private var point: [Double]

  public init(dimensions: Int) {
    var phi = 1.5
    for _ in 0..<64 { phi = pow(1 + phi, 1 / Double(dimensions + 1)) }
    steps = (1...dimensions).map { pow(1 / phi, Double($0)) }
    point = Array(repeating: 0.5, count: dimensions)
  }

  public mutating func next() -> [Double] {
    for index in point.indices { point[index] = (point[index] + steps[index]).truncatingRemainder(dividingBy: 1) }
    return point
  }
}

extension RobotModel {
  /// Where each joint is looked at in a survey: its limits; of a joint that may turn more than once one turn about their middle; of one that slides
  /// without end a metre to either side.
  public var surveyedRange: [ClosedRange<Double>] {
    isPrismatic.indices.map { joint in
      let lower = limits.lower[joint], upper = limits.upper[joint], most = isPrismatic[joint] ? 1 : Double.pi
      if upper - lower <= 2 * most || (isPrismatic[joint] && (upper - lower).isFinite) { return min(lower, upper)...max(lower, upper) }
      let middle = (lower + upper).isFinite ? (lower + upper) / 2 : min(max(0, lower + most), upper - most)
      return (middle - most)...(middle + most)
    }
  }

  /// A configuration within the surveyed ranges, given a point of the unit cube.
  public func configuration(at point: [Double]) -> JointVector {
    JointVector(zip(surveyedRange, point).map { $0.lowerBound + $1 * ($0.upperBound - $0.lowerBound) })
  }

  /// Where every joint stands: frames in the base with their origin on the joint and z along its axis, from base to tip.
  ///
  /// - Precondition: `q.count == jointCount`.
  public func jointFrames(at q: JointVector) -> [Pose] {
    let placement = placement(at: q)
    return (0..<jointCount).map { placement[coupling?.ownBody[$0] ?? $0].pose }
  }

  /// A fourth of the way from the base over all joints to the tool: what a metre is measured in to compare with a radian [m].
  var typicalLength: Double {
    let way = bodies.reduce(lastBodyFromTool.origin.xyz.length) { $0 + $1.parentFromJoint.origin.xyz.length }
    return max(way / 4, 1e-3)
  }
}
