internal import Control
internal import Kinematics
internal import Simulator

/// What truly happened, tick by tick.
struct KnockTrace: Sendable {
  struct Sample: Sendable {
    /// [s]
    var time: Double
    /// True joint positions [rad] and velocities [rad/s], and what the motors did [N·m].
    var position, velocity, motorEffort: JointVector
    var tool: Pose
    /// Where the arm is touched [m].
    var touched: SIMD3<Double>
    /// [J]
    var kineticEnergy: Double
    /// On the arm [N].
    var force: SIMD3<Double>
    /// See ``KnockRig/demandShare``.
    var demandShare: Double
    /// What the controller made of it.
    var mode: ControlMode
    /// Where it would have the joints [rad].
    var setpoint: JointVector
    var external: JointVector
    /// Share of the job that is done.
    var progress: Double
    /// What its reaction may still put into the arm's motion [J]; nil where it has no such thing.
    var tank: Double?
  }

  private(set) var samples: [Sample] = []
  var events: [TimedEvent] = []

  init() { samples.reserveCapacity(2048) }

  mutating func append(_ sample: Sample) { samples.append(sample) }

  mutating func note(_ rig: KnockRig, touched point: ContactPoint) {
    let arm = rig.truth, snapshot = rig.snapshot
    append(
      Sample(
        time: rig.time, position: arm.position, velocity: arm.velocity, motorEffort: rig.motorEffort,
        tool: rig.configuration.model.pose(at: arm.position), touched: point.position(at: arm.position), kineticEnergy: arm.plant.kineticEnergy,
        force: arm.contacts.reduce(.zero) { $0 + $1.record.force }, demandShare: rig.demandShare, mode: snapshot.mode, setpoint: snapshot.setpoint,
        external: snapshot.external,
        progress: snapshot.progress, tank: snapshot.tank))
  }
}
