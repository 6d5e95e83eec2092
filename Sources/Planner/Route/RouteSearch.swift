internal import Foundation
func env(_ n: String, _ d: Float) -> Float { ProcessInfo.processInfo.environment[n].flatMap(Float.init) ?? d }
/// RRT-Connect with balanced trees and dynamic domains.
///
/// - Source: J. Kuffner and S. LaValle, *RRT-Connect* (2000); A. Yershova et al., *Dynamic-domain RRTs* (2005).
struct RouteSearch: ~Copyable {
  var check: MotionCheck
  let lower, upper: JointRow
  let range: Float
  var iterations = 0

  /// How far a node whose growth failed looks for samples [rad].
  static let domainRadius: Float = env("DR",4)
  static let smallestDomainRadius: Float = env("DMIN",1)
  static let domainChange: Float = env("DA",1e-4)
  static let part: Float = env("PART", 0)
  static let boxStart: Float = env("B0",100)
  static let boxGrowth: Float = env("BG",0)
  static let boxAll: Int = Int(env("BALL",4))

  mutating func path(from start: JointRow, to goals: [JointRow], samples: inout SampleSequence, shouldStop: () -> Bool) -> [JointRow]? {
    let jointCount = check.checker.model.jointCount
    for goal in goals where check.isFree(from: start, to: goal) { return [start, goal] }
    var near = ConfigurationTree(jointCount: jointCount), far = ConfigurationTree(jointCount: jointCount)
    near.append(start, parent: -1)
    for goal in goals { far.append(goal, parent: -1) }
    var nearIsStart = true
    let extent = upper - lower
    var smallest = start, largest = start
    for goal in goals { smallest = smaller(smallest, goal); largest = larger(largest, goal) }
    while true {
      iterations += 1
      if iterations & 63 == 0, shouldStop() { return nil }
      if near.count > far.count {
        swap(&near, &far)
        nearIsStart.toggle()
      }
      let margin = JointRow(repeating: Self.boxStart + Self.boxGrowth * Float(iterations))
      let low = larger(lower, smallest - margin), high = smaller(upper, largest + margin)
      let sample = fused(samples.next(), iterations % Self.boxAll == 0 ? extent : high - low, iterations % Self.boxAll == 0 ? lower : low)
      let (node, square) = near.nearest(to: sample)
      let radius = near.radii[Int(node)]
      guard square < radius * radius else { continue }
      let origin = near[node], distance = square.squareRoot()
      let aim = distance > range ? origin + (sample - origin) * (range / distance) : sample
      var reached = aim
      var isFree = check.isFree(from: origin, to: reached)
      if !isFree, Self.part > 0 {
        reached = origin + (reached - origin) * Self.part
        isFree = check.isFree(from: origin, to: reached)
      }
      guard isFree else {
        near.radii[Int(node)] = radius == .infinity ? Self.domainRadius : max(radius * (1 - Self.domainChange), Self.smallestDomainRadius)
        continue
      }
      if radius != .infinity { near.radii[Int(node)] = radius * (1 + Self.domainChange) }
      let new = near.append(reached, parent: node)

      // The other tree reaches for it.
      var (end, gap) = far.nearest(to: reached)
      gap.formSquareRoot()
      let steps = max(1, Int((gap / range).rounded(.up)))
      let from = far[end], step = (reached - from) * (1 / Float(steps))
      var previous = from, isJoined = true
      for index in 1...steps {
        let next = index == steps ? reached : from + step * Float(index)
        guard check.isFree(from: previous, to: next) else {
          isJoined = false
          break
        }
        if index < steps { end = far.append(next, parent: end) }
        previous = next
      }
      if isJoined {
        let here = near.branch(to: new), there = far.branch(to: end)
        return nearIsStart ? here + there.reversed() : there + here.reversed()
      }
    }
  }
}
