/// Another parameter σ of a path, from 0 to 1, that runs evenly through a start from rest and a stop under limited jerk.
///
/// From rest the way grows with the cube of time, so the velocity of the path parameter s has an infinite slope over the way there. With s growing
/// with σ³ at an end at rest, σ has a velocity that is neither zero nor infinite, all of the way:
///
///     s = length · (m₀ σ + c₃ σ³ + c₄ σ⁴ + c₅ σ⁵)
///
/// has the slopes m₀ and m₁ at its ends, 0 at an end at rest and 1 at one in motion, and no second derivatives there.
struct EvenParameter {
  private let length, m0, c3, c4, c5: Double

  init(length: Double, startsAtRest: Bool, endsAtRest: Bool) {
    self.length = length
    m0 = startsAtRest ? 0 : 1
    let m1 = endsAtRest ? 0.0 : 1
    c3 = 10 - 6 * m0 - 4 * m1
    c4 = -15 + 8 * m0 + 7 * m1
    c5 = 6 - 3 * m0 - 3 * m1
  }

  /// s and its derivatives by σ.
  func place(at sigma: Double) -> (s: Double, first: Double, second: Double, third: Double) {
    let s = sigma * (m0 + sigma * sigma * (c3 + sigma * (c4 + sigma * c5)))
    let first = m0 + sigma * sigma * (3 * c3 + sigma * (4 * c4 + sigma * 5 * c5))
    let second = sigma * (6 * c3 + sigma * (12 * c4 + sigma * 20 * c5))
    let third = 6 * c3 + sigma * (24 * c4 + sigma * 60 * c5)
    return (length * min(max(s, 0), 1), length * first, length * second, length * third)
  }
}
