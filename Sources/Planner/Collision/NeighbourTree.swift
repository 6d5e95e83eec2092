/// Points of up to eight dimensions that do not change, with the nearest one to any other: a tree of boxes over blocks of eight points.
struct NeighbourTree: Sendable, Equatable {
  /// A box around points. Its first child is the next node.
  private struct Node: Sendable, Equatable {
    var lower, upper: SIMD8<Float>
    /// The second child; −1 for a leaf.
    var second: Int32
    /// The leaf's block.
    var block: Int32
  }

  let count: Int
  private let dimensions: Int
  private var nodes: [Node] = []
  /// A row for each dimension of each block.
  private var blocks: [SIMD8<Float>] = []
  /// Which point each lane of the blocks is.
  private var members: [Int32] = []

  /// - Parameters:
  ///   - points: Coordinates beyond `dimensions` are 0.
  ///   - dimensions: 1…8.
  ///   - interruption: After it the tree knows only some of the points.
  init(_ points: [SIMD8<Float>], dimensions: Int, _ interruption: Interruption = .never) {
    (count, self.dimensions) = (points.count, dimensions)
    guard !points.isEmpty else { return }
    var order = Array(points.indices.map(Int32.init))
    points.withUnsafeBufferPointer { points in
      order.withUnsafeMutableBufferPointer { order in
        grow(over: order, points, interruption)
      }
    }
  }

  /// All points, neighbours near each other.
  var points: [SIMD8<Float>] {
    members.indices.filter { members[$0] >= 0 }.map { place in
      var point = SIMD8<Float>.zero
      for dimension in 0..<dimensions { point[dimension] = blocks[place / 8 * dimensions + dimension][place % 8] }
      return point
    }
  }

  /// The point nearest to another one, as its place in the list it came in, if one is nearer than `limit`'s root.
  func nearest(to point: SIMD8<Float>, within limit: Float) -> (index: Int32, square: Float)? {
    guard !nodes.isEmpty else { return nil }
    var best = (index: Int32(-1), square: limit)
    let nodes = nodes.span
    // A stack of 64 boxes is enough for any tree that memory holds: it grows by one a level.
    var stack = InlineArray<64, (node: Int32, square: Float)>(repeating: (0, 0)), depth = 0
    var current = Int32(0), square = Self.square(from: point, to: nodes[0])
    while true {
      if square < best.square {
        let node = nodes[Int(current)]
        if node.second < 0 {
          visit(Int(node.block), point, &best)
        } else {
          let first = Self.square(from: point, to: nodes[Int(current) + 1]), second = Self.square(from: point, to: nodes[Int(node.second)])
          stack[depth] = first <= second ? (node.second, second) : (current + 1, first)
          depth += 1
          (current, square) = first <= second ? (current + 1, first) : (node.second, second)
          continue
        }
      }
      guard depth > 0 else { break }
      depth -= 1
      (current, square) = stack[depth]
    }
    return best.index < 0 ? nil : best
  }

  @inline(__always)
  private func visit(_ block: Int, _ point: SIMD8<Float>, _ best: inout (index: Int32, square: Float)) {
    let blocks = blocks.span
    var square = SIMD8<Float>.zero
    for dimension in 0..<dimensions {
      let difference = blocks[block * dimensions + dimension] - point[dimension]
      square = fused(difference, difference, square)
    }
    guard holds(square .< SIMD8(repeating: best.square)) else { return }
    for lane in 0..<8 where square[lane] < best.square { best = (members[block * 8 + lane], square[lane]) }
  }

  @inline(__always)
  private static func square(from point: SIMD8<Float>, to node: Node) -> Float {
    let outside = larger(larger(node.lower - point, point - node.upper), .zero)
    return sum(outside * outside)
  }

  /// Adds the nodes over a part of the points, splitting it across its longest side.
  private mutating func grow(
    over order: UnsafeMutableBufferPointer<Int32>, _ points: UnsafeBufferPointer<SIMD8<Float>>, _ interruption: Interruption
  ) {
    var lower = points[Int(order[0])], upper = lower
    for index in order {
      (lower, upper) = (smaller(lower, points[Int(index)]), larger(upper, points[Int(index)]))
    }
    let place = nodes.count
    nodes.append(Node(lower: lower, upper: upper, second: -1, block: -1))
    guard order.count > 8, !interruption.comes(before: order.count / 32) else {
      nodes[place].block = Int32(members.count / 8)
      appendBlock(UnsafeMutableBufferPointer(rebasing: order[..<min(order.count, 8)]), points)
      return
    }
    let extent = upper - lower
    var axis = 0
    for other in 1..<max(dimensions, 1) where extent[other] > extent[axis] { axis = other }
    // Full blocks on the left, so that few lanes stay empty.
    let middle = (order.count / 2 + 7) / 8 * 8
    select(middle, in: order) { points[Int($0)][axis] }
    grow(over: UnsafeMutableBufferPointer(rebasing: order[..<middle]), points, interruption)
    nodes[place].second = Int32(nodes.count)
    grow(over: UnsafeMutableBufferPointer(rebasing: order[middle...]), points, interruption)
  }

  private mutating func appendBlock(_ order: UnsafeMutableBufferPointer<Int32>, _ points: UnsafeBufferPointer<SIMD8<Float>>) {
    for dimension in 0..<dimensions {
      var row = SIMD8<Float>(repeating: .infinity)
      for (lane, index) in order.enumerated() { row[lane] = points[Int(index)][dimension] }
      blocks.append(row)
    }
    for lane in 0..<8 { members.append(lane < order.count ? order[lane] : -1) }
  }
}

/// Reorders so that the elements with the `middle` smallest keys come first.
///
/// - Source: C. Hoare, *Algorithm 65: Find* (1961).
private func select(_ middle: Int, in order: UnsafeMutableBufferPointer<Int32>, by key: (Int32) -> Float) {
  var first = 0, last = order.count - 1
  while first < last {
    let pivot = key(order[(first + last) / 2])
    var left = first, right = last
    while left <= right {
      while key(order[left]) < pivot { left += 1 }
      while key(order[right]) > pivot { right -= 1 }
      guard left <= right else { break }
      order.swapAt(left, right)
      left += 1
      right -= 1
    }
    if middle <= right {
      last = right
    } else if middle >= left {
      first = left
    } else {
      return
    }
  }
}
