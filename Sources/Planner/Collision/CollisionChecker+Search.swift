extension CollisionChecker {
  /// Those of the lanes in question whose configuration touches an obstacle.
  @inline(__always)
  func obstacleHits(_ scratch: borrowing CheckScratch, where asked: RakeMask) -> RakeMask {
    var search = Search(halfWidth: .zero, stopsAtHit: false)
    search.open = Rake.zero.replacing(with: 1, where: asked)
    if isBuried { return RakeMask(repeating: true) }
    _ = searchObstacles(scratch, &search)
    return search.doubtful
  }

  /// The lanes whose configuration touches itself.
  @inline(__always)
  func selfHits(_ scratch: borrowing CheckScratch) -> RakeMask {
    var search = Search(halfWidth: .zero, stopsAtHit: false)
    _ = searchPairs(scratch, &search)
    return search.doubtful
  }

  /// The lanes that are not surely free within their half widths; nil where one of the configurations themselves is not free.
  @inline(__always)
  func doubtful(_ scratch: borrowing CheckScratch, within halfWidths: Rake, coarsely: Bool) -> RakeMask? {
    var search = Search(halfWidth: halfWidths, stopsAtHit: true)
    search.isCoarse = coarsely
    guard !isBuried, !searchObstacles(scratch, &search), !searchPairs(scratch, &search) else { return nil }
    return search.doubtful
  }

  /// What a search looks for, and what it has found.
  ///
  /// Each lane stands for the configurations within `halfWidth` of its own along a motion. A lane whose spheres, blown up by all they can move on that
  /// way, touch nothing is free throughout; otherwise it is doubtful.
  struct Search {
    /// One hit of a lane's own configuration ends the search; without it hits are what makes a lane doubtful.
    let stopsAtHit: Bool
    /// Doubts are left at the groups' own size, which is quicker and finds more of them.
    var isCoarse = false
    var doubtful = RakeMask(repeating: false)
    /// Half widths of the lanes that are not doubtful yet, else 0. Without stop: 1 and 0.
    var open: Rake

    @inline(__always)
    init(halfWidth: Rake, stopsAtHit: Bool) {
      self.stopsAtHit = stopsAtHit
      open = stopsAtHit ? halfWidth : Rake(repeating: 1)
    }

    @inline(__always)
    mutating func doubt(_ lanes: RakeMask) {
      doubtful = doubtful .| lanes
      open = open.replacing(with: 0, where: doubtful)
    }

    /// The squared distance that something of this radius must keep, its sphere moving with this speed.
    @inline(__always)
    func limit(_ radius: Float, speed: Float) -> Rake {
      guard stopsAtHit else { return open * (radius * radius) }
      let wide = fused(speed, open, Rake(repeating: radius))
      return wide * wide
    }

    /// Whether the search ends here, given the squared distance of two things that must keep the sum of their radii apart.
    @inline(__always)
    mutating func ends(at square: Rake, radius: Float, speed: Float) -> Bool {
      if stopsAtHit, any(square .< Rake(repeating: radius * radius)) { return true }
      doubt(square .< limit(radius - (stopsAtHit ? CollisionChecker.tolerance : 0), speed: speed))
      return false
    }
  }

  /// How deep a point between the configurations that were looked at may lie in an obstacle: what single precision cannot tell [m].
  static let tolerance: Float = 5e-6

  /// Returns true where the search ended at a hit.
  @inline(__always)
  func searchObstacles(_ scratch: borrowing CheckScratch, _ search: inout Search) -> Bool {
    let groups = kernel.groups.span
    let speeds = UnsafeRawPointer(scratch.groupSpeeds).assumingMemoryBound(to: Float.self)
    // From the hand inwards: what moves most hits most.
    var index = groups.count
    while index > 0 {
      index -= 1
      let group = groups[index], place = (center: scratch.centers[index], frame: scratch.frames + Int(group.frame), speed: speeds[index])
      if touches(solids.upright, index, group, place, &search) || touches(solids.tilted, index, group, place, &search)
        || touches(solids.cylinders, index, group, place, &search) || touches(solids.halfSpaces, index, group, place, &search)
      {
        return true
      }
    }
    return false
  }

  private typealias GroupPlace = (center: RakeVector, frame: UnsafeMutablePointer<RakeFrame>, speed: Float)

  @inline(__always)
  private func touches<Solid: RakeSolid>(
    _ nearby: NearbySolids<Solid>, _ index: Int, _ group: ArmKernel.Group, _ place: GroupPlace, _ search: inout Search
  ) -> Bool {
    guard !nearby.solids.isEmpty else { return false }
    let ends = nearby.ends.span, solids = nearby.solids.span
    for solid in (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) {
      let solid = solids[solid], radius = group.ball.radius + solid.rounding, square = solid.squaredDistance(to: place.center)
      if any(square .< search.limit(radius, speed: place.speed)) {
        if search.isCoarse {
          search.doubt(square .< search.limit(radius, speed: place.speed))
          guard any(square .< Rake(repeating: radius * radius)) else { continue }
        }
        if descend(group, solid, place, &search) { return true }
      }
    }
    return false
  }

  @inline(__always)
  private func descend<Solid: RakeSolid>(_ group: ArmKernel.Group, _ solid: Solid, _ place: GroupPlace, _ search: inout Search) -> Bool {
    let clusters = kernel.clusters.span, leaves = kernel.leaves.span, frame = place.frame, speed = place.speed
    for index in Int(group.firstCluster)..<Int(group.endCluster) {
      let cluster = clusters[index], distance = solid.squaredDistance(to: frame.pointee.point(cluster.ball))
      guard any(distance .< search.limit(cluster.ball.radius + solid.rounding, speed: speed)) else { continue }
      for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
        let ball = leaves[leaf]
        let square = solid.squaredDistance(to: frame.pointee.point(ball))
        if search.ends(at: square, radius: ball.radius + solid.rounding, speed: speed) { return true }
      }
    }
    return false
  }

  /// Returns true where the search ended at a hit.
  @inline(__always)
  func searchPairs(_ scratch: borrowing CheckScratch, _ search: inout Search) -> Bool {
    let groups = kernel.groups.span, pairs = kernel.pairs.span
    let speeds = UnsafeRawPointer(scratch.pairSpeeds).assumingMemoryBound(to: Float.self)
    for index in pairs.indices {
      let one = Int(pairs[index].one), other = Int(pairs[index].other)
      let square = (scratch.centers[one] - scratch.centers[other]).squaredLength
      let radius = groups[one].ball.radius + groups[other].ball.radius
      if any(square .< search.limit(radius, speed: speeds[index])) {
        if search.isCoarse {
          search.doubt(square .< search.limit(radius, speed: speeds[index]))
          guard any(square .< Rake(repeating: radius * radius)) else { continue }
        }
        if descend(groups[one], groups[other], scratch, speeds[index], &search) { return true }
      }
    }
    return false
  }

  @inline(__always)
  private func descend(
    _ one: ArmKernel.Group, _ other: ArmKernel.Group, _ scratch: borrowing CheckScratch, _ speed: Float, _ search: inout Search
  ) -> Bool {
    let clusters = kernel.clusters.span, leaves = kernel.leaves.span
    let frame = scratch.frames + Int(one.frame), otherFrame = scratch.frames + Int(other.frame)
    for index in Int(one.firstCluster)..<Int(one.endCluster) {
      let cluster = clusters[index], center = frame.pointee.point(cluster.ball)
      for otherIndex in Int(other.firstCluster)..<Int(other.endCluster) {
        let otherCluster = clusters[otherIndex]
        let otherCenter = otherFrame.pointee.point(otherCluster.ball)
        let square = (otherCenter - center).squaredLength
        guard any(square .< search.limit(cluster.ball.radius + otherCluster.ball.radius, speed: speed)) else { continue }
        for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
          let ball = leaves[leaf], point = frame.pointee.point(ball)
          let distance = (otherCenter - point).squaredLength
          guard any(distance .< search.limit(ball.radius + otherCluster.ball.radius, speed: speed)) else { continue }
          for otherLeaf in Int(otherCluster.firstLeaf)..<Int(otherCluster.endLeaf) {
            let otherBall = leaves[otherLeaf]
            let square = (otherFrame.pointee.point(otherBall) - point).squaredLength
            if search.ends(at: square, radius: ball.radius + otherBall.radius, speed: speed) { return true }
          }
        }
      }
    }
    return false
  }
}
