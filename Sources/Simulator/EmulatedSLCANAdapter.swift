internal import MotorDrivers

/// A USB adapter that carries CAN frames as lines of text, as a CANable does.
///
/// Each line ends in a carriage return and is answered by one, or by a bell where it is refused; frames from the bus come as lines of their own.
/// A closed channel neither sends nor hears. Buffers are bounded: what does not fit is lost and counted, and `F` tells of it once.
/// Any bytes at all may arrive. Unlike the host, which looks for frames in damaged lines, an adapter refuses all up to the next carriage return.
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

  /// Flags of the answer to `F`.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let receiveFull = Flags(rawValue: 1 << 0)
    static let transmitFull = Flags(rawValue: 1 << 1)
    static let busError = Flags(rawValue: 1 << 7)
  }

  /// Frames that wait for the bus.
  static let transmitCapacity = 64
  /// Bytes that wait for the host.
  static let outputCapacity = 4096

  public private(set) var statistics = Statistics()
  public private(set) var isOpen = false
  /// As the host chose it [bit/s]; nil before it has.
  public private(set) var bitrate: Double?
  private var isListenOnly = false
  private var hasTimestamps = false
  private var flags: Flags = []
  private var line: [UInt8] = []
  private var isLineTooLong = false
  /// Bytes to the host with the time from which it can read them, in order.
  private var output: [(dueTime: Double, bytes: [UInt8])] = []
  private var outputCount = 0
  private var latestDue = 0.0

  init() { line.reserveCapacity(SLCAN.maximumLineLength) }

  /// When the host can first read something; nil where nothing waits.
  var nextOutputTime: Double? { output.first?.dueTime }

  /// Takes a byte from the host in at `time`.
  ///
  /// - Parameters:
  ///   - latency: Between the adapter and the host [s].
  ///   - room: Frames that may still be handed to the bus.
  /// - Returns: A frame for the bus, where a line asked for one.
  mutating func receive(_ byte: UInt8, at time: Double, latency: Double, room: Int) -> CANFrame? {
    guard byte == UInt8(ascii: "\r") else {
      if line.count < SLCAN.maximumLineLength - 1 { line.append(byte) } else { isLineTooLong = true }
      return nil
    }
    defer {
      line.removeAll(keepingCapacity: true)
      isLineTooLong = false
    }
    guard !line.isEmpty else { return nil }
    var sent: CANFrame?
    let reply = obey(whole(line), room: room, sent: &sent)
    if reply == .refusal { statistics.refusedLines += 1 }
    post(SLCAN.bytes(of: reply), due: time + latency)
    return sent
  }

  /// A frame from the bus, complete at `time`.
  mutating func deliver(_ frame: CANFrame, at time: Double, latency: Double) {
    guard isOpen else { return }
    let milliseconds = UInt16((time * 1000).truncatingRemainder(dividingBy: 60000))
    if post(SLCAN.bytes(of: .frame(frame, timestamp: hasTimestamps ? milliseconds : nil)), due: time + latency) { statistics.framesToHost += 1 }
  }

  /// The frame found no other node to hear it.
  mutating func noteBusError() { flags.insert(.busError) }

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

  /// Unplugged and plugged in again: all is forgotten but the counters.
  mutating func restart() {
    let counted = statistics
    self = EmulatedSLCANAdapter()
    statistics = counted
  }

  /// Puts bytes in the host's queue; false where they found no room.
  @discardableResult private mutating func post(_ bytes: [UInt8], due: Double) -> Bool {
    guard outputCount + bytes.count <= Self.outputCapacity else {
      statistics.lostToHost += bytes.count
      flags.insert(.receiveFull)
      return false
    }
    latestDue = max(latestDue, due)
    output.append((latestDue, bytes))
    outputCount += bytes.count
    return true
  }

  /// What a line says as a whole, its carriage return left out.
  private func whole(_ line: [UInt8]) -> SLCAN.Line {
    guard !isLineTooLong else { return .malformed }
    var decoder = SLCANDecoder()
    for byte in line where decoder.decode(byte) != nil { return .malformed }
    return decoder.decode(UInt8(ascii: "\r")) ?? .malformed
  }

  /// Does what `line` says, and returns the reply.
  private mutating func obey(_ line: SLCAN.Line, room: Int, sent: inout CANFrame?) -> SLCAN.Line {
    switch line {
    case .bitRate(let index) where !isOpen: bitrate = Double(SLCAN.bitRates[index])
    case .open where !isOpen && bitrate != nil: (isOpen, isListenOnly) = (true, false)
    case .listen where !isOpen && bitrate != nil: (isOpen, isListenOnly) = (true, true)
    case .close: isOpen = false
    case .timestamps(let isOn) where !isOpen: hasTimestamps = isOn
    case .query(let query): return answer(query)
    case .frame(let frame, timestamp: nil) where isOpen && !isListenOnly:
      guard room > 0 else {
        statistics.lostFromHost += 1
        flags.insert(.transmitFull)
        return .refusal
      }
      statistics.framesFromHost += 1
      sent = frame
    default: return .refusal
    }
    return .acknowledge
  }

  private mutating func answer(_ query: SLCAN.Query) -> SLCAN.Line {
    switch query {
    case .version, .firmware: return .answer(query, characters: Self.characters("1013"))
    case .serialNumber: return .answer(query, characters: Self.characters("0001"))
    case .status:
      guard isOpen else { return .refusal }
      defer { flags = [] }
      let digits = String(flags.rawValue, radix: 16, uppercase: true)
      return .answer(query, characters: Self.characters(flags.rawValue < 16 ? "0" + digits : digits))
    }
  }

  private static func characters(_ text: String) -> UInt64 { text.utf8.reduce(0) { $0 << 8 | UInt64($1) } }
}
