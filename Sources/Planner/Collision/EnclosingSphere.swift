/// A sphere around spheres.
extension ArmSpheres.Sphere {
  /// The smallest sphere around `spheres`, to within about a percent of its radius after 400 rounds.
  ///
  /// - Source: M. Bădoiu and K. Clarkson, *Smaller core-sets for balls* (2003): the centre steps towards the farthest by ever smaller shares.
  /// - Precondition: `spheres` is not empty.
  init(enclosing spheres: some Collection<ArmSpheres.Sphere>, rounds: Int = 400) {
    var center = spheres.reduce(SIMD3<Double>.zero) { $0 + $1.center } / Double(spheres.count)
    var best = (center: center, radius: Double.infinity)
    for round in 1...rounds {
      var farthest = (reach: -Double.infinity, center: center)
      for sphere in spheres {
        let offset = sphere.center - center, reach = (offset * offset).sum().squareRoot() + sphere.radius
        if reach > farthest.reach { farthest = (reach, sphere.center) }
      }
      if farthest.reach < best.radius { best = (center, farthest.reach) }
      center += (farthest.center - center) / Double(round + 1)
    }
    self.init(center: best.center, radius: best.radius)
  }
}
