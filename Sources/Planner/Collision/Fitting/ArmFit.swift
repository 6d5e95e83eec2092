public import Kinematics

/// Spheres fitted to the shapes that an arm's URDF gives for collisions.
public struct ArmFit: Sendable, Equatable {
  /// A link that has a shape.
  public struct Link: Sendable, Equatable {
    public let name: String
    public let fit: SphereFit
  }

  /// In the URDF's order.
  public private(set) var links: [Link] = []

  /// - Parameters:
  ///   - usesVisuals: What a link looks like counts where it has no shape for collisions.
  ///   - mesh: The mesh of a file that the URDF names for a link, as in the file.
  /// - Throws: What `mesh` throws.
  public init<Problem: Error>(
    _ urdf: URDF, settings: SphereFit.Settings = SphereFit.Settings(), usesVisuals: Bool = false,
    mesh: (URDF.Link, String) throws(Problem) -> TriangleMesh
  ) throws(Problem) {
    for link in urdf.links {
      var whole = TriangleMesh()
      for geometry in link.shapes(usesVisuals: usesVisuals) {
        switch geometry.shape {
        case .mesh(let file, let scale): whole.append(try mesh(link, file), at: geometry.linkFromShape, scale: scale)
        default: whole.append(TriangleMesh(geometry.shape) ?? TriangleMesh(), at: geometry.linkFromShape)
        }
      }
      if !whole.faces.isEmpty { links.append(Link(name: link.name, fit: SphereFit(whole, settings: settings))) }
    }
  }

  public var spheres: ArmSpheres { ArmSpheres(links: links.map { ArmSpheres.Link(name: $0.name, spheres: $0.fit.spheres) }) }
}

extension URDF.Link {
  /// The shapes that stand for the link where collisions are checked.
  public func shapes(usesVisuals: Bool) -> [URDF.Geometry] { collisions.isEmpty && usesVisuals ? visuals : collisions }
}
