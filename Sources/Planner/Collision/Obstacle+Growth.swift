internal import Kinematics

extension Obstacle {
  /// The same with so much more all round; boxes and cylinders stay as sharp as they were [m].
  func grown(by margin: Double) -> Obstacle {
    var grown = self
    switch shape {
    case .sphere(let radius): grown.shape = .sphere(radius: radius + margin)
    case .box(let halfExtents): grown.shape = .box(halfExtents: halfExtents + margin)
    case .capsule(let radius, let length): grown.shape = .capsule(radius: radius + margin, length: length)
    case .cylinder(let radius, let length): grown.shape = .cylinder(radius: radius + margin, length: length + 2 * margin)
    case .halfSpace: grown.baseFromObstacle.translation += margin * baseFromObstacle.rotation.z
    case .points(let cloud): grown.shape = .points(cloud.grown(by: margin))
    }
    return grown
  }
}
