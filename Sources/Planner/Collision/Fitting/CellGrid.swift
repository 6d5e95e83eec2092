internal import Kinematics

/// A box of cubic cells around a mesh, with a layer to spare, and which of them are outside, on and inside its surface.
struct CellGrid {
  enum Kind { case outside, surface, inside }

  /// So many cells a grid has about at most.
  private static let capacity = 30_000.0

  /// Of a cell [m].
  let side: Double
  /// The lowest corner of the first cell.
  let origin: SIMD3<Double>
  let counts: SIMD3<Int>
  /// For each of 26 neighbours how far on in the list of cells it is, and how far away its middle [m].
  let neighbours: [(step: Int, distance: Double)]
  private(set) var kinds: [Kind] = []

  /// - Parameter side: The cells' least side [m].
  init(around mesh: TriangleMesh, side: Double) {
    let bounds = mesh.bounds ?? (.zero, .zero), size = bounds.upper - bounds.lower
    func count(_ side: Double) -> SIMD3<Double> { (size / side).rounded(.up) + 3 }
    func product(_ v: SIMD3<Double>) -> Double { v.x * v.y * v.z }
    let side = sequence(first: max(side, 1e-6)) { 1.05 * $0 }.first { product(count($0)) < Self.capacity } ?? side
    self.side = side
    let cells = count(side)
    let counts = SIMD3(Int(cells.x), Int(cells.y), Int(cells.z))
    self.counts = counts
    neighbours = (0..<27).filter { $0 != 13 }.map { index in
      let step = SIMD3(index % 3 - 1, index / 3 % 3 - 1, index / 9 - 1)
      return ((step.z * counts.y + step.y) * counts.x + step.x, side * Double((step &* step).wrappedSum()).squareRoot())
    }
    origin = 0.5 * (bounds.lower + bounds.upper) - 0.5 * side * cells
  }

  var cellCount: Int { counts.x * counts.y * counts.z }

  /// In cells from the origin.
  func coordinates(of point: SIMD3<Double>) -> SIMD3<Double> { (point - origin) / side }

  func cell(_ place: SIMD3<Int>) -> Int { (place.z * counts.y + place.y) * counts.x + place.x }

  func place(of cell: Int) -> SIMD3<Int> { [cell % counts.x, cell / counts.x % counts.y, cell / (counts.x * counts.y)] }

  func middle(of cell: Int) -> SIMD3<Double> { origin + side * (SIMD3<Double>(place(of: cell)) + 0.5) }

  /// Corners count in binary: x, y, z.
  func corner(_ corner: Int, of cell: Int) -> SIMD3<Double> { origin + side * SIMD3<Double>(place(of: cell) &+ Self.offset(corner)) }

  private static func offset(_ corner: Int) -> SIMD3<Int> { [corner & 1, corner >> 1 & 1, corner >> 2] }

  private func holds(_ place: SIMD3<Int>) -> Bool {
    place.x >= 0 && place.y >= 0 && place.z >= 0 && place.x < counts.x && place.y < counts.y && place.z < counts.z
  }

  /// Tells outside from inside by flooding from the first cell, which is outside, through the cells that the surface does not touch.
  mutating func fill(around isTouched: [Bool]) {
    kinds = isTouched.map { $0 ? .surface : .inside }
    var waiting = [0]
    kinds[0] = .outside
    while let cell = waiting.popLast() {
      let here = place(of: cell)
      for axis in 0..<3 {
        for step in [-1, 1] {
          var there = here
          there[axis] += step
          guard holds(there), kinds[self.cell(there)] == .inside else { continue }
          kinds[self.cell(there)] = .outside
          waiting.append(self.cell(there))
        }
      }
    }
  }

  func isOutside(_ point: SIMD3<Double>) -> Bool {
    let q = coordinates(of: point).rounded(.down), place = SIMD3(Int(q.x), Int(q.y), Int(q.z))
    return !holds(place) || kinds[cell(place)] == .outside
  }

  /// Of a cell that the outermost layer does not have.
  func hasNeighbourOutside(_ cell: Int) -> Bool { neighbours.contains { kinds[cell + $0.step] == .outside } }

  /// Whether a cell's corner is in the solid: whether no cell around it is outside.
  func isInside(corner: Int, of cell: Int) -> Bool {
    let here = place(of: cell) &+ Self.offset(corner)
    return (0..<8).allSatisfy { around in
      let there = here &- Self.offset(around)
      return holds(there) && kinds[self.cell(there)] != .outside
    }
  }

  // MARK: Blocks of eight

  /// Their first cells.
  var blocks: [SIMD3<Int>] {
    var blocks: [SIMD3<Int>] = []
    for z in stride(from: 0, to: counts.z - 1, by: 2) {
      for y in stride(from: 0, to: counts.y - 1, by: 2) {
        for x in stride(from: 0, to: counts.x - 1, by: 2) { blocks.append([x, y, z]) }
      }
    }
    return blocks
  }

  func members(of block: SIMD3<Int>) -> [Int] { (0..<8).map { cell(block &+ Self.offset($0)) } }

  func isOnLattice(_ cell: Int, step: Int) -> Bool {
    let here = place(of: cell)
    return here.x % step == 0 && here.y % step == 0 && here.z % step == 0
  }
}
