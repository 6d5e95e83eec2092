/// A 3-vector in four lanes, the last of them zero.
///
/// The kernels compute in these: the compiler keeps four lanes in one register, but takes three apart.
typealias Vector4 = SIMD4<Double>

extension Vector4 {
  @inline(__always)
  init(_ v: SIMD3<Double>) { self.init(v.x, v.y, v.z, 0) }

  /// The first three lanes.
  @inline(__always)
  var xyz: SIMD3<Double> { SIMD3(x, y, z) }

  /// The three numbers moved round by one: y, z, x.
  @inline(__always)
  var yzx: Vector4 { Vector4(y, z, x, w) }
}

/// The cross product a × b.
@inline(__always)
func cross(_ a: Vector4, _ b: Vector4) -> Vector4 { (a * b.yzx - a.yzx * b).yzx }

/// The scalar product a · b.
@inline(__always)
func dot(_ a: Vector4, _ b: Vector4) -> Double { (a * b).sum() }

/// A pose, or a rotation alone, in four-lane columns: `x`, `y` and `z` are the axes' images, `origin` the origin's.
struct Frame4 {
  var x, y, z, origin: Vector4

  @inline(__always)
  init(x: Vector4, y: Vector4, z: Vector4, origin: Vector4) { (self.x, self.y, self.z, self.origin) = (x, y, z, origin) }

  @inline(__always)
  init(_ pose: Pose) {
    self.init(x: Vector4(pose.rotation.x), y: Vector4(pose.rotation.y), z: Vector4(pose.rotation.z), origin: Vector4(pose.translation))
  }

  @inline(__always)
  static var identity: Frame4 { Frame4(x: Vector4(1, 0, 0, 0), y: Vector4(0, 1, 0, 0), z: Vector4(0, 0, 1, 0), origin: .zero) }

  /// The vector's coordinates in the outer frame.
  @inline(__always)
  func turned(_ v: Vector4) -> Vector4 { x * v.x + y * v.y + z * v.z }

  /// The vector's coordinates in this frame, given those in the outer one: the transpose at work.
  @inline(__always)
  func turnedBack(_ v: Vector4) -> Vector4 { Vector4(x.x, y.x, z.x, 0) * v.x + Vector4(x.y, y.y, z.y, 0) * v.y + Vector4(x.z, y.z, z.z, 0) * v.z }

  @inline(__always)
  static func * (a: Frame4, b: Frame4) -> Frame4 {
    Frame4(x: a.turned(b.x), y: a.turned(b.y), z: a.turned(b.z), origin: a.origin + a.turned(b.origin))
  }

  @inline(__always)
  var pose: Pose { Pose(rotation: Rotation(x: x.xyz, y: y.xyz, z: z.xyz), translation: origin.xyz) }
}
