import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// An arm that is led by hand, over the keys of teleoperation, the wire of its motors and its physics: what was led is played again.
@Suite("Teleop: leading by hand") struct LeadingTests {
  /// Answers teleoperation's requests with the arm of a rig, as the daemon does.
  private struct Stage {
    let rig: LockstepRig
    var teleop: Teleoperation
    var recorded: RecordedMotion?
    var isRecording = false
    var replayed: [JointVector] = []
    private var jobCount = 0
    private var running: (job: Int, end: Double)?

    init(_ rig: LockstepRig) {
      self.rig = rig
      let limits = rig.configuration.limits
      let joints = rig.configuration.model.jointNames.enumerated().map { index, name in
        TeleopArm.Joint(name: name, lower: limits.lower[index], upper: limits.upper[index], velocity: limits.velocity[index])
      }
      teleop = Teleoperation(arm: TeleopArm(name: "test", joints: joints, poses: []))
    }

    /// Lets time pass, with a hand that pushes.
    mutating func pass(_ seconds: Double, hand: (Double) -> JointVector = { _ in JointVector(count: 7) }) {
      let begin = rig.time, end = begin + seconds
      while rig.time < end {
        rig.line.arm.plant.externalEffort = hand(rig.time - begin)
        rig.run(rig.configuration.period / 2)
        let snapshot = rig.snapshot
        if isRecording { recorded?.append(snapshot.position) }
        if running != nil { replayed.append(rig.truth) }
        teleop.take(
          state: [
            "mode": .string(snapshot.mode.rawValue), "position": JSONValue(numbers: snapshot.position),
            "setpoint": JSONValue(numbers: snapshot.setpoint),
          ], at: rig.time)
        if let (job, time) = running, rig.time >= time {
          running = nil
          teleop.take(job: ["job": .number(Double(job)), "state": "done"], at: rig.time)
        }
        serve()
      }
    }

    mutating func press(_ key: Key) {
      teleop.take(KeyEvent(key: key), at: rig.time)
      serve()
    }

    private mutating func serve() {
      while true {
        let requests = teleop.takeOutbox()
        if requests.isEmpty { return }
        for request in requests {
          let result: Result<JSONValue, RPCError>
          do { result = .success(try answer(request)) } catch { result = .failure((error as? ServiceError).map(RPCError.init) ?? .internalError) }
          teleop.take(answer: result, for: request.purpose, at: rig.time)
        }
      }
    }

    private mutating func answer(_ request: ArmRequest<Teleoperation.Purpose>) throws -> JSONValue {
      switch request.method {
      case "lease.acquire": return ["token": "T"]
      case "mode.set": _ = rig.arm.post(request.parameters["mode"] == "float" ? .float : .hold)
      case "record.start":
        recorded = RecordedMotion(period: rig.configuration.period)
        isRecording = true
      case "record.stop": isRecording = false
      case "record.get":
        let limits = rig.configuration.limits
        let points = (recorded?.waypoints(tolerance: 0.005, most: 1000) ?? []).map { limits.clamped($0) }
        return [
          "waypoints": .array(points.map { JSONValue(numbers: $0) }), "blend": 0.04, "duration": .number(recorded?.duration ?? 0),
        ]
      case "move.path": return try move(request.parameters)
      default: break
      }
      return [:]
    }

    private mutating func move(_ parameters: JSONObject) throws -> JSONValue {
      let legs = (parameters["waypoints"]?.array ?? []).map { waypoint in
        MotionRequest.Leg(goal: .joints(JointVector(waypoint["position"]?.numbers ?? [])), blend: waypoint["blend"]?.number ?? 0)
      }
      let motion = MotionRequest(goal: legs[legs.count - 1].goal, path: .jointPath(legs), speed: parameters["speed"]?.number ?? 1)
      guard parameters["dryRun"] != true else {
        let plan = try rig.planner.trajectory(for: motion, from: rig.snapshot.setpoint)
        return ["duration": .number(plan.duration), "end": JSONValue(numbers: plan.end)]
      }
      let trajectory = try rig.start(motion)
      jobCount += 1
      running = (jobCount, rig.time + trajectory.duration + 0.3)
      return ["job": .number(Double(jobCount)), "duration": .number(trajectory.duration)]
    }
  }

  @Test func whatIsLedIsPlayedAgain() throws {
    let rig = try LockstepRig("openarm")
    rig.run(0.1)
    _ = rig.arm.post(.hold)
    rig.run(0.2)
    try rig.move(MotionRequest(goal: .named("ready"), path: .jointMove, speed: 1))
    var stage = Stage(rig)
    stage.pass(0.1)
    let start = rig.truth

    stage.press(.character("l"))
    stage.pass(0.3)
    #expect(rig.snapshot.mode == .float)
    #expect(stage.teleop.notice?.text == "The arm floats: lead it by hand. m marks, b records, l holds it.")
    // Jogging keys do nothing to an arm that is led.
    stage.press(.character("q"))
    #expect(stage.teleop.notice?.text == "The arm is led by hand; l holds it.")
    stage.press(.character("b"))
    let effort = 0.35 * rig.configuration.limits.effort
    stage.pass(2.5) { time in
      var hand = JointVector(count: 7)
      hand[1] = effort[1] * sin(2 * time)
      hand[3] = -effort[3] * sin(2 * time)
      return hand
    }
    stage.pass(0.5)
    stage.press(.character("b"))
    stage.press(.character("l"))
    stage.pass(0.5)
    #expect(rig.snapshot.mode == .hold)
    #expect(rig.lastFault == nil, "\(String(describing: rig.lastFault))")
    let path = try #require(stage.teleop.lesson.paths.first)
    let reach = path.points.map { (JointVector($0) - start).maximumMagnitude }.max() ?? 0
    #expect(reach > 0.1, "the hand moved the arm by \(reach) rad")

    // Away from it, and along it again.
    try rig.move(MotionRequest(goal: .named("home"), path: .jointMove, speed: 1))
    stage.pass(0.1)
    for _ in 0..<5 { stage.press(.character("+")) }
    stage.press(.enter)
    let proposal = try #require(stage.teleop.proposal), duration = try #require(proposal.duration, "\(proposal.refusal ?? "")")
    stage.press(.enter)
    stage.pass(duration + 0.5)
    #expect(stage.teleop.job == nil)
    #expect(rig.lastFault == nil)
    for point in path.points {
      let nearest = stage.replayed.map { ($0 - JointVector(point)).maximumMagnitude }.min() ?? .infinity
      #expect(nearest < 0.05, "\(nearest) rad from \(point) in \(duration) s")
    }
  }
}
