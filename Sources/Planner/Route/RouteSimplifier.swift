/// Makes a free path shorter: by straight ways past vertices, and across the corners that are left.
struct RouteSimplifier: ~Copyable {
  /// Rounds go on while they shorten the path by that share.
  private static let worthwhile: Float = 0.01
  private static let rounds = 4
  /// A corner is cut at its shorter side's whole, half and quarter length, unless that gains less [rad; m].
  private static let cuts: (tries: Int, leastGain: Float) = (3, 0.003)

  private var check: MotionCheck
  private let interruption: Interruption

  init(checker: CollisionChecker, interruption: Interruption) {
    self.interruption = interruption
    check = MotionCheck(checker: checker, interruption: interruption)
  }

  /// An interruption ends the work with what has been reached, which is a free path at any time.
  mutating func simplified(_ path: [JointRow]) -> [JointRow] {
    var path = path
    skipVertices(&path)
    var before = length(of: path)
    for _ in 0..<Self.rounds {
      cutCorners(&path)
      cutCorners(&path)
      skipVertices(&path)
      let now = length(of: path)
      guard now < before * (1 - Self.worthwhile), !interruption.comes() else { break }
      before = now
    }
    return path
  }

  /// From each vertex straight to the farthest that can be reached so.
  private mutating func skipVertices(_ path: inout [JointRow]) {
    var index = 0
    while index + 2 < path.count, !interruption.comes() {
      var target = path.count - 1
      while target > index + 1, !check.isFree(from: path[index], to: path[target]) {
        guard !interruption.comes() else { return }
        target -= 1
      }
      path.removeSubrange(index + 1..<target)
      index += 1
    }
  }

  /// At each vertex straight from a place before it to one as far behind it, the farther the better.
  ///
  /// What is left of the vertex's sides stays free, so that only the way across is to be checked.
  private mutating func cutCorners(_ path: inout [JointRow]) {
    var cut = [path[0]]
    cut.reserveCapacity(2 * path.count)
    for index in path.indices.dropFirst().dropLast() {
      let before = cut[cut.count - 1], corner = path[index], after = path[index + 1]
      let sides = (distance(before, corner), distance(corner, after))
      guard !interruption.comes(), min(sides.0, sides.1) > Self.cuts.leastGain else {
        cut.append(corner)
        continue
      }
      let backward = (before - corner) * (1 / sides.0), forward = (after - corner) * (1 / sides.1)
      var reach = min(sides.0, sides.1), isCut = false
      for _ in 0..<Self.cuts.tries {
        let entry = corner + backward * reach, exit = reach == sides.1 ? after : corner + forward * reach
        guard 2 * reach - distance(entry, exit) > Self.cuts.leastGain else { break }
        isCut = check.isFree(from: entry, to: exit)
        if isCut {
          if reach < sides.0 { cut.append(entry) }
          cut.append(exit)
          break
        }
        reach /= 2
      }
      if !isCut { cut.append(corner) }
    }
    cut.append(path[path.count - 1])
    path = cut
  }

  private func length(of path: [JointRow]) -> Float { zip(path, path.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) } }
}
