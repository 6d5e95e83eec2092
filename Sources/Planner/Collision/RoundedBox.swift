internal import Kinematics

/// A box with rounded edges, which spheres, boxes and capsules all are, as the rake kernel reads it: one cache line.
struct RoundedBox: Sendable {
  /// The box's axes in the base: its coordinates of a point p are axis·p + offset.
  let axisX, axisY, axisZ, offset, halfExtents: Triple
  /// [m]
  let rounding: Float

  /// Three plain numbers: unlike a vector's lanes each is broadcast straight from memory.
  struct Triple: Sendable {
    let x, y, z: Float

    init(_ v: SIMD3<Double>) { (x, y, z) = (Float(v.x), Float(v.y), Float(v.z)) }
  }

  init(baseFromBox: Pose, halfExtents: SIMD3<Double>, rounding: Double) {
    let boxFromBase = baseFromBox.inverse
    axisX = Triple(baseFromBox.rotation.x)
    axisY = Triple(baseFromBox.rotation.y)
    axisZ = Triple(baseFromBox.rotation.z)
    offset = Triple(boxFromBase.translation)
    self.halfExtents = Triple(halfExtents)
    self.rounding = Float(rounding)
  }

  /// From the core, before it is rounded, to a point [m²].
  @inline(__always)
  func squaredDistance(to p: RakeVector) -> Rake {
    let x = coordinate(p, axisX, offset.x), y = coordinate(p, axisY, offset.y), z = coordinate(p, axisZ, offset.z)
    let dx = larger(magnitude(x) - halfExtents.x, .zero)
    let dy = larger(magnitude(y) - halfExtents.y, .zero)
    let dz = larger(magnitude(z) - halfExtents.z, .zero)
    return fused(dx, dx, fused(dy, dy, dz * dz))
  }

  @inline(__always)
  private func coordinate(_ p: RakeVector, _ axis: Triple, _ offset: Float) -> Rake {
    fused(axis.x, p.x, fused(axis.y, p.y, fused(axis.z, p.z, Rake(repeating: offset))))
  }
}
