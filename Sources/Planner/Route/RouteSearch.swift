/// RRT-Connect with balanced trees and dynamic domains.
///
/// - Source: J. Kuffner and S. LaValle, *RRT-Connect* (2000); A. Yershova et al., *Dynamic-domain RRTs* (2005).
struct RouteSearch: ~Copyable {
  var check: MotionCheck
  let lower, upper: JointRow
  let range: Float
  var iterations = 0

  /// How far a node whose growth failed looks for samples [rad].
  static let domainRadius: Float = 4
  static let smallestDomainRadius: Float = 1
  static let domainChange: Float = 1e-4

  mutating func path(from start: JointRow, to goals: [JointRow], samples: inout SampleSequence, shouldStop: () -> Bool) -> [JointRow]? {
    let jointCount = check.checker.model.jointCount
    for goal in goals where check.isFree(from: start, to: goal) { return [start, goal] }
    var near = ConfigurationTree(jointCount: jointCount), far = ConfigurationTree(jointCount: jointCount)
    near.append(start, parent: -1)
    for goal in goals { far.append(goal, parent: -1) }
    var nearIsStart = true
    let extent = upper - lower
    while true {
      iterations += 1
      if iterations & 63 == 0, shouldStop() { return nil }
      if near.count > far.count {
        swap(&near, &far)
        nearIsStart.toggle()
      }
      let sample = fused(samples.next(), extent, lower)
      let (node, square) = near.nearest(to: sample)
      let radius = near.radii[Int(node)]
      guard square < radius * radius else { continue }
      let origin = near[node], distance = square.squareRoot()
      let reached = distance > range ? origin + (sample - origin) * (range / distance) : sample
      guard check.isFree(from: origin, to: reached) else {
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
