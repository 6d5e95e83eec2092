public import Kinematics

extension CollisionModel {
  /// The arm with what it carries a little smaller where that touches something at a configuration.
  ///
  /// What has just been taken up still stands on what it stood on, and its spheres are larger than it is: so it can be lifted, and nothing of it
  /// comes nearer to anything than it was. Links of the arm itself stay as they are.
  ///
  /// - Parameters:
  ///   - q: Where the motion begins [rad; m].
  ///   - room: What is then between it and the nearest obstacle [m].
  public func takingUp(at q: JointVector, from scene: CollisionScene, room: Double) -> CollisionModel {
    var model = self
    let placed = spheres(at: q)
    for attachment in attachments {
      guard let spheres = placed.first(where: { $0.link == attachment.name })?.spheres else { continue }
      var smaller = attachment
      smaller.spheres = zip(attachment.spheres, spheres).compactMap { sphere, placed in
        let distance = scene.obstacles.map { $0.distance(to: placed.center) }.min() ?? .infinity
        if distance >= placed.radius + room { return sphere }
        return distance > room ? ArmSpheres.Sphere(center: sphere.center, radius: distance - room) : nil
      }
      guard smaller != attachment, let without = try? model.detaching(attachment.name) else { continue }
      model = smaller.spheres.isEmpty ? without : (try? without.attaching(smaller)) ?? without
    }
    return model
  }
}
