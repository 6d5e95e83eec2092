import Foundation
import Kinematics
import Planner
import TestSupport

/// What the files under Benchmarks/panda hold.
struct BenchmarkFile: Decodable {
  struct Place: Decodable {
    let center, quaternion: [Double]
    let halfExtents: [Double]?
    let radius, length: Double?

    var pose: Pose { Pose(rotation: Rotation(quaternion: SIMD4(quaternion)), translation: SIMD3(center)) }
  }

  struct Problem: Decodable {
    let set: String
    let start, goal: [Double]
    let boxes, capsules: [Place]
    let configurations: [[Double]]
    let valid, selfValid: String

    func scene() throws -> CollisionScene {
      let boxes = boxes.enumerated().map { index, box in
        Obstacle(name: "box \(index)", shape: .box(halfExtents: SIMD3(box.halfExtents ?? [])), baseFromObstacle: box.pose)
      }
      let capsules = capsules.enumerated().map { index, capsule in
        Obstacle(
          name: "capsule \(index)", shape: .capsule(radius: capsule.radius ?? 0, length: capsule.length ?? 0), baseFromObstacle: capsule.pose)
      }
      return try CollisionScene(boxes + capsules)
    }
  }

  let problems: [Problem]

  static func problems() throws -> [Problem] {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: packageFile("Benchmarks/panda/panda_problems.json")))).problems
  }
}

/// An arm with its spheres and what the tests' own checker needs to know of it.
struct SphereArm {
  let urdf: URDF
  let spheres: ArmSpheres
  let model: CollisionModel

  static func panda() throws -> SphereArm {
    struct File: Decodable {
      struct Ball: Decodable {
        let center: [Double]
        let radius: Double
      }
      let joint_names: [String]
      let joint_lower, joint_upper: [Double]
      let links: [String: [Ball]]
      let self_collision_pairs: [[String]]
    }
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: packageFile("Benchmarks/panda/panda_spheres.json"))))
    let links = file.links.sorted { $0.key < $1.key }.map { name, balls in
      ArmSpheres.Link(name: name, spheres: balls.map { ArmSpheres.Sphere(center: SIMD3($0.center), radius: $0.radius) })
    }
    let spheres = ArmSpheres(links: links, selfCollisionPairs: file.self_collision_pairs.map { ArmSpheres.LinkPair($0[0], $0[1]) })
    return try SphereArm(
      urdf: URDF(contentsOf: packageFile("Benchmarks/panda/panda_mbm.urdf")), spheres: spheres, jointNames: file.joint_names,
      limits: (file.joint_lower, file.joint_upper))
  }

  init(urdf: URDF, spheres: ArmSpheres, jointNames: [String]? = nil, limits: (lower: [Double], upper: [Double])? = nil) throws {
    (self.urdf, self.spheres) = (urdf, spheres)
    model = try CollisionModel(urdf: urdf, spheres: spheres, jointNames: jointNames, limits: limits)
  }

  /// An arm with a skewed joint, a sliding one, a follower, and two joints side by side on the second link.
  static func crooked() throws -> SphereArm {
    let text = """
      <robot name="crooked">
        <link name="base"/><link name="column"/><link name="slide"/><link name="arm"/><link name="hand"/><link name="echo"/><link name="flag"/>
        <joint name="turn" type="revolute"><parent link="base"/><child link="column"/><origin xyz="0.1 0 0.2" rpy="0.2 0.1 0"/>
          <axis xyz="0 0.3 1"/><limit lower="-3" upper="3"/></joint>
        <joint name="lift" type="prismatic"><parent link="column"/><child link="slide"/><origin xyz="0 0.1 0.1" rpy="0 0.3 0"/>
          <axis xyz="1 0 0.5"/><limit lower="0" upper="0.3"/></joint>
        <joint name="bend" type="revolute"><parent link="slide"/><child link="arm"/><origin xyz="0.1 0 0" rpy="1.2 0 0.4"/>
          <axis xyz="0 1 0"/><limit lower="-2" upper="2"/></joint>
        <joint name="near" type="revolute"><parent link="arm"/><child link="hand"/><origin xyz="0.3 0 0" rpy="0 0 0.000001"/>
          <axis xyz="0 1 0"/><limit lower="-2" upper="2"/></joint>
        <joint name="wave" type="revolute"><parent link="slide"/><child link="flag"/><origin xyz="0 0.2 0" rpy="0 0.5 0"/>
          <axis xyz="1 0 0"/><limit lower="-3" upper="3"/></joint>
        <joint name="follow" type="revolute"><parent link="hand"/><child link="echo"/><origin xyz="0.2 0 0.05"/>
          <axis xyz="0 0 -1"/><limit lower="-9" upper="9"/><mimic joint="bend" multiplier="-1.5" offset="0.2"/></joint>
      </robot>
      """
    func ball(_ x: Double, _ y: Double, _ z: Double, _ radius: Double) -> ArmSpheres.Sphere { ArmSpheres.Sphere(center: [x, y, z], radius: radius) }
    let links = [
      ArmSpheres.Link(name: "base", spheres: [ball(0, 0, 0, 0.1)]),
      ArmSpheres.Link(name: "column", spheres: [ball(0, 0, 0.05, 0.06)]),
      ArmSpheres.Link(name: "arm", spheres: (0..<12).map { ball(0.03 * Double($0), 0.01 * Double($0 % 2), 0, 0.04) }),
      ArmSpheres.Link(name: "hand", spheres: [ball(0.1, 0, 0, 0.05), ball(0.2, 0, 0, 0.03)]),
      ArmSpheres.Link(name: "echo", spheres: [ball(0.1, 0, 0.02, 0.03)]), ArmSpheres.Link(name: "flag", spheres: [ball(0, 0, 0.15, 0.04)]),
    ]
    let pairs = [("base", "arm"), ("base", "hand"), ("base", "echo"), ("hand", "flag"), ("echo", "flag"), ("arm", "flag"), ("column", "hand")]
    return try SphereArm(
      urdf: URDF(parsing: text), spheres: ArmSpheres(links: links, selfCollisionPairs: pairs.map { ArmSpheres.LinkPair($0.0, $0.1) }),
      jointNames: ["turn", "lift", "bend", "near", "wave"])
  }

  /// Where a link stands, by way of the joints alone.
  func pose(of link: String, at q: JointVector) -> Pose {
    guard let joint = urdf.joints.first(where: { $0.child == link }) else { return .identity }
    let leader = urdf.leader(of: joint)
    let position = leader.multiplier * (model.jointNames.firstIndex(of: leader.name).map { q[$0] } ?? 0) + leader.offset
    return pose(of: joint.parent, at: q) * joint.parentFromJoint * joint.motion(by: position)
  }

  /// The least room between the spheres and the obstacles, and between the spheres of the link pairs, computed the plain way.
  func room(at q: JointVector, among obstacles: [Obstacle]) -> (world: Double, own: Double) {
    let placed = Dictionary(
      uniqueKeysWithValues: spheres.links.map { link in
        let pose = pose(of: link.name, at: q)
        return (link.name, link.spheres.map { (center: pose * $0.center, radius: $0.radius) })
      })
    var world = Double.infinity, own = Double.infinity
    for spheres in placed.values {
      for sphere in spheres {
        for obstacle in obstacles { world = min(world, plainDistance(obstacle, sphere.center) - sphere.radius) }
      }
    }
    for pair in spheres.selfCollisionPairs ?? [] {
      for a in placed[pair.one] ?? [] {
        for b in placed[pair.other] ?? [] { own = min(own, length(a.center - b.center) - a.radius - b.radius) }
      }
    }
    return (world, own)
  }
}

extension SphereArm {
  /// The link whose sphere is nearest to something, and how near, computed the plain way.
  ///
  /// - Parameter distance: From a point to that something, negative inside.
  func nearestLink(at q: JointVector, by distance: (SIMD3<Double>) -> Double) -> (link: String, distance: Double) {
    var nearest = (link: "", distance: Double.infinity)
    for link in spheres.links {
      let pose = pose(of: link.name, at: q)
      for sphere in link.spheres {
        let room = distance(pose * sphere.center) - sphere.radius
        if room < nearest.distance { nearest = (link.name, room) }
      }
    }
    return nearest
  }

  /// The pair of links that are nearest to each other, of those that are checked, computed the plain way.
  func nearestPair(at q: JointVector) -> (links: Set<String>, distance: Double) {
    var nearest = (links: Set<String>(), distance: Double.infinity)
    for pair in spheres.selfCollisionPairs ?? [] {
      let one = pose(of: pair.one, at: q), other = pose(of: pair.other, at: q)
      for a in spheres.links.first(where: { $0.name == pair.one })?.spheres ?? [] {
        for b in spheres.links.first(where: { $0.name == pair.other })?.spheres ?? [] {
          let room = length(one * a.center - other * b.center) - a.radius - b.radius
          if room < nearest.distance { nearest = ([pair.one, pair.other], room) }
        }
      }
    }
    return nearest
  }
}

func length(_ v: SIMD3<Double>) -> Double { dot(v, v).squareRoot() }

/// To a box whose axes are the base's, negative inside.
func signedDistance(toBoxAt center: SIMD3<Double>, half: SIMD3<Double>, from point: SIMD3<Double>) -> Double {
  let offset = point - center
  let excess = SIMD3(abs(offset.x) - half.x, abs(offset.y) - half.y, abs(offset.z) - half.z)
  let outside = SIMD3(max(excess.x, 0), max(excess.y, 0), max(excess.z, 0))
  return excess.max() < 0 ? excess.max() : length(outside)
}

/// From a point to an obstacle's nearest point, found by moving that point; 0 inside. Clouds are not asked for here.
func plainDistance(_ obstacle: Obstacle, _ point: SIMD3<Double>) -> Double {
  let p = obstacle.baseFromObstacle.inverse * point
  func clamp(_ value: Double, _ bound: Double) -> Double { min(max(value, -bound), bound) }
  switch obstacle.shape {
  case .sphere(let radius): return max(length(p) - radius, 0)
  case .box(let half): return length(p - SIMD3(clamp(p.x, half.x), clamp(p.y, half.y), clamp(p.z, half.z)))
  case .capsule(let radius, let height): return max(length(p - [0, 0, clamp(p.z, height / 2)]) - radius, 0)
  case .cylinder(let radius, let height):
    let across = (p.x * p.x + p.y * p.y).squareRoot(), share = across > radius ? radius / across : 1
    return length(p - [p.x * share, p.y * share, clamp(p.z, height / 2)])
  case .halfSpace: return max(p.z, 0)
  case .points: return .infinity
  }
}

extension SeededGenerator {
  mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

  mutating func vector(_ bound: Double) -> SIMD3<Double> { [number(-bound...bound), number(-bound...bound), number(-bound...bound)] }

  mutating func pose(within bound: Double) -> Pose {
    Pose(rotation: Rotation(roll: number(-3...3), pitch: number(-1.5...1.5), yaw: number(-3...3)), translation: vector(bound))
  }

  /// Of every kind but clouds, away from the arm's foot.
  mutating func obstacle(_ index: Int, within bound: Double) -> Obstacle {
    var pose = pose(within: bound)
    if length(pose.translation) < 0.35 { pose.translation.z += 0.7 }
    if index % 2 == 0 { pose.rotation = Rotation(axis: [0, 0, 1], angle: number(-3...3)) }
    let shape: Obstacle.Shape =
      switch index % 5 {
      case 0: .box(halfExtents: [number(0.01...0.2), number(0.01...0.2), number(0.01...0.2)])
      case 1: .sphere(radius: number(0.01...0.15))
      case 2: .capsule(radius: number(0.01...0.1), length: number(0.05...0.5))
      case 3: .cylinder(radius: number(0.01...0.1), length: number(0.05...0.5))
      default: .box(halfExtents: [0.02, number(0.05...0.3), number(0.05...0.3)])
      }
    return Obstacle(name: "obstacle \(index)", shape: shape, baseFromObstacle: pose)
  }

  mutating func configuration(of model: CollisionModel) -> JointVector {
    JointVector(model.jointNames.indices.map { number(max(model.lower[$0], -4)...min(model.upper[$0], 4)) })
  }
}
