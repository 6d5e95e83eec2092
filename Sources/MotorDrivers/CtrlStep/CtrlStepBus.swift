/// Ctrl-Step drives on one CAN bus, behind an SLCAN adapter on a serial port.
///
/// Each tick sends one stretch of frames, and the next reads the answers. A position setpoint is acknowledged with the position; motors
/// that are off, or under a current setpoint, are asked for it. One motor a tick is asked for its current as well: the one whose distance from its
/// setpoint has changed most since it last told, as that is what current makes; where none's has, the next in turn.
///
/// The protocol numbers nothing, so three things keep old answers from passing for new ones: the answer to a tick's current read shows that
/// no answers to earlier ticks are still to come from its motor, nor from those of lower nodes, which would have won the wire (and from
/// the others none to the tick before the last); a request unanswered for `replyTimeout` is lost; and after
/// a silence of all motors the link is drained and probed (``LinkMonitor``) before anything counts. `sampleTime` is the time of the
/// tick that asked: a position is never older than that, and may be newer.
///
/// Nothing guards the serial text against damage either, so positions are believed only where motion leads (``MotionGate``), and the drives
/// are asked now and then where their zero is (``HomeReference``).
public final class CtrlStepBus: MotorBus {
  /// All that is known of one motor.
  struct Record {
    let motor: Motor
    var state = MotorState()
    var gate: MotionGate
    var positions = RequestQueue()
    /// What else it was asked and has not answered: its current or its home offset, one at a time.
    var inquiry: Inquiry?
    var home = HomeReference()
    /// The gate has found a moved zero, and the home offset has not confirmed it yet.
    var hasEstimatedOffset = false
    /// Requests of earlier ticks than this are answered or lost.
    var fence: UInt64 = 0
    /// It is asked nothing else before this [s]: an answer that is overdue may still come.
    var nextInquiryTime = 0.0
    var isOn = false
    /// Ticks that still repeat a switch-off, and when it is told again after them [s].
    var offRepeats = 0
    var nextOffTime = 0.0
    /// Whether it has been heard in this tick, and for how long only others were [s].
    var isHeard = false
    var silence = 0.0
    /// The drive is to begin its trapezoid anew at the motor's position.
    var needsRestart = false
    /// Replies in a row that were withheld, and are damage unless they turn out to be motion.
    var doubts = 0
    /// Where it was told to be [rad], continuous.
    var told: Double?
    /// How far it was from there when it last told its current [rad].
    var strainAtCurrent = 0.0
    /// A current that differs so much from the one before that it has to be told twice [A].
    var doubtfulCurrent: Double?
    /// How suddenly it may go while its trapezoid is out of the way [rad/s²], zero while it is not; for so many ticks more it is told that it is not.
    var agility = 0.0
    var calmRepeats = 0

    /// How far it is from where it was told to be [rad].
    var strain: Double { told.map { $0 - state.position } ?? 0 }
  }

  struct Inquiry {
    let command: CtrlStep.Command
    let request: RequestQueue.Request
  }

  /// Every this many ticks a motor is asked for its home offset instead of its current.
  static let homeInterval: UInt64 = 8

  /// Something that hits the arm may turn a motor so many times as fast as it turns by itself.
  static let overdrive = 20.0

  /// Ticks in a row that repeat a switch-off before it goes over to `offInterval`.
  static let offRepeats = 5

  public let name: String
  public let settings: Settings
  public internal(set) var statistics = BusStatistics()
  let channel: any ByteChannel

  var records: [Record]
  /// Index in `records` by node.
  var indices = [Int?](repeating: nil, count: 16)
  var link: LinkMonitor
  var decoder = SLCANDecoder()
  var batch: FrameBatch
  var history = ReplyHistory()
  var wireLoad = WireLoad()
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)

  var tick: UInt64 = 0
  /// When setpoints were sent last, and how long after the ones before [s].
  var lastSendTime = 0.0, period = 0.0
  /// When a line last came in damaged [s].
  var damageTime = -Double.infinity
  var nextCurrentMotor = 0
  var nextHomeMotor = 0
  /// The setting to be written next, counted over all motors; at the end when all are.
  var nextSetting = 0
  /// Why the channel cannot be used; nil while it can.
  var loss: BusError?

  /// - Parameters:
  ///   - name: The bus's name in the arm file.
  ///   - channel: Where the adapter is. The bus opens and closes it.
  ///   - motors: 1…15 drives with different nodes.
  public init(name: String, channel: any ByteChannel, motors: [Motor], settings: Settings = Settings()) {
    precondition(1...15 ~= motors.count && Set(motors.map(\.node)).count == motors.count)
    precondition(SLCAN.bitRates.contains(settings.bitRate))
    self.name = name
    self.channel = channel
    self.settings = settings
    records = motors.map { motor in
      Record(motor: motor, gate: MotionGate(settings: .init(maximumVelocity: motor.maximumVelocity, overdrive: Self.overdrive)))
    }
    link = LinkMonitor(replyTimeout: settings.replyTimeout, quietTime: settings.quietTime)
    // A tick's most: per motor off, on, agile, setpoint and read; one current read and one setting.
    batch = FrameBatch(capacity: 5 * motors.count + 2)
    for (index, motor) in motors.enumerated() { indices[motor.node] = index }
    nextSetting = motors.count * Motor.settingCount
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
  }

  deinit { input.deallocate() }

  public var motorCount: Int { records.count }

  public func connect() throws(BusError) {
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
    channel.close()
    try channel.open()
    var handshake = CtrlStepHandshake(bus: name, channel: channel, settings: settings)
    do throws(BusError) {
      try handshake.startAdapter()
      reset()
      for index in records.indices { try begin(index, handshake: &handshake) }
      try handshake.writeSettings(of: records.map(\.motor))
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
    damageTime = -.infinity
    nextSetting = records.count * Motor.settingCount
  }

  private func begin(_ index: Int, handshake: inout CtrlStepHandshake) throws(BusError) {
    let (turns, sent) = try handshake.position(of: records[index].motor)
    var record = Record(motor: records[index].motor, gate: records[index].gate)
    record.home = records[index].home
    if let home = try handshake.homeOffset(of: record.motor) {
      record.home.begin(at: home, offset: record.gate.offset)
      for _ in 0..<2 {
        if let offset = record.home.correction(for: home, present: record.gate.offset) { record.gate.correct(offset: offset) }
      }
    }
    record.gate.trustNext()
    guard case .good(let position) = record.gate.judge(Motor.angle(turns), sent: sent, received: channel.now) else { return }
    record.state.position = position
    record.state.sampleTime = sent
    records[index] = record
  }

  public func disconnect() {
    if loss == nil {
      var handshake = CtrlStepHandshake(bus: name, channel: channel, settings: settings)
      handshake.switchOff(records.map(\.motor))
    }
    channel.close()
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
  }

  public func clearFaults() {
    for index in records.indices { records[index].state.faults = [] }
    nextSetting = 0
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
