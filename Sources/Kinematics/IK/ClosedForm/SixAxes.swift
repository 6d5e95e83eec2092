/// The axes of six joints that turn, where they stand at zero, in base axes and in units of the arm's size.
///
/// A configuration moves the last link by the product of six turns about these lines, exp(ξ₁q₁)·…·exp(ξ₆q₆); it must equal the
/// displacement that is wanted.
///
/// - Source: the product of exponentials, R. Murray, Z. Li and S. Sastry, *A Mathematical Introduction to Robotic Manipulation* (1994), section 3.2.
struct SixAxes {
  /// Unit vectors.
  var directions: InlineArray<6, Vector4>
  /// Any point on each line.
  var points: InlineArray<6, Vector4>

  init() {
    directions = InlineArray(repeating: .zero)
    points = InlineArray(repeating: .zero)
  }

  /// The same chain seen from its tip: the inverse displacement is the product of the turns the other way round and in reverse order.
  var reversed: SixAxes {
    var other = SixAxes()
    for index in 0..<6 {
      other.directions[index] = -directions[5 - index]
      other.points[index] = points[5 - index]
    }
    return other
  }

  func areParallel(_ i: Int, _ j: Int, tolerance: Double) -> Bool { cross(directions[i], directions[j]).length <= tolerance }

  /// The point nearest to both lines, on line i; nil where they are parallel.
  func foot(of i: Int, towards j: Int) -> Vector4? {
    let a = directions[i], b = directions[j], between = points[j] - points[i]
    let normal = cross(a, b), square = dot(normal, normal)
    guard square > 1e-6 else { return nil }
    return points[i] + a * (dot(cross(between, b), normal) / square)
  }

  func distance(from point: Vector4, to i: Int) -> Double { (point - points[i]).across(directions[i]).length }
}

/// A rigid displacement of base axes onto themselves.
struct Displacement {
  var frame: Frame4

  @inline(__always)
  func vector(_ v: Vector4) -> Vector4 { frame.turned(v) }
  @inline(__always)
  func point(_ p: Vector4) -> Vector4 { frame.origin + frame.turned(p) }

  @inline(__always)
  var inverse: Displacement {
    var back = Frame4(
      x: Vector4(frame.x.x, frame.y.x, frame.z.x, 0), y: Vector4(frame.x.y, frame.y.y, frame.z.y, 0), z: Vector4(frame.x.z, frame.y.z, frame.z.z, 0),
      origin: .zero)
    back.origin = -back.turned(frame.origin)
    return Displacement(frame: back)
  }

  @inline(__always)
  static func * (a: Displacement, b: Displacement) -> Displacement { Displacement(frame: a.frame * b.frame) }

  /// A turn about a line.
  @inline(__always)
  init(turningAbout direction: Vector4, through point: Vector4, by angle: UnitAngle) {
    var frame = Frame4.identity
    frame.x = frame.x.turned(about: direction, by: angle)
    frame.y = frame.y.turned(about: direction, by: angle)
    frame.z = frame.z.turned(about: direction, by: angle)
    frame.origin = point - point.turned(about: direction, by: angle)
    self.init(frame: frame)
  }

  @inline(__always)
  init(frame: Frame4) { self.frame = frame }
}

/// Four branches, joint by joint.
struct LaneBranches {
  var angles: InlineArray<8, LaneAngle>
  /// The lanes in which every equation could be met.
  var isReal: LaneMask

  @inline(__always)
  init() {
    angles = InlineArray(repeating: .zero)
    isReal = LaneMask(repeating: false)
  }
}

/// Angles to take where the geometry leaves them open: those of the seed.
typealias UnitAngles = InlineArray<8, UnitAngle>
