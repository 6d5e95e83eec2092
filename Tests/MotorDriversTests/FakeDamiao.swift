import MotorDrivers
import TestSupport

/// An adapter with Damiao motors behind it, as a channel on logical time. Simple on purpose: a motor goes to its setpoint at once.
final class FakeDamiao: ByteChannel {
  struct Motor {
    let id: Int
    var scale: (position: Float, velocity: Float, torque: Float) = (12.5, 45, 54)
    /// What the shaft does by itself [rad] over time [s]; nil where it obeys.
    var motion: ((Double) -> Double)?
    /// True position [rad], and that of the motor's zero.
    var position = 0.0, zero = 0.0
    var velocity = 0.0, torque = 0.0
    var status = Damiao.Status.disabled
    /// It goes back to disabled or enabled when this is cleared.
    var cause = false
    var timeout: UInt32 = 0
    /// What the watchdog's register does with a write.
    var keepsTimeout = true
    var mode: UInt32 = 1
    var keepsMode = true
    var tellsMode = true
    var answersRefresh = true
    var isSilent = false
    /// What it was told, in order.
    var log: [CANFrame] = []
    var impedances: [Damiao.Impedance] = []
    var lastCommand = 0.0
  }

  let name = "fake"
  private(set) var now = 0.0
  var motors: [Motor]
  /// From a request's arrival to its answer's [s].
  var latency = 0.0005
  /// Hears nothing and says nothing, but what is written stays in the line.
  var isStopped = false { didSet { if !isStopped { work() } } }
  var isUnplugged = false
  var writeLimit: Int?
  /// Share of bytes with a flipped bit, either way.
  var flipShare = 0.0
  private(set) var refused = 0
  private(set) var writes: [[UInt8]] = []
  var noise: [UInt8] = []
  /// Motors' answers to be lost, and requests.
  var loses: (CANFrame) -> Bool = { _ in false }
  var losesRequest: (CANFrame) -> Bool = { _ in false }
  /// Motors let go when nothing was commanded for their watchdog's time.
  var watchesTime = false

  private var random: SeededGenerator
  private var isOpen = false, isCANOpen = false
  private var decoder = SLCANDecoder()
  private var waiting: [UInt8] = []
  private var output: [(due: Double, bytes: [UInt8])] = []

  init(ids: [Int], seed: UInt64 = 1) {
    motors = ids.map { Motor(id: $0) }
    random = SeededGenerator(seed: seed)
  }

  func advance(by seconds: Double) {
    now += seconds
    move()
  }

  private func move() {
    for index in motors.indices {
      if let motion = motors[index].motion { motors[index].position = motion(now) }
      let silence = Double(motors[index].timeout) * Damiao.timeoutUnit
      if watchesTime, motors[index].status == .enabled, silence > 0, now - motors[index].lastCommand > silence {
        motors[index].status = .communicationLost
      }
    }
  }

  func open() throws(BusError) {
    guard !isUnplugged else { throw .cannotOpen(port: name, reason: "there is no such device") }
    isOpen = true
  }

  func close() {
    isOpen = false
    output.removeAll()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int {
    try check()
    var bytes = noise
    noise = []
    while let first = output.first, first.due <= now, !isStopped {
      bytes += first.bytes
      output.removeFirst()
    }
    let count = min(bytes.count, buffer.count)
    if count < bytes.count { output.insert((now, Array(bytes[count...])), at: 0) }
    for index in 0..<count { buffer[index] = damaged(bytes[index]) }
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int {
    try check()
    let count = min(bytes.count, writeLimit ?? .max, max(0, 15_000 - waiting.count))
    writes.append(Array(bytes[..<count]))
    waiting += bytes[..<count].map { damaged($0) }
    if !isStopped { work() }
    return count
  }

  func waitForInput(atMost seconds: Double) throws(BusError) {
    try check()
    let due = isStopped ? nil : output.first?.due
    now = max(now, min(due ?? .infinity, now + seconds))
    move()
  }

  private func check() throws(BusError) {
    if isUnplugged { throw .disconnected(bus: name, reason: "the far end hung up") }
    if !isOpen { throw .disconnected(bus: name, reason: "it is not open") }
  }

  private func damaged(_ byte: UInt8) -> UInt8 {
    guard flipShare > 0, Double.random(in: 0..<1, using: &random) < flipShare else { return byte }
    return byte ^ (1 << UInt8.random(in: 0...7, using: &random))
  }

  private func work() {
    let bytes = waiting
    waiting.removeAll()
    for byte in bytes { if let line = decoder.decode(byte) { obey(line) } }
  }

  private func say(_ line: SLCAN.Line) { output.append((now + latency, SLCAN.bytes(of: line))) }

  private func obey(_ line: SLCAN.Line) {
    switch line {
    case .bitRate, .close:
      isCANOpen = false
      say(.acknowledge)
    case .open:
      isCANOpen = true
      say(.acknowledge)
    case .frame(let frame, _) where isCANOpen:
      say(.sentStandard)
      if !losesRequest(frame) { deliver(frame) }
    case .acknowledge: break
    default:
      refused += 1
      say(.refusal)
    }
  }
}

// MARK: - Motors

extension FakeDamiao {
  private func deliver(_ frame: CANFrame) {
    for index in motors.indices {
      if frame.identifier == Damiao.registerIdentifier {
        guard let request = Damiao.RegisterFrame(frame), request.motor == motors[index].id else { continue }
        motors[index].log.append(frame)
        obey(request, of: index)
      } else if frame.identifier == UInt32(motors[index].id), frame.count == 8 {
        motors[index].log.append(frame)
        motors[index].lastCommand = now
        if let command = Damiao.Command(frame) { obey(command, of: index) } else { obey(frame, of: index) }
        tell(index)
      }
    }
  }

  private func scale(_ index: Int) -> Damiao.Scale {
    let (position, velocity, torque) = motors[index].scale
    return Damiao.Scale(position: Double(position), velocity: Double(velocity), torque: Double(torque))
  }

  private func obey(_ frame: CANFrame, of index: Int) {
    guard let impedance = Damiao.Impedance(frame, scale: scale(index)) else { return }
    motors[index].impedances.append(impedance)
    guard motors[index].status == .enabled else { return }
    if motors[index].motion == nil, impedance.stiffness > 0 { motors[index].position = impedance.position + motors[index].zero }
    motors[index].velocity = impedance.velocity
    motors[index].torque = impedance.torque
  }

  private func obey(_ command: Damiao.Command, of index: Int) {
    switch command {
    case .enable where motors[index].status == .disabled: motors[index].status = .enabled
    case .disable where motors[index].status == .enabled: motors[index].status = .disabled
    case .clearFault where motors[index].status.isFault && !motors[index].cause: motors[index].status = .disabled
    case .setZero: motors[index].zero = motors[index].position
    default: break
    }
  }

  private func obey(_ request: Damiao.RegisterFrame, of index: Int) {
    let motor = motors[index]
    if request.operation == .refresh {
      if motor.answersRefresh { tell(index) }
      return
    }
    guard let register = request.register else { return }
    if request.operation == .write {
      if register == .timeout, motor.keepsTimeout { motors[index].timeout = request.value }
      if register == .mode, motor.keepsMode { motors[index].mode = request.value }
    }
    let value: UInt32
    switch register {
    case .positionRange: value = motor.scale.position.bitPattern
    case .velocityRange: value = motor.scale.velocity.bitPattern
    case .torqueRange: value = motor.scale.torque.bitPattern
    case .timeout: value = motors[index].timeout
    case .mode where motor.tellsMode: value = motors[index].mode
    default: return
    }
    answer(Damiao.RegisterFrame(request.operation, of: register, motor: motor.id, value: value).frame(identifier: UInt32(0x10 + motor.id)), index)
  }

  private func tell(_ index: Int) {
    let motor = motors[index]
    let feedback = Damiao.Feedback(
      motor: motor.id, status: motor.status, position: motor.position - motor.zero, velocity: motor.velocity, torque: motor.torque,
      driverTemperature: 31, windingTemperature: 42)
    answer(feedback.frame(to: 0x10 + motor.id, scale: scale(index)), index)
  }

  private func answer(_ frame: CANFrame, _ index: Int) {
    guard !motors[index].isSilent, !loses(frame) else { return }
    say(.frame(frame))
  }
}

/// A bus on ``FakeDamiao``, run tick by tick at 500 Hz.
struct DamiaoBench {
  static let period = 0.002
  static let scale = Damiao.Scale(position: 12.5, velocity: 45, torque: 54)

  let channel: FakeDamiao
  let bus: DamiaoBus
  var states: [MotorState]

  init(ids: [Int] = [1, 2, 3, 4, 5, 6, 7], seed: UInt64 = 1) {
    channel = FakeDamiao(ids: ids, seed: seed)
    bus = DamiaoBus(name: "can0", channel: channel, motors: ids.map(Self.motor))
    states = Array(repeating: MotorState(), count: ids.count)
  }

  /// Connected and on, at rest at zero.
  static func holding(ids: [Int] = [1, 2, 3, 4, 5, 6, 7], seed: UInt64 = 1) throws -> DamiaoBench {
    var bench = DamiaoBench(ids: ids, seed: seed)
    try bench.bus.connect()
    try bench.tick(.off, count: 5)
    try bench.tick(.position(0, velocity: 0), count: 20)
    return bench
  }

  static func motor(id: Int) -> DamiaoBus.Motor {
    DamiaoBus.Motor(id: id, masterId: 0x10 + id, pMax: 12.5, vMax: 45, tMax: 54, timeout: 0.05, stiffness: 100, damping: 2)
  }

  /// One tick: time passes, then the bus is read and written.
  mutating func tick(_ command: (Int) -> MotorCommand) throws(BusError) {
    channel.advance(by: Self.period)
    try bus.receive(into: &states, time: channel.now)
    try bus.send((0..<bus.motorCount).map(command), time: channel.now)
  }

  mutating func tick(_ command: MotorCommand = .off, count: Int = 1) throws(BusError) {
    for _ in 0..<count { try tick { _ in command } }
  }
}
