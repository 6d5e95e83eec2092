internal import Foundation

/// Two angles from two equations that are linear in their cosines and sines:
///
///     A·(cos α, sin α) + B·(cos β, sin β) = target
///
/// Both subproblem 5 (three circles) and subproblem 6 (four circles) come down to it. Where a combination of the equations is free of one of the
/// angles, as it is wherever two neighbouring axes meet or are parallel, two quadratic equations follow one another; else a quartic one.
///
/// - Source: A. Elias and J. Wen, *IK-Geo* (2022), sections 3.5 and 3.6.
struct AnglePair {
  /// Two rows of two.
  struct Matrix {
    var top, bottom: SIMD2<Double>

    /// Unit vectors u such that uᵀ times the matrix is the least and the greatest, with its lengths.
    var leftDirections: (least: SIMD2<Double>, greatest: SIMD2<Double>, leastLength: Double, greatestLength: Double) {
      let tt = (top * top).sum(), tb = (top * bottom).sum(), bb = (bottom * bottom).sum()
      let angle = atan2(2 * tb, tt - bb) / 2
      let greatest = SIMD2(cos(angle), sin(angle)), least = SIMD2(-greatest.y, greatest.x)
      func length(_ u: SIMD2<Double>) -> Double {
        let row = u.x * top + u.y * bottom
        return (row * row).sum().squareRoot()
      }
      return (least, greatest, length(least), length(greatest))
    }
  }

  enum Plan: Equatable {
    /// `free` combines the equations so that β drops out, `rest` is what remains.
    case firstAlone(free: SIMD2<Double>, rest: SIMD2<Double>)
    /// `free` combines the equations so that α drops out.
    case secondAlone(free: SIMD2<Double>, rest: SIMD2<Double>)
    case both
  }

  let plan: Plan
  let b: Matrix
  private let inverseOfB: Matrix
  /// How far the combination that counts as free is from it; 0 for `both`.
  let inexactness: Double
  private let slack: Double

  /// - Parameters:
  ///   - inexactness: How far the arm's axes miss what else its formulas take for granted.
  ///   - a: Any matrix that has the same combinations free of α as the one that comes with each question; nil where it has none.
  ///   - b: The matrix before β, the same for all questions.
  ///   - tolerance: Below this share of its size a combination counts as free.
  /// - Returns: nil where no equation depends on one of the angles.
  init?(a: Matrix?, b: Matrix, tolerance: Double, inexactness other: Double) {
    self.b = b
    let ofB = b.leftDirections
    guard ofB.greatestLength > 1e-6 else { return nil }
    let ofA = a?.leftDirections
    if let ofA, ofA.greatestLength <= 1e-6 { return nil }
    let shareOfA = ofA.map { $0.leastLength / $0.greatestLength } ?? 1, shareOfB = ofB.leastLength / ofB.greatestLength
    inverseOfB = Self.inverse(of: b)
    if let ofA, shareOfA < shareOfB, shareOfA < tolerance {
      plan = .secondAlone(free: ofA.least, rest: ofA.greatest)
      inexactness = shareOfA
    } else if shareOfB < tolerance {
      plan = .firstAlone(free: ofB.least, rest: ofB.greatest)
      inexactness = shareOfB
    } else {
      plan = .both
      inexactness = 0
    }
    slack = LaneAngle.slack(inexactness: max(inexactness, other))
  }

  private static func inverse(of m: Matrix) -> Matrix {
    let determinant = m.top.x * m.bottom.y - m.top.y * m.bottom.x
    let scale = determinant == 0 ? 0 : 1 / determinant
    return Matrix(top: SIMD2(m.bottom.y, -m.top.y) * scale, bottom: SIMD2(-m.bottom.x, m.top.x) * scale)
  }

  /// Up to four pairs, one a lane.
  ///
  /// - Parameter otherwise: What an angle is where nothing says it.
  @inline(__always)
  func roots(
    a: Matrix, target: SIMD2<Double>, otherwise: (first: UnitAngle, second: UnitAngle)
  ) -> (first: LaneAngle, second: LaneAngle, isReal: LaneMask) {
    switch plan {
    case .firstAlone(let free, let rest):
      let (first, second, isReal) = roots(a, b, target, free: free, rest: rest, otherwise: (otherwise.first, otherwise.second))
      return (first, second, isReal)
    case .secondAlone(let free, let rest):
      let (second, first, isReal) = roots(b, a, target, free: free, rest: rest, otherwise: (otherwise.second, otherwise.first))
      return (first, second, isReal)
    case .both: return rootsOfBoth(a: a, target: target, otherwise: otherwise.first)
    }
  }

  /// First the angle that `free` leaves alone, then the other.
  @inline(__always)
  private func roots(
    _ a: Matrix, _ b: Matrix, _ target: SIMD2<Double>, free: SIMD2<Double>, rest: SIMD2<Double>, otherwise: (UnitAngle, UnitAngle)
  ) -> (LaneAngle, LaneAngle, LaneMask) {
    let alone = free.x * a.top + free.y * a.bottom
    let (first, firstIsReal) = LaneAngle.solving(
      Lanes(repeating: alone.x), Lanes(repeating: alone.y), equals: Lanes(repeating: (free * target).sum()), side: Side.pairs,
      slack: slack, otherwise: otherwise.0)
    let before = rest.x * a.top + rest.y * a.bottom, behind = rest.x * b.top + rest.y * b.bottom
    let left = (rest * target).sum() - before.x * first.cosine - before.y * first.sine
    let (second, secondIsReal) = LaneAngle.solving(
      Lanes(repeating: behind.x), Lanes(repeating: behind.y), equals: left, side: Side.alternating, slack: slack, otherwise: otherwise.1)
    return (first, second, firstIsReal .& secondIsReal)
  }

  /// With (cos β, sin β) = u + M·(cos α, sin α), its length 1 is an equation for α alone.
  private func rootsOfBoth(
    a: Matrix, target: SIMD2<Double>, otherwise: UnitAngle
  ) -> (first: LaneAngle, second: LaneAngle, isReal: LaneMask) {
    let i = inverseOfB
    let u = SIMD2((i.top * target).sum(), (i.bottom * target).sum())
    let ofCosine = SIMD2(a.top.x, a.bottom.x), ofSine = SIMD2(a.top.y, a.bottom.y)
    let m = -SIMD2((i.top * ofCosine).sum(), (i.bottom * ofCosine).sum()), n = -SIMD2((i.top * ofSine).sum(), (i.bottom * ofSine).sum())
    let mm = (m * m).sum(), nn = (n * n).sum(), mn = (m * n).sum()
    var first = LaneAngle(otherwise), isReal = Lanes(repeating: 1) .> Lanes.zero
    if mm + nn > 1e-18 {
      let equation = SecondHarmonic(
        constant: (u * u).sum() - 1 + (mm + nn) / 2, cosine: 2 * (u * m).sum(), sine: 2 * (u * n).sum(), cosine2: (mm - nn) / 2, sine2: mn)
      (first, isReal) = equation.roots(slack: slack)
    }
    let second = LaneAngle(
      alongCosine: u.x + m.x * first.cosine + n.x * first.sine, sine: u.y + m.y * first.cosine + n.y * first.sine, otherwise: .zero)
    return (first, second, isReal)
  }
}
