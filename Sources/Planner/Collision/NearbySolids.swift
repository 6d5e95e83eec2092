internal import Kinematics

/// The solids of one kind that each group of spheres can reach, the nearest to its shoulder first.
struct NearbySolids<Solid: RakeSolid>: Sendable {
  /// Group after group.
  private(set) var solids: [Solid] = []
  /// Where in `solids` each group's end.
  private(set) var ends: [Int32] = []

  mutating func append(_ group: [Solid]) {
    solids += group
    ends.append(Int32(solids.count))
  }
}

/// All solids of a scene, kind by kind.
struct SceneSolids: Sendable {
  private(set) var upright = NearbySolids<UprightBox>()
  private(set) var tilted = NearbySolids<TiltedBox>()
  private(set) var cylinders = NearbySolids<FlatCylinder>()
  private(set) var halfSpaces = NearbySolids<RakeHalfSpace>()
  private(set) var clouds = NearbySolids<RakeCloud>()
  private(set) var hasTilted = false
  /// Cylinders, half-spaces or clouds.
  private(set) var hasOthers = false

  /// What it takes to check a rake against all of them, in rakes of a simple scene: a point cloud asks eight configurations one by one.
  var work: Int {
    (upright.solids.count + tilted.solids.count + cylinders.solids.count + halfSpaces.solids.count) / 64 + 64 * clouds.solids.count
  }

  /// - Parameters:
  ///   - obstacles: Those that the next group can reach, the nearest first.
  ///   - margin: Room to keep to each of them [m].
  mutating func append(_ obstacles: [Obstacle], margin: Double) {
    var upright: [UprightBox] = [], tilted: [TiltedBox] = [], cylinders: [FlatCylinder] = [], halfSpaces: [RakeHalfSpace] = []
    var clouds: [RakeCloud] = []
    func appendBox(_ pose: Pose, _ half: SIMD3<Double>, _ rounding: Double) {
      if let box = UprightBox(baseFromBox: pose, half: half, rounding: rounding) {
        upright.append(box)
      } else {
        tilted.append(TiltedBox(baseFromBox: pose, half: half, rounding: rounding))
      }
    }
    for obstacle in obstacles {
      let pose = obstacle.baseFromObstacle
      switch obstacle.shape {
      case .sphere(let radius): appendBox(Pose(translation: pose.translation), .zero, radius + margin)
      case .box(let half): appendBox(pose, half, margin)
      case .capsule(let radius, let length): appendBox(pose, [0, 0, length / 2], radius + margin)
      case .cylinder(let radius, let length):
        cylinders.append(FlatCylinder(baseFromCylinder: pose, radius: radius, length: length, rounding: margin))
      case .halfSpace: halfSpaces.append(RakeHalfSpace(baseFromPlane: pose, rounding: margin))
      case .points(let cloud): clouds.append(RakeCloud(cloud, baseFromCloud: pose, margin: margin))
      }
    }
    self.upright.append(upright)
    self.tilted.append(tilted)
    self.cylinders.append(cylinders)
    self.halfSpaces.append(halfSpaces)
    self.clouds.append(clouds)
    hasTilted = hasTilted || !tilted.isEmpty
    hasOthers = hasOthers || !(cylinders.isEmpty && halfSpaces.isEmpty && clouds.isEmpty)
  }
}

extension UprightBox {
  /// Nil where no axis of the box is upright.
  init?(baseFromBox: Pose, half: SIMD3<Double>, rounding: Double) {
    let axes = [baseFromBox.rotation.x, baseFromBox.rotation.y, baseFromBox.rotation.z]
    // An axis that is upright to 1e-7 puts a box of metres right to a tenth of a micrometre.
    guard let up = axes.firstIndex(where: { abs($0.x) < 1e-7 && abs($0.y) < 1e-7 }) else { return nil }
    let first = axes[(up + 1) % 3], position = baseFromBox.translation
    (axisX, axisY) = (Float(first.x), Float(first.y))
    offsetX = Float(-(first.x * position.x + first.y * position.y))
    offsetY = Float(-(first.x * position.y - first.y * position.x))
    offsetZ = Float(-position.z)
    (halfX, halfY, halfZ) = (Float(half[(up + 1) % 3]), Float(half[(up + 2) % 3]), Float(half[up]))
    self.rounding = Float(rounding)
  }
}

extension TiltedBox {
  init(baseFromBox: Pose, half: SIMD3<Double>, rounding: Double) {
    (axisX, axisY, axisZ) = (Triple(baseFromBox.rotation.x), Triple(baseFromBox.rotation.y), Triple(baseFromBox.rotation.z))
    offset = Triple(baseFromBox.inverse.translation)
    self.half = Triple(half)
    self.rounding = Float(rounding)
  }
}

extension FlatCylinder {
  init(baseFromCylinder: Pose, radius: Double, length: Double, rounding: Double) {
    (axis, center) = (TiltedBox.Triple(baseFromCylinder.rotation.z), TiltedBox.Triple(baseFromCylinder.translation))
    (self.radius, halfLength, self.rounding) = (Float(radius), Float(length / 2), Float(rounding))
  }
}

extension RakeHalfSpace {
  init(baseFromPlane: Pose, rounding: Double) {
    normal = TiltedBox.Triple(baseFromPlane.rotation.z)
    offset = Float(dot(baseFromPlane.rotation.z, baseFromPlane.translation))
    self.rounding = Float(rounding)
  }
}
