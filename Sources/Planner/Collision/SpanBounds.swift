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

  /// For each joint the speed of the set's fastest sphere centre while that joint alone moves with speed 1 [m/rad; 1].
  func speeds(of set: SphereSet) -> [Double] {
    let chain = chain(to: set.frame)
    return speeds(of: set, along: chain, from: 0)
  }

  /// The same, as seen from a frame that `other` stands still in.
  func speeds(of set: SphereSet, seenFrom other: SphereSet) -> [Double] {
    let own = chain(to: set.frame), others = chain(to: other.frame)
    let shared = zip(own, others).prefix { $0 == $1 }.count
    return zip(speeds(of: set, along: own, from: shared), speeds(of: other, along: others, from: shared)).map { $0 + $1 }
  }

  /// Of the bodies of a chain only those from place `start` count.
  private func speeds(of set: SphereSet, along chain: [Int], from start: Int) -> [Double] {
    var speeds = [Double](repeating: 0, count: travel.count)
    for place in chain.indices.dropFirst(start) {
      let body = tree.bodies[chain[place] - 1]
      guard let joint = body.joint else { continue }
      speeds[joint] += abs(body.multiplier) * (body.isSliding ? 1 : lever(of: set, along: Array(chain[place...])))
    }
    return speeds
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

/// Bounds on speeds as one row of eight things a joint and block, so that a motion's bounds are a few sums of rows.
struct SpeedTable: Sendable {
  /// Row of block b and joint j at b·8 + j.
  private var rows: [Rake] = []
  private(set) var count = 0

  init() {}

  /// - Parameter speeds: For each thing its speed for each joint.
  init(_ speeds: [[Double]]) {
    count = speeds.count
    rows = [Rake](repeating: .zero, count: (count + 7) / 8 * 8)
    for (thing, speeds) in speeds.enumerated() {
      // Rounded up, so that a bound stays one in single precision.
      for (joint, speed) in speeds.enumerated() { rows[thing / 8 * 8 + joint][thing % 8] = Float(speed).nextUp }
    }
  }

  var blockCount: Int { rows.count / 8 }

  /// Writes Σⱼ |motionⱼ|·speedⱼ of every thing to `bounds`, eight a block.
  @inline(__always)
  func bound(of motion: Rake, into bounds: UnsafeMutablePointer<Rake>) {
    let rows = rows.span, motion = magnitude(motion)
    for block in 0..<blockCount {
      var sum = Rake.zero
      for joint in 0..<8 { sum = fused(motion[joint], rows[block * 8 + joint], sum) }
      bounds[block] = sum
    }
  }
}
