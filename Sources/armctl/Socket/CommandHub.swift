internal import Control
internal import Dispatch
internal import NIOCore

/// What all clients share: the arm, the lease, the jobs, the subscriptions. Lives on one event loop thread and needs no lock.
final class CommandHub: @unchecked Sendable {
  let service: any ArmService
  let arm: ArmDescription
  let eventLoop: any EventLoop
  let table: MethodTable
  let settings: CommandServer.Settings
  /// Where long lines are parsed.
  let parsingQueue = DispatchQueue(label: "armctl.socket.parsing")
  let stateFan: StateFan
  let turns: ClientTurns
  var gaze = GazeExchange()

  private var clients: [Int: ClientConnection] = [:]
  /// Connections so far.
  private var clientCount = 0
  private(set) var leases = LeaseTable()
  private var leaseTimer: Scheduled<Void>?
  private(set) var jobs = JobBook()
  private var waiters: [Int: [Waiter]] = [:]
  private var waiterCount = 0
  private var plans = PlanBook()
  private var liveSpeed = LiveSpeed()
  private var latestState: (state: ArmState, text: [UInt8])?
  /// The latest stop that somebody asked for.
  private var latestStop: StopReason?
  /// Whether somebody has paused who leads while no job was under way: none begins until that ends.
  private(set) var isHeld = false

  private struct Waiter {
    var number: Int
    var reply: Reply
    var timer: Scheduled<Void>?
  }

  init(service: any ArmService, eventLoop: any EventLoop, table: MethodTable, settings: CommandServer.Settings) {
    self.service = service
    self.eventLoop = eventLoop
    self.table = table
    self.settings = settings
    arm = service.arm
    stateFan = StateFan(service: service, eventLoop: eventLoop)
    turns = ClientTurns(eventLoop: eventLoop)
  }

  // MARK: Clients

  func nextClientNumber() -> Int {
    clientCount += 1
    return clientCount
  }

  /// - Returns: Whether there was room.
  func add(_ client: ClientConnection) -> Bool {
    guard clients.count < settings.maximumClients else { return false }
    if client.door != nil, clients.values.count(where: { $0.door != nil }) >= Door.maximumWaiting { return false }
    clients[client.number] = client
    return true
  }

  func refuse(_ client: ClientConnection) {
    let sentence =
      clients.count < settings.maximumClients
      ? "\(Door.maximumWaiting) clients have not shown their token yet." : "\(settings.maximumClients) clients are connected already."
    client.close(with: RPCError(ServiceError(.busy, sentence, suggestion: "again when one of them has gone")))
  }

  func remove(_ client: ClientConnection) {
    unsubscribe(client, topics: MethodTable.topics)
    gaze.forget(client.name)
    clients[client.number] = nil
    // Nobody is there to hear what a dry run finds; a motion that was asked for is still to be done.
    _ = plans.callOff { $0.client == client.number && $0.isDryRun }
    for job in waiters.keys {
      waiters[job]?.removeAll { waiter in
        if waiter.reply.client === client { waiter.timer?.cancel() }
        return waiter.reply.client === client
      }
      if waiters[job]?.isEmpty == true { waiters[job] = nil }
    }
  }

  func closeAll() { for client in clients.values { client.close() } }

  // MARK: Requests

  /// - Parameter isOvertaken: Whether the arm was stopped while the request waited.
  func handle(_ request: RPCRequest, from client: ClientConnection, isOvertaken: Bool = false, reply: Reply) {
    guard let method = table[request.method] else {
      reply.fail(.unknownMethod(request.method, methods: table.names))
      return
    }
    expireLease()
    leases.renew(client: client.number, token: request.parameters["token"]?.string, now: now)
    do throws(RPCError) {
      let parameters = try Parameters(
        request.parameters, of: method.name, specifications: method.parameters, jointCount: arm.jointNames.count)
      let call = Call(hub: self, client: client, method: method.name, parameters: parameters, reply: reply)
      // What can never be done is told before who leads.
      try method.check(call)
      // A dry run moves nothing.
      if method.needsLease, parameters.bool("dryRun") != true {
        do throws(ServiceError) { try leases.check(parameters.string("token"), now: now) } catch { throw RPCError(error) }
        if isOvertaken, let latestStop {
          throw RPCError(.stopped(latestStop, "while this request waited").told(to: client.name))
        }
      }
      try method.handle(call)
    } catch {
      reply.fail(error)
    }
  }

  /// Seconds of the monotonic clock.
  var now: Double { Double(NIODeadline.now().uptimeNanoseconds) * 1e-9 }

  /// Runs on the event loop, in the order of the calls.
  func hop(_ action: @escaping @Sendable (CommandHub) -> Void) {
    eventLoop.execute { [self] in action(self) }
  }

  // MARK: Lease

  /// - Returns: The lease, and the one that it took over.
  func acquireLease(
    _ client: ClientConnection, priority: LeaseTable.Priority, lifetime: Double
  ) throws(ServiceError) -> (lease: LeaseTable.Lease, displaced: LeaseTable.Lease?) {
    expireLease()
    let token = String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16)
    let (lease, displaced) = try leases.acquire(
      by: client.number, named: client.name, priority: priority, lifetime: lifetime, token: token, now: now)
    if let displaced {
      if hasMotion(of: displaced, onlyStopping: false) {
        stop(.leaseTaken(holder: displaced.holder, by: client.name))
      }
      release()
      announce(
        "lease.lost", "\(client.name) took the lease over from \(displaced.holder).", of: displaced,
        details: ["holder": .string(displaced.holder), "by": .string(client.name)])
    }
    scheduleExpiry()
    return (lease, displaced)
  }

  /// The lease as it is now.
  var presentLease: LeaseTable.Lease? {
    expireLease()
    return leases.lease
  }

  func releaseLease(_ token: String) throws(ServiceError) {
    try leases.release(token)
    leaseTimer?.cancel()
    // What was asked for goes on without a lease, and so does the pause before it.
    if !jobs.hasActiveJob(of: token, onlyStopping: false) { release() }
  }

  private func scheduleExpiry() {
    leaseTimer?.cancel()
    guard let lease = leases.lease else { return }
    let remaining = max(0, lease.deadline - now)
    leaseTimer = eventLoop.scheduleTask(in: .nanoseconds(Int64(remaining * 1e9) + 1)) { [self] in
      expireLease()
      // The holder spoke meanwhile.
      scheduleExpiry()
    }
  }

  private func expireLease() {
    guard let lease = leases.expire(now: now) else { return }
    if hasMotion(of: lease, onlyStopping: true) { stop(.leaseExpired(holder: lease.holder)) }
    release()
    announce("lease.expired", "The lease of \(lease.holder) expired.", of: lease, details: ["holder": .string(lease.holder)])
  }

  private func hasMotion(of lease: LeaseTable.Lease, onlyStopping: Bool) -> Bool {
    plans.hasPlan(of: lease.token, onlyStopping: onlyStopping)
      || jobs.hasActiveJob(of: lease.token, onlyStopping: onlyStopping)
  }

  /// Tells the subscribers of `event`, and the lease's holder in any case, but not who has done it.
  private func announce(_ kind: String, _ message: String, of lease: LeaseTable.Lease?, details: JSONObject, except doer: ClientConnection? = nil) {
    let state = service.state()
    let entry = JSONWriter.eventNotification(
      Occurrence(kind: kind, time: state.time, tick: state.tick, message: message, details: details))
    for client in clients.values where client !== doer && (client.wantsEvents || client.number == lease?.client) { client.notify(entry) }
  }

  // MARK: Motions and jobs

  /// Has a motion planned and, unless it is a dry run, moved. `answer` is called on the event loop.
  func submit(
    _ motion: MotionRequest, of call: Call, onExpiry: JobBook.OnExpiry,
    answer: @escaping @Sendable (Result<PlannedMotion, ServiceError>) -> Void
  ) {
    let plan = PlanBook.Plan(
      client: call.client.number, clientName: call.client.name, request: call.reply.id, token: call.parameters.string("token"), onExpiry: onExpiry,
      isDryRun: motion.isDryRun,
      answer: answer)
    let number = plans.add(plan)
    service.submit(motion, plan.ticket) { result in
      self.hop { hub in hub.finish(number, result) }
    }
  }

  private func finish(_ number: Int, _ result: Result<PlannedMotion, ServiceError>) {
    guard let plan = plans.remove(number) else { return }
    if case .success(let planned) = result, let job = planned.job {
      let state = service.state()
      jobs.assign(job, of: plan.clientName, to: plan.token, onExpiry: plan.onExpiry, at: state.time, tick: state.tick)
      if plan.isUnwanted { service.cancel(job) }
    }
    plan.answer(result)
  }

  /// Carries out a client's `stop`: what others have asked for and still waits does not move the arm after it either.
  func stop(for client: ClientConnection) {
    let reason = StopReason.requested(client: client.name)
    latestStop = reason
    for other in clients.values where other !== client { other.overtake() }
    stop(reason)
    // Who is between two motions has no job that tells of it.
    announce("stopped", reason.sentence(), of: leases.lease, details: ["by": .string(client.name)], except: client)
  }

  /// Brakes, and answers every motion that is being planned: what the planner still does about it concerns nobody. Dry runs move nothing and go on.
  func stop(_ reason: StopReason) {
    service.stop(reason)
    endHold()
    for plan in plans.callOff(where: { !$0.isDryRun }).calledOff {
      plan.answer(.failure(.stopped(reason, "while the motion was planned").told(to: plan.clientName)))
    }
  }

  /// Ends the planning that a client's request has asked for.
  ///
  /// - Returns: Whether anything was being planned for it.
  func callOff(request id: JSONValue, of client: ClientConnection) -> Bool {
    let (calledOff, hasOthers) = plans.callOff { $0.client == client.number && $0.request == id }
    for plan in calledOff { plan.answer(.failure(.cancelledWhilePlanning)) }
    return hasOthers || !calledOff.isEmpty
  }

  /// The latest that is known of a job.
  func update(of job: Int) throws(ServiceError) -> JobUpdate {
    if let update = jobs[job] { return update }
    throw ServiceError(
      .unknownJob, "There is no job \(job), or it ended long ago.", value: Double(job), suggestion: "the number that a move answered with")
  }

  /// Answers when the job has ended, or with an error after `timeout` seconds.
  func wait(for job: Int, timeout: Double?, reply: Reply) throws(ServiceError) {
    let update = try update(of: job)
    if update.state.isFinal {
      reply.succeed(writing: { $0.job(update) })
      return
    }
    waiterCount += 1
    let number = waiterCount
    var waiter = Waiter(number: number, reply: reply)
    if let timeout {
      waiter.timer = eventLoop.scheduleTask(in: .nanoseconds(Int64(timeout * 1e9))) { [self] in giveUp(waiter: number, job: job, timeout) }
    }
    waiters[job, default: []].append(waiter)
  }

  private func giveUp(waiter number: Int, job: Int, _ timeout: Double) {
    guard let index = waiters[job]?.firstIndex(where: { $0.number == number }), let waiter = waiters[job]?.remove(at: index) else { return }
    let state = jobs[job]?.state ?? .queued
    waiter.reply.fail(
      ServiceError(
        .timeout, "Job \(job) has not ended within \(JSONValue.number(timeout)) s; it is \(state.rawValue).", limit: timeout,
        suggestion: "job.wait again, or job.cancel"))
  }

  /// Lets the job under way pause, or go on or back; where none is, who else leads. `answer` is called on the event loop.
  func setCourse(_ course: Course, for client: ClientConnection, answer: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    if course == .forward, isHeld {
      release(by: client)
      return answer(.success(()))
    }
    let wasPaused = jobs.pauser != nil
    if course == .paused { jobs.pause(by: client.name) }
    service.setCourse(course) { result in
      self.hop { hub in
        if course == .paused, case .failure(let error) = result, error.kind == .unknownJob, let lease = hub.presentLease,
          lease.client != client.number
        {
          hub.hold(lease, for: client)
          return answer(.success(()))
        }
        let hasFailed = if case .failure = result { true } else { false }
        if course == .paused ? hasFailed && !wasPaused : !hasFailed { hub.jobs.endPause() }
        answer(result)
      }
    }
  }

  /// Somebody pauses who leads while no job is under way, as between two motions of a script.
  private func hold(_ lease: LeaseTable.Lease, for client: ClientConnection) {
    jobs.pause(by: client.name)
    guard !isHeld else { return }
    isHeld = true
    service.setHeld(true)
    announce("paused", "\(client.name) has paused \(lease.holder).", of: lease, details: ["by": .string(client.name)])
  }

  /// What was held goes on.
  private func release(by client: ClientConnection? = nil) {
    guard endHold() else { return }
    service.setHeld(false)
    announce(
      "resumed", client.map { "\($0.name) lets \(leases.lease?.holder ?? "the arm") go on." } ?? "The pause has ended.", of: leases.lease,
      details: client.map { ["by": .string($0.name)] } ?? [:])
  }

  /// - Returns: Whether anything was held.
  @discardableResult
  private func endHold() -> Bool {
    guard isHeld else { return false }
    isHeld = false
    jobs.endPause()
    return true
  }

  /// Who leads, and who has paused them.
  var lead: LeadFacts? {
    var lead = presentLease?.lead(now: now)
    if isHeld { lead?.pauser = jobs.pauser }
    return lead
  }

  /// Sets how fast motions run.
  func setSpeed(_ speed: Double, for client: ClientConnection, token: String?) throws(ServiceError) {
    expireLease()
    try liveSpeed.set(speed, by: client.name, token: token, present: service.state().speed, leases: leases, now: now)
    service.setSpeed(speed)
  }

  /// Whether a client may let the arm go on: who has paused it may, and who may move it.
  func checkResume(by client: ClientConnection, token: String?, direction: Course) throws(ServiceError) {
    if let pauser = jobs.pauser, pauser == client.name { return }
    // Where nothing is under way and nobody pauses, whoever asks is told so.
    if jobs.pauser == nil, jobs.underWay == nil, direction == .forward { return }
    do throws(ServiceError) { try leases.check(token, now: now) } catch {
      throw jobs.pauser.map { error.pausedByOther($0) } ?? error
    }
  }

  /// What the arm tells, on the event loop.
  func accept(_ event: ArmEvent) {
    switch event {
    case .job(let news):
      guard let update = jobs.note(news) else { return }
      let listeners = clients.values.filter(\.wantsJobs)
      if !listeners.isEmpty {
        let entry = JSONWriter.jobNotification(update)
        for client in listeners { client.notify(entry) }
      }
      if update.state.isFinal, let waiting = waiters.removeValue(forKey: update.job) {
        for waiter in waiting {
          waiter.timer?.cancel()
          waiter.reply.succeed(writing: { $0.job(update) })
        }
      }
    case .occurrence(let occurrence):
      let listeners = clients.values.filter(\.wantsEvents)
      if listeners.isEmpty { return }
      let entry = JSONWriter.eventNotification(occurrence)
      for client in listeners { client.notify(entry) }
    }
  }

  /// Passes a notification on to all who want it. Returns how many they are.
  func pass(_ entry: NotificationQueue.Entry, to wish: KeyPath<ClientConnection, Bool>) -> Int {
    let listeners = clients.values.filter { $0[keyPath: wish] }
    for client in listeners { client.notify(entry) }
    return listeners.count
  }

  // MARK: States and subscriptions

  /// The latest state as text. Many ask for it, and it is written anew only when something has changed.
  func stateText() -> [UInt8] {
    let state = service.state()
    if let (told, text) = latestState, told.isSameTick(as: state) { return text }
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.state(state)
    latestState = (state, writer.bytes)
    return writer.bytes
  }
}
