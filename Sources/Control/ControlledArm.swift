internal import Kinematics
public import MotorDrivers
internal import Planner
internal import Synchronization

/// The control core with its motors: one ``tick(at:wakeUp:clock:)`` reads the buses, thinks, and writes the buses.
///
/// `tick` belongs to one thread, the loop's or a test's; everything else may be called from anywhere.
public final class ControlledArm: @unchecked Sendable {
  public let jointNames: [String]
  public let busNames: [String]
  public let recorder: FlightRecorder
  /// How long each tick took.
  public let tickDurations = LatencyHistogram()

  private var core: ControlCore
  private let motors: BusExchange
  private var input: ControlInput
  private var tickCount = 0
  private var droppedEvents = 0

  private let requests = Ring<ControlRequest>(capacity: 64)
  private let requestLock = Mutex(())
  private let events = Ring<TimedEvent>(capacity: 1024)
  private let snapshots: LatestValue<ControlSnapshot>
  private let isStopWanted = Atomic<Bool>(false)
  /// How many requests had been made when a stop was last wanted.
  private let overtaken = Atomic<Int>(0)

  /// - Parameters:
  ///   - wiring: One per joint of the core's model, in its order.
  ///   - buses: Not connected yet; see ``connect()``. At most 64.
  /// - Precondition: `wiring` has as many entries as the model has joints.
  public init(core: ControlCore, wiring: [JointWiring], buses: [any MotorBus], lines: SafetyLines = SafetyLines()) {
    precondition(wiring.count == core.model.jointCount)
    self.core = core
    motors = BusExchange(wiring: wiring, buses: buses, lines: lines)
    jointNames = core.model.jointNames
    busNames = buses.map(\.name)
    input = ControlInput(jointCount: wiring.count)
    snapshots = LatestValue(ControlSnapshot(jointCount: wiring.count))
    recorder = FlightRecorder(jointCount: wiring.count, rate: Int((1 / core.settings.period).rounded()))
  }
}

// MARK: - From any thread

extension ControlledArm {
  /// Asks the core for something at its next tick. What came of it is among the events.
  ///
  /// - Returns: False where sixty-four requests wait already.
  public func post(_ request: ControlRequest) -> Bool { requestLock.withLock { _ in requests.append(request) } }

  /// Brakes at the next tick, whatever else waits. What was posted before and has not been taken in does not set the arm in motion any more.
  public func stop() {
    overtaken.max(requests.appendedCount, ordering: .relaxed)
    isStopWanted.store(true, ordering: .releasing)
  }

  /// The state after the last tick.
  public var snapshot: ControlSnapshot { snapshots.load() }

  /// The oldest event not yet taken. From one thread only.
  public func nextEvent() -> TimedEvent? { events.popFirst() }

  /// Connects every bus that is not connected. Blocks; the loop may run meanwhile.
  ///
  /// - Throws: The first bus's error; later ones are then not tried.
  public func connect() throws(BusError) { try motors.connect() }

  /// Switches all motors off and lets go of the buses. Only when no loop runs.
  public func disconnect() { motors.disconnect() }
}

// MARK: - The tick

extension ControlledArm {
  /// One tick: buses in, core, buses out.
  ///
  /// A bus must not keep the array of commands that it is sent, or the next tick would have to copy it.
  ///
  /// - Parameters:
  ///   - time: When the tick began, monotonic [s]: what motors are asked now, they are asked at this time.
  ///   - wakeUp: How late that was [s].
  ///   - clock: Reads the time again at the end, to tell how long the tick took.
  /// - Real-time: the only I/O is the buses' non-blocking reads and writes and the safety lines; does not allocate, lock or throw.
  public func tick(at time: Double, wakeUp: Double = 0, clock: () -> Double = { 0 }) {
    tickCount += 1
    motors.receive(into: &input, time: time)
    core.sense(input, time: time)
    takeRequests()
    let output = core.act()
    motors.send(output, time: time)
    publishSnapshot(time: time)
    let duration = clock() - time
    tickDurations.count(duration)
    record(output, wakeUp: wakeUp, duration: duration)
    // Last, so that who learns of an event finds the snapshot and the record of its tick.
    publishEvents(time: time)
  }

  private func takeRequests() {
    if isStopWanted.exchange(false, ordering: .acquiring) { core.stop() }
    let overtakenCount = overtaken.load(ordering: .relaxed)
    while core.canAccept {
      let isOvertaken = requests.removedCount < overtakenCount
      guard let request = requests.popFirst() else { return }
      if case .reset = request { motors.clearFaults() }
      core.accept(request, isOvertaken: isOvertaken)
    }
  }

  private func publishSnapshot(time: Double) {
    var snapshot = ControlSnapshot(jointCount: jointNames.count)
    snapshot.time = time
    snapshot.tick = tickCount
    snapshot.mode = core.mode
    snapshot.fault = core.fault
    snapshot.isPowered = core.isPowered
    snapshot.job = core.job
    snapshot.progress = core.progress
    snapshot.course = core.course
    snapshot.speedOverride = core.speedOverride
    snapshot.position = core.input.position
    snapshot.velocity = core.velocity
    snapshot.effort = core.input.effort
    snapshot.external = core.externalEffort
    snapshot.setpoint = core.shapedSetpoint.position
    snapshot.tank = core.reflex?.tank.level
    (snapshot.streamShare, snapshot.hindrance) = core.streamOutcome
    snapshot.obstruction = core.mode == .servo ? core.obstruction : nil
    snapshot.isAtRest = core.isAtRest
    snapshot.isHeard = core.isHeard
    snapshot.busLoad = motors.load
    snapshot.busErrorShare = input.noiseShare
    snapshot.droppedEvents = droppedEvents
    snapshots.store(snapshot)
  }

  private func publishEvents(time: Double) {
    for index in 0..<core.events.count {
      if !events.append(TimedEvent(event: core.events[index], time: time, tick: tickCount)) { droppedEvents += 1 }
    }
    core.events.removeAll()
  }

  private func record(_ output: ControlOutput, wakeUp: Double, duration: Double) {
    var age = JointVector(count: jointNames.count)
    for joint in age.indices { age[joint] = core.time - core.input.sampleTime[joint] }
    recorder.record(
      TickRecord(
        time: core.time, tick: tickCount, mode: core.mode, position: core.input.position, velocity: core.velocity, effort: core.input.effort,
        external: core.externalEffort, setpoint: output.setpoint, setpointVelocity: output.setpointVelocity, age: age, wakeUp: wakeUp,
        duration: duration))
  }
}
