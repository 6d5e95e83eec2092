internal import Kinematics
internal import MotorDrivers
internal import Synchronization

/// Where a joint's motor is, and how the joint follows it.
public struct JointWiring: Sendable {
  /// Index into the arm's buses, and of the motor on that bus.
  public var bus: Int
  public var motor: Int
  public var transmission: Transmission
  /// How the motor holds the joint, where it can be told; nil for one that only takes positions.
  public var impedance: JointImpedance?

  public init(bus: Int, motor: Int, transmission: Transmission, impedance: JointImpedance? = nil) {
    self.bus = bus
    self.motor = motor
    self.transmission = transmission
    self.impedance = impedance
  }
}

/// A spring and a damper between a joint and its setpoint.
public struct JointImpedance: Sendable, Equatable {
  /// [N·m/rad] and [N·m·s/rad].
  public var stiffness, damping: Double

  public init(stiffness: Double, damping: Double) {
    self.stiffness = stiffness
    self.damping = damping
  }
}

/// An arm's buses and safety lines: motors on the far side, joints on the near one.
///
/// `receive`, `send` and `clearFaults` belong to the thread that ticks; `connect` to any other.
final class BusExchange: @unchecked Sendable {
  let buses: [any MotorBus]
  private let wiring: [JointWiring]
  private let lines: SafetyLines
  private var states: [[MotorState]]
  private var commands: [[MotorCommand]]
  /// The buses of this tick, one bit each, and which joints have been heard since their bus came online.
  private var online: UInt64 = 0
  private var heard = JointSet()
  /// What the enable output was last set to; nil before that, and when it could not be set.
  private var isEnabled: Bool?
  private var isEnableDead = false
  /// Damaged lines of all buses so far.
  private var malformedCount: UInt64 = 0
  /// One bit a bus: set while the loop may use it. Set by who connects, cleared by the loop.
  private let onlineBuses = Atomic<UInt64>(0)
  private let connectLock = Mutex(())

  init(wiring: [JointWiring], buses: [any MotorBus], lines: SafetyLines) {
    precondition(buses.count <= 64)
    self.wiring = wiring
    self.buses = buses
    self.lines = lines
    states = buses.map { Array(repeating: MotorState(), count: $0.motorCount) }
    commands = buses.map { Array(repeating: .off, count: $0.motorCount) }
  }

  /// Connects every bus that is not connected.
  func connect() throws(BusError) {
    try connectLock.withLock { _ throws(BusError) in
      for index in buses.indices where onlineBuses.load(ordering: .acquiring) & bit(index) == 0 {
        try buses[index].connect()
        onlineBuses.bitwiseOr(bit(index), ordering: .acquiringAndReleasing)
      }
    }
  }

  /// Switches all motors off and lets go of the buses.
  func disconnect() {
    onlineBuses.store(0, ordering: .releasing)
    try? lines.enable?.set(isActive: false)
    isEnabled = nil
    for bus in buses { bus.disconnect() }
  }

  private func bit(_ bus: Int) -> UInt64 { 1 << UInt64(bus) }

  private func isOnline(_ bus: Int) -> Bool { online & bit(bus) != 0 }

  /// The loop leaves the bus alone until somebody has connected it again.
  private func lose(_ bus: Int) {
    online &= ~bit(bus)
    onlineBuses.bitwiseAnd(~bit(bus), ordering: .acquiringAndReleasing)
  }
}

// MARK: - In

extension BusExchange {
  /// Takes in what the buses and the safety lines tell.
  ///
  /// - Real-time: does not block, allocate or lock; reads each bus, and one system call for the safety line.
  func receive(into input: inout ControlInput, time: Double) {
    online = onlineBuses.load(ordering: .acquiring)
    input.noiseShare = 0
    var malformed: UInt64 = 0
    for index in buses.indices where isOnline(index) {
      do throws(BusError) {
        try buses[index].receive(into: &states[index], time: time)
        let statistics = buses[index].statistics, share = statistics.errorRate
        malformed &+= statistics.malformed
        if share > input.noiseShare {
          input.noiseShare = share
          input.noisiestBus = index
        }
      } catch {
        lose(index)
      }
    }
    input.isGarbled = malformed > malformedCount
    malformedCount = malformed
    input.lostBus = buses.indices.first { !isOnline($0) }
    input.disconnected = JointSet()
    input.motorFault = nil
    for joint in wiring.indices { read(joint, into: &input) }
    readEmergencyStop(into: &input)
  }

  private func read(_ joint: Int, into input: inout ControlInput) {
    let wire = wiring[joint]
    let state = states[wire.bus][wire.motor]
    let sampleTime = state.sampleTime ?? -.infinity
    if !isOnline(wire.bus) {
      input.disconnected.insert(joint)
      heard.remove(joint)
    } else if sampleTime > input.sampleTime[joint] {
      heard.insert(joint)
    }
    input.position[joint] = wire.transmission.jointPosition(ofRotor: state.position)
    input.sampleTime[joint] = sampleTime
    input.effort[joint] = wire.transmission.jointEffort(ofRotor: state.effort ?? 0)
    input.velocity[joint] = wire.transmission.jointVelocity(ofRotor: state.velocity ?? 0)
    if state.velocity == nil { input.withVelocity.remove(joint) } else { input.withVelocity.insert(joint) }
    if state.effort == nil { input.withoutEffort.insert(joint) } else { input.withoutEffort.remove(joint) }
    input.withoutTorque.remove(joint)
    guard let problem = state.faults.worst else { return }
    if problem.isWithoutTorque { input.withoutTorque.insert(joint) }
    if input.motorFault == nil { input.motorFault = .motor(joint: joint, problem) }
  }

  private func readEmergencyStop(into input: inout ControlInput) {
    input.isSafetyLineDead = isEnableDead
    guard let button = lines.emergencyStop else { return }
    do throws(GPIOError) {
      input.isEmergencyStopPressed = try button.isActive()
    } catch {
      input.isSafetyLineDead = true
    }
  }

  /// Share of the wire's time that is taken on the busiest bus, 0…1.
  var load: Double {
    var load = 0.0
    for index in buses.indices where isOnline(index) { load = max(load, buses[index].statistics.load) }
    return load
  }
}

extension MotorFaults {
  /// The one to tell of first; nil where there is none.
  fileprivate var worst: ControlFault.Problem? {
    if isEmpty { return nil }
    if contains(.switchedOff) { return .switchedOff }
    if contains(.communicationLost) { return .communicationLost }
    if contains(.sensor) { return .sensor }
    if contains(.parameter) { return .parameter }
    if contains(.overVoltage) { return .overVoltage }
    if contains(.underVoltage) { return .underVoltage }
    if contains(.overCurrent) { return .overCurrent }
    if contains(.overload) { return .overload }
    if contains(.referenceLost) { return .referenceLost }
    return contains(.overTemperature) ? .overTemperature : .stalled
  }
}

// MARK: - Out

extension BusExchange {
  /// Tells every motor where to be, and lets the motors have power or not.
  ///
  /// - Real-time: does not block, allocate or lock; writes each bus, and one system call where the power changes.
  func send(_ output: ControlOutput, time: Double) {
    for joint in wiring.indices {
      // A motor on a bus that has just come back may be anywhere: no setpoint for it before it was heard.
      commands[wiring[joint].bus][wiring[joint].motor] = output.isPowered && heard.contains(joint) ? command(for: joint, output) : .off
    }
    for index in buses.indices where isOnline(index) {
      do throws(BusError) { try buses[index].send(commands[index], time: time) } catch { lose(index) }
    }
    setEnableLine(output.isPowered)
  }

  private func command(for joint: Int, _ output: ControlOutput) -> MotorCommand {
    let transmission = wiring[joint].transmission
    let position = transmission.rotorPosition(ofJoint: output.setpoint[joint])
    let velocity = transmission.rotorVelocity(ofJoint: output.setpointVelocity[joint])
    guard let impedance = wiring[joint].impedance else {
      guard output.isYielding else { return .position(position, velocity: velocity) }
      let agility = abs(transmission.rotorVelocity(ofJoint: output.agility?[joint] ?? 0))
      return .yielding(position, velocity: velocity, acceleration: agility, isAfresh: output.afresh.contains(joint))
    }
    return .impedance(
      position: position, velocity: velocity, effort: transmission.rotorTorque(ofJoint: output.effort[joint]),
      stiffness: transmission.rotorStiffness(ofJoint: output.stiffness?[joint] ?? impedance.stiffness),
      damping: transmission.rotorDamping(ofJoint: output.damping?[joint] ?? impedance.damping))
  }

  private func setEnableLine(_ isPowered: Bool) {
    guard isPowered != isEnabled, let enable = lines.enable else { return }
    do throws(GPIOError) {
      try enable.set(isActive: isPowered)
      isEnabled = isPowered
      isEnableDead = false
    } catch {
      isEnabled = nil
      isEnableDead = true
    }
  }

  /// Forgets what the motors have latched and what the buses have counted of errors.
  ///
  /// - Real-time: does not block, allocate or lock.
  func clearFaults() {
    for index in buses.indices where isOnline(index) {
      buses[index].clearFaults()
      for motor in states[index].indices { states[index][motor].faults = [] }
    }
  }
}
