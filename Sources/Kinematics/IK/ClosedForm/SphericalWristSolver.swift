/// Six joints whose last three axes meet in a point, the first three in any position.
///
/// The point is placed by the first three joints alone; with h₂ the second axis, x the point from the third axis, and ρ where the point must go,
/// the second joint drops out of two equations, which ``AnglePair`` solves for the first and the third:
///
///     h₂·(R₁ᵀρ − p₁₂) = h₂·(p₂₃ + R₃x),     |R₁ᵀρ − p₁₂|² = |p₂₃ + R₃x|²
///
/// Then the wrist turns the rest. Up to eight branches.
///
/// - Source: D. Pieper, *The kinematics of manipulators under computer control* (1968); A. Elias and J. Wen, *IK-Geo* (2022), section 4.
struct SphericalWristSolver {
  private let h1, h2, h3: Vector4
  private let base, center: Vector4
  private let p12, p23, x: Vector4
  private let pair: AnglePair
  private let wrist: Wrist
  // What the two equations read of ρ: its length along the first axis, and the coefficients of cos q₁ and sin q₁.
  private let sphereCosine, sphereSine, planeCosine, planeSine: Vector4
  private let sphereAlong, planeAlong, sphereRest, planeRest: Double
  /// How far the wrist's axes miss their point, in units of the arm's size; 0 for a wrist that is exact.
  let inexactness: Double

  /// How the first three joints are solved, as words go on after "the first three joints".
  var plan: String {
    switch pair.plan {
    case .both: "follow from a quartic equation"
    case .firstAlone, .secondAlone: "follow from two quadratic equations"
    }
  }

  /// - Parameter tolerance: How far axes may miss one another to count as meeting, or be apart in direction to count as parallel.
  init?(_ axes: SixAxes, tolerance: Double) {
    guard let foot = axes.foot(of: 3, towards: 4), let otherFoot = axes.foot(of: 4, towards: 3) else { return nil }
    let center = 0.5 * (foot + otherFoot)
    let miss = max(axes.distance(from: center, to: 3), axes.distance(from: center, to: 4), axes.distance(from: center, to: 5))
    guard miss <= tolerance else { return nil }
    guard let wrist = Wrist(axes.directions[3], axes.directions[4], axes.directions[5], inexactness: miss) else { return nil }
    self.wrist = wrist
    self.center = center
    let h1 = axes.directions[0], h2 = axes.directions[1], h3 = axes.directions[2]
    let base = axes.foot(of: 0, towards: 1) ?? axes.points[0], second = axes.foot(of: 1, towards: 0) ?? axes.points[1], third = axes.points[2]
    let p12 = second - base, p23 = third - second, x = center - third
    let sphere = (vector: 2 * p12, image: 2 * p23), around = cross(h3, x)
    let a = AnglePair.Matrix(
      top: SIMD2(dot(sphere.vector, h1.someNormal), dot(sphere.vector, cross(h1, h1.someNormal))),
      bottom: SIMD2(dot(h2, h1.someNormal), dot(h2, cross(h1, h1.someNormal))))
    let b = AnglePair.Matrix(
      top: SIMD2(dot(sphere.image, x.across(h3)), dot(sphere.image, around)), bottom: SIMD2(-dot(h2, x.across(h3)), -dot(h2, around)))
    guard let pair = AnglePair(a: a, b: b, tolerance: tolerance, inexactness: miss) else { return nil }
    self.pair = pair
    inexactness = max(miss < 1e-9 ? 0 : miss, pair.inexactness < 1e-9 ? 0 : pair.inexactness)
    (self.h1, self.h2, self.h3, self.base) = (h1, h2, h3, base)
    (self.p12, self.p23, self.x) = (p12, p23, x)
    sphereCosine = sphere.vector.across(h1)
    sphereSine = cross(h1, sphere.vector)
    planeCosine = h2.across(h1)
    planeSine = cross(h1, h2)
    sphereAlong = dot(sphere.vector, h1)
    planeAlong = dot(h2, h1)
    sphereRest = dot(p12, p12) - dot(p23, p23) - dot(x, x) - dot(sphere.image, h3) * dot(h3, x)
    planeRest = dot(h2, p12 + p23) + dot(h2, h3) * dot(h3, x)
  }

  /// All branches of the displacement `goal`: four with the wrist on one side and four with it on the other.
  ///
  /// - Real-time: does not allocate, lock or throw.
  @inline(__always)
  func branches(of goal: Displacement, seed: UnitAngles) -> (LaneBranches, LaneBranches) {
    let reach = goal.point(center) - base, along = dot(h1, reach)
    let a = AnglePair.Matrix(
      top: SIMD2(dot(sphereCosine, reach), dot(sphereSine, reach)), bottom: SIMD2(dot(planeCosine, reach), dot(planeSine, reach)))
    let target = SIMD2(dot(reach, reach) + sphereRest - sphereAlong * along, planeRest - planeAlong * along)
    let (q1, q3, isReal) = pair.roots(a: a, target: target, otherwise: (seed[0], seed[2]))

    let turned = LaneVector(reach).turned(about: h1, by: -q1) - p12
    let arm = LaneVector(x).turned(about: h3, by: q3) + p23
    let q2 = LaneAngle(turning: arm, to: turned, about: h2, otherwise: seed[1])

    let axis = LaneVector(goal.vector(wrist.third)).turned(about: h1, by: -q1).turned(about: h2, by: -q2).turned(about: h3, by: -q3)
    let probe = LaneVector(goal.vector(wrist.probe)).turned(about: h1, by: -q1).turned(about: h2, by: -q2).turned(about: h3, by: -q3)
    var one = LaneBranches(), other = LaneBranches()
    one.angles[0] = q1
    one.angles[1] = q2
    one.angles[2] = q3
    other.angles[0] = q1
    other.angles[1] = q2
    other.angles[2] = q3
    let plus = wrist.angles(axis: axis, probe: probe, side: Lanes(repeating: 1), otherwise: seed[3])
    (one.angles[3], one.angles[4], one.angles[5]) = (plus.first, plus.second, plus.third)
    one.isReal = isReal .& plus.isReal
    let minus = wrist.angles(axis: axis, probe: probe, side: Lanes(repeating: -1), otherwise: seed[3])
    (other.angles[3], other.angles[4], other.angles[5]) = (minus.first, minus.second, minus.third)
    other.isReal = isReal .& minus.isReal
    return (one, other)
  }
}
