extension CollisionChecker {
  /// The lanes whose configuration touches an obstacle, of those asked for.
  @inline(__always)
  func obstacleHits(_ scratch: borrowing CheckScratch, where asked: RakeMask) -> RakeMask {
    guard !isBuried else { return asked }
    var search = RakeSearch(looksFor: .hits)
    search.leaveOut(.!asked)
    _ = searchObstacles(scratch, &search)
    return search.found .& asked
  }

  /// The lanes whose configuration touches itself.
  @inline(__always)
  func selfHits(_ scratch: borrowing CheckScratch) -> RakeMask {
    var search = RakeSearch(looksFor: .hits)
    _ = searchPairs(scratch, &search)
    return search.found
  }

  /// The lanes that are not surely free within their half widths; nil where one of the configurations themselves is not free.
  @inline(__always)
  func doubts(_ scratch: borrowing CheckScratch, within halfWidths: Rake, coarsely: Bool) -> RakeMask? {
    var search = RakeSearch(looksFor: .doubts, halfWidths: halfWidths, isCoarse: coarsely)
    guard !isBuried, !searchObstacles(scratch, &search), !searchPairs(scratch, &search) else { return nil }
    return search.found
  }

  /// Returns true where the search ended at a hit.
  @inline(__always)
  private func searchObstacles(_ scratch: borrowing CheckScratch, _ search: inout RakeSearch) -> Bool {
    // From the hand inwards: what moves most hits most.
    for index in kernel.groups.indices.reversed() {
      if touches(solids.upright, index, scratch, &search) { return true }
      if solids.hasTilted, touches(solids.tilted, index, scratch, &search) { return true }
      if solids.hasOthers, touchesOthers(index, scratch, &search) { return true }
    }
    return false
  }

  /// Kept apart, as most scenes have none of them.
  @inline(never)
  private func touchesOthers(_ index: Int, _ scratch: borrowing CheckScratch, _ search: inout RakeSearch) -> Bool {
    touches(solids.cylinders, index, scratch, &search) || touches(solids.halfSpaces, index, scratch, &search)
      || touches(solids.clouds, index, scratch, &search)
  }

  @_transparent
  private func touches<Solid: RakeSolid>(
    _ nearby: NearbySolids<Solid>, _ index: Int, _ scratch: borrowing CheckScratch, _ search: inout RakeSearch
  ) -> Bool {
    let ends = nearby.ends.span, solids = nearby.solids.span, groups = kernel.groups.span
    let group = groups[index], center = scratch.centers[index]
    var spread = search.spread(scratch.groupSpeeds, index), isTight = false
    for solid in (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) {
      let solid = solids[solid], radius = group.ball.radius + solid.rounding, limit = search.limit(radius, spread)
      let square = solid.squaredDistance(to: center, within: limit)
      let isNear = square .< limit
      guard holds(isNear) else { continue }
      if search.isCoarse {
        search.note(isNear)
        guard holds(square .< Rake(repeating: radius * radius)) else { continue }
      } else if search.looksFor == .doubts, !isTight {
        isTight = true
        spread = search.spread(speed(of: index, seenFrom: 0, scratch), scratch.groupBends, index)
        guard holds(square .< search.limit(radius, spread)) else { continue }
      }
      if descend(group, solid, scratch.frames + Int(group.frame), spread, &search) { return true }
    }
    return false
  }

  @_transparent
  private func descend<Solid: RakeSolid>(
    _ group: ArmKernel.Group, _ solid: Solid, _ frame: UnsafeMutablePointer<RakeFrame>, _ spread: Rake, _ search: inout RakeSearch
  ) -> Bool {
    let clusters = kernel.clusters.span, leaves = kernel.leaves.span
    for index in Int(group.firstCluster)..<Int(group.endCluster) {
      let cluster = clusters[index], limit = search.limit(cluster.ball.radius + solid.rounding, spread)
      guard holds(solid.squaredDistance(to: frame.pointee.point(cluster.ball), within: limit) .< limit) else { continue }
      for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
        let ball = leaves[leaf], radius = ball.radius + solid.rounding
        let square = solid.squaredDistance(to: frame.pointee.point(ball), within: search.reach(radius, spread))
        if search.ends(at: square, radius: radius, spread) { return true }
      }
    }
    return false
  }

  /// Returns true where the search ended at a hit.
  @inline(__always)
  private func searchPairs(_ scratch: borrowing CheckScratch, _ search: inout RakeSearch) -> Bool {
    let groups = kernel.groups.span, pairs = kernel.pairs.span
    for index in pairs.indices {
      let pair = pairs[index], one = Int(pair.one), other = Int(pair.other)
      let square = (scratch.centers[one] - scratch.centers[other]).squaredLength
      let radius = groups[one].ball.radius + groups[other].ball.radius
      var spread = search.spread(scratch.pairSpeeds, index)
      let isNear = square .< search.limit(radius, spread)
      guard holds(isNear) else { continue }
      if search.isCoarse {
        search.note(isNear)
        guard holds(square .< Rake(repeating: radius * radius)) else { continue }
      } else if search.looksFor == .doubts {
        let common = Int(pair.commonFrame)
        spread = search.spread(
          speed(of: one, seenFrom: common, scratch) + speed(of: other, seenFrom: common, scratch), scratch.pairBends, index)
        guard holds(square .< search.limit(radius, spread)) else { continue }
      }
      if descend(groups[one], groups[other], scratch.centers[other], scratch, spread, &search) { return true }
    }
    return false
  }

  @inline(__always)
  private func descend(
    _ one: ArmKernel.Group, _ other: ArmKernel.Group, _ otherMiddle: RakeVector, _ scratch: borrowing CheckScratch, _ spread: Rake,
    _ search: inout RakeSearch
  ) -> Bool {
    let clusters = kernel.clusters.span, leaves = kernel.leaves.span
    let frame = scratch.frames + Int(one.frame), otherFrame = scratch.frames + Int(other.frame)
    for index in Int(one.firstCluster)..<Int(one.endCluster) {
      let cluster = clusters[index], center = frame.pointee.point(cluster.ball)
      let reach = search.limit(cluster.ball.radius + other.ball.radius, spread)
      guard holds((otherMiddle - center).squaredLength .< reach) else { continue }
      for otherIndex in Int(other.firstCluster)..<Int(other.endCluster) {
        let otherCluster = clusters[otherIndex], otherCenter = otherFrame.pointee.point(otherCluster.ball)
        let distance = (otherCenter - center).squaredLength
        guard holds(distance .< search.limit(cluster.ball.radius + otherCluster.ball.radius, spread)) else { continue }
        for leaf in Int(cluster.firstLeaf)..<Int(cluster.endLeaf) {
          let ball = leaves[leaf], point = frame.pointee.point(ball)
          let distance = (otherCenter - point).squaredLength
          guard holds(distance .< search.limit(ball.radius + otherCluster.ball.radius, spread)) else { continue }
          for otherLeaf in Int(otherCluster.firstLeaf)..<Int(otherCluster.endLeaf) {
            let otherBall = leaves[otherLeaf]
            let square = (otherFrame.pointee.point(otherBall) - point).squaredLength
            if search.ends(at: square, radius: ball.radius + otherBall.radius, spread) { return true }
          }
        }
      }
    }
    return false
  }

  /// How fast the fastest sphere centre of a group moves in each configuration, per share of the motion [m].
  @inline(__always)
  private func speed(of index: Int, seenFrom ancestor: Int, _ scratch: borrowing CheckScratch) -> Rake {
    let bodies = kernel.bodies.span, groups = kernel.groups.span
    let group = groups[index], center = scratch.centers[index]
    var linear = RakeVector(.zero), angular = RakeVector(.zero), frame = Int(group.frame)
    while frame > ancestor {
      let body = bodies[frame - 1], rate = Rake(repeating: scratch.rates[frame - 1]), axis = scratch.frames[frame].z
      if body.isSliding {
        linear = linear.moved(along: axis, by: rate)
      } else {
        linear = linear.moved(along: axis.cross(center - scratch.frames[frame].origin), by: rate)
        angular = angular.moved(along: axis, by: rate)
      }
      frame = Int(body.parent)
    }
    return fused(group.spread, length(angular), length(linear))
  }
}

/// The length, or a hair more.
@inline(__always)
private func length(_ v: RakeVector) -> Rake {
  let square = v.squaredLength + 1e-12
  return square * reciprocalSquareRoot(square) * 1.000_001
}
