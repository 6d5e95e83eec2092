import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Simulator

/// What touches the arm, against what mechanics says of it.
@Suite struct ContactTests {
  private static let free = DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1)

  /// 2 kg on a frictionless rail, without gravity.
  private static func carriage() throws -> (plant: ArmPlant, point: ContactPoint) {
    var model = try SimulatedModels.carriage()
    model.gravity = .zero
    return (ArmPlant(model: model, driveTrains: [free], position: [0]), ContactPoint(onTipOf: model))
  }

  @Test(arguments: [0.25, 0.5, 1, 2, 4, 20], [0.005, 0.02, 0.0333])
  func aKnockDeliversItsImpulse(impulse: Double, duration: Double) throws {
    let (plant, point) = try Self.carriage()
    var arm = plant
    let knock = KnockForce(at: point, impulse: impulse, along: [0, 0, 2], start: 0.0101, duration: duration)
    #expect(abs(knock.peakForce * 2 * duration / .pi / impulse - 1) < 1e-14)
    var contacts: [any Contact] = [knock]
    arm.run(for: 0.06, touchedBy: &contacts)
    let record = contacts[0].record
    #expect(abs(record.impulse.z / impulse - 1) < 1e-12 && record.impulse.x == 0 && record.impulse.y == 0)
    #expect(record.peakForce <= knock.peakForce && record.peakForce > 0.999 * knock.peakForce)
    #expect(record.force == .zero)
    // v = J/m, and J·T/2m of way while it lasts.
    #expect(abs(arm.velocity[0] / (impulse / 2) - 1) < 1e-9)
    let way = impulse * duration / 4 + impulse / 2 * (0.06 - knock.end)
    #expect(abs(arm.position[0] / way - 1) < 1e-4)
    #expect(abs(record.work / (0.25 * impulse * impulse) - 1) < 2e-2, "½ m v²")
  }

  /// θ̈ + ω²θ = (r F₀/I) sin Ωt from rest: θ̇(T) = −(r F₀/I) Ω (1 + cos ωT) / (ω² − Ω²).
  @Test(arguments: [0.005, 0.02, 0.05], [-0.25, -0.4])
  func aKnockedPendulumSwingsAsItsEquationSays(duration: Double, height: Double) throws {
    let mass = 1.0, length = 0.25, own = 0.01
    let model = try SimulatedModels.pendulum(mass: mass, length: length, inertia: own)
    var arm = ArmPlant(model: model, driveTrains: [Self.free], position: [0])
    let knock = KnockForce(at: ContactPoint(onTipOf: model, at: [0, 0, height]), impulse: 0.01, along: [1, 0, 0], start: 0, duration: duration)
    var contacts: [any Contact] = [knock]
    arm.run(for: duration, touchedBy: &contacts)
    let inertia = own + mass * length * length, omega = (mass * 9.81 * length / inertia).squareRoot(), Omega = .pi / duration
    let expected = -(height * knock.peakForce / inertia) * Omega * (1 + cos(omega * duration)) / (omega * omega - Omega * Omega)
    #expect(abs(arm.velocity[0] / expected - 1) < 1e-4, "\(arm.velocity[0]) for \(expected)")
  }

  @Test func aPushLeansAndLetsGo() throws {
    let (plant, point) = try Self.carriage()
    var arm = plant
    var contacts: [any Contact] = [Push(at: point, force: [0, 0, 30], start: 0.1, duration: 0.5, ramp: 0.05)]
    arm.run(for: 1, touchedBy: &contacts)
    #expect(abs(contacts[0].record.impulse.z - 30 * 0.45) < 1e-9)
    #expect(abs(arm.velocity[0] - 30 * 0.45 / 2) < 1e-9)
  }

  /// Two bodies and a spring: each leaves as an elastic collision has it, and the force at its peak is v √(μ k), as ISO/TS 15066 has it.
  @Test(arguments: [0.5, 1, 2.5]) func aHandBouncesOffAsTwoBodiesDo(speed: Double) throws {
    let (plant, point) = try Self.carriage()
    var arm = plant
    var settings = HandContact.Settings()
    settings.damping = 0
    var contacts: [any Contact] = [HandContact(at: point, speed: speed, along: [0, 0, 1], start: 0.01, settings: settings)]
    arm.run(for: 0.1, touchedBy: &contacts)
    let hand = try #require(contacts[0] as? HandContact)
    #expect(abs(arm.velocity[0] / (2 * 0.6 * speed / 2.6) - 1) < 1e-3)
    #expect(abs(hand.speed / ((0.6 - 2) * speed / 2.6) - 1) < 2e-3)
    #expect(abs(0.6 * hand.speed + 2 * arm.velocity[0] - 0.6 * speed) < 1e-12, "momentum stays")
    #expect(abs(hand.record.peakForce / (speed * (0.6 * 2 / 2.6 * 75_000).squareRoot()) - 1) < 1e-3)
  }

  @Test func aDampedHandLosesEnergyAndKeepsMomentum() throws {
    let (plant, point) = try Self.carriage()
    var arm = plant
    var contacts: [any Contact] = [HandContact(at: point, speed: 2, along: [0, 0, 1], start: 0)]
    arm.run(for: 0.1, touchedBy: &contacts)
    let hand = try #require(contacts[0] as? HandContact)
    #expect(abs(0.6 * hand.speed + 2 * arm.velocity[0] - 1.2) < 1e-12)
    let energy = 0.5 * (0.6 * hand.speed * hand.speed + 2 * arm.velocity[0] * arm.velocity[0])
    #expect(energy < 0.98 * 1.2 && energy > 0.5 * 1.2)
    #expect(hand.speed < arm.velocity[0], "they part")
  }

  @Test func aWallCarriesWhatLeansOnIt() throws {
    let (plant, point) = try Self.carriage()
    var arm = plant
    let wall = WallContact(at: point, place: [0, 0, 0.01], normal: [0, 0, -1], stiffness: 20_000, damping: 200)
    var contacts: [any Contact] = [Push(at: point, force: [0, 0, 40], start: 0), wall]
    arm.run(for: 1, touchedBy: &contacts)
    #expect(abs(contacts[1].record.force.z + 40) < 1e-3)
    #expect(abs(arm.position[0] - 0.01 - 40.0 / 20_000) < 1e-6)
    #expect(abs(arm.velocity[0]) < 1e-6)
    contacts.removeFirst()
    arm.run(for: 1, touchedBy: &contacts)
    #expect(contacts[0].record.force == .zero && arm.velocity[0] <= 0, "it does not pull")
  }

  /// Power at the point is power at the joints, wherever the point is, and joints beyond the link feel nothing.
  @Test func aForceDoesTheSameWorkAtThePointAsAtTheJoints() throws {
    let urdf = try URDF(contentsOf: packageFile("Robots/openarm/openarm.urdf"))
    var generator = SeededGenerator(seed: 5)
    func draw(_ count: Int, _ range: ClosedRange<Double>) -> [Double] { (0..<count).map { _ in Double.random(in: range, using: &generator) } }
    for (link, joints) in [("openarm_link2", 2), ("openarm_link4", 4), ("openarm_link6", 6), ("openarm_hand_tcp", 7)] {
      let chain = try RobotModel(urdf: urdf, tip: link)
      for _ in 0..<caseCount(50) {
        let point = ContactPoint(onTipOf: chain, at: SIMD3(draw(3, -0.2...0.2)))
        let q = JointVector(draw(7, -1...1)), qd = JointVector(draw(7, -2...2)), force = SIMD3(draw(3, -50...50))
        let motion = point.motion(at: q, velocity: qd), effort = motion.effort(of: force)
        #expect(effort.count == 7 && effort.dropFirst(joints).allSatisfy { $0 == 0 })
        let dt = 1e-6
        let moved = (point.position(at: q + (dt / 2) * qd) - point.position(at: q - (dt / 2) * qd)) / dt
        #expect(abs((moved * force).sum() - effort.dot(qd)) < 1e-5)
        #expect(abs((motion.velocity * force).sum() - effort.dot(qd)) < 1e-9)
      }
    }
  }

  /// On the emulated arm, behind wire and drives: stiff drives give way by millimetres.
  @Test func theEmulatedArmIsTouchedToo() throws {
    let model = try SimulatedModels.openArm()
    var arm = SimulatedModels.openArmBus(model, at: [0.4, 0.3, -0.2, 1.2, 0.3, 0.2, -0.3])
    arm.contacts = [KnockForce(at: ContactPoint(onTipOf: model), impulse: 2, along: [1, 0, 0], start: 0.01)]
    let before = arm.position
    arm.advance(to: 0.02)
    #expect((arm.position - before).maximumMagnitude > 1e-3)
    arm.advance(to: 0.05)
    #expect(abs(arm.contacts[0].record.impulse.x - 2) < 1e-9)
  }
}

extension ArmPlant {
  /// Lets `seconds` pass without motors.
  fileprivate mutating func run(for seconds: Double, touchedBy contacts: inout [any Contact]) {
    for _ in 0..<Int((seconds / Self.step).rounded()) { advance(effort: JointVector(count: position.count), touchedBy: &contacts) }
  }
}
