/// Points spread evenly over a unit cube of eight dimensions, the same for the same seed.
///
/// - Source: the additive recurrence of M. Roberts, *The unreasonable effectiveness of quasirandom sequences* (2018): steps of 1/g, 1/g², … where g
///   solves gᵈ⁺¹ = g + 1.
struct SampleSequence {
  private var state: SIMD8<UInt32>
  private let step: SIMD8<UInt32>

  init(seed: Int, dimensions: Int) {
    var g = 1.5
    for _ in 0..<64 {
      var power = 1.0
      for _ in 0...dimensions { power *= g }
      g -= (power - g - 1) / (Double(dimensions + 1) * power / g - 1)
    }
    var step = SIMD8<UInt32>(), share = 1.0
    for lane in 0..<8 {
      share /= g
      step[lane] = UInt32(share * 0x1p32) | 1
    }
    self.step = step
    var hash = UInt64(bitPattern: Int64(seed)), state = SIMD8<UInt32>()
    for lane in 0..<8 {
      // SplitMix64
      hash &+= 0x9E37_79B9_7F4A_7C15
      var z = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      state[lane] = UInt32(truncatingIfNeeded: z >> 16)
    }
    self.state = state
  }

  /// The next point, its coordinates from 0 to 1 without 1.
  @inline(__always)
  mutating func next() -> JointRow {
    state &+= step
    let top = unsafeBitCast(state &>> SIMD8(repeating: 8), to: SIMD8<Int32>.self)
    return JointRow(top) * 0x1p-24
  }
}
