extension CollisionChecker {
  /// The lanes whose configuration touches an obstacle.
  @inline(__always)
  func obstacleHits(_ scratch: borrowing CheckScratch) -> RakeMask {
    var search = Search(halfWidth: .zero, stopsAtHit: false)
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

  /// What a search looks for, and what it has found.
  ///
  /// Each lane stands for the configurations within `halfWidth` of its own along a motion. A lane whose spheres, blown up by all they can move on that
  /// way, touch nothing is free throughout; otherwise it is doubtful.
  struct Search {
    /// One hit of a lane's own configuration ends the search; without it hits are what makes a lane doubtful.
    let stopsAtHit: Bool
    var doubtful = RakeMask(repeating: false)
    /// Half widths of the lanes that are not doubtful yet, else 0. Without stop: 1 and 0.
    var open: Rake

    @inline(__always)
    init(halfWidth: Rake, stopsAtHit: Bool) {
      self.stopsAtHit = stopsAtHit
      open = stopsAtHit ? halfWidth : Rake(repeating: 1)
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
      doubtful = doubtful .| (square .< limit(radius - (stopsAtHit ? CollisionChecker.tolerance : 0), speed: speed))
      open = open.replacing(with: 0, where: doubtful)
      return false
    }
  }

  /// How deep a point between the configurations that were looked at may lie in an obstacle: what single precision cannot tell [m].
  static let tolerance: Float = 5e-6

  /// Returns true where the search ended at a hit.
  @inline(__always)
  func searchObstacles(_ scratch: borrowing CheckScratch, _ search: inout Search) -> Bool {
    let groups = kernel.groups.span, boxes = boxes.span, nearby = nearby.span, ends = nearbyEnds.span
    let speeds = UnsafeRawPointer(scratch.groupSpeeds).assumingMemoryBound(to: Float.self)
    var index = groups.count
    while index > 0 {
      index -= 1
      let group = groups[index], center = scratch.centers[index], speed = speeds[index]
      for place in Int(ends[index])..<Int(ends[index + 1]) {
        let box = boxes[Int(nearby[place])]
        if any(box.squaredDistance(to: center) .< search.limit(group.ball.radius + box.rounding, speed: speed)) {
          if descend(group, box, scratch.frames[Int(group.frame)], speed, &search) { return true }
        }
      }
    }
    return false
  }

  @inline(__always)
  private func descend(_ group: ArmKernel.Group, _ box: RoundedBox, _ frame: RakeFrame, _ speed: Float, _ search: inout Search) -> Bool {
    let clusters = kernel.clusters.span, leaves = kernel.leaves.span
    for index in Int(group.firstCluster)..<Int(group.endCluster) {
      let cluster = clusters[index]
      guard any(box.squaredDistance(to: frame.point(cluster.ball)) .< search.limit(cluster.ball.radius + box.rounding, speed: speed)) else { continue }
      for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
        let ball = leaves[leaf]
        if search.ends(at: box.squaredDistance(to: frame.point(ball)), radius: ball.radius + box.rounding, speed: speed) { return true }
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
      if any(square .< search.limit(groups[one].ball.radius + groups[other].ball.radius, speed: speeds[index])) {
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
        let square = (otherFrame.pointee.point(otherCluster.ball) - center).squaredLength
        guard any(square .< search.limit(cluster.ball.radius + otherCluster.ball.radius, speed: speed)) else { continue }
        for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
          let ball = leaves[leaf], point = frame.pointee.point(ball)
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
