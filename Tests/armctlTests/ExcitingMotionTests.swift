import Kinematics
import TestSupport
import Testing

@testable import armctl

/// Exciting motions keep to the limits, go back as they came, and go where it is free.
@Suite struct ExcitingMotionTests {
  private static func motion(_ name: String, seconds: Double = 60, speed: Double = 1, isFree: (JointVector, JointVector) -> Bool = { _, _ in true })
    throws
    -> (motion: ExcitingMotion, arm: ArmConfiguration)
  {
    let arm = try ArmConfiguration.load(packageFile("Robots/\(name)/arm.yaml")), start = try #require(arm.pose("home"))
    var settings = ExcitingMotion.Settings()
    (settings.seconds, settings.speed) = (seconds, speed)
    return (try ExcitingMotion(model: arm.model, limits: arm.limits, from: start, settings: settings, isFree: isFree), arm)
  }

  @Test(arguments: ["dummy", "openarm"]) func itGoesThereAndBack(_ name: String) throws {
    let (motion, arm) = try Self.motion(name), count = motion.legs.count
    #expect(count % 2 == 0 && motion.legs[count - 1].target == motion.start && abs(motion.duration - 60) < 12)
    let places = [motion.start] + motion.legs.map(\.target)
    for leg in 0..<count / 2 {
      #expect(places[leg + 1] == places[count - 1 - leg] && motion.legs[leg].speed == motion.legs[count - 1 - leg].speed)
      #expect(motion.fold(ofLeg: leg) == motion.fold(ofLeg: count - 1 - leg))
    }
    #expect(Set(motion.legs.indices.map(motion.fold)) == Set(0..<EffortIdentification.folds))
    for place in places {
      #expect(place.clamped(lower: arm.limits.lower, upper: arm.limits.upper) == place)
      for (frame, begin) in zip(arm.model.jointFrames(at: place), arm.model.jointFrames(at: motion.start)) {
        #expect(frame.translation.z >= min(0.05, begin.translation.z) - 1e-9)
      }
    }
    // Slow and fast, and every joint far enough to tell.
    let speeds = motion.legs.map(\.speed)
    #expect(speeds.max() == 1 && speeds.min().map { $0 <= 0.12 } ?? false)
    for joint in arm.joints.indices { #expect(motion.range.upper[joint] - motion.range.lower[joint] > 1, "\(joint)") }
  }

  @Test func whatIsNotFreeIsNotGone() throws {
    let (motion, _) = try Self.motion("openarm", seconds: 30) { from, to in max(from[0], to[0]) < 0.5 }
    #expect(motion.legs.allSatisfy { $0.target[0] < 0.5 })
    #expect(throws: ExcitingMotion.NoWay(legs: 0)) { try Self.motion("openarm") { _, _ in false } }
  }

  @Test func aLowerSpeedIsKept() throws {
    let (motion, _) = try Self.motion("dummy", seconds: 30, speed: 0.3)
    #expect(motion.legs.allSatisfy { $0.speed <= 0.3 })
  }
}
