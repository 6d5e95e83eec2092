internal import Foundation

/// The cross product a × b.
@inline(__always)
public func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y, a.z, a.x) * SIMD3(b.z, b.x, b.y) - SIMD3(a.z, a.x, a.y) * SIMD3(b.y, b.z, b.x)
}

/// The scalar product a · b.
@inline(__always)
public func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

extension SIMD3<Double> {
  /// The Euclidean norm.
  public var length: Double { dot(self, self).squareRoot() }
}

extension Rotation {
  /// Turning by `angle` [rad] about `axis`, by the right-hand rule.
  ///
  /// - Precondition: `axis` is a unit vector.
  /// - Source: Rodrigues' formula, R = cos θ·1 + sin θ·[a]× + (1 − cos θ)·a aᵀ.
  public init(axis: SIMD3<Double>, angle: Double) {
    let sine = sin(angle), cosine = cos(angle)
    let leaned = (1 - cosine) * axis, turned = sine * axis
    self.init(
      x: leaned * axis.x + SIMD3(cosine, turned.z, -turned.y),
      y: leaned * axis.y + SIMD3(-turned.z, cosine, turned.x),
      z: leaned * axis.z + SIMD3(turned.y, -turned.x, cosine))
  }

  /// URDF's angles [rad]: about the fixed x axis first, then y, then z: R = Rz(yaw)·Ry(pitch)·Rx(roll).
  public init(roll: Double, pitch: Double, yaw: Double) {
    self =
      Rotation(axis: [0, 0, 1], angle: yaw) * Rotation(axis: [0, 1, 0], angle: pitch) * Rotation(axis: [1, 0, 0], angle: roll)
  }

  /// - Parameter quaternion: x, y, z, w; its length does not matter.
  /// - Precondition: `quaternion` is finite and not zero.
  public init(quaternion: SIMD4<Double>) {
    let q = quaternion / (quaternion * quaternion).sum().squareRoot()
    let (x, y, z, w) = (q.x, q.y, q.z, q.w)
    self.init(
      x: SIMD3(1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)),
      y: SIMD3(2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)),
      z: SIMD3(2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)))
  }

  /// The unit quaternion x, y, z, w with w ≥ 0.
  ///
  /// - Source: S. Shepperd, *Quaternion from rotation matrix* (1978): divides by the largest of the four.
  public var quaternion: SIMD4<Double> {
    let trace = x.x + y.y + z.z
    let q: SIMD4<Double>
    if trace >= max(x.x, y.y, z.z) {
      q = SIMD4(y.z - z.y, z.x - x.z, x.y - y.x, 1 + trace)
    } else if x.x >= y.y && x.x >= z.z {
      q = SIMD4(1 - trace + 2 * x.x, x.y + y.x, z.x + x.z, y.z - z.y)
    } else if y.y >= z.z {
      q = SIMD4(x.y + y.x, 1 - trace + 2 * y.y, y.z + z.y, z.x - x.z)
    } else {
      q = SIMD4(z.x + x.z, y.z + z.y, 1 - trace + 2 * z.z, x.y - y.x)
    }
    let unit = q / (q * q).sum().squareRoot()
    return unit.w < 0 ? -unit : unit
  }

  /// The exponential map: turning about the vector's direction by its length [rad].
  public init(rotationVector: SIMD3<Double>) {
    let angle = rotationVector.length
    guard angle > 1e-8 else {
      let half = rotationVector / 2
      self.init(quaternion: SIMD4(half.x, half.y, half.z, 1))
      return
    }
    self.init(axis: rotationVector / angle, angle: angle)
  }

  /// The logarithm: axis times angle [rad], the angle in 0…π. Accurate everywhere, at small angles and at π too.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public var rotationVector: SIMD3<Double> {
    let q = quaternion
    let v = SIMD3(q.x, q.y, q.z)
    let half = v.length
    guard half > 1e-9 else { return 2 * v }
    return v * (2 * atan2(half, q.w) / half)
  }

  /// The rotation `fraction` of the way to `other` along the shortest turn (slerp): 0 gives this one, 1 the other.
  public func interpolated(to other: Rotation, fraction: Double) -> Rotation {
    self * Rotation(rotationVector: fraction * (inverse * other).rotationVector)
  }

  /// The nearest orthonormal frame by Gram-Schmidt, z kept: undoes the drift of long products.
  public var orthonormalized: Rotation {
    let z = self.z / self.z.length
    let x = self.x - dot(self.x, z) * z
    let unitX = x / x.length
    return Rotation(x: unitX, y: cross(z, unitX), z: z)
  }
}
