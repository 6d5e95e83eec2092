internal import Foundation

/// One jump of the eye: the longer it is the longer it takes and the faster it gets (the main sequence).
///
/// - Source: Carpenter, *Movements of the Eyes*, 1988: 2.2 ms for each degree and 21 ms besides. The profile is the one of least jerk.
struct Saccade: Sendable, Equatable {
  var start: Double
  var from: SIMD2<Double>
  var to: SIMD2<Double>

  var duration: Double { 0.021 + 0.0022 * (to - from).length * 180 / .pi }
  var end: Double { start + duration }

  func angle(at time: Double) -> SIMD2<Double> {
    let s = min(1, max(0, (time - start) / duration))
    return from + (to - from) * (s * s * s * (10 - 15 * s + 6 * s * s))
  }
}
