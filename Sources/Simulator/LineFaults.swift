/// What can go wrong on a serial line, for tests: bits that flip, at random but the same way for the same seed.
public struct LineFaults: Sendable, Equatable {
  /// Chance that a byte arrives with one bit flipped, each way, 0…1.
  public var flipToArm, flipToHost: Double
  private var state: UInt64

  public init(flipToArm: Double = 0, flipToHost: Double = 0, seed: UInt64 = 1) {
    self.flipToArm = flipToArm
    self.flipToHost = flipToHost
    state = seed
  }

  mutating func strike(_ bytes: UnsafeMutableRawBufferPointer, probability: Double) {
    guard probability > 0 else { return }
    for index in bytes.indices {
      let draw = next()
      guard Double(draw >> 11) * 0x1p-53 < probability else { continue }
      bytes[index] ^= 1 << UInt8(draw & 7)
    }
  }

  /// Draws whether something of that chance happens now.
  mutating func strikes(_ probability: Double) -> Bool { probability > 0 && Double(next() >> 11) * 0x1p-53 < probability }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
