internal import Foundation
internal import Kinematics

/// How far and how fast an arm's spheres can get, whatever its configuration.
struct SpanBounds {
  /// A ball around a standing point that a set never leaves.
  struct Reach: Sendable {
    /// In the base [m].
    var anchor: SIMD3<Double>
    var radius: Double
  }

  let tree: ArmTree
  /// For each joint, how far it may stand from zero [rad; m].
  let travel: [Double]

  func reach(of set: SphereSet) -> Reach {
    guard set.frame > 0 else {
      let ball = ArmSpheres.Sphere(enclosing: set.members.map(\.sphere))
      return Reach(anchor: ball.center, radius: ball.radius)
    }
    let chain = chain(to: set.frame), first = tree.bodies[chain[0] - 1]
    let inner = chain.dropFirst().reduce(0) { $0 + length(tree.bodies[$1 - 1].shift) }
    let slides = chain.reduce(0) { $0 + slide(tree.bodies[$1 - 1]) }
    let outer = set.members.map { length($0.sphere.center) + $0.sphere.radius }.max() ?? 0
    return Reach(anchor: first.baseFromJoint?.translation ?? .zero, radius: inner + slides + outer)
  }

  /// For each body the speed of the set's fastest sphere centre while that body's own joint alone moves with speed 1 [m/rad; 1].
  ///
  /// - Parameter ancestor: The frame that the speeds are seen from, on the set's way to the base.
  func levers(of set: SphereSet, seenFrom ancestor: Int = 0) -> [Double] {
    var levers = [Double](repeating: 0, count: tree.bodies.count)
    let chain = chain(to: set.frame)
    for place in chain.indices where place > (chain.firstIndex(of: ancestor) ?? -1) && tree.bodies[chain[place] - 1].joint != nil {
      levers[chain[place] - 1] = tree.bodies[chain[place] - 1].isSliding ? 1 : lever(of: set, along: Array(chain[place...]))
    }
    return levers
  }

  /// The last frame on the way from the base to either of two sets.
  func commonFrame(of one: SphereSet, _ other: SphereSet) -> Int {
    zip(chain(to: one.frame), chain(to: other.frame)).prefix { $0 == $1 }.last?.0 ?? 0
  }

  /// How far the set's sphere centres can get from the axis of the chain's first body.
  ///
  /// The next body's origin keeps its distance from the axis; what follows may point anywhere.
  private func lever(of set: SphereSet, along chain: [Int]) -> Double {
    let centers = set.members.map(\.sphere.center)
    guard chain.count > 1 else { return centers.map { hypot($0.x, $0.y) }.max() ?? 0 }
    let next = tree.bodies[chain[1] - 1].shift
    let further = chain.dropFirst(2).reduce(0) { $0 + length(tree.bodies[$1 - 1].shift) }
    let slides = chain.dropFirst().reduce(0) { $0 + slide(tree.bodies[$1 - 1]) }
    return hypot(next.x, next.y) + further + slides + (centers.map(length).max() ?? 0)
  }

  /// The frames from the base to a frame, without the base.
  private func chain(to frame: Int) -> [Int] {
    var chain: [Int] = [], frame = frame
    while frame > 0 {
      chain.append(frame)
      frame = tree.bodies[frame - 1].parent
    }
    return chain.reversed()
  }

  private func slide(_ body: ArmTree.Body) -> Double {
    guard body.isSliding, let joint = body.joint else { return 0 }
    return abs(body.multiplier) * travel[joint] + abs(body.offset)
  }

  private func length(_ v: SIMD3<Double>) -> Double { dot(v, v).squareRoot() }
}

/// Levers as one row of eight things a body and block, so that a motion's bounds are a few sums of rows.
struct LeverTable: Sendable {
  /// Row of block b and body i at b·bodies + i.
  private var rows: [Rake] = []
  private let bodyCount: Int
  let blockCount: Int

  /// - Parameter levers: For each thing its lever for each body.
  init(_ levers: [[Double]], bodyCount: Int) {
    self.bodyCount = bodyCount
    blockCount = (levers.count + 7) / 8
    rows = [Rake](repeating: .zero, count: blockCount * bodyCount)
    for (thing, levers) in levers.enumerated() {
      // Rounded up, so that a bound stays one in single precision.
      for (body, lever) in levers.enumerated() { rows[thing / 8 * bodyCount + body][thing % 8] = Float(lever) * 1.000_001 }
    }
  }

  /// Writes Σᵢ weightᵢ·leverᵢ of every thing to `bounds`, eight a block.
  @inline(__always)
  func bound(_ weights: UnsafeMutablePointer<Float>, into bounds: UnsafeMutablePointer<Rake>) {
    let rows = rows.span
    for block in 0..<blockCount {
      var sum = Rake.zero
      for body in 0..<bodyCount { sum = fused(weights[body], rows[block * bodyCount + body], sum) }
      bounds[block] = sum
    }
  }
}
