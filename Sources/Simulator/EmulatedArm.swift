public import Kinematics
internal import MotorDrivers

/// The whole arm behind one serial line: adapter, CAN bus, drives, and the mechanism that they move, with one clock.
///
/// Bytes go in with the time at which the host wrote them and come out with the time at which it can read them. Nothing here knows what time it
/// really is, so the same bytes at the same times give the same bytes and the same motion, to the last bit.
public struct EmulatedArm: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Between host and adapter, each way [s]: a full-speed USB adapter on an idle port. Assumed.
    public var hostLatency = 100e-6
    /// What each way takes longer than that, at random from none to this [s].
    public var hostJitter = 0.0
    /// Of what is left to chance: jitter, and which frames are lost.
    public var seed: UInt64 = 0
    /// From a frame's end until a drive has its reply ready [s]. Assumed.
    public var replyLatency = 30e-6
    /// Of the drives [bit/s].
    public var bitrate = 1_000_000.0
    /// True: the drives have had power since their homing, and their turn counts are right. False: they were switched on at the starting pose,
    /// and know their position within one motor turn only.
    public var hasCountedTurns = true
    /// Joint positions [rad] at which stepper drives were tuned; nil for the middle of the joints' limits.
    public var tuningPosition: JointVector?

    public init() {}
  }

  public let settings: Settings
  /// The mechanism; push it, read its truth.
  public var plant: ArmPlant
  /// What touches the mechanism, or is about to.
  public var contacts: [any Contact] = []
  /// One per joint.
  public var drives: [any EmulatedDrive]
  /// Chance that a frame is lost on the bus, 0…1; the same ones each time.
  public var lossShare = 0.0
  public private(set) var adapter = EmulatedSLCANAdapter()

  private var bus: CANWire
  /// Bytes on their way to the adapter, with the time at which they reach it.
  private var input: [(arrivalTime: Double, bytes: [UInt8])] = []
  /// How far events have been dealt with [s].
  private var clock = 0.0
  private var losses: LineFaults
  private var jitter: SplitMix64

  /// The sender on the bus that is the adapter; the drives follow it.
  private static let adapterSender = 0

  /// At rest at `position`, motors off.
  ///
  /// - Parameters:
  ///   - driveTrains: One per joint, in the model's order.
  ///   - drives: The joints' drives, in the same order.
  ///   - position: Joint positions [rad] at power-up.
  /// - Precondition: as many drive trains, drives and positions as the model has joints.
  public init(
    model: RobotModel, driveTrains: [DriveTrain], drives: [any EmulatedDrive], position: JointVector, settings: Settings = Settings()
  ) {
    precondition(drives.count == model.jointCount, "one drive per joint")
    self.settings = settings
    plant = ArmPlant(model: model, driveTrains: driveTrains, position: position)
    bus = CANWire(senders: 1 + drives.count, bitrate: settings.bitrate)
    losses = LineFaults(seed: 11 &+ settings.seed)
    jitter = SplitMix64(seed: ~settings.seed)
    self.drives = drives
  }

  /// An arm of stock Ctrl-Step drives, at rest at `position`, motors off.
  ///
  /// - Parameter nodes: Node of each joint's drive.
  public init(
    model: RobotModel, driveTrains: [DriveTrain], nodes: [Int], position: JointVector, settings: Settings = Settings()
  ) {
    precondition(nodes.count == model.jointCount, "one node per joint")
    let tuningPosition = settings.tuningPosition ?? JointVector(zip(model.limits.lower, model.limits.upper).map(Self.middle))
    let inertia = model.massMatrix(at: tuningPosition)
    let rotorPosition = ArmPlant(model: model, driveTrains: driveTrains, position: position).rotorPosition
    var drives: [any EmulatedDrive] = []
    for (joint, train) in driveTrains.enumerated() {
      let tuning = EmulatedCtrlStep.Tuning(
        inertia: train.rotorInertia + inertia[joint, joint] / (train.ratio * train.ratio), torqueConstant: train.torqueConstant,
        maximumCurrent: train.maximumCurrent)
      let rotor = train.rotor(atJoint: rotorPosition[joint])
      var drive = EmulatedCtrlStep(settings: CtrlStepSettings(node: UInt32(nodes[joint])), tuning: tuning, rotorPosition: rotor)
      if settings.hasCountedTurns { drive.settleTurns(rotorPosition: rotor) }
      drives.append(drive)
    }
    self.init(model: model, driveTrains: driveTrains, drives: drives, position: position, settings: settings)
  }

  /// [s] since the beginning.
  public var time: Double { clock }
  /// True joint positions [rad].
  public var position: JointVector { plant.position }
  /// True joint velocities [rad/s].
  public var velocity: JointVector { plant.velocity }
  /// Time that frames have taken on the bus [s].
  public var busyTime: Double { bus.busyTime }

  /// The host writes `bytes` at `time` [s], not before what it wrote last.
  public mutating func receive(_ bytes: some Collection<UInt8>, at time: Double) {
    // Nothing overtakes.
    let arrivalTime = max(max(time, clock) + latency(), input.last?.arrivalTime ?? 0)
    input.append((arrivalTime, Array(bytes)))
  }

  /// Lives through everything until `time` [s]; does nothing where that has passed.
  public mutating func advance(to time: Double) {
    while true {
      let event = nextEventTime
      guard event <= time else { break }
      move(to: event)
      clock = max(clock, event)
      if let first = input.first, first.arrivalTime <= event { takeInput() } else { handleBus(at: event) }
    }
    move(to: time)
    clock = max(clock, time)
  }

  /// When something next happens on the line or the bus [s]; infinite where nothing is under way. Motion goes on all the time.
  public var nextEventTime: Double { min(input.first?.arrivalTime ?? .infinity, bus.nextEventTime) }

  /// When the host can first read something that is on its way already [s]; nil where nothing is.
  public var nextOutputTime: Double? { adapter.nextOutputTime }

  /// The host can read nothing new before this time [s], unless it writes something; infinite where nothing is under way.
  public var earliestOutputTime: Double { min(adapter.nextOutputTime ?? .infinity, nextEventTime + settings.hostLatency) }

  /// What the host can read by `time` [s], and has not read yet.
  public mutating func output(upTo time: Double) -> [UInt8] {
    advance(to: time)
    return Array(unsafeUninitializedCapacity: EmulatedSLCANAdapter.outputCapacity) { buffer, count in
      count = adapter.drain(into: UnsafeMutableRawBufferPointer(buffer), upTo: time)
    }
  }

  /// Copies what the host can read by `time` [s] into `buffer`; returns how many bytes. The rest stays.
  public mutating func drain(into buffer: UnsafeMutableRawBufferPointer, upTo time: Double) -> Int {
    advance(to: time)
    return adapter.drain(into: buffer, upTo: time)
  }

  /// The adapter's plug is pulled and put back: it forgets everything; the drives keep their own power.
  public mutating func replugAdapter() {
    adapter.restart()
    bus.clear(sender: Self.adapterSender)
    input.removeAll()
  }

  /// The drives' power is switched off and on again: turn counts and settings that were not saved are lost.
  public mutating func cyclePower() {
    for joint in drives.indices { drives[joint].restart(rotorPosition: rotor(joint)) }
  }

  private mutating func latency() -> Double { settings.hostLatency + (settings.hostJitter > 0 ? settings.hostJitter * jitter.share() : 0) }

  private func rotor(_ joint: Int) -> Double { plant.driveTrains[joint].rotor(atJoint: plant.rotorPosition[joint]) }
  private func rotorVelocity(_ joint: Int) -> Double { plant.driveTrains[joint].rotorVelocity(atJoint: plant.rotorVelocity[joint]) }

  private static func middle(_ lower: Double, _ upper: Double) -> Double { lower.isFinite && upper.isFinite ? 0.5 * (lower + upper) : 0 }

  /// Steps drives and mechanism through all whole steps that end by `time`.
  private mutating func move(to time: Double) {
    let last = Int((time / ArmPlant.step + 1e-9).rounded(.down))
    while plant.stepCount < last {
      var effort = JointVector(count: drives.count)
      for joint in drives.indices {
        let torque = drives[joint].torque(rotorPosition: rotor(joint), velocity: rotorVelocity(joint))
        effort[joint] = plant.driveTrains[joint].effort(ofTorque: torque)
      }
      plant.advance(effort: effort, touchedBy: &contacts)
    }
  }

  private mutating func takeInput() {
    let (time, bytes) = input.removeFirst()
    for byte in bytes {
      let room = EmulatedSLCANAdapter.transmitCapacity - bus.waitingCount(of: Self.adapterSender)
      guard let frame = adapter.receive(byte, at: time, latency: settings.hostLatency, room: room) else { continue }
      // At another bit rate nobody acknowledges, and the frame never gets through.
      if adapter.bitrate == settings.bitrate { bus.enqueue(frame, from: Self.adapterSender, at: time) } else { adapter.noteBusError() }
    }
    if !adapter.isOpen { bus.clear(sender: Self.adapterSender) }
  }

  private mutating func handleBus(at time: Double) {
    guard let (frame, sender) = bus.handleEvent(), !losses.strikes(lossShare) else { return }
    if sender != Self.adapterSender, adapter.bitrate == settings.bitrate { adapter.deliver(frame, at: time, latency: latency()) }
    for joint in drives.indices where sender != joint + 1 {
      guard let reply = drives[joint].receive(frame, rotorPosition: rotor(joint), velocity: rotorVelocity(joint)) else { continue }
      bus.enqueue(reply, from: joint + 1, at: time + settings.replyLatency)
    }
  }
}
