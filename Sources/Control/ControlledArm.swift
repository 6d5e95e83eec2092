internal import Kinematics
public import MotorDrivers
internal import Planner
internal import Synchronization

/// Where a joint's motor is, and how the joint follows it.
public struct JointWiring: Sendable {
  /// Index into the arm's buses, and of the motor on that bus.
  public var bus: Int
  public var motor: Int
  public var transmission: Transmission

  public init(bus: Int, motor: Int, transmission: Transmission) {
    self.bus = bus
    self.motor = motor
    self.transmission = transmission
  }
}

/// The control core with its motors: one ``tick(at:wakeUp:)`` reads the buses, thinks, and writes the buses.
///
/// `tick` belongs to one thread, the loop's or a test's; everything else may be called from anywhere.
public final class ControlledArm: @unchecked Sendable {
  public let jointNames: [String]
  public let busNames: [String]
  public let recorder: FlightRecorder
  /// How long each tick took.
  public let tickDurations = LatencyHistogram()

  private var core: ControlCore
  private let wiring: [JointWiring]
  private let buses: [any MotorBus]
  private let lines: SafetyLines
  private var states: [[MotorState]]
  private var commands: [[MotorCommand]]
  private var input: ControlInput
  private var tickCount = 0
  private var isEnabled = false
  private var droppedEvents = 0

  private let requests = Ring<ControlRequest>(capacity: 64)
  private let requestLock = Mutex(())
  private let events = Ring<TimedEvent>(capacity: 1024)
  private let snapshots: LatestValue<ControlSnapshot>
  private let isStopWanted = Atomic<Bool>(false)
  /// One bit a bus: set while the loop may use it.
  private let onlineBuses = Atomic<UInt64>(0)
  private let connectLock = Mutex(())

  /// - Parameters:
  ///   - wiring: One per joint of the core's model, in its order.
  ///   - buses: Not connected yet; see ``connect()``. At most 64.
  /// - Precondition: `wiring` has as many entries as the model has joints.
  public init(core: ControlCore, wiring: [JointWiring], buses: [any MotorBus], lines: SafetyLines = SafetyLines()) {
    precondition(wiring.count == core.model.jointCount && buses.count <= 64)
    self.core = core
    self.wiring = wiring
    self.buses = buses
    self.lines = lines
    jointNames = core.model.jointNames
    busNames = buses.map(\.name)
    states = buses.map { Array(repeating: MotorState(), count: $0.motorCount) }
    commands = buses.map { Array(repeating: .off, count: $0.motorCount) }
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

  /// Brakes at the next tick, whatever else waits.
  public func stop() { isStopWanted.store(true, ordering: .releasing) }

  /// The state after the last tick.
  public var snapshot: ControlSnapshot { snapshots.load() }

  /// The oldest event not yet taken. From one thread only.
  public func nextEvent() -> TimedEvent? { events.popFirst() }

  /// Connects every bus that is not connected. Blocks; the loop may run meanwhile.
  ///
  /// - Throws: The first bus's error; later ones are then not tried.
  public func connect() throws(BusError) {
    try connectLock.withLock { _ throws(BusError) in
      for (index, bus) in buses.enumerated() where onlineBuses.load(ordering: .acquiring) & (1 << index) == 0 {
        try bus.connect()
        onlineBuses.bitwiseOr(1 << UInt64(index), ordering: .acquiringAndReleasing)
      }
    }
  }

  /// Switches all motors off and lets go of the buses. Only when no loop runs.
  public func disconnect() {
    onlineBuses.store(0, ordering: .releasing)
    try? lines.enable?.set(isActive: false)
    for bus in buses { bus.disconnect() }
  }
}

// MARK: - The tick

extension ControlledArm {
  /// One tick: buses in, core, buses out.
  ///
  /// - Parameters:
  ///   - time: Monotonic [s].
  ///   - wakeUp: How late the tick began [s]; for the recorder.
  ///   - clock: Reads the time again at the end, to tell how long the tick took.
  /// - Real-time: the only I/O is the buses' non-blocking reads and writes and the safety lines; does not allocate, lock or throw.
  public func tick(at time: Double, wakeUp: Double = 0, clock: () -> Double = { 0 }) {
    receive(time: time)
    if isStopWanted.exchange(false, ordering: .acquiring) { core.stop() }
    while let request = requests.popFirst() { accept(request) }
    let output = core.tick(input, time: time)
    send(output, time: time)
    tickCount += 1
    publish(time: time)
    let duration = clock() - time - wakeUp
    tickDurations.count(duration)
    record(output, wakeUp: wakeUp, duration: duration)
  }

  private func receive(time: Double) {
    let online = onlineBuses.load(ordering: .acquiring)
    input.lostBus = nil
    input.noiseShare = 0
    for index in buses.indices {
      guard online & (1 << index) != 0 else {
        input.lostBus = index
        continue
      }
      do throws(BusError) {
        try buses[index].receive(into: &states[index], time: time)
        let share = buses[index].statistics.errorRate
        if share > input.noiseShare {
          input.noiseShare = share
          input.noisiestBus = index
        }
      } catch {
        lose(index)
      }
    }
    input.motorFault = nil
    for joint in wiring.indices { read(joint) }
    readLines()
  }

  private func accept(_ request: ControlRequest) {
    if case .reset = request {
      for bus in buses { bus.clearFaults() }
      input.motorFault = nil
      input.noiseShare = 0
    }
    core.accept(request)
  }

  private func read(_ joint: Int) {
    let wire = wiring[joint]
    let state = states[wire.bus][wire.motor]
    input.position[joint] = wire.transmission.jointPosition(ofRotor: state.position)
    input.sampleTime[joint] = state.sampleTime ?? -.infinity
    input.effort[joint] = wire.transmission.jointEffort(ofRotor: state.effort ?? 0)
    guard input.motorFault == nil, !state.faults.isEmpty else { return }
    let problem: ControlFault.Problem =
      state.faults.contains(.referenceLost) ? .referenceLost : state.faults.contains(.overTemperature) ? .overTemperature : .stalled
    input.motorFault = .motor(joint: joint, problem)
  }

  private func readLines() {
    guard let button = lines.emergencyStop else { return }
    do throws(GPIOError) {
      input.isEmergencyStopPressed = try button.isActive()
      input.isSafetyLineDead = false
    } catch {
      input.isSafetyLineDead = true
    }
  }

  private func send(_ output: ControlOutput, time: Double) {
    for joint in wiring.indices {
      let wire = wiring[joint]
      commands[wire.bus][wire.motor] =
        output.isPowered
        ? .position(
          wire.transmission.rotorPosition(ofJoint: output.setpoint[joint]),
          velocity: wire.transmission.rotorVelocity(ofJoint: output.setpointVelocity[joint]))
        : .off
    }
    let online = onlineBuses.load(ordering: .acquiring)
    for index in buses.indices where online & (1 << index) != 0 {
      do throws(BusError) { try buses[index].send(commands[index], time: time) } catch { lose(index) }
    }
    setEnableLine(output.isPowered)
  }

  private func setEnableLine(_ isPowered: Bool) {
    guard isPowered != isEnabled, let enable = lines.enable else { return }
    do throws(GPIOError) {
      try enable.set(isActive: isPowered)
      isEnabled = isPowered
    } catch {
      input.isSafetyLineDead = true
    }
  }

  private func lose(_ bus: Int) {
    onlineBuses.bitwiseAnd(~(1 << UInt64(bus)), ordering: .acquiringAndReleasing)
    input.lostBus = bus
  }

  private func publish(time: Double) {
    for index in 0..<core.events.count {
      if !events.append(TimedEvent(event: core.events[index], time: time, tick: tickCount)) { droppedEvents += 1 }
    }
    core.events.removeAll()
    var snapshot = ControlSnapshot(jointCount: wiring.count)
    snapshot.time = time
    snapshot.tick = tickCount
    snapshot.mode = core.mode
    snapshot.fault = core.fault
    snapshot.isPowered = core.isPowered
    snapshot.job = core.job
    snapshot.progress = core.progress
    snapshot.position = input.position
    snapshot.velocity = core.velocity
    snapshot.effort = input.effort
    snapshot.external = core.externalEffort
    snapshot.setpoint = core.setpoint.position
    snapshot.isAtRest = core.isAtRest
    snapshot.isHeard = core.isHeard
    for bus in buses { snapshot.busLoad = max(snapshot.busLoad, bus.statistics.load) }
    snapshot.busErrorShare = input.noiseShare
    snapshots.store(snapshot)
  }

  private func record(_ output: ControlOutput, wakeUp: Double, duration: Double) {
    var age = JointVector(count: wiring.count)
    for joint in age.indices { age[joint] = core.time - input.sampleTime[joint] }
    recorder.record(
      TickRecord(
        time: core.time, tick: tickCount, mode: core.mode, position: input.position, velocity: core.velocity, effort: input.effort,
        external: core.externalEffort, setpoint: output.setpoint, setpointVelocity: output.setpointVelocity, age: age, wakeUp: wakeUp,
        duration: duration))
  }
}
