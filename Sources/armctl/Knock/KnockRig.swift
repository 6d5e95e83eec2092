internal import Control
internal import Kinematics
internal import MotorDrivers
internal import Planner
internal import Simulator

/// A controlled arm in lockstep with its emulation, on logical time: the controller, the wire, and the truth.
///
/// One rig belongs to one thread; rigs know nothing of each other. The same rig with the same requests does the same to the last bit.
final class KnockRig {
  let configuration: ArmConfiguration
  let arm: ControlledArm
  let line: LockstepChannel
  private let conditions: KnockConditions
  private var jitter: SplitMix64
  /// When the latest tick was due [s].
  private var dueTime: Double
  private var trajectories: [Trajectory] = []
  private(set) var events: [TimedEvent] = []

  /// The arm stands at `position`, motors off, buses connected. Until ``hold()`` somebody carries its weight.
  ///
  /// - Parameter seed: Of what is left to chance: when the loop wakes up, which frames are lost.
  init(_ scene: KnockScene, at position: JointVector, conditions: KnockConditions, seed: UInt64 = 0) throws(BusError) {
    configuration = scene.configuration
    self.conditions = conditions
    jitter = SplitMix64(seed: seed)
    var settings = EmulatedArm.Settings()
    (settings.hostLatency, settings.hostJitter) = (conditions.hostLatency, conditions.hostJitter)
    settings.seed = seed
    var emulated = configuration.emulatedArm(at: position, settings: settings)
    emulated.plant.stribeck = conditions.stribeck
    emulated.plant.externalEffort = configuration.model.gravityEffort(at: position)
    for joint in emulated.drives.indices {
      guard var motor = emulated.drives[joint] as? EmulatedDamiao else { continue }
      motor.encoderCounts = conditions.encoderCounts
      emulated.drives[joint] = motor
    }
    let line = LockstepChannel(arm: emulated)
    self.line = line
    arm = ControlledArm(
      core: ControlCore(model: conditions.believed(configuration.model), settings: conditions.believed(scene.controlSettings)),
      wiring: configuration.wiring, buses: configuration.makeBuses { _ in line })
    dueTime = 0
    try arm.connect()
    line.arm.lossShare = conditions.lossShare
    dueTime = line.now
  }

  /// The arm as it is, with what touches it; the controller does not see this.
  var truth: EmulatedArm {
    get { line.arm }
    set { line.arm = newValue }
  }

  /// [s]
  var time: Double { line.now }
  var snapshot: ControlSnapshot { arm.snapshot }

  /// Something is about to touch the arm.
  func touch(with contact: any Contact) { line.arm.contacts.append(contact) }

  /// One of the motors lets go.
  func failMotor(_ joint: Int) {
    if var motor = line.arm.drives[joint] as? EmulatedDamiao {
      motor.fail(.driverOverTemperature)
      line.arm.drives[joint] = motor
    } else {
      // Its power fails for a moment.
      let train = line.arm.plant.driveTrains[joint]
      line.arm.drives[joint].restart(rotorPosition: train.rotor(atJoint: line.arm.position[joint]))
    }
  }

  /// Puts something in the arm's hand that nobody told the controller about.
  func carry(_ payload: Payload?) { line.arm.plant.carry(payload) }

  /// Keeps a trajectory that the arm follows, so that its memory is not let go of in the loop.
  func keep(_ trajectory: Trajectory) { trajectories.append(trajectory) }

  func request(_ request: ControlRequest) { _ = arm.post(request) }

  /// Runs the loop for some seconds, or until `isDone`, which is asked after each tick.
  func run(_ seconds: Double, until isDone: () -> Bool = { false }) {
    let end = dueTime + seconds
    while dueTime < end - 0.5 * configuration.period {
      dueTime += configuration.period
      let wakeUp = max(dueTime + lateness(), line.now)
      // As the loop does it: a late tick runs once.
      dueTime += ((wakeUp - dueTime) / configuration.period).rounded(.down) * configuration.period
      line.now = wakeUp
      arm.tick(at: wakeUp, wakeUp: wakeUp - dueTime)
      while let event = arm.nextEvent() { events.append(event) }
      if isDone() { return }
    }
  }

  private func lateness() -> Double {
    let late = conditions.wakeUpJitter > 0 ? Double.random(in: 0...conditions.wakeUpJitter, using: &jitter) : 0
    guard conditions.lateShare > 0, Double.random(in: 0..<1, using: &jitter) < conditions.lateShare else { return late }
    return Double.random(in: 0...conditions.longestLate, using: &jitter)
  }

  /// Switches the motors on and lets the arm come to rest in their hold.
  func hold() {
    run(0.02)
    request(.hold)
    run(Self.settlingTime) { snapshot.isPowered }
    run(configuration.period)
    line.arm.plant.externalEffort = JointVector(count: configuration.joints.count)
    run(Self.settlingTime)
  }

  /// From switching on until nothing moves any more [s].
  static let settlingTime = 0.4

  /// What the motors do at the joints [N·m].
  var motorEffort: JointVector {
    var effort = JointVector(count: configuration.joints.count)
    for joint in effort.indices {
      let train = line.arm.plant.driveTrains[joint]
      if let motor = line.arm.drives[joint] as? EmulatedDamiao { effort[joint] = train.effort(ofTorque: motor.torque) }
      if let motor = line.arm.drives[joint] as? EmulatedCtrlStep { effort[joint] = train.effort(ofCurrent: motor.current) }
    }
    return effort
  }

  /// What is asked of the motor of the joint that is asked most, as a share of what the joint may bear.
  var demandShare: Double {
    var share = 0.0
    for joint in configuration.joints.indices {
      guard let motor = line.arm.drives[joint] as? EmulatedDamiao else { continue }
      let demand = line.arm.plant.driveTrains[joint].effort(ofTorque: motor.demand)
      let most = min(configuration.modelLimits.effort[joint], configuration.joints[joint].transmission.ratchetTorque ?? .infinity)
      share = max(share, demand.magnitude / most)
    }
    return share
  }
}
