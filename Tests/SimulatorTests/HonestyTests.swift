import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Simulator

/// What makes the emulated arm as awkward as a real one: friction that sticks, sensors with steps, a line that dawdles, models that are wrong.
@Suite struct HonestyTests {
  @Test func frictionSticksAndLetsGo() throws {
    let train = DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1, coulomb: 1)
    var plant = ArmPlant(model: try SimulatedModels.disc(inertia: 0.5), driveTrains: [train], position: [0])
    plant.stribeck = Stribeck(stiction: 1.4, velocity: 0.02)
    plant.run(for: 1, effort: [1.39])
    #expect(plant.position[0] == 0 && plant.velocity[0] == 0, "1.4 N·m hold it")
    plant.run(for: 0.2, effort: [1.5])
    let sliding = plant.velocity[0]
    #expect(sliding > 0.1)
    // In motion only the lower friction is left: 0.5 kg·m² gain 0.4 N·m · 0.5 s.
    plant.run(for: 0.5, effort: [1.4])
    #expect(abs(plant.velocity[0] - sliding - 0.4 * 0.5 / 0.5) < 1e-6)
  }

  @Test func aSensorWithStepsTellsWholeSteps() throws {
    let model = try SimulatedModels.openArm()
    var arm = SimulatedModels.openArmBus(model, at: [0.4, 0.3, -0.2, 1.2, 0.3, 0.2, -0.3])
    var motor = try #require(arm.drives[3] as? EmulatedDamiao)
    motor.encoderCounts = 16_384
    for position in [0.0, 0.1234, -1.9, 3.1] {
      let count = motor.told(position) * 16_384 / (2 * .pi)
      #expect(abs(count - count.rounded()) < 1e-6 && abs(motor.told(position) - position) <= .pi / 16_384)
    }
    motor.encoderCounts = nil
    #expect(motor.told(0.1234) == 0.1234)
    arm.drives[3] = motor
  }

  /// A question to the adapter: there and back takes the latency twice, and up to the jitter longer, the same each time.
  @Test(arguments: [0, 0.001]) func aLineDawdlesByItsJitter(jitter: Double) throws {
    func delays() throws -> [Double] {
      var settings = EmulatedArm.Settings()
      settings.hostJitter = jitter
      var arm = try SimulatedModels.dummyArm(settings: settings)
      return (1...200).compactMap { tick in
        let time = 0.01 * Double(tick)
        arm.receive(Array("V\r".utf8), at: time)
        arm.advance(to: time + 0.005)
        let due = arm.nextOutputTime
        _ = arm.output(upTo: time + 0.009)
        return due.map { $0 - time - 2 * settings.hostLatency }
      }
    }
    let late = try delays()
    #expect(late.count == 200 && late.allSatisfy { $0 > -1e-9 && $0 <= jitter + 1e-9 })
    #expect((late.max() ?? 0) >= 0.95 * jitter && (late.min() ?? 1) <= 0.05 * jitter + 1e-9)
    #expect(try delays() == late)
  }

  @Test func aModelThatIsRightAboutAllIsTheSameModel() throws {
    let truth = try SimulatedModels.openArm()
    let same = truth.misjudged(by: Array(repeating: InertialError(), count: 7))
    let q: JointVector = [0.4, 0.3, -0.2, 1.2, 0.3, 0.2, -0.3], qd: JointVector = [1, -2, 3, 1, -1, 2, 1], qdd: JointVector = [3, 1, -2, 4, 1, 2, 5]
    let gap =
      same.inverseDynamics(at: q, velocity: qd, acceleration: qdd) - truth.inverseDynamics(at: q, velocity: qd, acceleration: qdd)
    #expect(gap.maximumMagnitude < 1e-12)
    #expect(same.pose(at: q) == truth.pose(at: q))
  }

  @Test func aModelTwiceAsHeavyHoldsTwiceTheWeight() throws {
    var truth = try SimulatedModels.openArm()
    let q: JointVector = [0.4, 0.3, -0.2, 1.2, 0.3, 0.2, -0.3], still = JointVector(count: 7)
    truth.payload = try Payload(mass: 0.5, center: [0, 0, 0.05])
    let heavy = truth.misjudged(by: Array(repeating: InertialError(massShare: 2), count: 7))
    var unloaded = truth, unloadedHeavy = heavy
    unloaded.payload = nil
    unloadedHeavy.payload = nil
    #expect((unloadedHeavy.gravityEffort(at: q) - 2 * unloaded.gravityEffort(at: q)).maximumMagnitude < 1e-12)
    let qdd: JointVector = [3, 1, -2, 4, 1, 2, 5]
    let twice = 2 * unloaded.inverseDynamics(at: q, velocity: still, acceleration: qdd)
    #expect((unloadedHeavy.inverseDynamics(at: q, velocity: still, acceleration: qdd) - twice).maximumMagnitude < 1e-12)
    // What it carries is known.
    let load = truth.gravityEffort(at: q) - unloaded.gravityEffort(at: q)
    #expect((heavy.gravityEffort(at: q) - unloadedHeavy.gravityEffort(at: q) - load).maximumMagnitude < 1e-12)
  }

  /// Moving one body's centre by d shifts its weight's moment about the joint by m g × d, here about a horizontal hinge.
  @Test func aMovedCentreMovesItsWeight() throws {
    let truth = try SimulatedModels.pendulum(mass: 2, length: 0.25)
    for shift in [SIMD3(0.02, 0, 0), SIMD3(0, -0.02, 0), SIMD3(0.01, 0.02, 0.02)] {
      let moved = truth.misjudged(by: [InertialError(centerShift: shift)])
      let axes = truth.jointFrames(at: [0.3])[0].rotation
      let moment = cross(axes * shift, SIMD3(0, 0, 2 * 9.81))
      #expect(abs(moved.gravityEffort(at: [0.3])[0] - truth.gravityEffort(at: [0.3])[0] - (moment * axes.z).sum()) < 1e-12)
    }
  }

  @Test func drawnModelsAreWrongWithinTheirBoundsAndPossible() throws {
    let truth = try SimulatedModels.openArm(), q: JointVector = [0.4, 0.9, -0.2, 1.2, 0.3, 0.2, -0.3]
    let friction: JointVector = [0.3, 0.3, 0.4, 0.2, 0.05, 0.1, 0.2]
    var spread = 0.0
    for seed in 0..<UInt64(caseCount(40)) {
      let draw = ModelDraw(seed: seed), model = draw.model(of: truth)
      let inertia = model.massMatrix(at: q)
      #expect(inertia.inverse != nil && (0..<7).allSatisfy { inertia[$0, $0] > 0 })
      let gap = (model.gravityEffort(at: q) - truth.gravityEffort(at: q)).maximumMagnitude
      // Some 5 kg, a fifth of it at half a metre, and 20 mm.
      #expect(gap < 6)
      spread = max(spread, gap)
      let shares = zip(draw.friction(of: friction), friction).map { $0 / $1 }
      #expect(shares.allSatisfy { $0 >= 0.7 && $0 <= 1.3 })
      #expect((draw.model(of: truth).gravityEffort(at: q) - model.gravityEffort(at: q)).maximumMagnitude == 0, "the same each time")
    }
    #expect(spread > 0.5)
  }
}
