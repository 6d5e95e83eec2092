import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport

@testable import armctl

/// An emulated arm whose file is wrong about it, in lockstep: it moves, and tells of itself what the wire tells.
struct IdentificationRig {
  /// As it is.
  let truth: ArmConfiguration
  /// As its file has it.
  let file: ArmConfiguration
  private let scene: KnockScene
  private let conditions: KnockConditions

  /// - Parameter seed: Of what the file is wrong by: masses a fifth, centres 20 mm, friction three tenths; nil where it is right.
  init(_ name: String, seed: UInt64? = nil) throws {
    truth = try ArmConfiguration.load(packageFile("Robots/\(name)/arm.yaml"))
    var conditions = KnockConditions()
    (conditions.modelSeed, conditions.reaction) = (seed, Reaction.none)
    self.conditions = conditions
    file = truth.believed(by: conditions)
    scene = try KnockScene(truth, stands: [])
  }

  func motion(seconds: Double, seed: UInt64, from start: JointVector) throws -> ExcitingMotion {
    var settings = ExcitingMotion.Settings()
    (settings.seconds, settings.seed, settings.longestLeg) = (seconds, seed, 1.2)
    return try ExcitingMotion(model: file.model, limits: file.limits, from: start, settings: settings) { from, to in
      !scene.touchesItself(at: (0...20).map { from + (Double($0) / 20) * (to - from) })
    }
  }

  /// - Parameters:
  ///   - payload: What the arm carries besides.
  ///   - disturb: May touch the arm: gets the time since the motion began, and the arm as it is.
  func record(
    _ motion: ExcitingMotion, seed: UInt64 = 1, payload: Payload? = nil, disturb: (Double, inout EmulatedArm) -> Void = { _, _ in }
  ) throws -> EffortRecording {
    let rig = try KnockRig(scene, at: motion.start, conditions: conditions, seed: seed)
    if let payload { rig.carry(payload) }
    rig.hold()
    var recording = EffortRecording()
    let begin = rig.time
    func run(_ seconds: Double, leg: Int?) {
      rig.run(seconds) {
        let state = rig.snapshot
        recording.append(.init(time: state.time, position: state.position, velocity: state.velocity, effort: state.effort, leg: leg))
        disturb(rig.time - begin, &rig.truth)
        return false
      }
    }
    for (index, leg) in motion.legs.enumerated() {
      let way = try Trajectory.jointMove(from: rig.snapshot.setpoint, to: leg.target, limits: truth.limits, speed: leg.speed)
      rig.keep(way)
      rig.request(.follow(way, job: index + 1))
      run(way.duration + 0.05, leg: index)
      run(ExcitingMotion.rest, leg: nil)
    }
    return recording
  }
}

extension ArmConfiguration {
  /// The same arm as somebody takes it to be.
  func believed(by conditions: KnockConditions) -> ArmConfiguration {
    let settings = conditions.believed(controlSettings)
    let joints = joints.enumerated().map { index, joint -> Joint in
      let own = joint.transmission
      let transmission = Transmission(
        kind: own.kind, ratio: own.ratio, isReversed: own.isReversed, offset: own.offset, stiffness: own.stiffness, backlash: own.backlash,
        coulomb: settings.coulombFriction[index], viscous: settings.viscousFriction[index], rotorInertia: own.rotorInertia,
        torqueConstant: own.torqueConstant, ratchetTorque: own.ratchetTorque)
      return Joint(name: joint.name, motor: joint.motor, transmission: transmission, vibration: joint.vibration, correction: joint.correction)
    }
    return ArmConfiguration(
      file: file, name: name, modelFile: modelFile, model: conditions.believed(model), modelLimits: modelLimits, links: links, mass: mass,
      freeAxes: freeAxes, toolLimits: toolLimits, rate: rate, joints: joints, buses: buses, poses: poses, gpio: gpio, gripper: gripper,
      homing: homing, safety: safety,
      compliance: compliance, collision: collision, scene: scene)
  }
}
