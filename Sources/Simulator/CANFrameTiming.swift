internal import MotorDrivers

extension CANFrame {
  /// What decides who goes first where several begin at once: the lower wins.
  var arbitrationKey: UInt64 {
    let base = UInt64(isExtended ? identifier >> 18 : identifier)
    let rest = UInt64(isExtended ? identifier & 0x3FFFF : 0)
    // In the order in which the bits are sent: identifier, RTR or SRR, IDE, then the extension and its RTR.
    let substitute: UInt64 = isExtended || isRemote ? 1 : 0
    return base << 21 | substitute << 20 | (isExtended ? 1 : 0) << 19 | rest << 1 | (isExtended && isRemote ? 1 : 0)
  }

  /// Bits on the wire, with those that this frame's stuffing really adds, up to the end of the pause after it: 111…135 for a standard frame of 8
  /// bytes.
  ///
  /// - Source: Bosch, *CAN Specification 2.0* (1991), part B.
  var exactBitCount: Int {
    var counter = StuffingCounter()
    counter.add(0, bits: 1)
    if isExtended {
      counter.add(identifier >> 18, bits: 11)
      counter.add(0b11, bits: 2)
      counter.add(identifier & 0x3FFFF, bits: 18)
      counter.add(isRemote ? 1 : 0, bits: 1)
      counter.add(0, bits: 2)
    } else {
      counter.add(identifier, bits: 11)
      counter.add(isRemote ? 1 : 0, bits: 1)
      counter.add(0, bits: 2)
    }
    counter.add(UInt32(count), bits: 4)
    if !isRemote { for index in 0..<count { counter.add(UInt32(self[index]), bits: 8) } }
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
