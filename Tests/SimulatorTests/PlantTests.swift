import Foundation
import Kinematics
import Testing
import TestSupport

@testable import Simulator

/// The mechanism against what mechanics says of it.
@Suite struct PlantTests {
  @Test func aFreeFallHasNoError() throws {
    var plant = ArmPlant(
      model: try SimulatedModels.carriage(), driveTrains: [DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1)], position: [50])
    plant.run(for: 1, effort: [0])
    #expect(abs(plant.velocity[0] + 9.81) < 1e-9)
    #expect(abs(plant.position[0] - (50 - 9.81 / 2)) < 1e-9)
  }

  @Test func aRotorBehindAReducerSlowsTheFall() throws {
    let train = DriveTrain(ratio: 10, rotorInertia: 0.02, torqueConstant: 1)
    var plant = ArmPlant(model: try SimulatedModels.carriage(), driveTrains: [train], position: [50])
    plant.run(for: 0.5, effort: [0])
    // 2 kg of carriage and 10² · 0.02 of rotor share the weight of the carriage.
    #expect(abs(plant.velocity[0] + 9.81 / 2 * 0.5) < 1e-9)
  }

  @Test(arguments: [0.05, 1, 2.5])
  func aPendulumSwingsWithThePeriodOfItsAmplitude(amplitude: Double) throws {
    let mass = 1.0, length = 0.25, inertia = 0.01
    var plant = ArmPlant(
      model: try SimulatedModels.pendulum(mass: mass, length: length, inertia: inertia),
      driveTrains: [DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1)], position: [amplitude])
    // T = 2π/ω₀ / agm(1, cos(θ₀/2)): Gauss's arithmetic-geometric mean gives the elliptic integral.
    var (a, g) = (1.0, cos(amplitude / 2))
    for _ in 0..<8 { (a, g) = ((a + g) / 2, (a * g).squareRoot()) }
    let period = 2 * .pi / (mass * 9.81 * length / (inertia + mass * length * length)).squareRoot() / a
    var crossings: [Double] = []
    while crossings.count < 6 {
      let before = plant.position[0]
      plant.advance(effort: [0])
      let after = plant.position[0]
      if before > 0 && after <= 0 { crossings.append(plant.time - ArmPlant.step * after / (after - before)) }
    }
    let measured = (crossings[5] - crossings[0]) / 5
    #expect(abs(measured / period - 1) < 2e-6)
  }

  @Test func energyDoesNotDriftWhereNothingRubs() throws {
    var model = try SimulatedModels.dummy()
    model.limits = JointLimits(unlimited: 6)
    var trains = SimulatedModels.idealTrains
    for joint in trains.indices { trains[joint].rotorInertia = SimulatedModels.dummyTrains[joint].rotorInertia }
    var plant = ArmPlant(model: model, driveTrains: trains, position: [0.3, 0.4, 1.8, 0.5, -0.6, 0.2])
    // Potential energy by the work of gravity along the way, in the trapezoid rule: independent of the model's masses.
    var work = 0.0, worst = 0.0, largest = 0.0
    var before = model.gravityEffort(at: plant.position)
    for step in 0..<40_000 {
      let from = plant.position
      plant.advance(effort: JointVector(count: 6))
      let now = model.gravityEffort(at: plant.position)
      work += 0.5 * (before + now).dot(plant.position - from)
      before = now
      guard step % 100 == 0 else { continue }
      let kinetic = plant.kineticEnergy
      largest = max(largest, kinetic)
      worst = max(worst, abs(kinetic + work))
    }
    #expect(largest > 1)
    #expect(worst < 2e-3 * largest)
  }

  @Test func aRestingJointStaysWhereItIsBelowItsFriction() throws {
    // 1 kg at 0.25 m: gravity pulls with 2.45 N·m · sin(q).
    let train = DriveTrain(ratio: 30, rotorInertia: 5e-6, torqueConstant: 0.2, coulomb: 0.8, viscous: 0.1)
    var plant = ArmPlant(model: try SimulatedModels.pendulum(), driveTrains: [train], position: [0.3])
    plant.run(for: 5, effort: [0])
    #expect(plant.position[0] == 0.3)
    #expect(plant.velocity[0] == 0)
    plant.externalEffort = [-0.2]
    plant.run(for: 0.2, effort: [0])
    #expect(plant.position[0] < 0.3)
  }

  @Test func dryFrictionStopsAMovingJointInItsTime() throws {
    // 0.5 kg·m² at 2 rad/s against 0.8 N·m: rest after 1.25 s and 1.25 rad.
    let train = DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1, coulomb: 0.8)
    var plant = ArmPlant(model: try SimulatedModels.disc(inertia: 0.5), driveTrains: [train], position: [0])
    plant.run(for: 1, effort: [1.8])
    #expect(abs(plant.velocity[0] - 2) < 1e-9)
    let start = plant.position[0]
    plant.run(for: 1.24, effort: [0])
    #expect(plant.velocity[0] > 0)
    plant.run(for: 0.02, effort: [0])
    #expect(plant.velocity[0] == 0)
    #expect(abs(plant.position[0] - start - 1.25) < 1e-6)
  }

  @Test func viscousFrictionSetsTheEndVelocity() throws {
    let train = DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1, coulomb: 0.1, viscous: 0.5)
    var plant = ArmPlant(model: try SimulatedModels.disc(inertia: 0.05), driveTrains: [train], position: [0])
    plant.run(for: 0.1, effort: [0.6])
    // v = 1 rad/s · (1 − exp(−t / 0.1 s))
    #expect(abs(plant.velocity[0] - (1 - exp(-1))) < 2e-4)
    plant.run(for: 3, effort: [0.6])
    #expect(abs(plant.velocity[0] - 1) < 1e-9)
  }

  @Test func anEndStopHoldsAndGivesNothingBack() throws {
    let train = DriveTrain(ratio: 1, rotorInertia: 0, torqueConstant: 1)
    var plant = ArmPlant(model: try SimulatedModels.disc(inertia: 0.1, travel: 1), driveTrains: [train], position: [0])
    plant.run(for: 5, effort: [0.5])
    #expect(plant.position[0] == 1)
    #expect(plant.velocity[0] == 0)
    plant.run(for: 0.1, effort: [-0.5])
    #expect(abs(plant.velocity[0] + 0.5) < 1e-9)
  }

  @Test func theUnpoweredArmSettlesAndThenStaysForEver() throws {
    var plant = ArmPlant(model: try SimulatedModels.dummy(), driveTrains: SimulatedModels.dummyTrains, position: [0.4, 0.9, 1.4, 0.2, 0.8, 1])
    let off = JointVector(count: 6)
    plant.run(for: 3, effort: off)
    #expect(plant.velocity == off)
    let settled = plant.position
    plant.run(for: 2, effort: off)
    #expect(plant.position == settled)
    #expect(zip(settled, zip(plant.lowerStop, plant.upperStop)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 })
  }

  @Test func aWrenchOnALinkPushesOnlyTheJointsBeforeIt() throws {
    let file = packageFile("Robots/dummy/dummy.urdf")
    let elbow = try RobotModel(urdf: URDF(contentsOf: file), tip: "elbow_block")
    var plant = ArmPlant(model: try SimulatedModels.dummy(), driveTrains: SimulatedModels.dummyTrains, position: SimulatedModels.home)
    plant.push(with: Wrench(force: [10, 0, 0]), atTipOf: elbow)
    // 10 N forwards, 0.146 m above the shoulder, whose axis is y.
    #expect(abs(plant.externalEffort[1] - 1.46) < 1e-12)
    #expect(plant.externalEffort.suffix(3).allSatisfy { $0 == 0 })
  }

  @Test func theFrictionSolverFindsTheMinimum() throws {
    // The law of dry friction itself is the oracle: a sliding joint is braked in full, a resting one by no more than that.
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<caseCount(300) {
      let count = Int.random(in: 1...7, using: &generator)
      var inertia = JointMatrix(count: count)
      let factors = (0..<count * count).map { _ in Double.random(in: -1...1, using: &generator) }
      for row in 0..<count {
        for column in 0..<count { inertia[row, column] = (0..<count).reduce(0) { $0 + factors[row * count + $1] * factors[column * count + $1] } }
      }
      func draw(_ range: ClosedRange<Double>) -> JointVector {
        JointVector((0..<count).map { _ in Double.random(in: range, using: &generator) })
      }
      var solver = FrictionSolver(count: count)
      solver.load(inertia: inertia, adding: JointVector(repeating: 0.1, count: count))
      let momentum = draw(-1...1), friction = draw(0...1), before = draw(-1...1)
      let free = JointVector(repeating: .infinity, count: count)
      let after = solver.velocity(momentum: momentum, friction: friction, before: before, lower: -free, upper: free)
      let left = momentum - solver.momentum(of: after)
      for joint in 0..<count {
        if after[joint] == 0 {
          #expect(abs(left[joint]) <= friction[joint] + 1e-8)
        } else {
          #expect(abs(left[joint] - (after[joint] > 0 ? friction[joint] : -friction[joint])) < 1e-8)
        }
      }
    }
  }
}
