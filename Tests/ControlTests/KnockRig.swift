import Control
import Foundation
import Kinematics
import MotorDrivers
import Simulator

/// A blow: a half sine of force at a link's origin.
struct Blow {
  /// [N·s]
  var impulse: Double
  /// In base axes; need not be a unit vector.
  var direction: SIMD3<Double>
  /// A chain whose tip is hit.
  var chain: RobotModel
  /// [s]
  var duration = 0.02

  /// [N], so long after it began [s].
  func force(at time: Double) -> SIMD3<Double> {
    guard time >= 0, time < duration else { return .zero }
    let length = (direction * direction).sum().squareRoot()
    return direction * (impulse * .pi / (2 * duration) * sin(.pi * time / duration) / length)
  }
}

/// An arm behind its bus, in logical time, with somebody who hits it.
final class KnockRig {
  let channel: LockstepChannel
  let arm: ControlledArm
  private(set) var time: Double
  private(set) var events: [TimedEvent] = []
  /// What pushes now, if anything: force [N] at a chain's tip, as a function of time.
  var push: (chain: RobotModel, force: (Double) -> SIMD3<Double>)?
  /// Called every half millisecond.
  var afterStep: () -> Void = {}

  private static let substeps = 4

  private let period: Double
  private let jointCount: Int
  /// What holds the arm before its motors do [N·m].
  private var held: JointVector

  init(
    _ subject: KnockableArm = .openArm, at position: JointVector, mechanism: RobotModel? = nil, friction: Double = 1,
    settings: ControlSettings? = nil
  ) {
    period = subject.period
    jointCount = subject.model.jointCount
    channel = LockstepChannel(arm: subject.emulated(position, mechanism ?? subject.model, friction))
    arm = ControlledArm(
      core: ControlCore(model: subject.model, settings: settings ?? subject.settings), wiring: subject.wiring, buses: [subject.bus(channel)])
    // Somebody holds the arm until its motors do.
    held = (mechanism ?? subject.model).gravityEffort(at: position)
    time = 0
    channel.arm.plant.externalEffort = held
    try! arm.connect()
    time = channel.now
    tick(count: 10)
    _ = arm.post(.hold)
    tick(count: 50)
    held = JointVector(count: jointCount)
    tick(count: 200)
    _ = arm.post(.goTo(position, speed: 1, job: 0))
    tick(count: 300)
    events = []
  }

  var position: JointVector { channel.arm.position }
  var velocity: JointVector { channel.arm.velocity }
  var snapshot: ControlSnapshot { arm.snapshot }

  func tick(count: Int = 1) {
    for _ in 0..<count {
      advanceOnly()
      tickOnly()
      while let event = arm.nextEvent() { events.append(event) }
    }
  }

  /// A period of the mechanism's life.
  func advanceOnly() {
    for _ in 0..<Self.substeps {
      pushArm()
      time += period / Double(Self.substeps)
      channel.now = max(channel.now, time)
      afterStep()
    }
  }

  func tickOnly() { arm.tick(at: time) }

  private func pushArm() {
    channel.arm.plant.externalEffort = held
    guard let push else { return }
    channel.arm.plant.push(with: Wrench(force: push.force(time)), atTipOf: push.chain)
  }

  /// The motor of one joint lets go, as if it had become too hot.
  func fail(_ joint: Int) {
    guard var drive = channel.arm.drives[joint] as? EmulatedDamiao else { return }
    drive.fail(.windingOverTemperature)
    channel.arm.drives[joint] = drive
  }

  func strike(_ blow: Blow) {
    let start = time
    push = (blow.chain, { blow.force(at: $0 - start) })
  }
}
