public import Kinematics

/// A place on a motion, and how near the arm is to something there.
public struct MotionContact: Sendable, Equatable {
  /// Since the motion's start [s].
  public let time: Double
  /// [rad; m]
  public let position: JointVector
  public let clearance: Clearance

  public init(time: Double, position: JointVector, clearance: Clearance) {
    (self.time, self.position, self.clearance) = (time, position, clearance)
  }
}

extension CollisionChecker {
  /// Where a motion first touches something, or comes nearer to an obstacle than the margin; nil where it is free all along.
  ///
  /// Checked throughout, not only at samples, as ``RoutePlanner``'s ways are; where the path bends, between places so close that it strays from
  /// straight ways by less than ``bendTolerance``.
  ///
  /// - Parameters:
  ///   - time: Since the motion's start [s]; what was before does not count.
  ///   - shouldStop: Asked every 50 µs or so.
  /// - Throws: ``MotionRefusal/stopped`` where that was answered with true.
  public func firstContact(along motion: Trajectory, after time: Double = 0, shouldStop: () -> Bool) throws(MotionRefusal) -> MotionContact? {
    let start = motion.pathState(at: time).position
    let place = try Interruption.whenever(shouldStop) { interruption throws(MotionRefusal) in
      try firstContact(along: motion.path, from: start, interruption)
    }
    guard let s = place else { return nil }
    let position = motion.path.point(at: s).position
    return trouble(at: position).map { MotionContact(time: motion.time(at: s), position: position, clearance: $0) }
  }

  /// The same, however long it takes.
  public func firstContact(along motion: Trajectory, after time: Double = 0) -> MotionContact? {
    try? firstContact(along: motion, after: time, shouldStop: { false })
  }

  /// The nearest that a motion comes to an obstacle, looked at in places a fiftieth of a radian or metre apart; nil where there are none.
  ///
  /// A link that is as near to an obstacle all along, as a base that turns beside the table that it stands on, says nothing of the motion: it does
  /// not count, unless there is nothing else.
  ///
  /// - Parameter shouldStop: Asked every 50 µs or so; ends the work, with nil.
  public func leastClearance(along motion: Trajectory, shouldStop: () -> Bool = { false }) -> MotionContact? {
    Interruption.whenever(shouldStop) { leastClearance(of: worldCouples, along: motion, $0) }
  }

  /// The same of links that must not touch each other.
  public func leastOwnClearance(along motion: Trajectory, shouldStop: () -> Bool = { false }) -> MotionContact? {
    Interruption.whenever(shouldStop) { leastClearance(of: ownCouples, along: motion, $0) }
  }

  private func leastClearance(of couples: Couples, along motion: Trajectory, _ interruption: Interruption) -> MotionContact? {
    // Of each couple the least distance that is known, where that is, and what the greatest is at least.
    var courses = [(least: Double, place: Double, most: Double)](repeating: (.infinity, 0, -.infinity), count: couples.count)
    // Of the couples whose distance changes.
    var nearest: Int?, best = Double.infinity
    for s in motion.places(apart: 0.02, atMost: 400) {
      let arm = PlacedArm(model, at: motion.path.point(at: s).position)
      for (index, couple) in couples.enumerated() {
        guard !interruption.comes() else { return nil }
        let distance = distance(of: couple, arm, limit: best)
        courses[index].most = max(courses[index].most, distance)
        if distance < min(best, courses[index].least) { (courses[index].least, courses[index].place) = (distance, s) }
        if courses[index].least < best, courses[index].most - courses[index].least > Self.change {
          (nearest, best) = (index, courses[index].least)
        }
      }
    }
    guard let index = nearest ?? courses.indices.min(by: { courses[$0].least < courses[$1].least }) else { return nil }
    let (least, place, _) = courses[index]
    return MotionContact(
      time: motion.time(at: place), position: motion.path.point(at: place).position, clearance: clearance(of: couples[index], least))
  }

  /// A distance that changes by less is the same [m].
  private static let change = 1e-4

  /// The path parameter at the first contact.
  func firstContact(along path: JointPath, from start: Double = 0, _ interruption: Interruption = .never) throws(MotionRefusal) -> Double? {
    var check = MotionCheck(checker: self, interruption: interruption)
    let borders = [start] + path.knots.filter { $0 > start }
    for (begin, end) in zip(borders, borders.dropFirst()) {
      var pieces = [(begin: begin, end: end)]
      while let (begin, end) = pieces.popLast() {
        let middle = (begin + end) / 2
        if middle > begin, middle < end, bend(of: path, from: begin, to: end) > Self.bendTolerance {
          pieces += [(middle, end), (begin, middle)]
        } else if !check.isFree(from: JointRow(path.point(at: begin).position.lanes), to: JointRow(path.point(at: end).position.lanes)) {
          guard !interruption.hasCome else { throw .stopped }
          return firstHit(on: path, from: begin, to: end)
        }
      }
    }
    return nil
  }

  /// How far a path may stray from the straight ways that are checked in its place [m].
  private static let bendTolerance = 5e-5

  /// How far the spheres get from where they would be if the piece were straight, at most: looked at in three places [m].
  private func bend(of path: JointPath, from begin: Double, to end: Double) -> Double {
    let first = path.point(at: begin).position, last = path.point(at: end).position
    let lever = kernel.reaches.map(\.radius).max() ?? 0
    return [0.25, 0.5, 0.75].map { share in
      let straight = first + share * (last - first)
      return (path.point(at: begin + share * (end - begin)).position - straight).reduce(0) { $0 + abs($1) } * lever
    }.max() ?? 0
  }

  /// Where in a piece that is not free the first hit is; where only its nearness forbids it, the nearest place.
  private func firstHit(on path: JointPath, from begin: Double, to end: Double) -> Double {
    let count = 64
    let places = (0...count).map { begin + (end - begin) * Double($0) / Double(count) }
    let flags = flags(of: places.map { path.point(at: $0).position })
    guard let hit = flags.firstIndex(where: { !$0.free }) else {
      let distances = places.map { trouble(at: path.point(at: $0).position)?.distance ?? .infinity }
      return zip(places, distances).min { $0.1 < $1.1 }?.0 ?? begin
    }
    guard hit > 0 else { return places[0] }
    var (free, touching) = (places[hit - 1], places[hit])
    for _ in 0..<20 {
      let middle = (free + touching) / 2
      if self.flags(of: [path.point(at: middle).position])[0].free { free = middle } else { touching = middle }
    }
    return touching
  }
}

extension Trajectory {
  /// Path parameters from start to end, so close that no joint moves farther between them.
  ///
  /// - Parameter distance: [rad; m]
  func places(apart distance: Double, atMost most: Int) -> [Double] {
    let coarse = (0...100).map { path.point(at: pathLength * Double($0) / 100).position }
    let way = zip(coarse, coarse.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).maximumMagnitude }
    let count = min(max(Int((way / distance).rounded(.up)), 1), most)
    return (0...count).map { pathLength * Double($0) / Double(count) }
  }

  /// Where the arm passes, from start to end, so close that no joint moves farther in between, if `most` places are enough for that.
  ///
  /// - Parameter distance: [rad; m]
  public func configurations(apart distance: Double, atMost most: Int = 1000) -> [JointVector] {
    places(apart: distance, atMost: most).map { path.point(at: $0).position }
  }
}
