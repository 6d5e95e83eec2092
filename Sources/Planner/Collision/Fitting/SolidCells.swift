internal import Kinematics

/// A solid cut into small cubic cells, each with a little sphere around what the cell holds of it. The little spheres together hold the solid.
///
/// The solid is all that cannot be reached from outside without crossing the surface, from cell to cell: a surface with a hole that is wider than a
/// cell counts as a shell. What is narrower than a cell counts as filled.
struct SolidCells {
  struct Cell {
    /// Around the cell's part of the solid [m].
    var center: SIMD3<Double>
    var radius: Double
  }

  /// All of the solid.
  private(set) var cells: [Cell] = []
  /// Where spheres may have their middles, and how far from the solid's skin they are [m].
  private(set) var places: [(point: SIMD3<Double>, depth: Double)] = []
  private static let mostPlaces = 1500
  /// Of a cell [m].
  let side: Double
  private let grid: CellGrid
  /// By cell: whether the surface is in it, and the outside next to it.
  private let isSkin: [Bool]
  private let skin: NeighbourTree

  /// - Parameters:
  ///   - side: Of a cell; larger where the mesh would have too many of them [m].
  ///   - mesh: Has faces.
  init(_ mesh: TriangleMesh, side: Double) {
    var grid = CellGrid(around: mesh, side: side)
    let pieces = SurfacePieces(mesh, in: grid)
    grid.fill(around: pieces.isTouched)
    self.grid = grid
    self.side = grid.side

    var skin: [SIMD8<Float>] = []
    isSkin = pieces.isTouched.indices.map { pieces.isTouched[$0] && grid.hasNeighbourOutside($0) }
    for cell in isSkin.indices where isSkin[cell] {
      let middle = SIMD3<Float>(pieces.middle(of: cell))
      skin.append(SIMD8(middle.x, middle.y, middle.z, 0, 0, 0, 0, 0))
    }
    self.skin = NeighbourTree(skin, dimensions: 3)
    appendSurface(pieces)
    appendInside()
    findPlaces(pieces)
  }

  /// How far a point is from the solid's skin [m]: negative outside the solid. To within half a cell.
  ///
  /// - Parameter guess: What it may be; the nearer the quicker.
  func depth(at point: SIMD3<Double>, guess: Double = .infinity) -> Double {
    let row = SIMD8(Float(point.x), Float(point.y), Float(point.z), 0, 0, 0, 0, 0)
    let limit = Float(guess + 2 * side), nearest = skin.nearest(to: row, within: limit * limit) ?? skin.nearest(to: row, within: .infinity)
    let distance = Double(nearest?.square ?? 0).squareRoot()
    return grid.isOutside(point) ? -distance : distance
  }

  private mutating func appendSurface(_ pieces: SurfacePieces) {
    var boxes = pieces.boxes
    for cell in boxes.indices where pieces.isTouched[cell] {
      for corner in 0..<8 where grid.isInside(corner: corner, of: cell) {
        let point = grid.corner(corner, of: cell)
        boxes[cell].lower = pointwiseMin(boxes[cell].lower, point)
        boxes[cell].upper = pointwiseMax(boxes[cell].upper, point)
      }
    }
    var radii = [Double](repeating: 0, count: boxes.count)
    func take(_ point: SIMD3<Double>, _ cell: Int) {
      let offset = point - 0.5 * (boxes[cell].lower + boxes[cell].upper)
      radii[cell] = max(radii[cell], dot(offset, offset))
    }
    for (cell, point) in zip(pieces.cells, pieces.points) { take(SIMD3<Double>(point), Int(cell)) }
    for cell in boxes.indices where pieces.isTouched[cell] {
      for corner in 0..<8 where grid.isInside(corner: corner, of: cell) { take(grid.corner(corner, of: cell), cell) }
      // Pieces are kept in single precision.
      let center = 0.5 * (boxes[cell].lower + boxes[cell].upper)
      cells.append(Cell(center: center, radius: radii[cell].squareRoot() + 1e-6))
    }
  }

  /// Cells within the solid, eight of them joined where all are.
  private mutating func appendInside() {
    var isJoined = Set<Int>()
    for block in grid.blocks {
      let members = grid.members(of: block)
      guard members.count == 8, members.allSatisfy({ grid.kinds[$0] == .inside }) else { continue }
      isJoined.formUnion(members)
      cells.append(Cell(center: grid.corner(7, of: members[0]), radius: grid.side * 1.733))
    }
    for cell in grid.kinds.indices where grid.kinds[cell] == .inside && !isJoined.contains(cell) {
      cells.append(Cell(center: grid.middle(of: cell), radius: grid.side * 0.8665))
    }
  }

  /// Places on the solid's middle, where no direction leads deeper at full rate, and a sparse lattice of others.
  private mutating func findPlaces(_ pieces: SurfacePieces) {
    var depths = [Double](repeating: 0, count: grid.kinds.count), last = Double.infinity
    for cell in grid.kinds.indices where grid.kinds[cell] != .outside && !isSkin[cell] {
      last = depth(at: grid.middle(of: cell), guess: last)
      depths[cell] = last
    }
    for cell in grid.kinds.indices where grid.kinds[cell] != .outside {
      let here = depths[cell], isMiddle = grid.neighbours.allSatisfy { depths[cell + $0.step] - here < 0.8 * $0.distance }
      guard isMiddle || grid.isOnLattice(cell, step: 4) else { continue }
      places.append((isSkin[cell] ? pieces.middle(of: cell) : grid.middle(of: cell), here))
    }
    let step = (places.count + Self.mostPlaces - 1) / Self.mostPlaces
    if step > 1 { places = stride(from: 0, to: places.count, by: step).map { places[$0] } }
  }
}
