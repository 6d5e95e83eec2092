internal import Kinematics

/// The spheres of an arm where they are in one configuration, for distances in double precision.
///
/// A ball around each link's spheres, and one around each obstacle, tell most of what is far away from what is near.
struct PlacedArm {
  /// Link by link, in the base.
  let spheres: [[ArmSpheres.Sphere]]
  private let balls: [ArmSpheres.Sphere?]

  init(_ model: CollisionModel, at q: JointVector) {
    let frames = model.tree.frames(at: q)
    spheres = model.links.map { link in link.spheres.map { $0.placed(in: frames[link.frame]) } }
    balls = model.links.map { link in link.ball?.placed(in: frames[link.frame]) }
  }

  /// From a link to an obstacle [m]; negative where they overlap.
  ///
  /// - Parameters:
  ///   - obstacle: A place in the scene's obstacles.
  ///   - limit: Distances beyond it need not be told exactly [m].
  /// - Returns: The distance, if that is less than the limit; else something between the two.
  @inline(__always)
  func distance(from link: Int, to obstacle: Int, of scene: CollisionScene, limit: Double) -> Double {
    guard let own = balls[link] else { return .infinity }
    let gap = own.gap(to: scene.balls[obstacle])
    return gap < limit ? distance(from: link, within: own, to: scene.obstacles[obstacle], limit: limit) : gap
  }

  @inline(never)
  private func distance(from link: Int, within own: ArmSpheres.Sphere, to obstacle: Obstacle, limit: Double) -> Double {
    let room = obstacle.distance(to: own.center) - own.radius
    guard room < limit else { return room }
    return spheres[link].reduce(.infinity) { min($0, obstacle.distance(to: $1.center) - $1.radius) }
  }

  /// The same from a link to another.
  func distance(from link: Int, toLink other: Int, limit: Double) -> Double {
    guard let own = balls[link], let ball = balls[other] else { return .infinity }
    let gap = own.gap(to: ball)
    guard gap < limit else { return gap }
    var least = Double.infinity
    for sphere in spheres[link] where sphere.gap(to: ball) < min(least, limit) {
      for partner in spheres[other] { least = min(least, sphere.gap(to: partner)) }
    }
    return max(least, gap)
  }
}

extension ArmSpheres.Sphere {
  func placed(in frame: Pose) -> Self { Self(center: frame * center, radius: radius) }

  /// Between two spheres' surfaces [m]; negative where they overlap.
  @inline(__always)
  func gap(to other: Self) -> Double {
    let offset = center - other.center
    return dot(offset, offset).squareRoot() - radius - other.radius
  }
}

extension Obstacle {
  /// A ball around it; of a half-space all that there is.
  var ball: ArmSpheres.Sphere {
    let place = baseFromObstacle.translation
    switch shape {
    case .sphere(let radius): return ArmSpheres.Sphere(center: place, radius: radius)
    case .box(let half): return ArmSpheres.Sphere(center: place, radius: dot(half, half).squareRoot())
    case .capsule(let radius, let length): return ArmSpheres.Sphere(center: place, radius: radius + length / 2)
    case .cylinder(let radius, let length): return ArmSpheres.Sphere(center: place, radius: (radius * radius + length * length / 4).squareRoot())
    case .halfSpace: return ArmSpheres.Sphere(center: place, radius: .infinity)
    case .points(let cloud): return cloud.ball.placed(in: baseFromObstacle)
    }
  }
}
