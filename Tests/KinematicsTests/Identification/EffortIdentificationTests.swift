import Foundation
import Kinematics
import TestSupport
import Testing

/// What is put into an arm is found again from its efforts, noise and all, and no more than that.
@Suite struct EffortIdentificationTests {
  typealias Friction = EffortIdentification.Friction

  /// An arm that moves as sums of sines, and the efforts that this takes.
  struct Motion {
    let model: RobotModel, friction: [Friction], rotorInertia: JointVector
    var noise = 0.01

    /// - Parameter take: Gets position, velocity, acceleration, effort and fold, 100 times a second.
    func run(seconds: Double, seed: UInt64, take: (JointVector, JointVector, JointVector, JointVector, Int) -> Void) {
      var random = SeededGenerator(seed: seed)
      let waves = (0..<model.jointCount).map { _ in
        (0..<3).map { wave in
          (rate: random.number(in: 0.3...1) * Double(wave + 1), size: random.number(in: 0.2...0.5), phase: random.number(in: 0...6))
        }
      }
      for step in 0..<Int(seconds * 100) {
        let t = Double(step) / 100
        var q = JointVector(count: model.jointCount), qd = q, qdd = q
        for (joint, waves) in waves.enumerated() {
          for wave in waves {
            let angle = wave.rate * t + wave.phase
            q[joint] += wave.size * sin(angle)
            qd[joint] += wave.size * wave.rate * cos(angle)
            qdd[joint] -= wave.size * wave.rate * wave.rate * sin(angle)
          }
        }
        var effort = model.inverseDynamics(at: q, velocity: qd, acceleration: qdd) + rotorInertia.scaled(by: qdd)
        for joint in 0..<model.jointCount {
          let own = friction[joint], gauss = (0..<12).reduce(-6.0) { sum, _ in sum + random.number(in: 0...1) }
          effort[joint] += own.coulomb * (qd[joint] < 0 ? -1 : 1) + own.viscous * qd[joint] + noise * gauss
        }
        take(q, qd, qdd, effort, min(Int(Double(EffortIdentification.folds) * t / seconds), EffortIdentification.folds - 1))
      }
    }
  }

  static func friction(_ count: Int, _ random: inout SeededGenerator) -> [Friction] {
    (0..<count).map { _ in Friction(coulomb: random.number(in: 0.05...0.8), viscous: random.number(in: 0.02...0.5)) }
  }

  @Test(arguments: try ModelLawTests.arms()) func frictionAndWeightAreFound(arm: ModelLawTests.Arm) throws {
    var random = SeededGenerator(seed: 600)
    let count = arm.model.jointCount, truth = Self.friction(count, &random), guess = Self.friction(count, &random)
    let wrong = arm.model.bodyMasses.map {
      MassCorrection(mass: random.number(in: -0.2...0.2) * $0, firstMoment: 0.02 * $0 * random.vector3(in: -1...1))
    }
    let rotors = random.vector(count, in: 0...0.1)
    let motion = Motion(model: arm.model.corrected(by: wrong), friction: truth, rotorInertia: rotors)
    var identification = EffortIdentification(model: arm.model, rotorInertia: rotors, friction: guess)
    motion.run(seconds: 60, seed: 601) { identification.add($0, velocity: $1, acceleration: $2, effort: $3, fold: $4) }
    let finding = try identification.finding()
    #expect(finding.correctsMasses)
    for joint in 0..<count {
      #expect(abs(finding.friction[joint].coulomb - truth[joint].coulomb) < 0.02, "\(joint)")
      #expect(abs(finding.friction[joint].viscous - truth[joint].viscous) < 0.03, "\(joint)")
      #expect(finding.remainders[joint].unseen < 2.5 * motion.noise && finding.remainders[joint].before > finding.remainders[joint].unseen)
    }
    // Where it counts: gravity at postures that were not measured.
    let found = arm.model.corrected(by: finding.corrections)
    var before = 0.0, after = 0.0
    for _ in 0..<200 {
      let q = random.vector(count, in: -0.8...0.8), real = motion.model.gravityEffort(at: q)
      before += pow(difference(arm.model.gravityEffort(at: q), real), 2)
      after += pow(difference(found.gravityEffort(at: q), real), 2)
    }
    #expect(after < before / 100)
  }

  @Test func massesThatAreRightStay() throws {
    let model = try dummyModel()
    var random = SeededGenerator(seed: 610)
    let friction = Self.friction(6, &random), rotors = JointVector(repeating: 0.02, count: 6)
    var identification = EffortIdentification(model: model, rotorInertia: rotors, friction: friction)
    Motion(model: model, friction: friction, rotorInertia: rotors, noise: 0.05).run(seconds: 40, seed: 611) {
      identification.add($0, velocity: $1, acceleration: $2, effort: $3, fold: $4)
    }
    let finding = try identification.finding()
    #expect(!finding.correctsMasses && finding.corrections == Array(repeating: .zero, count: 6))
    for joint in 0..<6 {
      #expect(abs(finding.friction[joint].coulomb - friction[joint].coulomb) < 5 * finding.frictionDeviation[joint].coulomb)
      #expect(finding.frictionDeviation[joint].coulomb < 0.02)
      #expect(abs(finding.remainders[joint].before - 0.05) < 0.003 && abs(finding.remainders[joint].unseen - 0.05) < 0.003)
    }
  }

  @Test func loadsAreWeighed() throws {
    let model = try dummyModel()
    var random = SeededGenerator(seed: 620)
    let friction = Self.friction(6, &random), rotors = JointVector(repeating: 0.02, count: 6)
    for _ in 0..<caseCount(5) {
      let load = try Payload(mass: random.number(in: 0.1...1.5), center: 0.06 * random.vector3(in: -1...1))
      var loaded = model
      loaded.payload = load
      // What the file says of a load does not disturb.
      var asFiled = model
      asFiled.payload = try Payload(mass: 0.3, center: [0, 0, 0.1])
      var identification = EffortIdentification(model: asFiled, rotorInertia: rotors, friction: friction, subject: .payload)
      Motion(model: loaded, friction: friction, rotorInertia: rotors, noise: 0.03).run(seconds: 20, seed: random.next()) {
        identification.add($0, velocity: $1, acceleration: $2, effort: $3, fold: $4)
      }
      let finding = try identification.finding(), found = try model.payload(of: try #require(finding.corrections.last))
      #expect(zip(finding.friction, friction).allSatisfy { abs($0.coulomb - $1.coulomb) < 0.05 && abs($0.viscous - $1.viscous) < 0.05 })
      #expect(abs(found.mass - load.mass) < 6 * finding.massDeviation && finding.massDeviation < 0.01)
      #expect((found.center - load.center).length < 0.005 / load.mass)
      #expect(finding.corrections.dropLast() == Array(repeating: .zero, count: 5)[...])
    }
  }

  /// A load told as a correction weighs what it weighs as a payload; the rest of a body stays what it is, and none becomes weightless.
  @Test func loadsAreCorrectionsOfTheLastBody() throws {
    let bare = try dummyModel(), load = try Payload(mass: 0.7, center: [0.02, -0.01, 0.08])
    var loaded = bare, random = SeededGenerator(seed: 630)
    loaded.payload = load
    let home = JointVector(count: 6), jointFromTip = bare.jointFrames(at: home)[5].inverse * bare.pose(at: home)
    let correction = MassCorrection(mass: load.mass, firstMoment: load.mass * (jointFromTip * load.center))
    let heavier = bare.corrected(by: Array(repeating: .zero, count: 5) + [correction])
    for _ in 0..<caseCount(20) {
      let q = random.vector(6, in: -2...2)
      #expect(difference(heavier.gravityEffort(at: q), loaded.gravityEffort(at: q)) < 1e-12)
    }
    #expect(difference(try bare.payload(of: correction).center, load.center) < 1e-15)
    for (one, other) in zip(heavier.bodyInertias, bare.bodyInertias) {
      #expect(abs(one.xx - other.xx) + abs(one.yy - other.yy) + abs(one.zz - other.zz) < 1e-12)
    }
    let lighter = bare.corrected(by: Array(repeating: .zero, count: 5) + [MassCorrection(mass: -9, firstMoment: .zero)])
    #expect(abs(lighter.bodyMasses[5] - bare.bodyMasses[5] / 10) < 1e-12)
    #expect(throws: Payload.Impossible.negativeMass(-1)) { try bare.payload(of: MassCorrection(mass: -1, firstMoment: .zero)) }
  }

  /// A joint that stands still keeps what the file says of it, and the others are found.
  @Test func whatIsNotShownStays() throws {
    let model = try dummyModel()
    var random = SeededGenerator(seed: 640)
    let truth = Self.friction(6, &random), file = Self.friction(6, &random), rotors = JointVector(repeating: 0.02, count: 6)
    var identification = EffortIdentification(model: model, rotorInertia: rotors, friction: file)
    Motion(model: model, friction: truth, rotorInertia: rotors).run(seconds: 40, seed: 641) { q, qd, qdd, effort, fold in
      let moving = model.inverseDynamics(at: q, velocity: qd, acceleration: qdd)
      var (q, qd, qdd) = (q, qd, qdd)
      (q[2], qd[2], qdd[2]) = (0.3, 0, 0)
      let standing = model.inverseDynamics(at: q, velocity: qd, acceleration: qdd)
      identification.add(q, velocity: qd, acceleration: qdd, effort: effort + standing - moving, fold: fold)
    }
    let finding = try identification.finding()
    #expect(finding.friction[2] == file[2])
    #expect(finding.keepsViscous == [2] && finding.keepsCoulomb == [2])
    #expect(abs(finding.friction[0].coulomb - truth[0].coulomb) < 0.02 && abs(finding.friction[0].viscous - truth[0].viscous) < 0.03)
  }

  @Test func tooLittleMotionIsSaid() throws {
    let model = try dummyModel(), none = Array(repeating: Friction(coulomb: 0, viscous: 0), count: 6), still = JointVector(count: 6)
    var identification = EffortIdentification(model: model, rotorInertia: still, friction: none)
    func move(_ samples: Int, fold: Int) {
      for _ in 0..<samples {
        identification.add(still, velocity: JointVector(repeating: 0.2, count: 6), acceleration: still, effort: still, fold: fold)
      }
    }
    move(21, fold: 0)
    let error = #expect(throws: EffortIdentification.Failure.self) { try identification.finding() }
    #expect(error?.description == "no joint moves in more than 21 samples, too few to tell friction from load")
    #expect(error?.suggestion == "move every joint to and fro, at more than 0.03 rad/s, for a minute or longer")
    move(100, fold: 3)
    let gap = #expect(throws: EffortIdentification.Failure.self) { try identification.finding() }
    #expect(gap == .emptyFold(1))
    #expect(gap?.description == "part 2 of the motion has no samples in which a joint moves")
  }
}
