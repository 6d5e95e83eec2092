import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// The sweep's own machinery: that it knocks what it says, that the same knock is the same knock, and what is made of many.
@Suite struct KnockRunnerTests {
  static func scene(_ robot: String) throws -> KnockScene { try KnockScene(ArmConfiguration.load(packageFile("Robots/\(robot)/arm.yaml"))) }
  static var untuned: KnockScene { get throws { try KnockScene(ArmConfiguration.load(packageFile("Tests/Data/untuned/arm.yaml"))) } }

  @Test func theSweepIsWhole() {
    #expect(KnockCase.all.count == 5850)
    #expect(KnockCase.all.enumerated().allSatisfy { $0 == $1.number })
    #expect(Set(KnockCase.sample(200).map(\.number)).count == 200)
    #expect(KnockCase.sample(200).map(\.number) == KnockCase.sample(200).map(\.number))
    #expect(KnockCase.sample(200).map(\.number) != KnockCase.sample(200, seed: 2).map(\.number))
  }

  @Test func directionsAreTwentySixAndHaveNames() {
    #expect(KnockDirection.all.count == 26 && Set(KnockDirection.all.map(\.name)).count == 26)
    for direction in KnockDirection.all {
      #expect(abs(direction.vector.length - 1) < 1e-12)
      #expect(KnockDirection(direction.name) == direction)
    }
    #expect(KnockDirection("3,0,-4")?.vector == [0.6, 0, -0.8])
    for text in ["", "x", "+w", "1,2", "0,0,0", "1,2,three"] { #expect(KnockDirection(text) == nil, "\(text)") }
  }

  @Test(arguments: ["openarm", "dummy"]) func standsHaveRoomAndJobsPassThem(robot: String) throws {
    let scene = try Self.scene(robot), limits = scene.configuration.limits
    #expect(scene.stands.count == KnockCase.standCount && scene.points.count == 3)
    for stand in scene.stands {
      for joint in stand.position.indices {
        #expect(min(stand.position[joint] - limits.lower[joint], limits.upper[joint] - stand.position[joint]) >= KnockStand.room - 1e-9)
      }
      #expect(!scene.touchesItself(at: [stand.position]))
      for speed in [0.25, 1] {
        let job = try #require(scene.job(.moving(speed: speed), at: stand)), middle = job.trajectory.setpoint(at: job.passingTime)
        #expect((middle.position - stand.position).maximumMagnitude < 1e-9, "it passes the stand")
        let tool = scene.model.jacobian(at: middle.position).twist(for: middle.velocity).linear.length
        #expect(abs(tool - job.toolSpeed) < 1e-9 && tool < speed + 1e-9, "\(stand.name): \(tool) m/s")
        if robot == "openarm", speed == 0.25 { #expect(tool > 0.24) }
      }
    }
  }

  @Test func theElbowIsMetWhereTheArmBends() throws {
    let scene = try Self.scene("openarm"), q = scene.stands[0].position
    let frames = scene.model.jointFrames(at: q)
    #expect((try #require(scene.points[.elbow]).position(at: q) - frames[3].translation).length < 1e-9)
    #expect((try #require(scene.points[.wrist]).position(at: q) - frames[5].translation).length < 1e-9)
    #expect((try #require(scene.points[.tool]).position(at: q) - scene.model.pose(at: q).translation).length < 1e-9)
    let motion = try #require(scene.points[.elbow]).motion(at: q, velocity: JointVector(count: 7))
    #expect(motion.effort(of: [10, 20, 30]).dropFirst(3).allSatisfy { abs($0) < 1e-9 }, "its own axis and those beyond feel nothing")
  }

  /// The same knocks without a reflex: the motors fight them, with more than they are rated for. Else what yields would prove nothing.
  @Test func withoutAReflexTheArmFights() throws {
    let strong = KnockCase.all.filter { $0.impulse == 2 && $0.motion == .holding && $0.place == .tool }
    func summary(_ reaction: Reaction) throws -> KnockSummary {
      var sweep = KnockSweep(scene: try Self.scene("openarm"), cases: KnockCase.sample(8, of: strong))
      sweep.conditions.reaction = reaction
      return KnockSummary(findings: try sweep.run())
    }
    let stiff = try summary(.none), soft = try summary(.yield)
    #expect((stiff.opposingForces.last ?? 0) > 15 && stiff.overloadCount > 0, "\(stiff.opposingForces)")
    #expect((mean(stiff.opposingForces) ?? 0) > 1.5 * (mean(soft.opposingForces) ?? 0))
    #expect((mean(stiff.travels) ?? 1) < (mean(soft.travels) ?? 0))
  }

  @Test func theSameKnockIsTheSameKnock() throws {
    let scene = try Self.scene("openarm"), knock = KnockCase.all[1234]
    func figures() throws -> [Double?] {
      let result = try KnockTrial(knock, scene: scene, conditions: KnockSweep(scene: scene, cases: []).conditions(at: knock.stand)).run().result
      return [result.travel, result.recovery, result.detectionDelay, result.limitMargin, result.energyExcess]
    }
    #expect(try figures() == figures())
    let both = try KnockSweep(scene: scene, cases: [knock, KnockCase.all[77]]).run()
    #expect([both[0].result.travel, both[0].result.recovery] == Array(try figures().prefix(2)), "alone or in a sweep")
  }

  @Test func aSummaryHasTheFieldsThatProgramsRelyOn() throws {
    var good = KnockResult()
    (good.detectionDelay, good.travel, good.opposingForce, good.recovery, good.hasResumed) = (0.006, 0.1, 9, 0.9, true)
    var missed = good
    (missed.detectionDelay, missed.recovery, missed.energyExcess) = (nil, nil, 0.7)
    missed.crossings = [KnockResult.LimitSide(joint: 0, isUpper: true)]
    let knocks = KnockCase.all.filter { $0.impulse == 2 && $0.motion == .holding }.prefix(2)
    let summary = KnockSummary(findings: zip(knocks, [good, missed]).map { KnockSweep.Finding(knock: $0, result: $1) })
    let json = summary.json(class: "A", tank: 0.5)
    let expected: [(String, Double?)] = [
      ("knocks", 2), ("detected", 1), ("delayMeanMs", 6), ("delayP99Ms", 6), ("opposingForceN", 9), ("limitCrossings", 1), ("recoveryMedianS", nil),
      ("recoveryP99S", nil), ("overshootPercent", 0), ("resumed", 2), ("tankExceeded", 1), ("falseAlarmsPerHour", nil),
    ]
    for (name, value) in expected {
      let found = try #require(json[name], "\(name)")
      if let value { #expect(abs((found.number ?? .nan) - value) < 1e-9, "\(name)") }
    }
    #expect(json["class"]?.string == "A")
    for name in ["min", "median", "max"] { #expect(abs((json["travelMm"]?[name]?.number ?? 0) - 100) < 1e-9) }
  }

  @Test func workIsDoneOnceAndInOrder() throws {
    #expect(try parallelMap(Array(0..<500)) { $0 * $0 } == (0..<500).map { $0 * $0 })
    struct Stop: Error {}
    #expect(throws: Stop.self) { try parallelMap([1, 2, 3]) { if $0 == 2 { throw Stop() } } }
  }
}
