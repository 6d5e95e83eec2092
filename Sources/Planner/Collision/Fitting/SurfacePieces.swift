internal import Kinematics

/// A mesh's faces cut along the planes of a grid: the corners of every piece, with the cell that it is in.
struct SurfacePieces {
  /// By corner.
  private(set) var cells: [Int32] = []
  private(set) var points: [SIMD3<Float>] = []
  /// By cell.
  private(set) var isTouched: [Bool]
  /// Around each cell's pieces [m].
  private(set) var boxes: [(lower: SIMD3<Double>, upper: SIMD3<Double>)]

  private let grid: CellGrid

  init(_ mesh: TriangleMesh, in grid: CellGrid) {
    self.grid = grid
    isTouched = Array(repeating: false, count: grid.cellCount)
    boxes = Array(repeating: (SIMD3(repeating: .infinity), SIMD3(repeating: -.infinity)), count: grid.cellCount)
    points.reserveCapacity(3 * mesh.faces.count)
    cells.reserveCapacity(3 * mesh.faces.count)
    for face in mesh.faces.indices {
      let (a, b, c) = mesh.corners(of: face)
      let p = grid.coordinates(of: a), q = grid.coordinates(of: b), r = grid.coordinates(of: c)
      let low = p.rounded(.down)
      if low == q.rounded(.down), low == r.rounded(.down) {
        let cell = grid.cell([Int(low.x), Int(low.y), Int(low.z)])
        append(p, cell)
        append(q, cell)
        append(r, cell)
      } else {
        cut([p, q, r], axis: 0, place: .zero)
      }
    }
  }

  /// Of the box around a touched cell's pieces.
  func middle(of cell: Int) -> SIMD3<Double> { 0.5 * (boxes[cell].lower + boxes[cell].upper) }

  /// - Parameters:
  ///   - polygon: Convex, in the grid's coordinates; lies in one layer of cells in the axes before this one.
  ///   - place: Of that layer.
  private mutating func cut(_ polygon: [SIMD3<Double>], axis: Int, place: SIMD3<Int>) {
    guard axis < 3 else {
      let cell = grid.cell(place)
      for corner in polygon { append(corner, cell) }
      return
    }
    var rest = polygon, layer = Int((polygon.map { $0[axis] }.min() ?? 0).rounded(.down))
    let last = Int((polygon.map { $0[axis] }.max() ?? 0).rounded(.down))
    while true {
      var place = place
      place[axis] = layer
      guard layer < last else {
        cut(rest, axis: axis + 1, place: place)
        return
      }
      let (below, above) = Self.halves(of: rest, axis: axis, at: Double(layer + 1))
      if below.count > 2 { cut(below, axis: axis + 1, place: place) }
      rest = above
      guard rest.count > 2 else { return }
      layer += 1
    }
  }

  /// What of a convex polygon is below and above a plane; corners on it belong to both.
  ///
  /// - Source: I. Sutherland and G. Hodgman, *Reentrant polygon clipping* (1974).
  private static func halves(of polygon: [SIMD3<Double>], axis: Int, at height: Double) -> (below: [SIMD3<Double>], above: [SIMD3<Double>]) {
    var below: [SIMD3<Double>] = [], above: [SIMD3<Double>] = []
    for (index, corner) in polygon.enumerated() {
      let next = polygon[(index + 1) % polygon.count], here = corner[axis] - height, there = next[axis] - height
      if here <= 0 { below.append(corner) }
      if here >= 0 { above.append(corner) }
      if here * there < 0 {
        var crossing = corner + here / (here - there) * (next - corner)
        crossing[axis] = height
        below.append(crossing)
        above.append(crossing)
      }
    }
    return (below, above)
  }

  private mutating func append(_ corner: SIMD3<Double>, _ cell: Int) {
    let point = grid.origin + grid.side * corner
    cells.append(Int32(cell))
    points.append(SIMD3<Float>(point))
    isTouched[cell] = true
    boxes[cell].lower = pointwiseMin(boxes[cell].lower, point)
    boxes[cell].upper = pointwiseMax(boxes[cell].upper, point)
  }
}
