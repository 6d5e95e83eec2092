/// The point of a box that is nearest to a given one in a metric: a least-squares problem with bounds, solved exactly.
struct BoxProjection {
  private(set) var point: JointScalars
  /// The slope of the squared distance where a bound holds the point; 0 elsewhere. The larger, the more the bound costs.
  private(set) var pressure = JointScalars(repeating: 0)

  /// Minimises ½ (x − c)ᵀ·M·(x − c) within the box.
  ///
  /// As M is positive definite there is one minimum, and it depends continuously on metric, center and box.
  ///
  /// - Real-time: does not allocate, lock or throw. O(joints³) for each bound that joins or leaves the active set.
  /// - Source: the primal active-set method; J. Nocedal and S. Wright, *Numerical Optimization* (2006), algorithm 16.3, for bounds alone.
  init(of center: JointScalars, into box: VelocityBox, metric: JointMatrix) {
    let count = metric.count
    var held = InlineArray<8, Bool>(repeating: false)
    point = center
    for joint in 0..<count {
      point[joint] = box.clamped(center[joint], joint: joint)
      held[joint] = point[joint] != center[joint]
    }
    for _ in 0..<Self.mostSteps {
      let target = Self.free(held, at: point, center: center, metric: metric)
      var share = 1.0, blocking = -1
      for joint in 0..<count where !held[joint] {
        let way = target[joint] - point[joint], bound = way > 0 ? box.upper[joint] : box.lower[joint]
        if (way > 0 && target[joint] > bound) || (way < 0 && target[joint] < bound) {
          let fraction = (bound - point[joint]) / way
          if fraction < share || blocking < 0 { (share, blocking) = (min(share, fraction), joint) }
        }
      }
      for joint in 0..<count where !held[joint] { point[joint] = box.clamped(point[joint] + share * (target[joint] - point[joint]), joint: joint) }
      if blocking >= 0 {
        held[blocking] = true
        point[blocking] = target[blocking] > point[blocking] ? box.upper[blocking] : box.lower[blocking]
        continue
      }
      var worst = -Self.slack, released = -1
      for joint in 0..<count where held[joint] {
        var slope = 0.0
        for other in 0..<count { slope += metric[joint, other] * (point[other] - center[other]) }
        pressure[joint] = slope
        let towards = box.lower[joint] == box.upper[joint] ? 0 : point[joint] == box.lower[joint] ? slope : -slope
        if towards < worst { (worst, released) = (towards, joint) }
      }
      guard released >= 0 else { break }
      held[released] = false
      pressure[released] = 0
    }
  }

  private static var mostSteps: Int { 40 }
  private static var slack: Double { 1e-13 }

  /// The minimum over the joints that no bound holds.
  @inline(__always)
  private static func free(_ held: InlineArray<8, Bool>, at point: JointScalars, center: JointScalars, metric: JointMatrix) -> JointScalars {
    let count = metric.count
    var matrix = metric, slope = JointScalars(repeating: 0)
    for row in 0..<count {
      if held[row] {
        for column in 0..<count { matrix[row, column] = row == column ? 1 : 0 }
        continue
      }
      var sum = 0.0
      for column in 0..<count where held[column] {
        sum -= metric[row, column] * (point[column] - center[column])
        matrix[row, column] = 0
      }
      slope[row] = sum
    }
    guard let way = matrix.solution(of: JointVector(scalars: slope, count: count)) else { return point }
    var target = point
    let shift = way.scalars
    for joint in 0..<count where !held[joint] { target[joint] = center[joint] + shift[joint] }
    return target
  }
}
