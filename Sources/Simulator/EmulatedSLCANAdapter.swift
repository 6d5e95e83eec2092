/// A USB adapter that carries CAN frames as lines of text ("SLCAN"), as a CANable does.
///
/// Each line ends in a carriage return and is answered by one, or by a bell where it is refused; frames from the bus come as lines of their own.
/// A closed channel neither sends nor hears. Buffers are bounded: what does not fit is lost and counted, and `F` tells of it once.
/// Any bytes at all may arrive: what is no command gets a bell at its end of line.
public struct EmulatedSLCANAdapter: Sendable {
  /// Counters since power-up.
  public struct Statistics: Sendable, Equatable {
    public var framesFromHost = 0
    public var framesToHost = 0
    /// Lines that were answered by a bell.
    public var refusedLines = 0
    /// Frames from the host that found no room.
    public var lostFromHost = 0
    /// Bytes to the host that found no room, in whole lines.
    public var lostToHost = 0
  }

  /// Frames that wait for the bus.
  static let transmitCapacity = 64
  /// Bytes that wait for the host.
  static let outputCapacity = 4096
  /// The longest line: an extended frame of 8 bytes.
  private static let lineCapacity = 26

  private static let carriageReturn = UInt8(ascii: "\r")
  private static let bell: UInt8 = 0x07
  /// `S0`…`S8` [bit/s].
  private static let bitrates: [Double] = [10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000]

  /// Flags of the reply to `F`.
  private static let receiveFull: UInt8 = 1 << 0, transmitFull: UInt8 = 1 << 1, busError: UInt8 = 1 << 7

  public private(set) var statistics = Statistics()
  public private(set) var isOpen = false
  /// As the host chose it [bit/s]; nil before it has.
  public private(set) var bitrate: Double?
  private var isListenOnly = false
  private var hasTimestamps = false
  private var flags: UInt8 = 0
  private var line: [UInt8] = []
  private var isLineTooLong = false
  /// Bytes to the host with the time from which it can read them, in order.
  private var output: [(dueTime: Double, bytes: [UInt8])] = []
  private var outputCount = 0
  private var latestDue = 0.0

  init() { line.reserveCapacity(Self.lineCapacity + 1) }

  /// When the host can first read something; nil where nothing waits.
  var nextOutputTime: Double? { output.first?.dueTime }

  /// Takes a byte from the host in at `time`.
  ///
  /// - Parameters:
  ///   - latency: Between the adapter and the host [s].
  ///   - room: Frames that may still be handed to the bus.
  /// - Returns: A frame for the bus, where a line asked for one.
  mutating func receive(_ byte: UInt8, at time: Double, latency: Double, room: Int) -> CANFrameOnWire? {
    guard byte == Self.carriageReturn else {
      if line.count <= Self.lineCapacity { line.append(byte) } else { isLineTooLong = true }
      return nil
    }
    defer {
      line.removeAll(keepingCapacity: true)
      isLineTooLong = false
    }
    guard !line.isEmpty else { return nil }
    var sent: CANFrameOnWire?
    let reply = isLineTooLong ? nil : obey(room: room, sent: &sent)
    if reply == nil { statistics.refusedLines += 1 }
    post(reply ?? [Self.bell], due: time + latency)
    return sent
  }

  /// A frame from the bus, complete at `time`.
  mutating func deliver(_ frame: CANFrameOnWire, at time: Double, latency: Double) {
    guard isOpen else { return }
    var text: [UInt8] = [UInt8(ascii: frame.isExtended ? (frame.isRemote ? "R" : "T") : (frame.isRemote ? "r" : "t"))]
    for digit in stride(from: frame.isExtended ? 7 : 2, through: 0, by: -1) { text.append(Self.hex(frame.id >> UInt32(4 * digit))) }
    text.append(Self.hex(UInt32(frame.length)))
    if !frame.isRemote {
      for index in 0..<frame.length { text += [Self.hex(UInt32(frame[index] >> 4)), Self.hex(UInt32(frame[index]))] }
    }
    if hasTimestamps {
      let milliseconds = UInt32((time * 1000).truncatingRemainder(dividingBy: 60000))
      for digit in stride(from: 3, through: 0, by: -1) { text.append(Self.hex(milliseconds >> UInt32(4 * digit))) }
    }
    text.append(Self.carriageReturn)
    if post(text, due: time + latency) { statistics.framesToHost += 1 }
  }

  /// The frame found no other node to hear it.
  mutating func noteBusError() { flags |= Self.busError }

  /// Copies what the host can read by `time`, whole or in part; returns how many bytes.
  mutating func drain(into buffer: UnsafeMutableRawBufferPointer, upTo time: Double) -> Int {
    var filled = 0
    while let first = output.first, first.dueTime <= time, filled < buffer.count {
      let taken = min(first.bytes.count, buffer.count - filled)
      for index in 0..<taken { buffer[filled + index] = first.bytes[index] }
      filled += taken
      if taken == first.bytes.count { output.removeFirst() } else { output[0].bytes.removeFirst(taken) }
    }
    outputCount -= filled
    return filled
  }

  /// Unplugged and plugged in again: all is forgotten.
  mutating func restart() {
    let counted = statistics
    self = EmulatedSLCANAdapter()
    statistics = counted
  }

  /// Puts bytes in the host's queue; false where they found no room.
  @discardableResult private mutating func post(_ bytes: [UInt8], due: Double) -> Bool {
    guard outputCount + bytes.count <= Self.outputCapacity else {
      statistics.lostToHost += bytes.count
      flags |= Self.receiveFull
      return false
    }
    latestDue = max(latestDue, due)
    output.append((latestDue, bytes))
    outputCount += bytes.count
    return true
  }

  /// What the line says is done; nil where it cannot be.
  private mutating func obey(room: Int, sent: inout CANFrameOnWire?) -> [UInt8]? {
    let accepted = [Self.carriageReturn]
    switch line[0] {
    case UInt8(ascii: "S"):
      guard !isOpen, line.count == 2, let index = Self.value(line[1]), index < Self.bitrates.count else { return nil }
      bitrate = Self.bitrates[Int(index)]
      return accepted
    case UInt8(ascii: "O"), UInt8(ascii: "L"):
      guard !isOpen, line.count == 1, bitrate != nil else { return nil }
      isOpen = true
      isListenOnly = line[0] == UInt8(ascii: "L")
      return accepted
    case UInt8(ascii: "C"):
      guard line.count == 1 else { return nil }
      isOpen = false
      return accepted
    case UInt8(ascii: "V"): return line.count == 1 ? Array("V1013\r".utf8) : nil
    case UInt8(ascii: "v"): return line.count == 1 ? Array("v1013\r".utf8) : nil
    case UInt8(ascii: "N"): return line.count == 1 ? Array("N0001\r".utf8) : nil
    case UInt8(ascii: "F"):
      guard isOpen, line.count == 1 else { return nil }
      defer { flags = 0 }
      return [line[0], Self.hex(UInt32(flags >> 4)), Self.hex(UInt32(flags)), Self.carriageReturn]
    case UInt8(ascii: "Z"):
      guard !isOpen, line.count == 2, line[1] == UInt8(ascii: "0") || line[1] == UInt8(ascii: "1") else { return nil }
      hasTimestamps = line[1] == UInt8(ascii: "1")
      return accepted
    default:
      guard isOpen, !isListenOnly, let frame = frameInLine() else { return nil }
      guard room > 0 else {
        statistics.lostFromHost += 1
        flags |= Self.transmitFull
        return nil
      }
      statistics.framesFromHost += 1
      sent = frame
      return accepted
    }
  }

  private func frameInLine() -> CANFrameOnWire? {
    let kind = line[0]
    let isExtended = kind == UInt8(ascii: "T") || kind == UInt8(ascii: "R")
    let isRemote = kind == UInt8(ascii: "r") || kind == UInt8(ascii: "R")
    guard isExtended || isRemote || kind == UInt8(ascii: "t") else { return nil }
    let digits = isExtended ? 8 : 3
    guard line.count >= digits + 2 else { return nil }
    var id: UInt32 = 0
    for index in 1...digits {
      guard let digit = Self.value(line[index]) else { return nil }
      id = id << 4 | digit
    }
    guard let length = Self.value(line[digits + 1]), length <= 8, id <= (isExtended ? 0x1FFF_FFFF : 0x7FF) else { return nil }
    var frame = CANFrameOnWire(id: id, isExtended: isExtended, isRemote: isRemote, length: Int(length))
    guard line.count == digits + 2 + (isRemote ? 0 : 2 * frame.length) else { return nil }
    guard !isRemote else { return frame }
    for index in 0..<frame.length {
      guard let high = Self.value(line[digits + 2 + 2 * index]), let low = Self.value(line[digits + 3 + 2 * index]) else { return nil }
      frame[index] = UInt8(high << 4 | low)
    }
    return frame
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A") + 10)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a") + 10)
    default: nil
    }
  }

  private static func hex(_ value: UInt32) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: value & 0xF)
    return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
  }
}
