import MotorDrivers
import Testing

@testable import Simulator

/// Frames on the emulated wire: their bits, and who goes first.
@Suite struct CANWireTests {
  struct Frame: CustomTestStringConvertible {
    let frame: CANFrame
    let bits: Int
    var testDescription: String { "\(frame)" }
  }

  /// Counted by a bit-string program of its own.
  @Test(arguments: [
    Frame(frame: CANFrame(0x105), bits: 126),
    Frame(frame: CANFrame(0x123, bits: 0x332211, count: 3), bits: 72),
    Frame(frame: CANFrame(0x7FF, bits: .max), bits: 126),
    Frame(frame: CANFrame(0x555, bits: 0x5555_5555_5555_5555), bits: 112),
    Frame(frame: CANFrame(0, count: 0), bits: 53),
    Frame(frame: CANFrame(0x1234_5678, isExtended: true, bits: 0xAA, count: 1), bits: 76),
    Frame(frame: CANFrame(remote: 0x123, count: 4), bits: 47),
    Frame(frame: CANFrame(remote: 0x1FFF_FFFF, isExtended: true), bits: 74),
  ])
  func aFrameTakesItsBitsWithTheStuffedOnes(frame: Frame) {
    #expect(frame.frame.exactBitCount == frame.bits)
  }

  @Test func theLowestIdentifierGoesFirstAmongThoseThatWait() throws {
    var wire = CANWire(senders: 3, bitrate: 1_000_000)
    wire.enqueue(CANFrame(0x700), from: 0, at: 0)
    wire.enqueue(CANFrame(0x050), from: 0, at: 0)
    wire.enqueue(CANFrame(0x300), from: 1, at: 10e-6)
    wire.enqueue(CANFrame(0x100), from: 2, at: 20e-6)
    wire.enqueue(CANFrame(0x080), from: 2, at: 900e-6)
    var order: [UInt32] = []
    var times: [Double] = []
    while wire.nextEventTime.isFinite {
      let time = wire.nextEventTime
      if let done = wire.handleEvent() {
        order.append(done.frame.identifier)
        times.append(time)
      }
    }
    // 0x700 found the bus idle; a sender's own frames keep their order, so 0x050 came behind it.
    #expect(order == [0x700, 0x050, 0x100, 0x300, 0x080])
    let first = Double(CANFrame(0x700).exactBitCount - 3) * 1e-6
    #expect(abs(times[0] - first) < 1e-12)
    #expect(times[4] > 900e-6)
  }

  @Test func aStandardFrameWinsOverAnExtendedOneOfTheSameBeginning() {
    let standard = CANFrame(0x123), remote = CANFrame(remote: 0x123)
    let extended = CANFrame(0x123 << 18, isExtended: true)
    #expect(standard.arbitrationKey < remote.arbitrationKey)
    #expect(remote.arbitrationKey < extended.arbitrationKey)
    #expect(extended.arbitrationKey < CANFrame(0x124).arbitrationKey)
  }
}
