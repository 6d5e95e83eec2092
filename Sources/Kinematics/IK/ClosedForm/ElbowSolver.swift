/// Seven joints whose first three axes meet in a shoulder and whose last three meet in a wrist: solved for every elbow angle.
///
/// The fourth joint alone sets how far the wrist is from the shoulder. Then the arm may still swivel about the line between the two by the elbow
/// angle ψ, and each ψ leaves two ways to turn the shoulder and two to turn the wrist:
///
///     R₁R₂R₃ = R(t, ψ)·R₀,     R₅R₆R₇ = R₄ᵀ·(R₁R₂R₃)ᵀ·R
///
/// - Source: M. Shimizu et al., *Analytical inverse kinematic computation for 7-DOF redundant manipulators with joint limits* (2008), section III.
struct ElbowSolver {
  private let shoulder, wrist: Wrist
  private let shoulderCenter, wristCenter: Vector4
  private let h4, upper, fore: Vector4
  private let cosineRow, sineRow, rest: Double
  let inexactness: Double
  private let slack: Double

  /// - Parameters:
  ///   - directions: Seven unit vectors along the axes.
  ///   - points: A point on each.
  init?(_ directions: InlineArray<8, Vector4>, _ points: InlineArray<8, Vector4>, tolerance: Double) {
    func center(_ first: Int) -> (point: Vector4, miss: Double)? {
      var axes = SixAxes()
      for index in 0..<3 { (axes.directions[index], axes.points[index]) = (directions[first + index], points[first + index]) }
      guard let one = axes.foot(of: 0, towards: 1), let other = axes.foot(of: 1, towards: 0) else { return nil }
      let point = 0.5 * (one + other)
      return (point, max(axes.distance(from: point, to: 0), axes.distance(from: point, to: 1), axes.distance(from: point, to: 2)))
    }
    guard let s = center(0), let w = center(4), s.miss <= tolerance, w.miss <= tolerance else { return nil }
    let missed = max(s.miss, w.miss)
    guard let shoulder = Wrist(directions[0], directions[1], directions[2], inexactness: missed),
      let wrist = Wrist(directions[4], directions[5], directions[6], inexactness: missed)
    else { return nil }
    (self.shoulder, self.wrist) = (shoulder, wrist)
    (shoulderCenter, wristCenter) = (s.point, w.point)
    h4 = directions[3]
    upper = points[3] - s.point
    fore = w.point - points[3]
    cosineRow = 2 * dot(upper, fore.across(h4))
    sineRow = 2 * dot(upper, cross(h4, fore))
    rest = dot(upper, upper) + dot(fore, fore) + 2 * dot(upper, h4) * dot(h4, fore)
    guard cosineRow * cosineRow + sineRow * sineRow > 1e-6 else { return nil }
    inexactness = missed < 1e-9 ? 0 : missed
    slack = LaneAngle.slack(inexactness: missed)
  }

  /// What does not depend on the elbow angle.
  struct Task {
    let elbow: LaneAngle
    let isReal: LaneMask
    /// From the shoulder to the wrist, a unit vector.
    let line: Vector4
    /// R₀ at the elbow angle zero, which is the one nearest to the seed's.
    let x, y, z: LaneVector
    let wantedAxis, wantedProbe: Vector4
    let seed: UnitAngles
  }

  func task(of goal: Displacement, seed: UnitAngles) -> Task {
    let reach = goal.point(wristCenter) - shoulderCenter, square = dot(reach, reach)
    let line = square > 1e-12 ? reach / square.squareRoot() : Vector4(0, 0, 1, 0)
    let (elbow, isReal) = LaneAngle.solving(
      Lanes(repeating: cosineRow), Lanes(repeating: sineRow), equals: Lanes(repeating: square - rest), side: Side.pairs, slack: slack,
      otherwise: seed[3])
    let one = start(elbow: UnitAngle(cosine: elbow.cosine[0], sine: elbow.sine[0]), line: line, seed: seed)
    let other = start(elbow: UnitAngle(cosine: elbow.cosine[2], sine: elbow.sine[2]), line: line, seed: seed)
    func lanes(_ a: Vector4, _ b: Vector4) -> LaneVector {
      LaneVector(x: Lanes(a.x, a.x, b.x, b.x), y: Lanes(a.y, a.y, b.y, b.y), z: Lanes(a.z, a.z, b.z, b.z))
    }
    return Task(
      elbow: elbow, isReal: isReal, line: line, x: lanes(one.x, other.x), y: lanes(one.y, other.y), z: lanes(one.z, other.z),
      wantedAxis: goal.vector(wrist.third), wantedProbe: goal.vector(wrist.probe), seed: seed)
  }

  /// The seed's shoulder, turned by the least turn that brings the wrist onto the line.
  private func start(elbow: UnitAngle, line: Vector4, seed: UnitAngles) -> Frame4 {
    func turned(_ v: Vector4) -> Vector4 {
      v.turned(about: shoulder.third, by: seed[2]).turned(about: shoulder.second, by: seed[1]).turned(about: shoulder.first, by: seed[0])
    }
    let toWrist = turned(upper + fore.turned(about: h4, by: elbow)), length = toWrist.length
    let now = length > 1e-9 ? toWrist / length : line
    let normal = cross(now, line), cosine = dot(now, line)
    func leant(_ v: Vector4) -> Vector4 {
      if cosine > -0.999_999 { return cosine * v + cross(normal, v) + (dot(normal, v) / (1 + cosine)) * normal }
      let axis = now.someNormal
      return (2 * dot(axis, v)) * axis - v
    }
    let x = leant(turned(Vector4(1, 0, 0, 0))), y = leant(turned(Vector4(0, 1, 0, 0)))
    return Frame4(x: x, y: y, z: cross(x, y), origin: .zero)
  }

  /// All branches at one elbow angle.
  ///
  /// - Real-time: does not allocate, lock or throw.
  @inline(__always)
  func branches(of task: Task, elbowAngle: UnitAngle) -> (LaneBranches, LaneBranches) {
    let swivel = LaneAngle(elbowAngle)
    func turned(_ v: Vector4) -> LaneVector {
      LaneVector(
        x: task.x.x * v.x + task.y.x * v.y + task.z.x * v.z, y: task.x.y * v.x + task.y.y * v.y + task.z.y * v.z,
        z: task.x.z * v.x + task.y.z * v.y + task.z.z * v.z
      ).turned(about: task.line, by: swivel)
    }
    let upperArm = shoulder.angles(
      axis: turned(shoulder.third), probe: turned(shoulder.probe), side: Side.alternating, otherwise: task.seed[0])
    func seen(_ v: Vector4) -> LaneVector {
      let back = v.turned(about: task.line, by: -elbowAngle)
      return LaneVector(x: dot(back, task.x), y: dot(back, task.y), z: dot(back, task.z)).turned(about: h4, by: -task.elbow)
    }
    let axis = seen(task.wantedAxis), probe = seen(task.wantedProbe)
    var one = LaneBranches()
    (one.angles[0], one.angles[1], one.angles[2], one.angles[3]) = (upperArm.first, upperArm.second, upperArm.third, task.elbow)
    var other = one
    let plus = wrist.angles(axis: axis, probe: probe, side: Lanes(repeating: 1), otherwise: task.seed[4])
    (one.angles[4], one.angles[5], one.angles[6]) = (plus.first, plus.second, plus.third)
    one.isReal = task.isReal .& upperArm.isReal .& plus.isReal
    let minus = wrist.angles(axis: axis, probe: probe, side: Lanes(repeating: -1), otherwise: task.seed[4])
    (other.angles[4], other.angles[5], other.angles[6]) = (minus.first, minus.second, minus.third)
    other.isReal = task.isReal .& upperArm.isReal .& minus.isReal
    return (one, other)
  }
}
