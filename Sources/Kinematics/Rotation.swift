/// A rotation of space, kept as a right-handed orthonormal matrix. `aFromB * v` turns a vector expressed in b into one in a.
public struct Rotation: Sendable, Equatable {
  /// The images of the unit vectors x, y and z: the matrix's columns.
  public var x, y, z: SIMD3<Double>

  @inline(__always)
  public init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inline(__always)
  public static var identity: Rotation { Rotation(x: SIMD3(1, 0, 0), y: SIMD3(0, 1, 0), z: SIMD3(0, 0, 1)) }

  @inline(__always)
  public static func * (aFromB: Rotation, v: SIMD3<Double>) -> SIMD3<Double> { aFromB.x * v.x + aFromB.y * v.y + aFromB.z * v.z }

  @inline(__always)
  public static func * (aFromB: Rotation, bFromC: Rotation) -> Rotation {
    Rotation(x: aFromB * bFromC.x, y: aFromB * bFromC.y, z: aFromB * bFromC.z)
  }

  /// The transpose.
  @inline(__always)
  public var inverse: Rotation {
    Rotation(x: SIMD3(x.x, y.x, z.x), y: SIMD3(x.y, y.y, z.y), z: SIMD3(x.z, y.z, z.z))
  }
}
