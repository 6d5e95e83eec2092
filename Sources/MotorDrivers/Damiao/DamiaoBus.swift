/// Damiao motors on one CAN bus, behind an SLCAN adapter on a serial port.
///
/// Each tick sends one frame to each motor and the next reads the answers: an impedance to one that is on, a refresh to one that is off, and in
/// between what switches it, clears a fault, or asks for a register. So a tick is always two frames a motor on the wire.
///
/// Answers bear no number, so three things keep old ones from passing for new ones. When a motor owes more answers than it ever honestly did of late,
/// or more than its least for long (``ReplyDebt``), its next frame is a question for a register: the answer names the register, and what was asked
/// before it is answered or lost, by this motor and by those that win the wire before it. A motor from which something is overdue is not believed
/// until there was such an answer. And after a silence of all motors the link is drained and probed (``LinkMonitor``) before anything counts. A
/// question takes the place of a command, so few are asked. `sampleTime` is the time of the tick that asked: a state is never older than that, and
/// may be newer.
///
/// What the wire's codes cannot express is made up for by the torque beside it: the rest of position and velocity below one code, and stiffness
/// and damping beyond the largest, these from the last measured state.
///
/// The motors' watchdogs are armed and read back before anything else, and whenever a motor lost its settings: one without a watchdog is never
/// switched on.
public final class DamiaoBus: MotorBus {
  /// All that is known of one motor.
  struct Record {
    let motor: Motor
    /// As the motor itself has it.
    var scale: Damiao.Scale
    var state = MotorState()
    var gate: MotionGate
    var requests = RequestQueue()
    var debt = ReplyDebt()
    /// Something is overdue: only a question tells which request the next answer belongs to.
    var isAdrift = false
    var question: Question?
    /// It is asked nothing before this [s].
    var nextQuestionTime = 0.0
    var asksForTimeout = false
    var power = Power()
    var arming = Arming.done
  }

  /// A register that was asked for and has not come.
  struct Question {
    let register: Damiao.Register
    let request: RequestQueue.Request
    /// How many answers its motor owed besides, and how many of those have turned out to be lost.
    let owed: Int
    var lost = 0
  }

  /// Whether the motor has torque, and what is being done about it.
  struct Power {
    /// The motor is to have torque, and the tick since when it is or is not. What it answered to earlier ones tells nothing.
    var isWanted = false
    var wantedSince: UInt64 = 0
    /// It has torque, or may have it.
    var mayBeOn = true
    /// It said that it has torque, since it is to have it.
    var wasEnabled = false
    /// The tick that last sent an enable, and how many did since the motor is to have torque.
    var enableTick: UInt64 = 0
    var enableCount = 0
    /// What the last answer said. What is unusual has to be said twice in a row; once may be damage.
    var status = Damiao.Status.disabled
    /// How often a fault is still to be cleared.
    var clearCount = 0
  }

  /// How far the watchdog's arming has come.
  enum Arming { case done, write, verify }

  /// A motor that is still off after so many enables will not be switched on.
  static let enableAttempts = 20
  static let clearAttempts = 20
  /// Ticks in a row that repeat a switch-off on a link that is down, before it goes over to `offInterval`.
  static let offRepeats = 5

  public let name: String
  public let settings: Settings
  public internal(set) var statistics = BusStatistics()
  let channel: any ByteChannel

  var records: [Record]
  /// Index in `records` by master identifier.
  var indices = [Int8](repeating: -1, count: 0x800)
  var link: LinkMonitor
  var decoder = SLCANDecoder()
  var batch: FrameBatch
  var history = ReplyHistory()
  var wireLoad = WireLoad()
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)

  var tick: UInt64 = 0
  /// All motors answer a refresh; else those that are off are told so again to hear of them.
  var answersRefresh = true
  /// On a link that is down: ticks that still repeat a switch-off, and when it is told again after them [s].
  var offRepeats = 0
  var nextOffTime = 0.0
  /// Why the channel cannot be used; nil while it can.
  var loss: BusError?

  /// - Parameters:
  ///   - name: The bus's name in the arm file.
  ///   - channel: Where the adapter is. The bus opens and closes it.
  ///   - motors: 1…15 motors with different identifiers and master identifiers.
  public init(name: String, channel: any ByteChannel, motors: [Motor], settings: Settings = Settings()) {
    precondition(1...15 ~= motors.count && Set(motors.map(\.id)).count == motors.count && Set(motors.map(\.masterId)).count == motors.count)
    precondition(SLCAN.bitRates.contains(settings.bitRate))
    self.name = name
    self.channel = channel
    self.settings = settings
    records = motors.map { motor in
      Record(motor: motor, scale: motor.scale, gate: MotionGate(settings: Self.gateSettings(maximumVelocity: Self.flingRatio * motor.vMax)))
    }
    link = LinkMonitor(replyTimeout: settings.replyTimeout, quietTime: settings.quietTime)
    // One frame a motor; on a link that is down a probe beside.
    batch = FrameBatch(capacity: motors.count + 1)
    for (index, motor) in motors.enumerated() { indices[motor.masterId] = Int8(index) }
    loss = .losing(channel.name, errno: DamiaoBus.notOpen)
  }

  deinit { input.deallocate() }

  public var motorCount: Int { records.count }

  /// A light joint that is hit speeds up twice as hard as a rotor does by itself; the shaft turns slowly, so little noise is let in.
  /// A blow turns a motor faster than it can tell; how many times as fast, at most.
  private static let flingRatio = 2.0

  private static func gateSettings(maximumVelocity: Double) -> MotionGate.Settings {
    MotionGate.Settings(maximumVelocity: maximumVelocity, usualAcceleration: 10_000, margin: 0.01)
  }

  public func connect() throws(BusError) {
    loss = .losing(channel.name, errno: DamiaoBus.notOpen)
    channel.close()
    try channel.open()
    var handshake = DamiaoHandshake(bus: name, channel: channel, settings: settings)
    do throws(BusError) {
      try handshake.startAdapter()
      reset()
      for index in records.indices { try begin(index, handshake: &handshake) }
    } catch {
      channel.close()
      throw error
    }
    loss = nil
  }

  private func reset() {
    statistics = BusStatistics()
    history = ReplyHistory()
    wireLoad = WireLoad()
    link = LinkMonitor(replyTimeout: settings.replyTimeout, quietTime: settings.quietTime)
    decoder.reset()
    batch.reset()
    tick = 0
    answersRefresh = true
    offRepeats = 0
    nextOffTime = 0
  }

  private func begin(_ index: Int, handshake: inout DamiaoHandshake) throws(BusError) {
    let motor = records[index].motor
    let scale = try handshake.scale(of: motor)
    try handshake.setMode(of: motor)
    try handshake.armWatchdog(of: motor)
    let (feedback, sent, refreshes) = try handshake.state(of: motor, scale: scale)
    answersRefresh = answersRefresh && refreshes
    var record = Record(motor: motor, scale: scale, gate: records[index].gate)
    record.power.status = feedback.status
    record.state.faults = MotorFaults(feedback.status)
    record.gate.trustNext()
    if case .good(let position) = record.gate.judge(feedback.position, sent: sent, received: channel.now) {
      record.state.take(feedback, position: position, sent: sent, scale: scale)
    }
    records[index] = record
  }

  public func disconnect() {
    if loss == nil {
      var handshake = DamiaoHandshake(bus: name, channel: channel, settings: settings)
      handshake.switchOff(records.map(\.motor))
    }
    channel.close()
    loss = .losing(channel.name, errno: DamiaoBus.notOpen)
  }

  /// Lets go of the motors' faults over the next ticks; a motor that had let go has its watchdog armed anew before it is switched on again.
  public func clearFaults() {
    for index in records.indices {
      if !records[index].state.faults.isDisjoint(with: .withoutTorque) || records[index].power.status.isFault {
        records[index].arming = .write
        records[index].power.mayBeOn = false
      }
      records[index].power.clearCount = records[index].power.status.isFault ? Self.clearAttempts : 0
      records[index].power.wasEnabled = false
      records[index].power.enableCount = 0
      records[index].state.faults = []
    }
  }

  /// `EBADF`
  private static let notOpen: Int32 = 9

  /// Closes the channel that failed, and remembers why.
  func lose(_ error: BusError) -> BusError {
    channel.close()
    loss = error
    return error
  }
}

extension MotorState {
  mutating func take(_ feedback: Damiao.Feedback, position: Double, sent: Double, scale: Damiao.Scale) {
    velocity = feedback.velocity
    // At the code's end it only tells the least that it may be; the positions tell more.
    if abs(feedback.velocity) >= scale.velocity.range.upperBound - 2 * scale.velocity.resolution, let sampleTime, sent > sampleTime {
      let slope = (position - self.position) / (sent - sampleTime)
      if slope * feedback.velocity > 0, abs(slope) > abs(feedback.velocity) { velocity = slope }
    }
    self.position = position
    effort = feedback.torque
    driverTemperature = Double(feedback.driverTemperature)
    windingTemperature = Double(feedback.windingTemperature)
    sampleTime = sent
    missedReplies = 0
  }
}
