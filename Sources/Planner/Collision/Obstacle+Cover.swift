internal import Kinematics

extension Obstacle {
  /// How far the spheres of its shape's cover reach beyond it, at most [m].
  public var overhang: Double {
    let upright = Obstacle(name: name, shape: shape)
    return shape.cover?.map { upright.distance(to: $0.center) + $0.radius }.max() ?? 0
  }
}

extension Obstacle.Shape {
  /// Spheres in the shape's frame that cover all of it, and reach beyond it by about a sixth of its narrowest side; nil where it has no end.
  ///
  /// A capsule has spheres along its segment; boxes and cylinders are cut into little boxes with a sphere around each.
  public var cover: [ArmSpheres.Sphere]? {
    switch self {
    case .sphere(let radius): return [ArmSpheres.Sphere(center: .zero, radius: radius)]
    case .capsule(let radius, let length):
      let wide = 1.05 * radius, spacing = 2 * (wide * wide - radius * radius).squareRoot()
      let count = min(max(Int((length / spacing).rounded(.up)), 1), 200), step = length / Double(count)
      let around = (radius * radius + step * step / 4).squareRoot()
      return (0...count).map { ArmSpheres.Sphere(center: [0, 0, step * Double($0) - length / 2], radius: around) }
    case .box(let halfExtents): return Self.cells(halfExtents) { _, _ in true }
    case .cylinder(let radius, let length):
      return Self.cells([radius, radius, length / 2]) { center, half in
        let x = max(abs(center.x) - half.x, 0), y = max(abs(center.y) - half.y, 0)
        return x * x + y * y < radius * radius
      }
    case .halfSpace, .points: return nil
    }
  }

  /// Spheres around the cells of a box that are wanted and not all within it.
  private static func cells(
    _ halfExtents: SIMD3<Double>, where isWanted: (_ center: SIMD3<Double>, _ half: SIMD3<Double>) -> Bool
  ) -> [ArmSpheres.Sphere] {
    var side = 2 * halfExtents.min() / 2
    func counts() -> SIMD3<Double> { (2 * halfExtents / side).rounded(.up) }
    while (counts().x * counts().y * counts().z) > 200 { side *= 1.1 }
    let counts = counts(), half = halfExtents / counts, radius = dot(half, half).squareRoot()
    var spheres: [ArmSpheres.Sphere] = []
    for x in 0..<Int(counts.x) {
      for y in 0..<Int(counts.y) {
        for z in 0..<Int(counts.z) {
          let place = SIMD3(Double(x), Double(y), Double(z))
          let center = (2 * place + 1 - counts) * half
          if isWanted(center, half) { spheres.append(ArmSpheres.Sphere(center: center, radius: radius)) }
        }
      }
    }
    return spheres
  }
}
