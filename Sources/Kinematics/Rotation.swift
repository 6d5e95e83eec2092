/// A rotation of space, kept as a right-handed orthonormal matrix. `aFromB * v` turns a vector expressed in b into one in a.
public struct Rotation: Sendable, Equatable {
  /// The images of the unit vectors x, y and z: the matrix's columns.
  public var x, y, z: SIMD3<Double>

  public init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
    self.x = x
    self.y = y
    self.z = z
  }

  public static let identity = Rotation(x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1])

  public static func * (aFromB: Rotation, v: SIMD3<Double>) -> SIMD3<Double> { aFromB.x * v.x + aFromB.y * v.y + aFromB.z * v.z }

  public static func * (aFromB: Rotation, bFromC: Rotation) -> Rotation {
    Rotation(x: aFromB * bFromC.x, y: aFromB * bFromC.y, z: aFromB * bFromC.z)
  }

  /// The transpose.
  public var inverse: Rotation {
    Rotation(x: [x.x, y.x, z.x], y: [x.y, y.y, z.y], z: [x.z, y.z, z.z])
  }
}
