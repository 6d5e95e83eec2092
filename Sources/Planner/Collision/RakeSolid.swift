internal import Kinematics

/// An obstacle's shape as the rake kernel reads it.
protocol RakeSolid: Sendable {
  /// How far the shape reaches beyond its core [m].
  var rounding: Float { get }

  /// From the core to a point in the base, for eight configurations [m²]; 0 inside. Above the limit any number above it will do.
  func squaredDistance(to point: RakeVector, within limit: Rake) -> Rake
}

/// A box with rounded edges, one axis of which is the base's z: most boxes, and all spheres and upright capsules.
struct UprightBox: RakeSolid {
  /// The box's first axis; its second is this one turned by a right angle.
  let axisX, axisY: Float
  let offsetX, offsetY, offsetZ: Float
  let halfX, halfY, halfZ: Float
  let rounding: Float

  @_transparent
  func squaredDistance(to p: RakeVector, within limit: Rake) -> Rake {
    let x = fused(axisX, p.x, fused(axisY, p.y, Rake(repeating: offsetX)))
    let y = fused(axisX, p.y, fused(-axisY, p.x, Rake(repeating: offsetY)))
    return squaredExcess(x, halfX, y, halfY, p.z + offsetZ, halfZ)
  }
}

/// A box with rounded edges that stands anyhow.
struct TiltedBox: RakeSolid {
  /// The box's coordinates of a point p are axis·p + offset.
  let axisX, axisY, axisZ, offset, half: Triple
  let rounding: Float

  /// Three plain numbers: unlike a vector's lanes each is broadcast straight from memory.
  struct Triple: Sendable {
    let x, y, z: Float

    init(_ v: SIMD3<Double>) { (x, y, z) = (Float(v.x), Float(v.y), Float(v.z)) }
  }

  @_transparent
  func squaredDistance(to p: RakeVector, within limit: Rake) -> Rake {
    squaredExcess(coordinate(p, axisX, offset.x), half.x, coordinate(p, axisY, offset.y), half.y, coordinate(p, axisZ, offset.z), half.z)
  }

  @_transparent
  private func coordinate(_ p: RakeVector, _ axis: Triple, _ offset: Float) -> Rake {
    fused(axis.x, p.x, fused(axis.y, p.y, fused(axis.z, p.z, Rake(repeating: offset))))
  }
}

/// Σ max(|coordinate| − half, 0)²
@_transparent
private func squaredExcess(_ x: Rake, _ halfX: Float, _ y: Rake, _ halfY: Float, _ z: Rake, _ halfZ: Float) -> Rake {
  let dx = larger(magnitude(x) - halfX, .zero), dy = larger(magnitude(y) - halfY, .zero), dz = larger(magnitude(z) - halfZ, .zero)
  return fused(dx, dx, fused(dy, dy, dz * dz))
}

/// A cylinder with flat ends.
struct FlatCylinder: RakeSolid {
  let axis, center: TiltedBox.Triple
  let radius, halfLength: Float
  let rounding: Float

  @_transparent
  func squaredDistance(to p: RakeVector, within limit: Rake) -> Rake {
    let dx = p.x - center.x, dy = p.y - center.y, dz = p.z - center.z
    let along = fused(axis.x, dx, fused(axis.y, dy, axis.z * dz))
    let square = larger(fused(dx, dx, fused(dy, dy, dz * dz)) - along * along, Rake(repeating: 1e-12))
    let side = larger(square * reciprocalSquareRoot(square) - radius, .zero), end = larger(magnitude(along) - halfLength, .zero)
    return fused(side, side, end * end)
  }
}

/// All that is on one side of a plane: normal·p < offset.
struct RakeHalfSpace: RakeSolid {
  let normal: TiltedBox.Triple
  let offset: Float
  let rounding: Float

  @_transparent
  func squaredDistance(to p: RakeVector, within limit: Rake) -> Rake {
    let height = larger(fused(normal.x, p.x, fused(normal.y, p.y, fused(normal.z, p.z, Rake(repeating: -offset)))), .zero)
    return height * height
  }
}
