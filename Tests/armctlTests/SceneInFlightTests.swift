import Control
import Dispatch
import Foundation
import Kinematics
import Logging
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// The daemon's own arm on logical time: what its scene does to motions that are planned, under way and waiting.
@Suite struct SceneInFlightTests {
  private let rig: DaemonRig

  init() throws { rig = try DaemonRig() }

  private func items(_ text: String) throws -> [SceneItem] { try SceneFile(text, file: "scene.yaml").items }

  /// A ball where the tool comes by when the waist has turned by that much from home.
  private func ball(atWaist angle: Double) throws -> [SceneItem] {
    let tool = rig.configuration.model.pose(at: [angle, 0, .pi / 2, 0, 0, 0]).translation
    return try items("spheres: [{name: ball, center: [\(tool.x), \(tool.y), \(tool.z)], radius: 0.03}]")
  }

  @Test func anObstacleThatComesIntoTheWayStopsTheArmBeforeIt() throws {
    try rig.goHome()
    let job = try rig.submit(MotionRequest(goal: .joints([2, 0, .pi / 2, 0, 0, 0]), path: .jointMove, plan: true)).get()
    let waiting = try rig.submit(MotionRequest(goal: .named("home"), path: .jointMove, plan: true)).get()
    rig.tick(until: { rig.controlled.snapshot.setpoint[0] > 0.4 })
    let obstacle = try ball(atWaist: 1.5)
    #expect(try rig.edit(.add(obstacle)).get() == 1)
    let first = rig.waitForEnd(of: try #require(job.job)), second = rig.waitForEnd(of: try #require(waiting.job))
    rig.tick(until: { rig.controlled.snapshot.isAtRest })
    #expect(first.state == .failed && first.reason?.kind == .collision && first.reason?.contact?.obstacle == "ball")
    #expect(first.reason?.message.hasPrefix("Something has come into the way. The arm would ") == true, "\(first)")
    #expect(second.state == .failed || second.state == .cancelled)
    // It stands on its path, with room to the ball.
    let setpoint = rig.controlled.snapshot.setpoint
    #expect(setpoint[0] > 0.4 && setpoint[0] < 1.5 && (setpoint - [setpoint[0], 0, .pi / 2, 0, 0, 0]).maximumMagnitude < 1e-9)
    #expect(rig.clearance(to: "ball") > 0.005)
    let event = try #require(rig.occurrences.first { $0.kind == "obstacle" })
    #expect(event.details["obstacle"] == "ball" && event.details["job"]?.integer == job.job)
    // A new plan goes round it.
    let round = try rig.submit(MotionRequest(goal: .joints([2, 0, .pi / 2, 0, 0, 0]), path: .jointMove)).get()
    #expect(rig.waitForEnd(of: try #require(round.job)).state == .done)
  }

  @Test func whatIsNotInTheWayChangesNothing() throws {
    try rig.goHome()
    let job = try rig.submit(MotionRequest(goal: .joints([1, 0, .pi / 2, 0, 0, 0]), path: .jointMove, plan: true)).get()
    rig.tick(until: { rig.controlled.snapshot.setpoint[0] > 0.3 })
    #expect(try rig.edit(.add(ball(atWaist: 2))).get() == 1)
    #expect(rig.waitForEnd(of: try #require(job.job)).state == .done)
  }

  @Test func linesThatTouchSomethingAreRefused() throws {
    try rig.goHome()
    #expect(try rig.edit(.set(items("boxes: [{name: shelf, center: [0.2, 0, 0.2], halfExtents: [0.1, 0.1, 0.02]}]"))).get() == 1)
    let line = MotionRequest(goal: .offset([0, 0, -0.08], inTool: false), path: .line)
    guard case .failure(let error) = rig.submit(line) else {
      Issue.record("the line was planned")
      return
    }
    #expect(error.kind == .collision && error.contact?.obstacle == "shelf" && error.contact?.time ?? 0 > 0, "\(error)")
    var unchecked = line
    (unchecked.plan, unchecked.isDryRun) = (false, true)
    #expect(try rig.submit(unchecked).get().path.count > 1)
  }

  @Test func dryRunsTellTheClearanceAndThePath() throws {
    try rig.goHome()
    _ = try rig.edit(.set(ball(atWaist: 1))).get()
    let planned = try rig.submit(MotionRequest(goal: .joints([2, 0, .pi / 2, 0, 0, 0]), path: .jointMove, isDryRun: true)).get()
    let clearance = try #require(planned.clearance)
    #expect(clearance.distance > 0 && clearance.time ?? -1 >= 0 && planned.path.first?[0] == 0 && planned.path.last?[0] == 2)
    guard case .failure(let error) = rig.submit(MotionRequest(goal: .joints([1, 0, .pi / 2, 0, 0, 0]), path: .jointMove)) else {
      Issue.record("a goal in the ball was planned")
      return
    }
    #expect(error.why == "goal-in-collision" && error.contact?.obstacle == "ball" && error.message.hasPrefix("At the goal link \""))
  }

  /// Where the straight way is barred, a search that nobody wants any more ends at once, and says that there was no path in the time.
  @Test func aStopEndsTheSearch() throws {
    let walls = """
      boxes:
        - {name: left, center: [0, 0.2, 0.3], halfExtents: [0.6, 0.005, 0.6]}
        - {name: right, center: [0, -0.2, 0.3], halfExtents: [0.6, 0.005, 0.6]}
      """
    _ = try rig.world.apply(.set(items(walls)), at: [0, 0, 1.5, 0, 0, 0])
    let motion = MotionRequest(goal: .joints([2.8, 0, .pi / 2, 0, 0, 0]), path: .jointMove)
    let surroundings = try #require(rig.world.surroundings)
    var questions = 0
    let error = #expect(throws: ServiceError.self) {
      try rig.live.motionPlanner.trajectory(for: motion, from: [0, 0, .pi / 2, 0, 0, 0], in: surroundings) {
        questions += 1
        return true
      }
    }
    #expect(questions == 1 && (error?.kind == .noPath || error?.kind == .unreachable))
  }
}

/// What a callback will bring.
final class Promise<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value?
  private let filled = DispatchSemaphore(value: 0)

  func fill(_ new: Value) {
    lock.withLock { value = new }
    filled.signal()
  }

  var isFilled: Bool { lock.withLock { value != nil } }

  func wait() -> Value {
    filled.wait()
    return lock.withLock { value! }
  }
}

/// The daemon's arm over emulated drives in lockstep; time passes only in ``tick(until:)``.
final class DaemonRig: @unchecked Sendable {
  let configuration: ArmConfiguration
  let controlled: ControlledArm
  let live: LiveArm
  let world: ArmWorld
  private let line: LockstepChannel
  private var time = 0.0
  private let lock = NSLock()
  private var events: [ArmEvent] = []

  /// - Parameters:
  ///   - robot: A folder of `Robots`.
  ///   - keys: More of its arm file.
  ///   - linesFolder: Where its GPIO lines are, if it has any.
  init(_ robot: String = "dummy", keys: String = "", linesFolder: String? = nil) throws {
    let file = packageFile("Robots/\(robot)/arm.yaml")
    configuration = try ArmConfiguration.parse(try String(contentsOfFile: file, encoding: .utf8) + keys, file: file)
    let line = LockstepChannel(arm: configuration.emulatedArm())
    self.line = line
    controlled = ControlledArm(
      core: ControlCore(model: configuration.model, settings: configuration.controlSettings), wiring: configuration.wiring,
      buses: configuration.makeBuses { _ in line }, lines: try configuration.makeSafetyLines(emulatedIn: linesFolder))
    let planner = MotionPlanner(
      model: configuration.model, limits: configuration.limits, period: configuration.period, poses: configuration.poses)
    world = ArmWorld(arm: configuration.model, model: try configuration.collisionModel(), margin: configuration.collision.margin)
    live = LiveArm(
      controlled, loop: ControlLoop(arm: controlled, period: configuration.period), planner: planner, world: world, name: robot,
      rate: configuration.rate,
      homing: HomingCheck(configuration), peripherals: try configuration.makePeripherals(emulatedIn: linesFolder),
      flightLog: FlightLog(folder: try temporaryFolder(), logger: Logger(label: "test")))
    live.observe { [weak self] event in self?.note(event) }
    try controlled.connect()
    time = line.now
  }

  private func note(_ event: ArmEvent) { lock.withLock { events.append(event) } }

  /// Lets time pass until something is so.
  func tick(until condition: () -> Bool) {
    while !condition() {
      time = max(time, line.now) + configuration.period
      line.now = time
      controlled.tick(at: time)
    }
  }

  func goHome() throws {
    let mode = Promise<Result<Void, ServiceError>>()
    tick(until: { controlled.snapshot.isHeard })
    live.setMode(.hold) { mode.fill($0) }
    tick(until: { mode.isFilled })
    let home = try submit(MotionRequest(goal: .named("home"), path: .jointMove)).get()
    _ = waitForEnd(of: home.job ?? 0)
  }

  func begin(_ motion: MotionRequest, _ ticket: PlanTicket = PlanTicket()) -> Promise<Result<PlannedMotion, ServiceError>> {
    let answer = Promise<Result<PlannedMotion, ServiceError>>()
    live.submit(motion, ticket) { answer.fill($0) }
    return answer
  }

  func submit(_ motion: MotionRequest) -> Result<PlannedMotion, ServiceError> { begin(motion).wait() }

  /// Time stands still meanwhile.
  func edit(_ edit: SceneEdit) -> Result<Int, ServiceError> {
    let answer = Promise<Result<Int, ServiceError>>()
    live.editScene({ () throws(ServiceError) in edit }, completion: { answer.fill($0) })
    return answer.wait()
  }

  func waitForEnd(of job: Int) -> JobUpdate {
    func end() -> JobUpdate? {
      lock.withLock {
        events.lazy.compactMap { event -> JobUpdate? in
          if case .job(let update) = event, update.job == job, update.state.isFinal { update } else { nil }
        }.first
      }
    }
    tick(until: { end() != nil })
    return end()!
  }

  var occurrences: [Occurrence] { lock.withLock { events.compactMap { if case .occurrence(let occurrence) = $0 { occurrence } else { nil } } } }

  /// Something touches the tool from now on; not while time passes.
  func touch(_ contact: (ContactPoint, _ now: Double) -> any Contact) {
    line.arm.contacts.append(contact(ContactPoint(onTipOf: configuration.model), line.now))
  }

  /// From where the arm truly is to an obstacle [m].
  func clearance(to name: String) -> Double {
    world.surroundings?.checker(for: [line.arm.position]).clearances(at: line.arm.position).obstacles?.distance ?? .infinity
  }
}
