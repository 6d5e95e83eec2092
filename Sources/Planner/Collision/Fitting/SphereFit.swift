internal import Kinematics

/// Spheres that stand for a solid: together they hold all of it, and they stick out of it by no more than is said.
public struct SphereFit: Sendable, Equatable {
  /// What a fit aims at.
  public struct Settings: Sendable, Equatable {
    /// How far a sphere may stick out of the solid [m], more than 0.
    public var tightness: Double
    /// So many spheres a link has at most, even if they then stick out farther. 1 or more.
    public var count: Int

    public init(tightness: Double = 0.008, count: Int = 24) { (self.tightness, self.count) = (tightness, count) }
  }

  public let spheres: [ArmSpheres.Sphere]
  /// How far a sphere sticks out of the solid at most, to within half a millimetre or a fiftieth of the solid's size [m].
  public let overshoot: Double

  /// Fits spheres to what a mesh encloses, and to the mesh itself where it is open. The same mesh and settings give the same spheres.
  ///
  /// The solid is cut into cells; spheres around places on its middle, each as large as the tightness allows, are taken by what they hold, and then
  /// moved and shrunk. They hold the whole mesh, without a margin of their own: flat faces of a mesh touch round sides from outside.
  ///
  /// - Precondition: The mesh has a face.
  public init(_ mesh: TriangleMesh, settings: Settings = Settings()) {
    let solid = SolidCells(mesh, side: max(settings.tightness / 4, 0.0005))
    if let cover = CellCover(solid, tightness: settings.tightness, limit: settings.count) {
      (spheres, overshoot) = (cover.spheres, cover.overshoot)
      return
    }
    // As tight as the count allows.
    var tooTight = settings.tightness, best: CellCover?
    while true {
      let tightness = best.map { 0.5 * (tooTight + $0.tightness) } ?? 1.5 * tooTight
      if let best, best.tightness < 1.1 * tooTight { break }
      if let cover = CellCover(solid, tightness: tightness, limit: settings.count) { best = cover } else { tooTight = tightness }
    }
    (spheres, overshoot) = (best?.spheres ?? [], best?.overshoot ?? 0)
  }
}
