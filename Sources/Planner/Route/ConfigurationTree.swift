/// A tree of configurations, with the nearest one to any other.
///
/// The latest nodes are looked through one by one, eight at a time; every time they are `bunch` many they become a ``NeighbourTree``, and trees of
/// the same size become one of twice the size, so that there are never many.
///
/// - Source: J. Bentley and J. Saxe, *Decomposable searching problems I* (1980), section 2.
struct ConfigurationTree {
  private(set) var nodes: [JointRow] = []
  private(set) var parents: [Int32] = []
  /// Samples farther than this from a node are not worth trying [rad; m].
  var radii: [Float] = []
  var count: Int { nodes.count }

  private let jointCount: Int
  private let interruption: Interruption
  /// Over nodes from the first on, the largest first.
  private var settled: [NeighbourTree] = []
  private var settledCount = 0
  /// The nodes after those: eight a block, a row for each joint.
  private var latest: [Rake] = []

  private static let bunch = 1024
  /// A place too far away to be anybody's neighbour.
  private static let nowhere: Float = 1e15

  /// - Parameter interruption: After it the tree does not know all of its nodes.
  init(jointCount: Int, _ interruption: Interruption = .never) {
    (self.jointCount, self.interruption) = (jointCount, interruption)
    latest.reserveCapacity(16 * jointCount)
    nodes.reserveCapacity(128)
    parents.reserveCapacity(128)
    radii.reserveCapacity(128)
  }

  subscript(node: Int32) -> JointRow { nodes[Int(node)] }

  /// - Parameter parent: −1 for a root.
  @discardableResult
  mutating func append(_ q: JointRow, parent: Int32) -> Int32 {
    if count - settledCount == Self.bunch { settle() }
    let place = count - settledCount
    if place & 7 == 0 { for _ in 0..<jointCount { latest.append(Rake(repeating: Self.nowhere)) } }
    for joint in 0..<jointCount { latest[(place >> 3) * jointCount + joint][place & 7] = q[joint] }
    nodes.append(q)
    parents.append(parent)
    radii.append(.infinity)
    return Int32(count - 1)
  }

  /// The node nearest to a configuration, and the distance's square.
  @inline(__always)
  func nearest(to q: JointRow) -> (node: Int32, square: Float) {
    let blocks = latest.span
    var best = Rake(repeating: .infinity), bestBlock = SIMD8<Int32>.zero, block = SIMD8<Int32>.zero
    var row = 0
    while row < blocks.count {
      var square = Rake.zero
      for joint in 0..<jointCount {
        let difference = blocks[row + joint] - q[joint]
        square = fused(difference, difference, square)
      }
      let isNearer = square .< best
      best = best.replacing(with: square, where: isNearer)
      bestBlock = bestBlock.replacing(with: block, where: isNearer)
      block &+= SIMD8(repeating: 1)
      row += jointCount
    }
    var winner = 0
    for lane in 1..<8 where best[lane] < best[winner] { winner = lane }
    var nearest = (node: Int32(settledCount) + bestBlock[winner] * 8 + Int32(winner), square: best[winner])
    var first: Int32 = 0
    for tree in settled {
      if let closer = tree.nearest(to: q, within: nearest.square) { nearest = (first + closer.index, closer.square) }
      first += Int32(tree.count)
    }
    return nearest
  }

  /// From the root to a node.
  func branch(to node: Int32) -> [JointRow] {
    var branch: [JointRow] = [], node = node
    while node >= 0 {
      branch.append(nodes[Int(node)])
      node = parents[Int(node)]
    }
    return branch.reversed()
  }

  private mutating func settle() {
    var size = Self.bunch
    while let last = settled.last, last.count == size {
      settled.removeLast()
      size *= 2
    }
    settled.append(NeighbourTree(Array(nodes[(count - size)...]), dimensions: jointCount, interruption))
    settledCount = count
    latest.removeAll(keepingCapacity: true)
  }
}
