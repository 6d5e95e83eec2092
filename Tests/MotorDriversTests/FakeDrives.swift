import MotorDrivers
import TestSupport

/// An adapter with Ctrl-Step drives behind it, as a channel on logical time. Simple on purpose: a drive goes to its setpoint at once.
final class FakeDrives: ByteChannel {
  struct Drive {
    let node: Int
    /// What the rotor does by itself [turn] over time [s]; nil where it obeys its setpoint.
    var motion: ((Double) -> Double)?
    /// True position [turn].
    var position = 0.0
    /// True position of the drive's zero [turn].
    var zero = 0.0
    var current: Float = 0
    var isSilent = false
    /// What it was told, in order.
    var log: [CtrlStep.Message] = []
  }

  let name: String
  private(set) var now = 0.0
  var drives: [Drive]
  /// From a request's arrival to its answer's [s].
  var latency = 0.0005
  /// Hears nothing and says nothing, but what is written stays in the line.
  var isStopped = false { didSet { if !isStopped { work() } } }
  var isUnplugged = false
  /// Bytes that a write takes at most; nil for all.
  var writeLimit: Int?
  /// Share of bytes with a flipped bit, either way.
  var flipShare = 0.0
  var answersCommands = true
  /// Drives answer 0x24.
  var tellsHome = true
  private(set) var refused = 0
  private(set) var writes: [[UInt8]] = []
  /// Bytes that appear in the host's input as they are.
  var noise: [UInt8] = []
  /// Drives' answers to be lost, as the counter counts.
  var loses: (CtrlStep.Message) -> Bool = { _ in false }

  private var random = SeededGenerator(seed: 1)
  private var isOpen = false
  private var isCANOpen = false
  private var decoder = SLCANDecoder()
  private var waiting: [UInt8] = []
  private var output: [(due: Double, bytes: [UInt8])] = []

  init(nodes: [Int], name: String = "fake", seed: UInt64 = 1) {
    self.name = name
    drives = nodes.map { Drive(node: $0) }
    random = SeededGenerator(seed: seed)
  }

  func advance(by seconds: Double) {
    now += seconds
    move()
  }

  private func move() {
    for index in drives.indices { if let motion = drives[index].motion { drives[index].position = motion(now) } }
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
      if answersCommands { say(.acknowledge) }
    case .open:
      isCANOpen = true
      if answersCommands { say(.acknowledge) }
    case .frame(let frame, _) where isCANOpen:
      say(.sentStandard)
      if let message = CtrlStep.Message(frame) { deliver(message) }
    case .acknowledge: break
    default:
      refused += 1
      if answersCommands { say(.refusal) }
    }
  }

  private func deliver(_ message: CtrlStep.Message) {
    for index in drives.indices where message.node == drives[index].node || message.node == CtrlStep.broadcastNode {
      drives[index].log.append(message)
      switch message.command {
      case .position, .limitedPosition:
        if drives[index].motion == nil { drives[index].position = Double(message.value) + drives[index].zero }
        answer(.readPosition, of: index)
      case .readPosition: answer(.readPosition, of: index)
      case .readCurrent: answer(.readCurrent, of: index)
      case .readVelocity: answer(.readVelocity, of: index)
      case .readHomeOffset where tellsHome: tellHome(of: index)
      case .setHome: drives[index].zero = drives[index].position
      case .current: drives[index].current = message.value
      default: break
      }
    }
  }

  private func tellHome(of index: Int) {
    let drive = drives[index]
    let units = UInt32(bitPattern: Int32((drive.zero * 51_200).rounded()))
    let message = CtrlStep.Message(.readHomeOffset, node: drive.node, word: units)
    guard !drive.isSilent, !loses(message) else { return }
    say(.frame(message.frame))
  }

  private func answer(_ command: CtrlStep.Command, of index: Int) {
    let drive = drives[index]
    let value =
      switch command {
      case .readPosition: Float(drive.position - drive.zero)
      case .readCurrent: drive.current
      default: Float(0)
      }
    let message = CtrlStep.Message(command, node: drive.node, value: value)
    guard !drive.isSilent, !loses(message) else { return }
    say(.frame(message.frame))
  }
}

/// A bus on ``FakeDrives``, run tick by tick at 500 Hz.
struct Bench {
  static let period = 0.002
  static let turn = 2 * Double.pi

  let channel: FakeDrives
  let bus: CtrlStepBus
  var states: [MotorState]

  init(nodes: [Int] = [1, 2, 3, 4, 5, 6], seed: UInt64 = 1) {
    channel = FakeDrives(nodes: nodes, seed: seed)
    bus = CtrlStepBus(name: "can0", channel: channel, motors: nodes.map(Self.motor))
    states = Array(repeating: MotorState(), count: nodes.count)
  }

  static func motor(node: Int) -> CtrlStepBus.Motor {
    CtrlStepBus.Motor(node: node, currentLimit: 2, velocityLimit: 60, accelerationLimit: 188, torqueConstant: 0.2)
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
