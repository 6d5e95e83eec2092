/// What can go wrong on a serial line, for tests: bits that flip, at random but the same way for the same seed.
public struct LineFaults: Sendable, Equatable {
  /// Chance that a byte arrives with one bit flipped, each way, 0…1.
  public var flipToArm, flipToHost: Double
  private var draws: SplitMix64

  public init(flipToArm: Double = 0, flipToHost: Double = 0, seed: UInt64 = 1) {
    self.flipToArm = flipToArm
    self.flipToHost = flipToHost
    draws = SplitMix64(seed: seed)
  }

  mutating func strike(_ bytes: UnsafeMutableRawBufferPointer, probability: Double) {
    guard probability > 0 else { return }
    for index in bytes.indices {
      let draw = draws.next()
      guard Double(draw >> 11) * 0x1p-53 < probability else { continue }
      bytes[index] ^= 1 << UInt8(draw & 7)
    }
  }

  /// Draws whether something of that chance happens now.
  mutating func strikes(_ probability: Double) -> Bool { probability > 0 && draws.share() < probability }
}
