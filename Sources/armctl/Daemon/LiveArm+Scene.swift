internal import Control
internal import Dispatch
internal import Glibc
internal import Kinematics
internal import Planner
internal import Synchronization

// The arm among obstacles: plans round them, and stops before those that come into its way.

extension LiveArm {
  /// So long a way round obstacles is looked for [s].
  private static let planningTime = 5.0

  func scene() -> JSONValue { world.json }

  func editScene(
    _ edit: @escaping @Sendable () throws(ServiceError) -> SceneEdit, completion: @escaping @Sendable (Result<Int, ServiceError>) -> Void
  ) {
    sceneEdits.async { [self] in
      completion(
        Result { () throws(ServiceError) -> Int in
          let edit = try edit(), count: Int
          do throws(SceneEditError) { count = try world.apply(edit, at: controlled.snapshot.setpoint) } catch { throw ServiceError(error) }
          checkMotions()
          watchScene()
          return count
        })
    }
  }

  /// Tells the control loop what is around the arm now. On `sceneEdits`.
  func watchScene() {
    guard let proximity = world.proximity else { return }
    let box = sceneWatch.box(proximity)
    for _ in 0..<500 {
      if controlled.post(.surround(box)) { return }
      usleep(2000)
    }
  }

  /// What a motion is to be planned and checked in; nil where it is not.
  func surroundings(for motion: MotionRequest) throws(ServiceError) -> Surroundings? {
    guard motion.plan ?? world.isInhabited else { return nil }
    guard let surroundings = world.surroundings(without: motion.mayTouch) else { throw ServiceError(SceneEditError.noShape) }
    return surroundings
  }

  /// - Parameter isVoid: Whether nobody wants the motion any more.
  func trajectory(
    for motion: MotionRequest, from origin: JointVector, in surroundings: Surroundings?, isVoid: () -> Bool
  ) throws(ServiceError) -> Trajectory {
    if isVoid() { throw .stoppedWhilePlanning }
    let deadline = DispatchTime.now() + Self.planningTime
    do throws(ServiceError) {
      guard let surroundings else { return try motionPlanner.trajectory(for: motion, from: origin, shouldStop: isVoid) }
      return try motionPlanner.trajectory(
        for: motion, from: origin, in: surroundings, isVoid: isVoid, isLate: { DispatchTime.now() >= deadline })
    } catch {
      throw isVoid() ? .stoppedWhilePlanning : error
    }
  }

  /// What a dry run tells beside the duration.
  func report(on trajectory: Trajectory, in surroundings: Surroundings?, _ planned: inout PlannedMotion, isVoid: () -> Bool) {
    planned.path = trajectory.configurations(apart: 0.05, atMost: 500)
    guard let checker = surroundings?.checker(for: trajectory, shouldStop: isVoid) else { return }
    planned.clearance = checker.leastClearance(along: trajectory, shouldStop: isVoid).map { ContactFacts($0) }
  }

  /// The scene has changed while a motion was planned in it.
  func checkMotionsAgain() { sceneEdits.async { self.checkMotions() } }

  /// Looks at what is left of the motion under way, and at those that wait. One that would touch something fails: under way, it comes to rest on its
  /// path; those behind it fail with it.
  private func checkMotions() {
    let (jobs, snapshot) = (queue.withLock { [$0.running].compactMap(\.self) + $0.waiting }, controlled.snapshot)
    for job in jobs where job.isChecked {
      guard case .trajectory(let trajectory) = job.work, let surroundings = world.surroundings(without: job.mayTouch) else { continue }
      let time = job.id == snapshot.job ? snapshot.progress * trajectory.duration : 0
      let position = trajectory.setpoint(at: time).position
      let checker = surroundings.seen(from: position, to: [trajectory.end]).checker(for: [position, trajectory.end])
      guard let contact = checker.firstContact(along: trajectory, after: time) else { continue }
      return give(up: job.id, contact: contact, ahead: contact.time - time, margin: checker.margin)
    }
  }

  private func give(up job: Int, contact: MotionContact, ahead: Double, margin: Double) {
    var reason = ServiceError(contact, margin: margin)
    reason.message = "Something has come into the way. \(reason.message)"
    reason.suggestion = "plan again from where the arm has stopped, or take \(contact.clearance.other) away"
    blocked.withLock { $0[job] = reason }
    let dropped = queue.withLock { $0.drop(from: job) }
    if dropped.isEmpty { _ = controlled.post(.cancel(job: job)) }
    let facts = reason
    events.async { [self] in
      var details = facts.contact?.members ?? [:]
      details["job"] = .number(Double(job))
      details["ahead"] = .number(ahead)
      details["try"] = .string(facts.suggestion)
      occur("obstacle", facts.message, details: details)
      for job in dropped { tell(job, .failed, facts) }
    }
  }
}

extension ServiceError {
  /// - Parameter circumstance: At what moment of what was asked for; nil: in the midst of it.
  static func stopped(_ reason: StopReason, _ circumstance: String? = nil) -> Self {
    if case .leaseExpired = reason {
      return Self(.leaseEnded, reason.sentence(circumstance), suggestion: "lease.acquire, renew it within its ttl, and send the motion again")
    }
    var error = Self(.stopped, reason.sentence(circumstance), suggestion: again)
    error.stopper = reason.stopper
    if case .leaseTaken(_, let taker) = reason { error.suggestion = "\(again) when \(taker) has let the arm go" }
    if case .requested(let client) = reason, !client.isEmpty { error.suggestion = "ask \(client) whether the arm may move, then \(again)" }
    return error
  }

  /// The same, told to somebody: who has stopped the arm knows why.
  func told(to client: String) -> Self {
    guard stopper == client else { return self }
    var error = self
    error.suggestion = Self.again
    return error
  }

  /// What to do where nothing is against it.
  static let again = "send the motion again"

  static let stoppedWhilePlanning = ServiceError(
    .stopped, "The arm was stopped while the motion was planned.", suggestion: again)
  static let cancelledWhilePlanning = ServiceError(
    .cancelled, "The motion was cancelled while it was planned.", suggestion: again)
}
