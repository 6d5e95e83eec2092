import CMallocCounter
import MotorDrivers
import Testing

/// A tick of the bus makes no heap allocation, whatever the line does. A throwing one makes none either, but the test library would add its own.
@Suite struct DamiaoAllocationTests {
  struct LineCase: CustomTestStringConvertible {
    let name: String
    let command: MotorCommand
    var isGarbled = false
    var isShort = false
    var isSilent = false
    var isLossy = false
    var testDescription: String { name }
  }

  static let impedance = MotorCommand.impedance(position: 0, velocity: 0.1, effort: 3, stiffness: 240, damping: 9)

  @Test(arguments: [
    LineCase(name: "impedances", command: impedance),
    LineCase(name: "positions", command: .position(0, velocity: 0.1)),
    LineCase(name: "off", command: .off),
    LineCase(name: "garbage", command: impedance, isGarbled: true),
    LineCase(name: "short writes", command: impedance, isShort: true),
    LineCase(name: "a stall and its end", command: impedance, isSilent: true),
    LineCase(name: "lost answers", command: impedance, isLossy: true),
  ])
  func aTickAllocatesNothing(example: LineCase) throws {
    let line = EchoingMotors()
    let bus: any MotorBus = DamiaoBus(name: "can0", channel: line, motors: (1...7).map(DamiaoBench.motor))
    try bus.connect()
    var states = Array(repeating: MotorState(), count: 7)
    let commands = Array(repeating: example.command, count: 7)
    var time = line.now
    func run(_ count: Int) throws {
      for tick in 0..<count {
        time += DamiaoBench.period
        line.isSilent = example.isSilent && tick % 200 < 100
        try bus.receive(into: &states, time: time)
        try bus.send(commands, time: time)
        if tick % 97 == 0 { bus.clearFaults() }
      }
    }
    line.isGarbled = example.isGarbled
    line.isShort = example.isShort
    line.isLossy = example.isLossy
    // Once through everything, so that what is only made at first use is made.
    try run(400)
    let before = malloc_counter_thread()
    try run(1_000)
    #expect(malloc_counter_thread() == before)
  }
}

/// Answers at once from preallocated memory, as seven motors at rest would that take whatever they are told.
private final class EchoingMotors: ByteChannel {
  let name = "echo"
  private(set) var now = 0.0
  var isGarbled = false
  var isShort = false
  var isSilent = false
  var isLossy = false
  private let answers = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 1)
  private var count = 0
  private var decoder = SLCANDecoder()
  private var isOn = InlineArray<16, Bool>(repeating: false)
  private var frameCount = 0

  deinit { answers.deallocate() }

  func open() {}
  func close() {}
  func waitForInput(atMost seconds: Double) { if count == 0 { now += seconds } }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let taken = min(count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: answers[..<taken]))
    answers.copyMemory(from: UnsafeRawBufferPointer(rebasing: answers[taken..<count]))
    count -= taken
    return taken
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    let taken = isShort ? bytes.count / 3 : bytes.count
    for index in 0..<taken {
      guard let line = decoder.decode(bytes[index]) else { continue }
      put(.acknowledge)
      guard !isSilent, case .frame(let frame, _) = line else { continue }
      frameCount += 1
      if !isLossy || frameCount % 7 != 0 { answer(frame) }
    }
    if isGarbled { for index in 0..<40 { put(byte: UInt8(truncatingIfNeeded: 7 * index)) } }
    return taken
  }

  private func answer(_ frame: CANFrame) {
    if let request = Damiao.RegisterFrame(frame), frame.identifier == Damiao.registerIdentifier {
      guard request.operation != .refresh else { return tell(request.motor) }
      let value: UInt32 =
        switch request.register {
        case .timeout: 1_000
        case .mode: 1
        case .positionRange: Float(12.5).bitPattern
        case .velocityRange: Float(45).bitPattern
        default: Float(54).bitPattern
        }
      let reply = Damiao.RegisterFrame(request.operation, of: request.register, motor: request.motor, value: value)
      return put(.frame(reply.frame(identifier: UInt32(0x10 + request.motor))))
    }
    guard frame.identifier < 16 else { return }
    let motor = Int(frame.identifier)
    switch Damiao.Command(frame) {
    case .enable: isOn[motor] = true
    case .disable: isOn[motor] = false
    default: break
    }
    tell(motor)
  }

  private func tell(_ motor: Int) {
    guard motor < 16 else { return }
    let feedback = Damiao.Feedback(
      motor: motor, status: isOn[motor] ? .enabled : .disabled, position: 0, velocity: 0, torque: 0, driverTemperature: 30, windingTemperature: 40)
    put(.frame(feedback.frame(to: 0x10 + motor, scale: DamiaoBench.scale)))
  }

  private func put(_ line: SLCAN.Line) {
    guard count + SLCAN.maximumLineLength <= answers.count else { return }
    count += SLCAN.encode(line, into: UnsafeMutableRawBufferPointer(rebasing: answers[count...]))
  }

  private func put(byte: UInt8) {
    answers[count] = byte
    count += 1
  }
}
