/// A classic CAN frame as it is on the wire. The emulator keeps its own, so that a mistake in the drivers' codec is not answered by the same mistake here.
struct CANFrameOnWire: Sendable, Equatable {
  /// 11 bits, or 29 where extended.
  var id: UInt32
  var isExtended = false
  /// A request for data that carries none.
  var isRemote = false
  /// 0…8
  var length: Int
  /// Bytes beyond `length` are what the mailbox held.
  var data: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0, 0, 0, 0)

  init(id: UInt32, isExtended: Bool = false, isRemote: Bool = false, length: Int) {
    self.id = id
    self.isExtended = isExtended
    self.isRemote = isRemote
    self.length = length
  }

  init(id: UInt32, _ bytes: [UInt8]) {
    self.init(id: id, length: bytes.count)
    for (index, byte) in bytes.enumerated() { self[index] = byte }
  }

  /// - Precondition: `0 ≤ index < 8`.
  subscript(index: Int) -> UInt8 {
    get { withUnsafeBytes(of: data) { $0[index] } }
    set { withUnsafeMutableBytes(of: &data) { $0[index] = newValue } }
  }

  static func == (a: Self, b: Self) -> Bool {
    a.id == b.id && a.isExtended == b.isExtended && a.isRemote == b.isRemote && a.length == b.length
      && (0..<a.length).allSatisfy { a[$0] == b[$0] }
  }

  /// What decides who goes first where two begin at once: the lower wins.
  var arbitrationKey: UInt64 {
    let base = isExtended ? UInt64(id >> 18) : UInt64(id)
    let rest = isExtended ? UInt64(id & 0x3FFFF) : 0
    // Identifier, then RTR or SRR, then IDE, then the extension and its RTR: in the order in which they are sent.
    let first: UInt64 = isExtended || isRemote ? 1 : 0
    return base << 21 | first << 20 | (isExtended ? 1 : 0) << 19 | rest << 1 | (isExtended && isRemote ? 1 : 0)
  }

  /// Bits on the wire from start of frame to the end of the pause after it, with the bits that stuffing adds: 111…135 for a standard frame of 8 bytes.
  var bitCount: Int {
    var counter = StuffingCounter()
    counter.add(0, bits: 1)
    if isExtended {
      counter.add(id >> 18, bits: 11)
      counter.add(0b11, bits: 2)
      counter.add(id & 0x3FFFF, bits: 18)
      counter.add(isRemote ? 1 : 0, bits: 1)
      counter.add(0, bits: 2)
    } else {
      counter.add(id, bits: 11)
      counter.add(isRemote ? 1 : 0, bits: 1)
      counter.add(0, bits: 2)
    }
    counter.add(UInt32(length), bits: 4)
    if !isRemote { for index in 0..<length { counter.add(UInt32(self[index]), bits: 8) } }
    counter.add(UInt32(counter.checksum), bits: 15)
    return counter.count + Self.trailerBits + Self.pauseBits
  }

  /// Delimiters, acknowledge slot and end of frame.
  private static let trailerBits = 10
  /// Between two frames.
  static let pauseBits = 3
}

/// Counts the bits of a frame with those that are stuffed after five equal ones, and keeps CAN's 15-bit checksum of the unstuffed ones.
private struct StuffingCounter {
  private(set) var count = 0
  private(set) var checksum: UInt16 = 0
  private var run = 0
  private var last: UInt32 = 2

  mutating func add(_ value: UInt32, bits: Int) {
    for position in stride(from: bits - 1, through: 0, by: -1) {
      let bit = value >> UInt32(position) & 1
      let top = UInt32(checksum >> 14) & 1
      checksum = checksum << 1 & 0x7FFF
      if top != bit { checksum ^= 0x4599 }
      count += 1
      run = bit == last ? run + 1 : 1
      last = bit
      if run == 5 {
        count += 1
        last = 1 - bit
        run = 1
      }
    }
  }
}
