internal import Kinematics

/// Few spheres that together hold a solid's cells, none of which sticks out of the solid by more than was asked for.
struct CellCover {
  /// They hold all cells.
  private(set) var spheres: [ArmSpheres.Sphere] = []
  /// How far a sphere sticks out of the solid at most [m].
  private(set) var overshoot = 0.0

  /// What was asked for [m].
  let tightness: Double

  private let solid: SolidCells
  /// Middle and radius of each cell, eight a row.
  private var rows: [(center: RakeVector, radius: Rake)] = []
  /// All bits set for the cells that no sphere holds yet.
  private var open: [SIMD8<UInt32>] = []

  /// - Parameters:
  ///   - tightness: How far a sphere may stick out [m].
  ///   - limit: Of the count; past it nil.
  init?(_ solid: SolidCells, tightness: Double, limit: Int) {
    (self.solid, self.tightness) = (solid, tightness)
    for start in stride(from: 0, to: solid.cells.count, by: 8) {
      var row = (center: RakeVector(.zero), radius: Rake.zero), open = SIMD8<UInt32>.zero
      for (lane, cell) in solid.cells[start..<min(start + 8, solid.cells.count)].enumerated() {
        (row.center.x[lane], row.center.y[lane], row.center.z[lane]) = (Float(cell.center.x), Float(cell.center.y), Float(cell.center.z))
        (row.radius[lane], open[lane]) = (Float(cell.radius) + 1e-6, .max)
      }
      rows.append(row)
      self.open.append(open)
    }
    guard choose(limit: limit) else { return nil }
    settle()
  }

  // MARK: Choosing

  /// Takes the sphere that holds most of what none holds yet, again and again; false where that takes too many.
  ///
  /// Gains only shrink, so that a place whose old gain is no more than another's new one need not be asked again.
  private mutating func choose(limit: Int) -> Bool {
    var gains = solid.places.indices.map { gain(of: sphere(at: $0)) }
    while let uncovered = firstOpen() {
      guard spheres.count < limit else { return false }
      var best = -1
      while let place = Self.greatest(of: gains), place != best, gains[place] > 0 {
        gains[place] = gain(of: sphere(at: place))
        if best < 0 || gains[place] >= gains[best] { best = place }
      }
      if best >= 0, gains[best] > 0 {
        take(sphere(at: best))
      } else {
        // A cell that sticks out of all of them: in a corner sharper than the cells are fine.
        let cell = solid.cells[uncovered]
        take(ArmSpheres.Sphere(center: cell.center, radius: max(cell.radius + 2e-6, solid.depth(at: cell.center) + tightness)))
      }
    }
    return true
  }

  private static func greatest(of gains: [Int]) -> Int? {
    var best = -1
    for (place, gain) in gains.enumerated() where best < 0 || gain > gains[best] { best = place }
    return best < 0 ? nil : best
  }

  private func sphere(at place: Int) -> ArmSpheres.Sphere {
    ArmSpheres.Sphere(center: solid.places[place].point, radius: solid.places[place].depth + tightness)
  }

  private func firstOpen() -> Int? {
    guard let row = open.firstIndex(where: { $0 != .zero }) else { return nil }
    return 8 * row + ((0..<8).first { open[row][$0] != 0 } ?? 0)
  }

  /// The cells of a row that a sphere holds.
  @inline(__always)
  private func held(_ row: (center: RakeVector, radius: Rake), by center: RakeVector, _ radius: Float) -> SIMD8<UInt32> {
    let room = larger(radius - row.radius, .zero)
    return unsafeBitCast((row.center - center).squaredLength .< room * room, to: SIMD8<UInt32>.self)
  }

  private func gain(of sphere: ArmSpheres.Sphere) -> Int {
    let center = RakeVector(SIMD3<Float>(sphere.center)), radius = Float(sphere.radius), rows = rows.span, open = open.span
    // All bits set are −1.
    var count = SIMD8<UInt32>.zero
    for row in rows.indices { count &-= held(rows[row], by: center, radius) & open[row] }
    return Int(count.wrappedSum())
  }

  private mutating func take(_ sphere: ArmSpheres.Sphere) {
    let center = RakeVector(SIMD3<Float>(sphere.center)), radius = Float(sphere.radius)
    for row in rows.indices { open[row] &= ~held(rows[row], by: center, radius) }
    spheres.append(sphere)
  }

  // MARK: Settling

  /// Gives each cell to the sphere that need grow least beyond its own depth to hold it, and moves and shrinks the spheres around what they got, as
  /// long as that makes the one that sticks out farthest stick out less.
  private mutating func settle() {
    overshoot = .infinity
    var next = spheres
    for _ in 0..<12 {
      next = settled(next)
      let excess = next.map { $0.radius - solid.depth(at: $0.center) }.max() ?? 0
      guard excess < overshoot else { break }
      (spheres, overshoot) = (next, excess)
    }
  }

  private func settled(_ spheres: [ArmSpheres.Sphere]) -> [ArmSpheres.Sphere] {
    let depths = spheres.map { solid.depth(at: $0.center) }
    var members = [[ArmSpheres.Sphere]](repeating: [], count: spheres.count)
    for cell in solid.cells {
      let little = ArmSpheres.Sphere(center: cell.center, radius: cell.radius)
      var best = (excess: Double.infinity, index: 0)
      for index in spheres.indices {
        let excess = little.reach(from: spheres[index].center) - depths[index]
        if excess < best.excess { best = (excess, index) }
      }
      members[best.index].append(little)
    }
    return zip(spheres, members).filter { !$0.1.isEmpty }.map { sphere, members in
      let smallest = ArmSpheres.Sphere(enclosing: members, rounds: 60)
      let shrunk = ArmSpheres.Sphere(center: sphere.center, radius: members.map { $0.reach(from: sphere.center) }.max() ?? 0)
      let gain = shrunk.radius - solid.depth(at: shrunk.center) - (smallest.radius - solid.depth(at: smallest.center))
      return gain > 0 ? smallest : shrunk
    }
  }
}

extension ArmSpheres.Sphere {
  /// From a point to its farthest point [m].
  fileprivate func reach(from point: SIMD3<Double>) -> Double {
    let offset = center - point
    return dot(offset, offset).squareRoot() + radius
  }
}
