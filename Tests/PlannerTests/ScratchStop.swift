import Foundation
import Kinematics
@testable import Planner
import TestSupport
import Testing
@Suite struct ScratchStop {
  @Test func look() throws {
    let model = try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
    var limits = model.limits
    limits.velocity = [1.25, 1.5, 1.9, 2.5, 2.1, 1.25]; limits.acceleration = [8, 5, 8, 12, 12, 12]; limits.jerk = [80, 60, 80, 150, 150, 150]
    var random = SeededGenerator(seed: 5), ramps = 0, stops = 0
    var worstStop = 0.0, worstRamp = 0.0, over = 0, total = 0, overStop = 0, worstTick = 0.0, unfinished = 0
    let home: JointVector = [0, 0, .pi / 2, 0, 0, 0]
    for draw in 0..<60 {
      let q0 = draw == 0 ? home : home + JointVector((0..<6).map { _ in Double.random(in: -0.5...0.5, using: &random) })
      let p = model.pose(at: q0)
      let by =
        draw == 0
        ? SIMD3(0, 0, -0.06)
        : SIMD3(
          Double.random(in: -0.1...0.1, using: &random), Double.random(in: -0.1...0.1, using: &random), Double.random(in: -0.1...0.1, using: &random))
      guard
        let motion = try? Trajectory.toolLine(from: q0, to: Pose(rotation: p.rotation, translation: p.translation + by), model: model, limits: limits)
      else { continue }
      for _ in 0..<20 {
        total += 1
        let t = Double.random(in: 0...motion.duration, using: &random)
        if let stop = PathStop(along: motion, from: motion.pathState(at: t), limits: limits) {
          var w = 0.0
          for k in 0...400 { w = max(w, motion.share(at: stop.state(at: stop.duration * Double(k) / 400), of: limits)) }
          worstStop = max(worstStop, w); if w > 1.001 { overStop += 1 }
        } else {
          stops += 1
        }
      }
      for _ in 0..<5 {
        var clock = MotionClock(), wanted = 1.0, last = motion.setpoint(at: 0), w = 0.0, ticks = 0
        while ticks < 5000 && clock.time < motion.duration {
          ticks += 1
          if ticks < 1500 && Double.random(in: 0...1, using: &random) < 0.012 { wanted = wanted == 0 ? 1 : 0 }
          if ticks == 1500 { wanted = 1 }
          let next = clock.advance(along: motion, toward: wanted, limits: limits, period: 0.002)
          for j in 0..<6 {
            w = max(w, abs(next.acceleration[j]) / limits.acceleration[j], abs(next.acceleration[j] - last.acceleration[j]) / 0.002 / limits.jerk[j]);
            worstTick = max(worstTick, abs(next.acceleration[j]) / limits.acceleration[j])
          }
          last = next
        }
        if ticks >= 5000 { unfinished += 1 }
        worstRamp = max(worstRamp, w); if w > 1.01 { over += 1 }; ramps += 1
      }
    }
    print(
      "stops", total, "none", stops, "over .1%", overStop, "worst", worstStop, "clock runs", ramps, "over 1%", over, "worst", worstRamp,
      "worst accel", worstTick, "unfinished", unfinished)
  }
}
