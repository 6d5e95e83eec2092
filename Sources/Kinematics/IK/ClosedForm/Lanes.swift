/// One number for each of four branches of a solution, which are computed side by side.
typealias Lanes = SIMD4<Double>
typealias LaneMask = SIMDMask<SIMD4<Int64>>

/// A vector for each of four branches.
struct LaneVector {
  var x, y, z: Lanes

  @inline(__always)
  init(x: Lanes, y: Lanes, z: Lanes) { (self.x, self.y, self.z) = (x, y, z) }

  /// The same vector in all lanes.
  @inline(__always)
  init(_ v: Vector4) { self.init(x: Lanes(repeating: v.x), y: Lanes(repeating: v.y), z: Lanes(repeating: v.z)) }

  @inline(__always)
  static func + (a: LaneVector, b: LaneVector) -> LaneVector { LaneVector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
  @inline(__always)
  static func + (a: LaneVector, b: Vector4) -> LaneVector { LaneVector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
  @inline(__always)
  static func - (a: LaneVector, b: LaneVector) -> LaneVector { LaneVector(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }
  @inline(__always)
  static func - (a: LaneVector, b: Vector4) -> LaneVector { LaneVector(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }

  /// Turned about the unit vector `axis`, by another angle in each lane.
  ///
  /// - Source: Rodrigues' formula, R·v = cos θ·v + sin θ·(a × v) + (1 − cos θ)(a·v)·a.
  @inline(__always)
  func turned(about axis: Vector4, by angle: LaneAngle) -> LaneVector {
    let along = (1 - angle.cosine) * dot(axis, self)
    return LaneVector(
      x: angle.cosine * x + angle.sine * (axis.y * z - axis.z * y) + along * axis.x,
      y: angle.cosine * y + angle.sine * (axis.z * x - axis.x * z) + along * axis.y,
      z: angle.cosine * z + angle.sine * (axis.x * y - axis.y * x) + along * axis.z)
  }
}

@inline(__always)
func dot(_ a: Vector4, _ b: LaneVector) -> Lanes { a.x * b.x + a.y * b.y + a.z * b.z }

@inline(__always)
func dot(_ a: LaneVector, _ b: LaneVector) -> Lanes { a.x * b.x + a.y * b.y + a.z * b.z }

/// An angle for each of four branches, by its cosine and sine: known angles are never computed before the end.
struct LaneAngle {
  var cosine, sine: Lanes

  @inline(__always)
  init(cosine: Lanes, sine: Lanes) { (self.cosine, self.sine) = (cosine, sine) }

  /// The same angle in all lanes.
  @inline(__always)
  init(_ angle: UnitAngle) { self.init(cosine: Lanes(repeating: angle.cosine), sine: Lanes(repeating: angle.sine)) }

  static let zero = LaneAngle(cosine: Lanes(repeating: 1), sine: .zero)

  /// The angle whose cosine and sine are in proportion to these; where both vanish, `otherwise`.
  @inline(__always)
  init(alongCosine cosine: Lanes, sine: Lanes, otherwise: UnitAngle) {
    let square = cosine * cosine + sine * sine
    let isLost = square .< Lanes(repeating: Self.lost)
    let inverse = 1 / square.replacing(with: 1, where: isLost).squareRoot()
    self.init(
      cosine: (cosine * inverse).replacing(with: otherwise.cosine, where: isLost),
      sine: (sine * inverse).replacing(with: otherwise.sine, where: isLost))
  }

  /// Below this square an angle's direction is a matter of rounding.
  static let lost = 1e-22

  @inline(__always)
  static prefix func - (a: LaneAngle) -> LaneAngle { LaneAngle(cosine: a.cosine, sine: -a.sine) }
  @inline(__always)
  static func + (a: LaneAngle, b: LaneAngle) -> LaneAngle {
    LaneAngle(cosine: a.cosine * b.cosine - a.sine * b.sine, sine: a.sine * b.cosine + a.cosine * b.sine)
  }
  @inline(__always)
  static func - (a: LaneAngle, b: LaneAngle) -> LaneAngle { a + -b }

  /// In −π…π [rad].
  @inline(__always)
  var radians: Lanes { arcTangent(sine, cosine) }
}

/// One angle by its cosine and sine.
struct UnitAngle {
  var cosine, sine: Double

  static let zero = UnitAngle(cosine: 1, sine: 0)

  @inline(__always)
  static prefix func - (a: UnitAngle) -> UnitAngle { UnitAngle(cosine: a.cosine, sine: -a.sine) }

  func turned(by angle: UnitAngle) -> UnitAngle {
    UnitAngle(cosine: cosine * angle.cosine - sine * angle.sine, sine: sine * angle.cosine + cosine * angle.sine)
  }
}

extension Vector4 {
  /// Turned about the unit vector `axis`.
  @inline(__always)
  func turned(about axis: Vector4, by angle: UnitAngle) -> Vector4 {
    angle.cosine * self + angle.sine * Kinematics.cross(axis, self) + ((1 - angle.cosine) * Kinematics.dot(axis, self)) * axis
  }

  /// What is left of the vector across the unit vector `axis`.
  @inline(__always)
  func across(_ axis: Vector4) -> Vector4 { self - Kinematics.dot(axis, self) * axis }

  @inline(__always)
  var length: Double { Kinematics.dot(self, self).squareRoot() }

  /// Some unit vector across this one.
  var someNormal: Vector4 {
    let helper = abs(x) < 0.7 * length ? Vector4(1, 0, 0, 0) : Vector4(0, 1, 0, 0)
    let normal = Kinematics.cross(self, helper)
    return normal / normal.length
  }
}
