public import Kinematics

/// Plans ways around obstacles for one arm in one scene.
///
/// The same seed finds the same route every time, unless it is stopped before. A plain value: it may be used from any thread; each call works in
/// memory of its own, well below 64 MB.
public struct RoutePlanner: Sendable {
  public let checker: CollisionChecker
  /// Which sequence of samples is used.
  public var seed: Int

  /// Starts and goals may be so far beyond a limit, as rounding puts them [rad; m].
  public static let limitTolerance = 1e-5

  public init(checker: CollisionChecker, seed: Int = 1) { (self.checker, self.seed) = (checker, seed) }

  /// A short free route from a configuration to whichever goal is found first.
  ///
  /// - Parameters:
  ///   - goals: Configurations that are equally good, as all solutions of a pose are. Those in collision or outside the limits are passed over.
  ///   - shouldStop: Asked every 50 µs or so; ends the work. A route that has been found by then is returned as it is.
  /// - Throws: ``RouteFailure``; where no goal can be used, for the first one.
  public func route(
    from start: JointVector, to goals: [JointVector], shouldStop: () -> Bool = { false }
  ) throws(RouteFailure) -> Route {
    try Interruption.whenever(shouldStop) { interruption throws(RouteFailure) in
      simplified(try roughRoute(from: start, to: goals, interruption), interruption)
    }
  }

  /// The first free route that is found, with all its detours.
  public func roughRoute(
    from start: JointVector, to goals: [JointVector], shouldStop: () -> Bool = { false }
  ) throws(RouteFailure) -> Route {
    try Interruption.whenever(shouldStop) { interruption throws(RouteFailure) in try roughRoute(from: start, to: goals, interruption) }
  }

  private func roughRoute(from start: JointVector, to goals: [JointVector], _ interruption: Interruption) throws(RouteFailure) -> Route {
    let usable = try usableGoals(goals, from: start)
    var search = RouteSearch(checker: checker, seed: seed, interruption: interruption)
    let rows = usable.map { JointRow(goals[$0].lanes) }
    switch search.path(from: JointRow(start.lanes), to: rows) {
    case .found(let path):
      let goal = rows.firstIndex(of: path[path.count - 1]) ?? 0
      return route(path, from: start, to: goals[usable[goal]], goal: usable[goal])
    case .stopped(let attempts, let startIsWalledIn, let goalsAreWalledIn):
      throw .notFound(attempts: attempts, walledIn: startIsWalledIn ? .start : goalsAreWalledIn ? .goal(usable[0]) : nil)
    }
  }

  /// A shorter route between the same ends; free, like the given one.
  ///
  /// - Parameter shouldStop: Ends the work with what has been reached.
  public func simplified(_ route: Route, shouldStop: () -> Bool = { false }) -> Route {
    Interruption.whenever(shouldStop) { simplified(route, $0) }
  }

  private func simplified(_ route: Route, _ interruption: Interruption) -> Route {
    guard let start = route.waypoints.first, let goal = route.waypoints.last else { return route }
    var simplifier = RouteSimplifier(checker: checker, interruption: interruption)
    let path = simplifier.simplified(route.waypoints.map { JointRow($0.lanes) })
    return self.route(path, from: start, to: goal, goal: route.goal)
  }

  private func route(_ path: [JointRow], from start: JointVector, to goal: JointVector, goal index: Int) -> Route {
    let inner = path.dropFirst().dropLast().map { JointVector(lanes: SIMD8<Double>($0), count: start.count) }
    return Route(waypoints: [start] + inner + [goal], goal: index)
  }

  /// The goals that can be planned to, as places in `goals`; where there is none, what is wrong with the first is thrown.
  private func usableGoals(_ goals: [JointVector], from start: JointVector) throws(RouteFailure) -> [Int] {
    guard !goals.isEmpty else { throw .noGoals }
    try checkLimits(start, .start)
    var failure: RouteFailure?
    var usable: [Int] = []
    for (index, goal) in goals.enumerated() {
      do throws(RouteFailure) {
        try checkLimits(goal, .goal(index))
        usable.append(index)
      } catch {
        failure = failure ?? error
      }
    }
    let flags = checker.flags(of: [start] + usable.map { goals[$0] })
    guard flags[0].free else { throw collision(at: start, .start) }
    let free = zip(usable, flags.dropFirst()).filter { $0.1.free }.map(\.0)
    guard free.isEmpty else { return free }
    if let failure, usable.first != 0 { throw failure }
    throw collision(at: goals[usable[0]], .goal(usable[0]))
  }

  private func collision(at q: JointVector, _ end: RouteFailure.End) -> RouteFailure {
    .inCollision(end, checker.trouble(at: q) ?? Clearance(distance: 0, link: checker.model.jointNames[0], other: .obstacle("")))
  }

  private func checkLimits(_ q: JointVector, _ end: RouteFailure.End) throws(RouteFailure) {
    let model = checker.model
    guard q.count == model.jointCount else { throw .wrongJointCount(end, given: q.count, expected: model.jointCount) }
    for (joint, name) in model.jointNames.enumerated() {
      guard q[joint].isFinite else { throw .notFinite(end, joint: name) }
      let lower = model.lower[joint], upper = model.upper[joint]
      guard q[joint] >= lower - Self.limitTolerance, q[joint] <= upper + Self.limitTolerance else {
        throw .outsideLimits(end, joint: name, value: q[joint], lower: lower, upper: upper)
      }
    }
  }
}
