public import Kinematics

// What is carried touches what it stands on where it is taken up and where it is put down, and its spheres are larger than it is. There its spheres
// are made smaller. Links of the arm itself stay as they are.

extension CollisionModel {
  /// The arm with what it carries a little smaller where that touches something at the beginning of a motion, however deep: what has just been taken
  /// up can be lifted, and nothing of it comes nearer to anything than it was.
  ///
  /// - Parameters:
  ///   - q: Where the motion begins [rad; m].
  ///   - room: What is then between it and the nearest obstacle [m].
  public func takingUp(at q: JointVector, from scene: CollisionScene, room: Double) -> CollisionModel {
    easing(at: q, in: scene, room: room) { _ in .infinity }
  }

  /// The arm with what it carries a little smaller where that touches something at the end of a motion, so that it can be put down there.
  ///
  /// Only what touches lightly: a thing itself, without the overhang of its spheres, may be so deep in what it is put on and no deeper.
  ///
  /// - Parameters:
  ///   - q: Where the motion ends [rad; m].
  ///   - depth: What things and their places are known to [m].
  ///   - room: What is then between it and the nearest obstacle [m].
  public func puttingDown(at q: JointVector, on scene: CollisionScene, depth: Double, room: Double) -> CollisionModel {
    easing(at: q, in: scene, room: room) { $0.overhang + depth }
  }

  /// - Parameter deepest: How deep a sphere of a thing may be in an obstacle [m]; one with a deeper sphere stays as it is.
  private func easing(
    at q: JointVector, in scene: CollisionScene, room: Double, deepest: (Attachment) -> Double
  ) -> CollisionModel {
    var model = self
    let placed = spheres(at: q)
    for attachment in attachments {
      guard let spheres = placed.first(where: { $0.link == attachment.name })?.spheres else { continue }
      let ball = ArmSpheres.Sphere(enclosing: spheres, rounds: 1)
      let near = zip(scene.obstacles, scene.balls).filter { $1.gap(to: ball) < room }.map(\.0)
      let rooms = spheres.map { sphere in near.map { $0.distance(to: sphere.center) }.min() ?? .infinity }
      guard zip(spheres, rooms).allSatisfy({ $0.radius - $1 <= deepest(attachment) }) else { continue }
      var smaller = attachment
      smaller.spheres = zip(attachment.spheres, rooms).compactMap { sphere, distance in
        if distance >= sphere.radius + room { return sphere }
        return distance > room ? ArmSpheres.Sphere(center: sphere.center, radius: distance - room) : nil
      }
      guard smaller != attachment else { continue }
      model = smaller.spheres.isEmpty ? (try? model.detaching(attachment.name)) ?? model : model.replacing(smaller)
    }
    return model
  }
}
