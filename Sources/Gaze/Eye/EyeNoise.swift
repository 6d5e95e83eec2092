internal import Foundation

/// Random numbers of the synthetic eye: the same on every machine for the same seed (SplitMix64).
struct EyeNoise: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Normally distributed, with mean 0 and standard deviation 1 (Box and Muller).
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 1e-300...1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }

  mutating func normalPair() -> SIMD2<Double> { SIMD2(normal(), normal()) }

  /// Its logarithm is normally distributed.
  mutating func logNormal(median: Double, spread: Double) -> Double { median * exp(spread * normal()) }
}
