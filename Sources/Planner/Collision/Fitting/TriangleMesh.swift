internal import Foundation
public import Kinematics

/// A surface of triangles: what a mesh file holds, or a URDF's shape as flat faces.
public struct TriangleMesh: Sendable, Equatable {
  /// [m]
  public private(set) var vertices: [SIMD3<Double>]
  /// Places in `vertices`.
  public private(set) var faces: [SIMD3<Int32>]

  /// - Precondition: Faces name vertices that are there.
  public init(vertices: [SIMD3<Double>] = [], faces: [SIMD3<Int32>] = []) { (self.vertices, self.faces) = (vertices, faces) }

  /// Adds another mesh, scaled along its axes and moved.
  public mutating func append(_ other: TriangleMesh, at pose: Pose, scale: SIMD3<Double> = [1, 1, 1]) {
    let first = Int32(vertices.count)
    vertices += other.vertices.map { pose * (scale * $0) }
    faces += other.faces.map { $0 &+ SIMD3(repeating: first) }
  }

  func corners(of face: Int) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    let face = faces[face]
    return (vertices[Int(face.x)], vertices[Int(face.y)], vertices[Int(face.z)])
  }

  /// The smallest upright box around it; nil where there is nothing.
  public var bounds: (lower: SIMD3<Double>, upper: SIMD3<Double>)? {
    guard let first = vertices.first else { return nil }
    return vertices.reduce((first, first)) { (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1)) }
  }
}

/// Solids as meshes around them: flat faces touch round sides from outside, so that the mesh holds the solid.
extension TriangleMesh {
  /// Faces around a turn.
  private static let sides = 32
  /// Of a round end, from the pole to the equator.
  private static let bands = 8

  static func box(_ size: SIMD3<Double>) -> TriangleMesh {
    let corners = (0..<8).map { corner -> SIMD3<Double> in
      0.5 * size * SIMD3(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
    }
    let quads: [SIMD4<Int32>] = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    return TriangleMesh(vertices: corners, faces: quads.flatMap { [SIMD3($0.x, $0.y, $0.z), SIMD3($0.x, $0.z, $0.w)] })
  }

  static func cylinder(radius: Double, length: Double) -> TriangleMesh {
    let outer = radius / cos(.pi / Double(sides))
    return turned([(0, -length / 2), (outer, -length / 2), (outer, length / 2), (0, length / 2)])
  }

  static func sphere(radius: Double) -> TriangleMesh { capsule(radius: radius, length: 0) }

  /// - Parameter length: Of the straight part.
  static func capsule(radius: Double, length: Double) -> TriangleMesh {
    // An arc's outline: corners on a circle whose chords touch the radius, in both directions.
    let step = 0.5 * Double.pi / Double(bands), outer = radius / cos(step / 2)
    let widening = 1 / cos(.pi / Double(sides))
    let lower = (0...bands).map { index -> (radius: Double, height: Double) in
      (outer * widening * sin(step * Double(index)), -length / 2 - outer * cos(step * Double(index)))
    }
    return turned(lower + lower.reversed().map { ($0.radius, -$0.height) })
  }

  /// What an outline about z sweeps, from its lowest point to its highest [m].
  private static func turned(_ outline: [(radius: Double, height: Double)]) -> TriangleMesh {
    var mesh = TriangleMesh()
    for point in outline {
      for side in 0..<sides {
        let angle = 2 * .pi * Double(side) / Double(sides)
        mesh.vertices.append([point.radius * cos(angle), point.radius * sin(angle), point.height])
      }
    }
    for ring in 0..<outline.count - 1 {
      for side in 0..<sides {
        let next = (side + 1) % sides, a = Int32(ring * sides + side), b = Int32(ring * sides + next), up = Int32(sides)
        mesh.faces += [[a, b, b + up], [a, b + up, a + up]]
      }
    }
    return mesh
  }
}

extension TriangleMesh {
  /// The mesh of a URDF's shape; nil for a mesh of its own, whose file others must read.
  init?(_ shape: URDF.Shape) {
    switch shape {
    case .box(let size): self = .box(size)
    case .cylinder(let radius, let length): self = .cylinder(radius: radius, length: length)
    case .sphere(let radius): self = .sphere(radius: radius)
    case .capsule(let radius, let length): self = .capsule(radius: radius, length: length)
    case .mesh: return nil
    }
  }
}
