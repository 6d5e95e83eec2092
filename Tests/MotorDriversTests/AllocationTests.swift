import CMallocCounter
import MotorDrivers
import Testing

/// A tick of the bus makes no heap allocation, whatever the line does. A throwing one makes none either, but the test library would add its own.
@Suite struct AllocationTests {
  struct LineCase: CustomTestStringConvertible {
    let name: String
    let command: MotorCommand
    var isGarbled = false
    var isShort = false
    var isSilent = false
    var testDescription: String { name }
  }

  @Test(arguments: [
    LineCase(name: "positions", command: .position(0, velocity: 1)),
    LineCase(name: "off", command: .off),
    LineCase(name: "efforts", command: .effort(0.1)),
    LineCase(name: "garbage", command: .position(0, velocity: 0), isGarbled: true),
    LineCase(name: "short writes", command: .position(0, velocity: 0), isShort: true),
    LineCase(name: "a stall and its end", command: .position(0, velocity: 0), isSilent: true),
  ])
  func aTickAllocatesNothing(example: LineCase) throws {
    let line = EchoingLine()
    let bus: any MotorBus = CtrlStepBus(name: "can0", channel: line, motors: (1...6).map(Bench.motor))
    try bus.connect()
    var states = Array(repeating: MotorState(), count: 6)
    let commands = Array(repeating: example.command, count: 6)
    var time = line.now
    func run(_ count: Int) throws {
      for tick in 0..<count {
        time += Bench.period
        line.isSilent = example.isSilent && tick % 200 < 100
        try bus.receive(into: &states, time: time)
        try bus.send(commands, time: time)
      }
    }
    line.isGarbled = example.isGarbled
    line.isShort = example.isShort
    // Once through everything, so that what is only made at first use is made.
    try run(400)
    bus.clearFaults()
    let before = malloc_counter_thread()
    try run(1_000)
    #expect(malloc_counter_thread() == before)
  }
}

/// Answers at once from preallocated memory, as six drives at rest would.
private final class EchoingLine: ByteChannel {
  let name = "echo"
  private(set) var now = 0.0
  var isGarbled = false
  var isShort = false
  var isSilent = false
  private let answers = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 1)
  private var count = 0
  private var decoder = SLCANDecoder()

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
      guard !isSilent, case .frame(let frame, _) = line, let message = CtrlStep.Message(frame) else { continue }
      switch message.command {
      case .position, .readPosition: put(.frame(CtrlStep.Message(.readPosition, node: message.node, value: 0).frame))
      case .readCurrent, .readVelocity, .readHomeOffset: put(.frame(CtrlStep.Message(message.command, node: message.node, value: 0).frame))
      default: break
      }
    }
    if isGarbled { for index in 0..<40 { put(byte: UInt8(truncatingIfNeeded: 7 * index)) } }
    return taken
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
