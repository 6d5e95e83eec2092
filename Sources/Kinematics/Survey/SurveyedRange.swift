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
}
