internal import Kinematics

extension RoutePlanner {
  /// The route with joints that turn evenly from start to goal wherever that is as free: a joint that nothing depends on, such as the tool's roll
  /// among obstacles, does not swing to and fro.
  ///
  /// - Parameter shouldStop: Asked every 50 µs or so; leaves the route as it is.
  public func straightened(_ route: Route, shouldStop: () -> Bool = { false }) -> Route {
    Interruption.whenever(shouldStop) { straightened(route, $0) }
  }

  private func straightened(_ route: Route, _ interruption: Interruption) -> Route {
    var path = route.waypoints
    guard path.count > 2, let start = path.first, let goal = path.last else { return route }
    var check = MotionCheck(checker: checker, interruption: interruption)
    for joint in start.indices.reversed() {
      let even = Self.path(path, turningEvenly: joint)
      guard swing(of: joint, along: path) > (goal[joint] - start[joint]).magnitude + Self.worthwhile else { continue }
      let isFree = zip(even, even.dropFirst()).allSatisfy { check.isFree(from: JointRow($0.lanes), to: JointRow($1.lanes)) }
      if isFree { path = even }
    }
    return Route(waypoints: path, goal: route.goal)
  }

  /// Less of a swing does not matter [rad; m].
  private static let worthwhile = 0.01

  /// How far a joint goes to and fro.
  private func swing(of joint: Int, along path: [JointVector]) -> Double {
    zip(path, path.dropFirst()).reduce(0) { $0 + ($1.1[joint] - $1.0[joint]).magnitude }
  }

  /// The same path, on which one joint goes on in proportion to the way of the others.
  private static func path(_ path: [JointVector], turningEvenly joint: Int) -> [JointVector] {
    func way(_ a: JointVector, _ b: JointVector) -> Double {
      var step = b - a
      step[joint] = 0
      return step.dot(step).squareRoot()
    }
    let whole = zip(path, path.dropFirst()).reduce(0) { $0 + way($1.0, $1.1) }
    guard whole > 0 else { return path }
    var even = path, done = 0.0
    for index in path.indices.dropFirst().dropLast() {
      done += way(path[index - 1], path[index])
      even[index][joint] = path[0][joint] + done / whole * (path[path.count - 1][joint] - path[0][joint])
    }
    return even
  }
}
