/// Six joints whose second, third and fourth axes are parallel, the others in any position.
///
/// Seen along the parallel axes' direction h, those three joints drop out of the fifth's and the first's equations, which ``AnglePair`` solves:
///
///     h·(R₁ᵀρ − p₁₂) = h·(p₂₃ + p₃₄ + p₄₅ + R₅p₅₆),     h·R₁ᵀR h₆ = h·R₅h₆
///
/// where ρ is where a point of the sixth axis must go, and R how the last link is turned. What is left is an arm in a plane. Up to eight branches.
///
/// - Source: A. Elias and J. Wen, *IK-Geo* (2022), section 4, "three parallel axes".
struct ThreeParallelSolver {
  private let h, h1, h5, h6: Vector4
  /// 1 or −1: whether the third and the fourth axis point along the second or against it.
  private let sense3, sense4: Double
  private let base, last: Vector4
  private let p12, p23, p34, p45, p56: Vector4
  private let pair: AnglePair
  private let hAcross, hAround: Vector4
  private let along, placeRest, turnRest: Double
  private let elbowCosine, elbowSine, elbowRest: Double
  let inexactness: Double
  private let slack: Double

  /// How the first and the fifth joint are solved, as words go on after "the first and the fifth joint".
  var plan: String {
    switch pair.plan {
    case .both: "follow from a quartic equation"
    case .firstAlone, .secondAlone: "follow from two quadratic equations"
    }
  }

  init?(_ axes: SixAxes, tolerance: Double) {
    guard axes.areParallel(1, 2, tolerance: tolerance), axes.areParallel(1, 3, tolerance: tolerance) else { return nil }
    let h = axes.directions[1], h1 = axes.directions[0], h5 = axes.directions[4], h6 = axes.directions[5]
    guard cross(h1, h).length > 1e-3, cross(h5, h).length > 1e-3, cross(h5, h6).length > 1e-3 else { return nil }
    let base = axes.points[0], last = axes.foot(of: 5, towards: 4) ?? axes.points[5], fifth = axes.foot(of: 4, towards: 5) ?? axes.points[4]
    (p12, p23, p34) = (axes.points[1] - base, (axes.points[2] - axes.points[1]).across(h), (axes.points[3] - axes.points[2]).across(h))
    p45 = fifth - axes.points[3]
    p56 = last - fifth
    guard p23.length > 1e-3, p34.length > 1e-3 else { return nil }
    let b = AnglePair.Matrix(
      top: -SIMD2(dot(h, p56.across(h5)), dot(h, cross(h5, p56))), bottom: -SIMD2(dot(h, h6.across(h5)), dot(h, cross(h5, h6))))
    let turned = max(cross(h, axes.directions[2]).length, cross(h, axes.directions[3]).length)
    guard let pair = AnglePair(a: nil, b: b, tolerance: tolerance, inexactness: turned) else { return nil }
    self.pair = pair
    inexactness = max(turned < 1e-9 ? 0 : turned, pair.inexactness < 1e-9 ? 0 : pair.inexactness)
    slack = LaneAngle.slack(inexactness: max(turned, pair.inexactness))
    (self.h, self.h1, self.h5, self.h6, self.base, self.last) = (h, h1, h5, h6, base, last)
    sense3 = dot(h, axes.directions[2]) < 0 ? -1 : 1
    sense4 = dot(h, axes.directions[3]) < 0 ? -1 : 1
    hAcross = h.across(h1)
    hAround = cross(h1, h)
    along = dot(h, h1)
    placeRest = dot(h, p12 + (axes.points[3] - axes.points[1]) + p45) + dot(h, h5) * dot(h5, p56)
    turnRest = dot(h, h5) * dot(h5, h6)
    elbowCosine = 2 * dot(p23, p34)
    elbowSine = 2 * dot(p23, cross(h, p34))
    elbowRest = dot(p23, p23) + dot(p34, p34)
  }

  /// All branches of the displacement `goal`: four with the elbow on one side and four with it on the other.
  ///
  /// - Real-time: does not allocate, lock or throw.
  @inline(__always)
  func branches(of goal: Displacement, seed: UnitAngles) -> (LaneBranches, LaneBranches) {
    let reach = goal.point(last) - base, axis = goal.vector(h6)
    let a = AnglePair.Matrix(
      top: SIMD2(dot(hAcross, reach), dot(hAround, reach)), bottom: SIMD2(dot(hAcross, axis), dot(hAround, axis)))
    let target = SIMD2(placeRest - along * dot(h1, reach), turnRest - along * dot(h1, axis))
    let (q1, q5, isReal) = pair.roots(a: a, target: target, otherwise: (seed[0], seed[4]))

    // Rᵀ·R₁·h = R₆ᵀ·R₅ᵀ·h gives the sixth angle, and with it how far the three parallel joints turn in all.
    let tilted = LaneVector(h).turned(about: h5, by: -q5)
    let outward = LaneVector(h).turned(about: h1, by: q1)
    let seen = LaneVector(
      x: dot(goal.frame.x, outward), y: dot(goal.frame.y, outward), z: dot(goal.frame.z, outward))
    let q6 = LaneAngle(turning: seen, to: tilted, about: h6, otherwise: seed[5])
    let probe = h.someNormal
    let back = LaneVector(probe).turned(about: h5, by: -q5).turned(about: h6, by: -q6)
    let image = LaneVector(
      x: goal.frame.x.x * back.x + goal.frame.y.x * back.y + goal.frame.z.x * back.z,
      y: goal.frame.x.y * back.x + goal.frame.y.y * back.y + goal.frame.z.y * back.z,
      z: goal.frame.x.z * back.x + goal.frame.y.z * back.y + goal.frame.z.z * back.z
    ).turned(about: h1, by: -q1)
    let sum = LaneAngle(turning: probe, to: image, about: h, otherwise: .zero)

    // The arm in the plane: R₂(p₂₃ + R₃p₃₄) = δ.
    let hand = (LaneVector(p56).turned(about: h5, by: q5) + p45).turned(about: h, by: sum)
    let delta = LaneVector(reach).turned(about: h1, by: -q1) - hand - p12
    let height = dot(h, delta), flat = dot(delta, delta) - height * height - elbowRest
    var shared = LaneBranches()
    shared.angles[0] = q1
    shared.angles[4] = q5
    shared.angles[5] = q6
    shared.isReal = isReal
    let one = bent(shared, delta: delta, flat: flat, sum: sum, side: Lanes(repeating: 1), seed: seed)
    let other = bent(shared, delta: delta, flat: flat, sum: sum, side: Lanes(repeating: -1), seed: seed)
    return (one, other)
  }

  /// Adds the three parallel joints, whose turns make `sum` and whose two links reach `delta`.
  @inline(__always)
  private func bent(
    _ shared: LaneBranches, delta: LaneVector, flat: Lanes, sum: LaneAngle, side: Lanes, seed: UnitAngles
  ) -> LaneBranches {
    var branches = shared
    let (elbow, bends) = LaneAngle.solving(
      Lanes(repeating: elbowCosine), Lanes(repeating: elbowSine), equals: flat, side: side, slack: slack, otherwise: seed[2])
    let arm = LaneVector(p34).turned(about: h, by: elbow) + p23
    let q2 = LaneAngle(turning: arm, to: delta, about: h, otherwise: seed[1])
    let q4 = sum - q2 - elbow
    branches.angles[1] = q2
    branches.angles[2] = LaneAngle(cosine: elbow.cosine, sine: elbow.sine * sense3)
    branches.angles[3] = LaneAngle(cosine: q4.cosine, sine: q4.sine * sense4)
    branches.isReal = shared.isReal .& bends
    return branches
  }
}
