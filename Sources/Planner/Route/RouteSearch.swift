internal import Kinematics

/// RRT-Connect with balanced trees and dynamic domains, over motions that are checked throughout.
///
/// Most samples come from a box around the start and the goals that grows with the attempts, so that simple problems are solved where they lie and
/// hard ones see ever more; every fifth comes from all that the limits allow.
///
/// - Source: J. Kuffner and S. LaValle, *RRT-Connect* (2000); A. Yershova et al., *Dynamic-domain RRTs* (2005).
struct RouteSearch: ~Copyable {
  enum Outcome {
    case found([JointRow])
    /// Told to end; walled in are the ends around which everything that was tried ran into something.
    case stopped(attempts: Int, startIsWalledIn: Bool, goalsAreWalledIn: Bool)
  }

  /// The longest step of a tree [rad; m].
  private static let range: Float = 1
  /// A node that something was hit from looks no farther than that for samples; success and failure widen and narrow it by a little [rad; m].
  private static let domain: (first: Float, smallest: Float, change: Float) = (4, 1, 1e-4)
  /// How far the box reaches beyond start and goals at first, and how much farther with each attempt [rad; m].
  private static let margin: (first: Float, growth: Float) = (0.5, 0.003)
  /// So many attempts in a row lead nowhere before the ends that no way led away from count as walled in.
  private static let exhaustion = 300
  /// So many nodes a tree may have: some 20 MB.
  private static let capacity = 400_000

  private var check: MotionCheck
  private let interruption: Interruption
  private let lower, upper: JointRow
  private var samples: SampleSequence
  private var attempts = 0
  /// So many rakes of eight configurations have been checked.
  var rakes: Int { check.rakes }

  init(checker: CollisionChecker, seed: Int, interruption: Interruption = .never) {
    self.interruption = interruption
    check = MotionCheck(checker: checker, interruption: interruption)
    (lower, upper) = (JointRow(checker.model.lower.lanes), JointRow(checker.model.upper.lanes))
    samples = SampleSequence(seed: seed, dimensions: checker.model.jointCount)
  }

  /// A free path from the start to one of the goals, all of which are free.
  mutating func path(from start: JointRow, to goals: [JointRow]) -> Outcome {
    for goal in goals.sorted(by: { distance($0, start) < distance($1, start) }) {
      if interruption.comes() { break }
      if check.isFree(from: start, to: goal) { return .found([start, goal]) }
    }
    let jointCount = check.checker.model.jointCount
    var growing = ConfigurationTree(jointCount: jointCount, interruption), waiting = ConfigurationTree(jointCount: jointCount, interruption)
    growing.append(start, parent: -1)
    for goal in goals { waiting.append(goal, parent: -1) }
    var growsFromStart = true, vain = 0
    let box = SampleBox(around: [start] + goals, lower: lower, upper: upper)
    while growing.count < Self.capacity, waiting.count < Self.capacity, !interruption.comes() {
      if growing.count > waiting.count {
        swap(&growing, &waiting)
        growsFromStart.toggle()
      }
      attempts += 1
      let sample = box.point(samples.next(), attempt: attempts, margin: Self.margin.first + Self.margin.growth * Float(attempts))
      vain += 1
      guard let new = grow(&growing, towards: sample) else { continue }
      vain = 0
      guard let end = reach(growing[new], from: &waiting) else { continue }
      let here = growing.branch(to: new), there = waiting.branch(to: end)
      return .found(growsFromStart ? here + there.reversed() : there + here.reversed())
    }
    let startCount = growsFromStart ? growing.count : waiting.count, goalCount = growsFromStart ? waiting.count : growing.count
    let isExhausted = vain >= Self.exhaustion
    return .stopped(
      attempts: attempts, startIsWalledIn: isExhausted && startCount == 1, goalsAreWalledIn: isExhausted && goalCount == goals.count)
  }

  /// Steps from the nearest node towards a sample; the new node, or nil where something is in the way.
  private mutating func grow(_ tree: inout ConfigurationTree, towards sample: JointRow) -> Int32? {
    let (node, square) = tree.nearest(to: sample)
    let radius = tree.radii[Int(node)]
    guard square < radius * radius else { return nil }
    let origin = tree[node], length = square.squareRoot()
    let target = length > Self.range ? origin + (sample - origin) * (Self.range / length) : sample
    guard check.isFree(from: origin, to: target) else {
      tree.radii[Int(node)] = radius == .infinity ? Self.domain.first : max(radius * (1 - Self.domain.change), Self.domain.smallest)
      return nil
    }
    if radius != .infinity { tree.radii[Int(node)] = radius * (1 + Self.domain.change) }
    return tree.append(target, parent: node)
  }

  /// Steps from the nearest node to a target as far as that goes; the last node before the target, or nil where something is in the way or it is time
  /// to stop.
  private mutating func reach(_ target: JointRow, from tree: inout ConfigurationTree) -> Int32? {
    var (node, square) = tree.nearest(to: target)
    let steps = max(1, Int((square.squareRoot() / Self.range).rounded(.up)))
    let origin = tree[node], step = (target - origin) * (1 / Float(steps))
    var place = origin
    for index in 1...steps {
      let next = index == steps ? target : origin + step * Float(index)
      guard check.isFree(from: place, to: next) else { return nil }
      if index < steps { node = tree.append(next, parent: node) }
      place = next
    }
    return node
  }
}

/// Where samples are taken from.
private struct SampleBox {
  private let inner: (lower: JointRow, upper: JointRow), outer: (lower: JointRow, upper: JointRow)

  /// Joints without limits are sampled a turn beyond what is known.
  init(around places: [JointRow], lower: JointRow, upper: JointRow) {
    inner = (places.reduce(places[0], smaller), places.reduce(places[0], larger))
    let turn: Float = 2 * .pi
    outer = (
      lower.replacing(with: inner.lower - turn, where: lower .< JointRow(repeating: -1e6)),
      upper.replacing(with: inner.upper + turn, where: upper .> JointRow(repeating: 1e6))
    )
  }

  @inline(__always)
  func point(_ share: JointRow, attempt: Int, margin: Float) -> JointRow {
    guard attempt % 5 != 0 else { return fused(share, outer.upper - outer.lower, outer.lower) }
    let lower = larger(inner.lower - margin, outer.lower), upper = smaller(inner.upper + margin, outer.upper)
    return fused(share, upper - lower, lower)
  }
}

/// Between two configurations [rad; m].
@inline(__always)
func distance(_ a: JointRow, _ b: JointRow) -> Float {
  let difference = a - b
  return sum(difference * difference).squareRoot()
}
