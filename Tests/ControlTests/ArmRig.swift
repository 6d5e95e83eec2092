import Control
import Kinematics
import MotorDrivers
import Planner

/// A controlled arm on two ideal buses with safety lines, in logical time.
final class ArmRig {
  let buses: [IdealBus]
  let button = FakeButton()
  let enable = FakeEnable()
  let arm: ControlledArm
  let wiring: [JointWiring]
  var time = 100.0
  /// What a hand does to each joint [N·m].
  var hand = JointVector(count: 6)
  private(set) var events: [TimedEvent] = []

  init(
    settings: ControlSettings = TestArm.settings, at position: JointVector = TestArm.home, delay: Int = 1, impedance: JointImpedance? = nil
  ) {
    let ratios = [50.0, 30, 30, 24, 30, 50]
    let reversed = [true, false, true, false, true, true]
    wiring = (0..<6).map {
      JointWiring(
        bus: $0 / 3, motor: $0 % 3, transmission: Transmission(ratio: ratios[$0], isReversed: reversed[$0], offset: 0.1), impedance: impedance)
    }
    let rotors = wiring.enumerated().map { $1.transmission.rotorPosition(ofJoint: position[$0]) }
    buses = [IdealBus(name: "can0", positions: Array(rotors[0..<3])), IdealBus(name: "can1", positions: Array(rotors[3..<6]))]
    for bus in buses { bus.delay = delay }
    arm = ControlledArm(
      core: ControlCore(model: TestArm.model, settings: settings), wiring: wiring, buses: buses,
      lines: SafetyLines(emergencyStop: button, enable: enable))
    connect()
  }

  /// Switched on and at rest.
  static func holding(
    settings: ControlSettings = TestArm.settings, at position: JointVector = TestArm.home, delay: Int = 1, impedance: JointImpedance? = nil
  ) -> ArmRig {
    let rig = ArmRig(settings: settings, at: position, delay: delay, impedance: impedance)
    rig.tick(count: 5)
    rig.request(.hold)
    rig.tick(count: 2)
    rig.takeEvents()
    return rig
  }

  /// In the midst of ``TestArm/move``, as job 1.
  static func moving(delay: Int = 1) -> ArmRig {
    let rig = holding(delay: delay)
    rig.request(.follow(TestArm.move, job: 1))
    rig.tick(count: 200)
    rig.takeEvents()
    return rig
  }

  func connect() {
    for bus in buses { bus.now = time }
    try? arm.connect()
  }

  func request(_ request: ControlRequest) { _ = arm.post(request) }

  func tick(count: Int = 1) {
    for _ in 0..<count {
      prepareTick()
      arm.tick(at: time)
      while let event = arm.nextEvent() { events.append(event) }
    }
  }

  /// Sets the clock and the motors' efforts for one tick.
  func prepareTick() {
    time += TestArm.period
    for bus in buses { bus.now = time }
    let q = position
    let gravity = TestArm.model.gravityEffort(at: q)
    for joint in 0..<6 {
      let wire = wiring[joint]
      guard buses[wire.bus].efforts[wire.motor] != nil else { continue }
      buses[wire.bus].efforts[wire.motor] = wire.transmission.rotorTorque(ofJoint: gravity[joint] - hand[joint])
    }
  }

  /// Ticks until the setpoint stands still.
  func settle() {
    for _ in 0..<10_000 {
      tick()
      if snapshot.isAtRest { return }
    }
  }

  @discardableResult
  func takeEvents() -> [ControlEvent] {
    defer { events = [] }
    return events.map(\.event)
  }

  var snapshot: ControlSnapshot { arm.snapshot }

  /// Where the joints truly are [rad].
  var position: JointVector {
    get {
      var q = JointVector(count: 6)
      for joint in 0..<6 { q[joint] = wiring[joint].transmission.jointPosition(ofRotor: buses[wiring[joint].bus].positions[wiring[joint].motor]) }
      return q
    }
    set {
      for joint in 0..<6 {
        buses[wiring[joint].bus].positions[wiring[joint].motor] = wiring[joint].transmission.rotorPosition(ofJoint: newValue[joint])
      }
    }
  }

  /// What the motors are told now, at the joints [rad]; nil where they have no torque.
  var commanded: JointVector? {
    var q = JointVector(count: 6)
    for joint in 0..<6 {
      guard case .position(let rotor, _) = buses[wiring[joint].bus].commands[wiring[joint].motor] else { return nil }
      q[joint] = wiring[joint].transmission.jointPosition(ofRotor: rotor)
    }
    return q
  }

  /// Whether every motor was told to have no torque.
  var isOff: Bool { buses.allSatisfy { $0.commands.allSatisfy { $0 == .off } } }
}
