import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct FollowerTests {
  /// Whatever is looked at, nothing is faster than the cap or changes faster than it may while looks are fresh, and nothing moves without a hand.
  @Test func staysWithinItsLimits() {
    var generator = SeededGenerator(seed: 14)
    for _ in 0..<caseCount(100) {
      var follower = GazeFollower()
      var (tool, last) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
      var isHeld = true
      for _ in 0..<300 {
        if Int.random(in: 0..<40, using: &generator) == 0 { isHeld.toggle() }
        let wild: [Double] = [.nan, .infinity, -.infinity, 1e300]
        let x = Int.random(in: 0..<30, using: &generator) == 0 ? wild.randomElement(using: &generator)! : Double.random(in: -1...1, using: &generator)
        let age = Double.random(in: 0...0.4, using: &generator)
        let velocity = follower.advance(look: (SIMD2(x, 0), age), tool: tool, isHeld: isHeld, by: 0.01)
        #expect(velocity.length <= follower.settings.maximumSpeed + 1e-12)
        if !isHeld || age >= follower.settings.lookAway || !x.isFinite { #expect(velocity == .zero) }
        if age <= follower.settings.freshness, isHeld, x.isFinite {
          #expect((velocity - last).length <= follower.settings.acceleration * 0.01 + 1e-12)
        }
        last = velocity
        tool += velocity * 0.01
      }
    }
  }

  @Test func comesToRestWhereOneLooks() {
    var follower = GazeFollower()
    var tool = SIMD2(0.0, 0.0)
    var farthest = 0.0
    for _ in 0..<400 {
      tool += follower.advance(look: (SIMD2(0.3, 0), 0.02), tool: tool, isHeld: true, by: 0.01) * 0.01
      farthest = max(farthest, tool.x)
    }
    #expect(abs(tool.x - 0.3) <= follower.settings.rest + 2e-3)
    #expect(farthest < 0.302)
    // It truly rests there, and does not creep on.
    #expect(follower.velocity == .zero)
  }

  /// The stream ends in full motion: the tool is led slower and slower, and no more after 300 ms.
  @Test func aLostStreamStopsWithinThreeHundredMilliseconds() {
    var follower = GazeFollower()
    for _ in 0..<100 { _ = follower.advance(look: (SIMD2(1, 0), 0.02), tool: .zero, isHeld: true, by: 0.01) }
    #expect(follower.velocity.length > 0.24)
    var speeds: [Double] = []
    for step in 0...30 { speeds.append(follower.advance(look: (SIMD2(1, 0), Double(step) * 0.01), tool: .zero, isHeld: true, by: 0.01).length) }
    #expect(zip(speeds, speeds.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 })
    #expect(speeds[22] < 0.15)
    #expect(speeds[30] == 0)
  }
}
