/// A symmetric 3×3 matrix, such as a rotational inertia [kg·m²].
public struct SymmetricMatrix3: Sendable, Equatable {
  public var xx, xy, xz, yy, yz, zz: Double

  public init(xx: Double, xy: Double, xz: Double, yy: Double, yz: Double, zz: Double) {
    (self.xx, self.xy, self.xz, self.yy, self.yz, self.zz) = (xx, xy, xz, yy, yz, zz)
  }

  public static let zero = SymmetricMatrix3(xx: 0, xy: 0, xz: 0, yy: 0, yz: 0, zz: 0)

  @inline(__always)
  var columnX: SIMD3<Double> { SIMD3(xx, xy, xz) }
  @inline(__always)
  var columnY: SIMD3<Double> { SIMD3(xy, yy, yz) }
  @inline(__always)
  var columnZ: SIMD3<Double> { SIMD3(xz, yz, zz) }

  public static func + (a: Self, b: Self) -> Self {
    Self(xx: a.xx + b.xx, xy: a.xy + b.xy, xz: a.xz + b.xz, yy: a.yy + b.yy, yz: a.yz + b.yz, zz: a.zz + b.zz)
  }

  @inline(__always)
  public static func * (matrix: Self, v: SIMD3<Double>) -> SIMD3<Double> {
    matrix.columnX * v.x + matrix.columnY * v.y + matrix.columnZ * v.z
  }

  /// The same inertia in other axes: R·I·Rᵀ, where `rotation` takes vectors from this matrix's axes to the new ones.
  public func rotated(by rotation: Rotation) -> Self {
    let back = rotation.inverse
    let x = rotation * (self * back.x), y = rotation * (self * back.y), z = rotation * (self * back.z)
    return Self(xx: x.x, xy: (x.y + y.x) / 2, xz: (x.z + z.x) / 2, yy: y.y, yz: (y.z + z.y) / 2, zz: z.z)
  }

  /// Whether no direction has a negative moment, but for rounding: all principal minors are at least zero (Sylvester's criterion).
  public var isPositiveSemidefinite: Bool {
    let scale = max(abs(xx), abs(yy), abs(zz), abs(xy), abs(xz), abs(yz))
    let slack = 1e-9 * scale
    let determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
    return xx >= -slack && yy >= -slack && zz >= -slack
      && xx * yy - xy * xy >= -slack * scale && xx * zz - xz * xz >= -slack * scale && yy * zz - yz * yz >= -slack * scale
      && determinant >= -slack * scale * scale
  }
}
