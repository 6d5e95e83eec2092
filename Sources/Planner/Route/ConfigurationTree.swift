/// A tree of configurations, with the nearest one to any other.
struct ConfigurationTree {
  private(set) var count = 0
  private(set) var parents: [Int32] = []
  /// Samples farther than this from a node are not worth trying [rad].
  var radii: [Float] = []
  private let jointCount: Int
  /// Eight configurations a block, a row for each joint.
  private var blocks: [Rake] = []

  init(jointCount: Int) {
    self.jointCount = jointCount
    blocks.reserveCapacity(16 * jointCount)
    parents.reserveCapacity(128)
    radii.reserveCapacity(128)
  }

  /// A place too far away to be anybody's neighbour.
  private static let nowhere: Float = 1e15

  /// - Parameter parent: −1 for a root.
  @discardableResult
  mutating func append(_ q: JointRow, parent: Int32) -> Int32 {
    let lane = count & 7
    if lane == 0 { for _ in 0..<jointCount { blocks.append(Rake(repeating: Self.nowhere)) } }
    let block = (count >> 3) * jointCount
    for joint in 0..<jointCount { blocks[block + joint][lane] = q[joint] }
    parents.append(parent)
    radii.append(.infinity)
    count += 1
    return Int32(count - 1)
  }

  subscript(node: Int32) -> JointRow {
    var q = JointRow.zero
    let block = Int(node >> 3) * jointCount, lane = Int(node & 7)
    for joint in 0..<jointCount { q[joint] = blocks[block + joint][lane] }
    return q
  }

  /// The node nearest to a configuration, and the distance's square.
  @inline(__always)
  func nearest(to q: JointRow) -> (node: Int32, square: Float) {
    let blocks = blocks.span
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
    return (bestBlock[winner] * 8 + Int32(winner), best[winner])
  }

  /// From the root to a node.
  func branch(to node: Int32) -> [JointRow] {
    var branch: [JointRow] = [], node = node
    while node >= 0 {
      branch.append(self[node])
      node = parents[Int(node)]
    }
    return branch.reversed()
  }
}
