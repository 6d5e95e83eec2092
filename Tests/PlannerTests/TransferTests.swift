import TestSupport
import Testing

@testable import Planner

/// The curve that the online generator lives on: how far the farthest motion of a duration goes.
@Suite struct TransferTests {
  /// A task whose ends are within its limits, and whose limits can be kept beyond them.
  static func transfer(_ random: inout SeededGenerator) -> Transfer {
    while true {
      let limits = TransferLimits(
        lowestVelocity: -random.magnitude(-0.5...1), highestVelocity: random.magnitude(-0.5...1), rise: random.magnitude(-0.5...1),
        fall: random.magnitude(-0.5...1), jerk: random.magnitude(-0.5...1.5))
      let transfer = Transfer(
        v0: random.normal(1), a0: random.normal(1), v1: random.normal(1), a1: random.normal(1), distance: random.normal(5), magnitude: 5,
        limits: limits)
      let start = transfer.v0 + limits.inverseJerk * transfer.a0 * abs(transfer.a0) / 2
      let end = transfer.v1 - limits.inverseJerk * transfer.a1 * abs(transfer.a1) / 2
      let velocities = limits.lowestVelocity...limits.highestVelocity, accelerations = -limits.fall...limits.rise
      guard velocities.contains(start), velocities.contains(end), accelerations.contains(transfer.a0), accelerations.contains(transfer.a1) else {
        continue
      }
      return transfer
    }
  }

  /// A duration in which the task's velocity can be reached.
  static func duration(_ transfer: Transfer, _ random: inout SeededGenerator) -> Double {
    let window = transfer.window
    let duration = window.shortest + random.magnitude(-3...1)
    guard let gap = window.gap, duration > gap.start else { return duration }
    return duration + gap.end - gap.start
  }

  @Test func slopeAndCurvatureAreDerivatives() {
    var random = SeededGenerator(seed: 51)
    for _ in 0..<caseCount(2000) {
      let transfer = Self.transfer(&random), duration = Self.duration(transfer, &random), h = 1e-5 * duration
      let before = transfer.farthest(lasting: duration - h), now = transfer.farthest(lasting: duration)
      let after = transfer.farthest(lasting: duration + h)
      // Not across the border of two shapes, where the derivatives are one-sided.
      func shape(_ motion: FarthestMotion) -> [Bool] { [motion.peakHold > 0, motion.valleyHold > 0, motion.cruise > 0] }
      guard shape(before) == shape(now), shape(now) == shape(after), duration - h > transfer.window.shortest else { continue }
      let scale = 1 + abs(now.slope) + abs(now.curvature) * duration
      #expect(abs((after.distance - before.distance) / (2 * h) - now.slope) < 1e-4 * scale, "\(transfer) lasting \(duration)")
      #expect(abs((after.slope - before.slope) / (2 * h) - now.curvature) < 1e-3 * scale / duration, "\(transfer) lasting \(duration)")
    }
  }

  /// Concave, then convex, then straight, on which finding its crossings rests.
  @Test func isConcaveThenConvexThenStraight() {
    var random = SeededGenerator(seed: 52)
    for _ in 0..<caseCount(500) {
      let transfer = Self.transfer(&random), window = transfer.window
      var isConvex = false
      for step in 0...60 {
        let duration = (window.gap?.end ?? window.shortest) + 6 * Double(step * step) / 3600
        let motion = transfer.farthest(lasting: duration)
        if motion.curvature > 1e-9 { isConvex = true }
        if isConvex { #expect(motion.curvature > -1e-9, "\(transfer) lasting \(duration)") }
      }
    }
  }

  /// The even motion goes farther than the least and less far than the farthest, and lasts as long.
  @Test func theEvenMotionIsBetween() throws {
    var random = SeededGenerator(seed: 53)
    for _ in 0..<caseCount(2000) {
      let transfer = Self.transfer(&random), duration = Self.duration(transfer, &random)
      let even = try #require(transfer.even(lasting: duration), "\(transfer) lasting \(duration)")
      let farthest = transfer.farthest(lasting: duration).distance, least = -transfer.mirrored.farthest(lasting: duration).distance
      let slack = 1e-9 * (1 + abs(even.distance))
      #expect(least <= even.distance + slack && even.distance <= farthest + slack, "\(transfer) lasting \(duration)")
      let list = transfer.phases(of: even)
      let sum = (0..<list.count).reduce(0) { $0 + list[$1].duration }
      #expect(abs(sum - duration) <= 1e-9 * duration, "\(transfer) lasting \(duration)")
    }
  }

  /// Inside a blocked interval there is no motion, at its end there is, and it is as near as it is said to be.
  @Test func blockedIntervalsEndWhereTheyAreSaidTo() {
    var random = SeededGenerator(seed: 54), blocked = 0
    for _ in 0..<caseCount(5000) {
      let transfer = Self.transfer(&random), shortest = transfer.shortestDuration
      let duration = shortest * (1 + random.magnitude(-2...0.5))
      #expect(transfer.motion(lasting: shortest) != nil, "\(transfer)")
      #expect(transfer.motion(lasting: shortest * (1 - 1e-4)) == nil || shortest < 1e-3, "\(transfer)")
      let found = transfer.firstFeasibleDuration(from: duration)
      guard found > duration * (1 + 1e-9) else { continue }
      blocked += 1
      #expect(transfer.motion(lasting: found) != nil, "\(transfer) from \(duration)")
      for share in [0.01, 0.5, 0.99] {
        #expect(transfer.motion(lasting: duration + share * (found - duration)) == nil, "\(transfer) from \(duration)")
      }
    }
    #expect(blocked > caseCount(5000) / 500)
  }
}
