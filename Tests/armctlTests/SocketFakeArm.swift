import Control
import Dispatch
import Foundation
import Kinematics

@testable import armctl

/// An arm of six joints without physics: a new tick at every look, a planner that can be made to wait, jobs that end when a test says so.
final class FakeArm: ArmService, @unchecked Sendable {
  private let lock = NSLock()
  private let planner = DispatchQueue(label: "fake.planner")
  private let stopSeen = DispatchSemaphore(value: 0)
  private let submissionSeen = DispatchSemaphore(value: 0)
  private var observers: [@Sendable (ArmEvent) -> Void] = []
  private var tick: UInt64 = 0
  private var jobCount = 0
  private var recordedMotions: [MotionRequest] = []
  private var recordedStops: [StopReason] = []
  private var recordedCancels: [Int] = []
  private var recordedModes: [RequestedMode] = []
  private var recordedResets = 0
  private var latchedFault: ServiceError?
  private var recordedCourses: [Course] = []
  private var recordedSpeeds: [Double] = []
  private var recordedServos: [ServoTarget] = []
  private var sceneItems: [SceneItem] = []
  private var isRecording = false
  private var levels = [true, false]
  private var hand = GripperState()

  /// The planner waits here where it is given.
  let plannerGate: DispatchSemaphore?
  /// What the planner answers every motion with.
  let refusal: ServiceError?
  let arm: ArmDescription
  /// Whether a job is done as soon as it is planned.
  private let isFinishingJobs: Bool

  init(rate: Double = 500, plannerGate: DispatchSemaphore? = nil, refusal: ServiceError? = nil, isFinishingJobs: Bool = false) {
    var limits = JointLimits(unlimited: 6)
    limits.upper = [1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    limits.velocity = [2, 2, 2, 2, 2, 2]
    arm = ArmDescription(
      name: "fake", jointNames: (1...6).map { "joint\($0)" }, rate: rate, limits: limits,
      poses: [("home", [0, 0, 1.571, 0, 0, 0]), ("rest", [0, -1, 1.5, 0, 0, 0])], inputNames: ["part", "door"],
      gripperDuration: 0.4)
    self.plannerGate = plannerGate
    self.refusal = refusal
    self.isFinishingJobs = isFinishingJobs
  }

  var motions: [MotionRequest] { lock.withLock { recordedMotions } }
  var stops: [StopReason] { lock.withLock { recordedStops } }
  var cancels: [Int] { lock.withLock { recordedCancels } }
  var modes: [RequestedMode] { lock.withLock { recordedModes } }
  var courses: [Course] { lock.withLock { recordedCourses } }
  var servos: [ServoTarget] { lock.withLock { recordedServos } }
  var speeds: [Double] { lock.withLock { recordedSpeeds } }
  /// How often `health` was to count anew.
  var resets: Int { lock.withLock { recordedResets } }

  /// Waits until `stop` was called once more.
  func waitForStop() { stopSeen.wait() }

  /// Waits until the planner has begun with one more motion.
  func waitForSubmission() { submissionSeen.wait() }

  /// The fault that the state tells, until it is reset.
  var fault: ServiceError? {
    get { lock.withLock { latchedFault } }
    set { lock.withLock { latchedFault = newValue } }
  }

  func tell(_ event: ArmEvent) {
    for observer in lock.withLock({ observers }) { observer(event) }
  }

  func tell(job: Int, _ state: JobState, progress: Double? = nil, reason: ServiceError? = nil) {
    let tick = nextTick()
    tell(.job(JobUpdate(job: job, state: state, time: tick * 2_000_000, tick: tick, progress: progress, reason: reason)))
  }

  private func nextTick() -> UInt64 {
    lock.withLock {
      tick += 1
      return tick
    }
  }

  func state() -> ArmState {
    let tick = nextTick()
    return ArmState(
      time: tick * 2_000_000, tick: tick, mode: .hold, position: [0.5, -0.25, 1, 0, 0, 0], velocity: JointVector(count: 6),
      effort: [0, 1.5, .nan, 0, 0, 0], external: JointVector(repeating: .nan, count: 6), setpoint: [0.5, -0.25, 1, 0, 0, 0],
      pose: ToolPose(position: [0.3, 0, 0.25], quaternion: [0, 0, 0, 1]), fault: fault, isHomed: true,
      speed: lock.withLock { recordedSpeeds.last ?? 1 })
  }

  func health(isResetting: Bool) -> JSONObject {
    lock.withLock { recordedResets += isResetting ? 1 : 0 }
    return [
      "ticks": 500, "missedTicks": 1, "wakeUp": ["p50": 0.00003, "p99": 0.0001, "max": 0.0004],
      "tick": ["p50": 0.000015, "p99": 0.00002, "max": 0.00005], "bus": ["load": 0.5, "errorRate": 0], "realTime": nil,
    ]
  }

  func submit(_ motion: MotionRequest, _ ticket: PlanTicket, completion: @escaping @Sendable (Result<PlannedMotion, ServiceError>) -> Void) {
    planner.async { [self] in
      submissionSeen.signal()
      plannerGate?.wait()
      if let refusal { return completion(.failure(refusal)) }
      guard motion.isDryRun || ticket.carryOut() else { return completion(.failure(.stoppedWhilePlanning)) }
      let job: Int? = lock.withLock {
        recordedMotions.append(motion)
        if motion.isDryRun { return nil }
        jobCount += 1
        return jobCount
      }
      if let job { tell(job: job, .queued) }
      var planned = PlannedMotion(job: job, duration: 1.25, end: [0, 0, 1.571, 0, 0, 0], peakShares: [0.5, 0.75, 1])
      if motion.isDryRun {
        planned.path = [[0.5, -0.25, 1, 0, 0, 0], planned.end]
        planned.clearance = ContactFacts(link: "hand", obstacle: "table", otherLink: nil, distance: 0.031, time: 0.8)
      }
      completion(.success(planned))
      if let job, isFinishingJobs {
        tell(job: job, .started)
        tell(job: job, .done, progress: 1)
      }
    }
  }

  func cancel(_ job: Int) {
    lock.withLock { recordedCancels.append(job) }
    tell(job: job, .cancelled)
  }

  func stop(_ reason: StopReason) {
    lock.withLock { recordedStops.append(reason) }
    stopSeen.signal()
  }

  func setCourse(_ course: Course, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    lock.withLock { recordedCourses.append(course) }
    completion(.success(()))
  }

  func setHeld(_ isHeld: Bool) {}

  func servo(_ target: ServoTarget, mayTouch: Bool) throws(ServiceError) { lock.withLock { recordedServos.append(target) } }

  /// Of the inputs `part` and `door`.
  var inputLevels: [Bool] {
    get { lock.withLock { levels } }
    set { lock.withLock { levels = newValue } }
  }

  var gripperState: GripperState { lock.withLock { hand } }

  func setGripper(_ opening: Double, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    guard opening == 0 || opening == 1 else { return completion(.failure(.gripperOnlyOpensAndCloses(opening))) }
    lock.withLock { hand = GripperState(opening: opening) }
    completion(.success(()))
  }

  func scene() -> JSONValue {
    var object = JSONObject()
    let items = lock.withLock { sceneItems }
    for list in ComputeRequest.sceneLists where items.contains(where: { $0.listName == list }) {
      object.append(list, .array(items.filter { $0.listName == list }.map(\.json)))
    }
    return .object(object)
  }

  func editScene(
    _ edit: @escaping @Sendable () throws(ServiceError) -> SceneEdit, completion: @escaping @Sendable (Result<Int, ServiceError>) -> Void
  ) {
    planner.async { [self] in
      do {
        let edit = try edit()
        let count = try lock.withLock {
          sceneItems = try edit.applied(to: sceneItems) { item, frame throws(SceneEditError) in
            var item = item
            item.frame = frame
            return item
          }
          return sceneItems.count
        }
        completion(.success(count))
      } catch let error as ServiceError {
        completion(.failure(error))
      } catch let error as SceneEditError {
        completion(.failure(ServiceError(error)))
      } catch {
        completion(.failure(ServiceError(.internal, "\(error)", suggestion: "nothing")))
      }
    }
  }

  func setSpeed(_ share: Double) { lock.withLock { recordedSpeeds.append(share) } }

  func setMode(_ mode: RequestedMode, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    lock.withLock { recordedModes.append(mode) }
    completion(.success(()))
  }

  func resetFault(completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    if fault != nil {
      fault = nil
      return completion(.success(()))
    }
    completion(.failure(ServiceError(.emergencyStop, "The emergency stop is pressed.", suggestion: "turn the button to release it")))
  }

  func places(at position: JointVector?) -> ArmPose {
    ArmPose(
      joints: [[0, 0, 0.1], [0, 0, 0.1], [0, 0, 0.25], [0.1, 0, 0.25], [0.2, 0, 0.25], [0.25, 0, 0.25]],
      tool: ToolPose(position: [0.3, 0, 0.25], quaternion: [0, 0, 0, 1]))
  }

  func startRecording() { lock.withLock { isRecording = true } }

  func stopRecording() throws(ServiceError) -> (duration: Double, samples: Int) {
    let wasRecording = lock.withLock {
      defer { isRecording = false }
      return isRecording
    }
    guard wasRecording else { throw .notRecording }
    return (4.998, 2500)
  }

  func recordedPath(tolerance: Double, completion: @escaping @Sendable (Result<RecordedPath, ServiceError>) -> Void) {
    completion(.success(RecordedPath(waypoints: [[0.5, -0.25, 1, 0, 0, 0], [0, 0, 1.5, 0, 0, 0]], blend: 0.04, duration: 4.998)))
  }

  func observe(_ handler: @escaping @Sendable (ArmEvent) -> Void) { lock.withLock { observers.append(handler) } }
}
