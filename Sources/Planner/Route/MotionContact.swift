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
  /// - Parameter shouldStop: Asked at every place; ends the work, with nil.
  public func leastClearance(along motion: Trajectory, shouldStop: () -> Bool = { false }) -> MotionContact? {
    let work = max(1, model.links.reduce(0) { $0 + $1.spheres.count } * scene.obstacles.count)
    let places = motion.places(apart: 0.02, atMost: min(400, max(20, 4_000_000 / work)))
    var pairs: [(least: MotionContact, most: Double)] = []
    for s in places {
      guard !shouldStop() else { return nil }
      let position = motion.path.point(at: s).position, time = motion.time(at: s)
      for (pair, clearance) in linkClearances(at: position).enumerated() {
        let contact = MotionContact(time: time, position: position, clearance: clearance)
        if pair == pairs.count {
          pairs.append((contact, clearance.distance))
        } else {
          if clearance.distance < pairs[pair].least.clearance.distance { pairs[pair].least = contact }
          pairs[pair].most = max(pairs[pair].most, clearance.distance)
        }
      }
    }
    let changing = pairs.filter { $0.most - $0.least.clearance.distance > Self.change }
    return (changing.isEmpty ? pairs : changing).map(\.least).min { $0.clearance.distance < $1.clearance.distance }
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
      func distance(_ s: Double) -> Double { trouble(at: path.point(at: s).position)?.distance ?? .infinity }
      return places.min { distance($0) < distance($1) } ?? begin
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
