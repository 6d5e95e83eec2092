import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Simulator

/// Joints on springs against what mechanics says of them.
@Suite struct ElasticRotorTests {
  /// A disc of `inertia` [kg·m²] behind a reducer of 10 whose rotor weighs 0.02 kg·m² at the joint.
  private static func disc(
    inertia: Double, stiffness: Double, lag: Double = 0, coulomb: Double = 0, position: Double = 0
  ) throws -> ArmPlant {
    let train = DriveTrain(ratio: 10, rotorInertia: 2e-4, torqueConstant: 1, coulomb: coulomb, stiffness: stiffness, springLag: lag)
    return ArmPlant(model: try SimulatedModels.disc(inertia: inertia), driveTrains: [train], position: [position])
  }

  /// How long swings take on average [s] and what share of its height each leaves, from when the twist turns round.
  private static func swings(of plant: inout ArmPlant, count: Int) -> (period: Double, left: Double) {
    var tops: [(time: Double, height: Double)] = []
    var (older, old) = (Double.infinity, Double.infinity)
    while tops.count <= count, plant.time < 60 {
      let twist = plant.position[0] - plant.rotorPosition[0]
      if old > older, old > twist {
        // The top of the parabola through three samples.
        let (rise, bend) = ((twist - older) / 2, twist - 2 * old + older)
        tops.append((plant.time - (1 + rise / bend) * ArmPlant.step, old))
      }
      (older, old) = (old, twist)
      plant.advance(effort: [0])
    }
    let (first, last) = (tops[0], tops[tops.count - 1])
    return ((last.time - first.time) / Double(count), pow(last.height / first.height, 1 / Double(count)))
  }

  struct Case: Sendable { let inertia, stiffness: Double }

  static let cases = [
    Case(inertia: 0.1, stiffness: 100), Case(inertia: 0.1, stiffness: 3000), Case(inertia: 0.002, stiffness: 300),
    Case(inertia: 2, stiffness: 20_000),
  ]

  /// Two flywheels on a shaft: ω² = K (1/B + 1/J).
  @Test(arguments: cases) func freeRotorAndJointSwingAgainstEachOther(_ c: Case) throws {
    var plant = try Self.disc(inertia: c.inertia, stiffness: c.stiffness)
    plant.externalEffort = [1]
    plant.run(for: 0.01, effort: [0])
    plant.externalEffort = [0]
    let omega = (c.stiffness * (1 / 0.02 + 1 / c.inertia)).squareRoot()
    let (period, left) = Self.swings(of: &plant, count: 20)
    #expect(abs(period * omega / (2 * .pi) - 1) < 2e-4 && abs(left - 1) < 1e-4, "\(period) s, \(2 * .pi / omega) s")
  }

  /// With the rotor held by its friction the joint alone swings: ω² = K/J, damped by ζ = ω lag/2.
  @Test(arguments: cases) func aHeldRotorLetsTheJointSwing(_ c: Case) throws {
    let lag = 2e-4
    var plant = try Self.disc(inertia: c.inertia, stiffness: c.stiffness, lag: lag, coulomb: 50)
    plant.externalEffort = [10]
    plant.run(for: 0.01, effort: [0])
    plant.externalEffort = [0]
    let omega = (c.stiffness / c.inertia).squareRoot(), zeta = omega * lag / 2
    let (period, left) = Self.swings(of: &plant, count: 5)
    let root = (1 - zeta * zeta).squareRoot()
    #expect(abs(period * omega * root / (2 * .pi) - 1) < 2e-3, "\(period) s, \(2 * .pi / omega) s")
    #expect(abs(left - exp(-2 * .pi * zeta / root)) < 5e-3, "\(left)")
    #expect(plant.rotorPosition[0] == 0)
  }

  @Test func theArmBeginsWoundUpAndAtRest() throws {
    let train = DriveTrain(ratio: 30, rotorInertia: 5e-6, torqueConstant: 0.2, coulomb: 3, stiffness: 800)
    var plant = ArmPlant(model: try SimulatedModels.pendulum(), driveTrains: [train], position: [0.6])
    // 1 kg at 0.25 m, the rotor held by friction.
    #expect(abs(plant.rotorPosition[0] - 0.6 - 9.81 * 0.25 * sin(0.6) / 800) < 1e-12)
    plant.run(for: 1, effort: [0])
    #expect(abs(plant.position[0] - 0.6) < 1e-12 && abs(plant.velocity[0]) < 1e-9)
  }

  @Test func energyDoesNotDriftInSprings() throws {
    var model = try SimulatedModels.dummy()
    model.limits = JointLimits(unlimited: 6)
    let trains = SimulatedModels.dummyTrains.map {
      DriveTrain(ratio: $0.ratio, rotorInertia: $0.rotorInertia, torqueConstant: $0.torqueConstant, stiffness: 100, springLag: 0)
    }
    var plant = ArmPlant(model: model, driveTrains: trains, position: [0.3, 0.4, 1.8, 0.5, -0.6, 0.2])
    let begun = plant.springEnergy
    var work = 0.0, worst = 0.0, largest = 0.0, swing = 0.0
    var before = model.gravityEffort(at: plant.position)
    for step in 0..<40_000 {
      let from = plant.position
      plant.advance(effort: JointVector(count: 6))
      let now = model.gravityEffort(at: plant.position)
      work += 0.5 * (before + now).dot(plant.position - from)
      before = now
      guard step % 100 == 0 else { continue }
      largest = max(largest, plant.kineticEnergy)
      swing = max(swing, plant.springEnergy)
      worst = max(worst, abs(plant.kineticEnergy + plant.springEnergy - begun + work))
    }
    #expect(largest > 1 && swing > 0.01)
    #expect(worst < 5e-3 * largest, "\(worst) of \(largest) J")
  }

  @Test func whatWouldSwingFasterThanTheStepsIsRigid() throws {
    let rigid = DriveTrain(ratio: 10, rotorInertia: 2e-4, torqueConstant: 1)
    var stiff = rigid
    stiff.stiffness = 1e8
    var plants = try [rigid, stiff].map { ArmPlant(model: try SimulatedModels.disc(inertia: 0.1), driveTrains: [$0], position: [0]) }
    for index in plants.indices { plants[index].run(for: 0.5, effort: [0.3]) }
    #expect(plants[0].position == plants[1].position && plants[1].rotorPosition == plants[1].position)
  }

  /// The drive sees the rotor, and holds it where it is told; what it carries hangs lower.
  @Test func theDriveSeesTheRotorOnly() throws {
    let train = DriveTrain(ratio: 30, rotorInertia: 5e-6, torqueConstant: 0.2, coulomb: 0.05, stiffness: 100, springLag: 5e-3)
    var plant = ArmPlant(model: try SimulatedModels.pendulum(), driveTrains: [train], position: [0.5])
    let holding = 9.81 * 0.25 * sin(0.5)
    plant.externalEffort = [-1]
    plant.run(for: 3, effort: [holding + 1])
    #expect(abs(plant.rotorPosition[0] - plant.position[0] - (9.81 * 0.25 * sin(plant.position[0]) + 1) / 100) < 1e-5)
  }
}
