import Control
import Kinematics
import MotorDrivers
import Planner
import Simulator
import TestSupport
import Testing

/// A joint whose motor can yield is told how stiffly, and the effort that the model reckons with.
@Suite struct ImpedanceTests {
  private static let impedance = JointImpedance(stiffness: 200, damping: 6)

  private func command(at setpoint: JointSetpoint) -> (told: MotorCommand, arm: ArmRig)? {
    let rig = ArmRig.holding(at: setpoint.position, impedance: Self.impedance)
    let wire = rig.wiring[1]
    return (rig.buses[wire.bus].commands[wire.motor], rig)
  }

  @Test func holdingIsASpringAndGravity() throws {
    let position: JointVector = [0.3, -0.5, 1.2, 0.1, 0.2, 0]
    let (told, rig) = try #require(command(at: JointSetpoint(restingAt: position)))
    guard case .impedance(let place, let velocity, let effort, let stiffness, let damping) = told else {
      Issue.record("\(told)")
      return
    }
    let transmission = rig.wiring[1].transmission
    #expect(abs(transmission.jointPosition(ofRotor: place) - position[1]) < 1e-9 && velocity == 0)
    #expect(abs(transmission.jointEffort(ofRotor: effort) - TestArm.model.gravityEffort(at: position)[1]) < 1e-9)
    // 30:1, at the rotor.
    #expect(abs(stiffness - 200.0 / 900) < 1e-12 && abs(damping - 6.0 / 900) < 1e-12)
  }

  /// Against numbers by hand: what inverse dynamics, rotors and friction ask for on the way.
  @Test func movingTakesInertiaAndFrictionAlong() throws {
    var settings = TestArm.settings
    settings.rotorInertia = JointVector(repeating: 0.5, count: 6)
    settings.viscousFriction = JointVector(repeating: 0.4, count: 6)
    var core = ControlCore(model: TestArm.model, settings: settings)
    var input = ControlInput(jointCount: 6)
    var time = 1.0
    var output = ControlOutput?.none
    func tick() {
      time += TestArm.period
      input.position = output?.setpoint ?? TestArm.home
      input.sampleTime = JointVector(repeating: time, count: 6)
      output = core.tick(input, time: time)
    }
    for _ in 0..<5 { tick() }
    #expect(output?.effort.maximumMagnitude == 0, "no power, no effort")
    core.accept(.hold)
    tick()
    core.accept(.follow(TestArm.move, job: 1))
    for _ in 0..<150 { tick() }
    let setpoint = core.setpoint
    #expect(setpoint.velocity[1] > 0.1)
    var expected = TestArm.model.inverseDynamics(at: setpoint.position, velocity: setpoint.velocity, acceleration: setpoint.acceleration)
    for joint in 0..<6 {
      expected[joint] += 0.5 * setpoint.acceleration[joint] + 0.4 * setpoint.velocity[joint] + settings.coulombFriction[joint]
      expected[joint] = min(max(expected[joint], -TestArm.model.limits.effort[joint]), TestArm.model.limits.effort[joint])
    }
    for joint in 0..<6 { #expect(abs((output?.effort[joint] ?? 0) - expected[joint]) < 1e-9, "joint \(joint)") }
  }

  @Test func aMotorThatHasLetGoTakesItsSetpointAlong() {
    let rig = ArmRig.holding(impedance: Self.impedance)
    rig.buses[1].faults[0] = .communicationLost
    rig.tick(count: 5)
    #expect(rig.snapshot.mode == .fault && rig.snapshot.isPowered)
    // The joint falls slowly.
    var position = rig.position
    for _ in 0..<200 {
      position[3] += 0.002
      rig.position = position
      rig.tick()
    }
    #expect(abs(rig.snapshot.setpoint[3] - rig.position[3]) < 0.02, "\(rig.snapshot.setpoint[3] - rig.position[3])")
    rig.buses[1].faults[0] = []
    rig.request(.reset)
    rig.tick(count: 3)
    #expect(rig.snapshot.mode == .hold)
  }
}
