/// Speaking with an SLCAN adapter while a bus connects or ends: slow, one question at a time, each waited for.
struct SLCANConversation {
  static let adapterAttempts = 5
  /// How long an answer may take [s].
  static let answerTime = 0.05
  /// How long the line is listened to for what still comes [s].
  static let settleTime = 0.01

  let bus: String
  let channel: any ByteChannel
  /// On the CAN side [bit/s], one of ``SLCAN/bitRates``.
  let bitRate: Int
  private var decoder = SLCANDecoder()
  private var lines: [SLCAN.Line] = []

  init(bus: String, channel: any ByteChannel, bitRate: Int) {
    self.bus = bus
    self.channel = channel
    self.bitRate = bitRate
  }

  var now: Double { channel.now }

  /// Closes the adapter's CAN side whatever state it is in, sets the bit rate, and opens it.
  mutating func startAdapter() throws(BusError) {
    let rate = SLCAN.bitRates.firstIndex(of: bitRate) ?? SLCAN.bitRates.count - 1
    for _ in 0..<Self.adapterAttempts {
      // Three, as the first only ends a line that someone left unfinished.
      for _ in 0..<3 { try write(.close) }
      try drain()
      try write(.bitRate(rate))
      guard try isAcknowledged() else { continue }
      try write(.open)
      guard try isAcknowledged() else { continue }
      try drain()
      return
    }
    throw .noAdapter(bus: bus)
  }

  func write(_ frame: CANFrame) throws(BusError) { try write(.frame(frame)) }

  func write(_ line: SLCAN.Line) throws(BusError) {
    let bytes = SLCAN.bytes(of: line)
    var written = 0
    let deadline = now + Self.answerTime
    while written < bytes.count && now < deadline {
      let count = try bytes.withUnsafeBufferPointer { (all) throws(BusError) in
        try channel.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[written...])))
      }
      written += count
      if count == 0 { try channel.waitForInput(atMost: 0.001) }
    }
  }

  /// What `meaning` makes of the first frame that it understands, of those that come within ``answerTime``; nil where none does.
  mutating func answer<Answer>(_ meaning: (CANFrame) -> Answer?) throws(BusError) -> Answer? {
    let deadline = now + Self.answerTime
    while try listen(until: deadline) {
      for case .frame(let frame, _) in lines {
        if let answer = meaning(frame) { return answer }
      }
    }
    return nil
  }

  /// Listens until the line has been quiet for `settleTime`; at most for twenty times as long.
  mutating func drain() throws(BusError) {
    let end = now + 20 * Self.settleTime
    while now < end {
      guard try listen(until: now + Self.settleTime) else { return }
    }
  }

  /// Takes in the lines that arrive by `deadline`, at least those that have arrived; returns false where none does.
  private mutating func listen(until deadline: Double) throws(BusError) -> Bool {
    lines.removeAll(keepingCapacity: true)
    while true {
      let count = try receive()
      if !lines.isEmpty { return true }
      let remaining = deadline - now
      guard remaining > 0 else { return false }
      if count == 0 { try channel.waitForInput(atMost: remaining) }
    }
  }

  private mutating func receive() throws(BusError) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
    defer { buffer.deallocate() }
    let count = try channel.read(into: buffer)
    for index in 0..<count {
      if let line = decoder.decode(buffer[index]) { lines.append(line) }
    }
    return count
  }

  private mutating func isAcknowledged() throws(BusError) -> Bool {
    let deadline = now + Self.answerTime
    while try listen(until: deadline) {
      for line in lines {
        if line == .acknowledge { return true }
        if line == .refusal { return false }
      }
    }
    return false
  }
}
