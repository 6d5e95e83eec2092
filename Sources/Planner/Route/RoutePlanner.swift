public import Kinematics

/// Plans ways around obstacles.
public struct RoutePlanner: Sendable {
  public let checker: CollisionChecker
  public var seed = 1
  public var range: Float = 1

  public init(checker: CollisionChecker) { self.checker = checker }

  public func roughPath(from start: JointVector, to goals: [JointVector], shouldStop: () -> Bool) -> (path: [JointVector], iterations: Int, rakes: Int)? {
    var samples = SampleSequence(seed: seed, dimensions: start.count)
    var search = RouteSearch(
      check: MotionCheck(checker: checker), lower: JointRow(checker.model.lower.lanes), upper: JointRow(checker.model.upper.lanes), range: range)
    guard let path = search.path(from: JointRow(start.lanes), to: goals.map { JointRow($0.lanes) }, samples: &samples, shouldStop: shouldStop) else {
      return nil
    }
    return (path.map { JointVector(lanes: SIMD8<Double>($0), count: start.count) }, search.iterations, search.check.rakes)
  }

  public func simplified(_ path: [JointVector]) -> (path: [JointVector], rakes: Int) {
    var simplifier = RouteSimplifier(check: MotionCheck(checker: checker), samples: SampleSequence(seed: seed, dimensions: 2))
    let result = simplifier.simplified(path.map { JointRow($0.lanes) })
    return (result.map { JointVector(lanes: SIMD8<Double>($0), count: path[0].count) }, simplifier.check.rakes)
  }
}
