import Foundation
import FoundationXML
import Kinematics

/// A convex solid and where it stands in the base: the tests' own geometry, which knows nothing of spheres that stand for it.
struct ExactSolid {
  enum Shape {
    case sphere(radius: Double)
    case box(half: SIMD3<Double>)
    case capsule(radius: Double, half: Double)
    case cylinder(radius: Double, half: Double)
    /// All below z = 0.
    case halfSpace
  }

  var name: String
  var shape: Shape
  var baseFromSolid: Pose

  /// The solid's point that is nearest to `point`.
  func nearest(to point: SIMD3<Double>) -> SIMD3<Double> {
    let p = baseFromSolid.inverse * point
    func clamp(_ x: Double, _ most: Double) -> Double { min(max(x, -most), most) }
    let local: SIMD3<Double>
    switch shape {
    case .sphere(let radius): local = p * min(1, radius / max(p.length, 1e-300))
    case .box(let half): local = [clamp(p.x, half.x), clamp(p.y, half.y), clamp(p.z, half.z)]
    case .capsule(let radius, let half):
      let axis = SIMD3(0, 0, clamp(p.z, half)), off = p - axis
      local = axis + off * min(1, radius / max(off.length, 1e-300))
    case .cylinder(let radius, let half):
      let share = min(1, radius / max(hypot(p.x, p.y), 1e-300))
      local = [p.x * share, p.y * share, clamp(p.z, half)]
    case .halfSpace: local = [p.x, p.y, min(p.z, 0)]
    }
    return baseFromSolid * local
  }

  /// How far the solid reaches in a direction of unit length.
  func reach(along direction: SIMD3<Double>) -> Double {
    let n = baseFromSolid.rotation.inverse * direction, middle = (baseFromSolid.translation * direction).sum()
    switch shape {
    case .sphere(let radius): return middle + radius
    case .box(let half): return middle + half.x * abs(n.x) + half.y * abs(n.y) + half.z * abs(n.z)
    case .capsule(let radius, let half): return middle + radius + half * abs(n.z)
    case .cylinder(let radius, let half): return middle + radius * hypot(n.x, n.y) + half * abs(n.z)
    // Rounding tilts a normal by nothing worth speaking of within a metre.
    case .halfSpace: return hypot(n.x, n.y) < 1e-6 && n.z > 0 ? middle : .infinity
    }
  }

  /// Radius of a ball around the solid's origin that holds it.
  var radius: Double {
    switch shape {
    case .sphere(let radius): radius
    case .box(let half): half.length
    case .capsule(let radius, let half): radius + half
    case .cylinder(let radius, let half): hypot(radius, half)
    case .halfSpace: .infinity
    }
  }

  /// So wide a slab is proved to lie between the two [m]; 0 or less where none was found: they touch, or all but.
  ///
  /// Projects to and fro, which leads to the nearest two points of convex solids; the slab across the way between them is the proof.
  func gap(to other: ExactSolid, enough: Double = .infinity) -> Double {
    var best = -Double.infinity
    var there = other.nearest(to: baseFromSolid.translation)
    for _ in 0..<2000 {
      let here = nearest(to: there)
      there = other.nearest(to: here)
      let way = there - here, distance = way.length
      guard distance > 1e-9 else { return min(best, 0) }
      let direction = way / distance
      best = max(best, -other.reach(along: -direction) - reach(along: direction))
      if distance - best < 1e-6 || best > enough { return best }
    }
    return best
  }
}

/// The solids of a URDF's `collision` elements and its joints, read and placed without any of the project's own readers.
final class ExactArm: NSObject, XMLParserDelegate {
  private struct Joint {
    var name = "", parent = "", child = ""
    var origin = Pose.identity
    var axis = SIMD3(1.0, 0, 0)
  }

  private var solids: [(link: String, solid: ExactSolid)] = []
  private var joints: [Joint] = []
  private var link = "", isInCollision = false, isInJoint = false
  private var pose = Pose.identity

  init(urdf path: String) throws {
    super.init()
    let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: path)))
    parser.delegate = self
    guard parser.parse() else { throw CocoaError(.fileReadCorruptFile) }
  }

  private static func numbers(_ text: String?) -> SIMD3<Double> {
    let numbers = (text ?? "0 0 0").split(separator: " ").compactMap { Double($0) }
    return SIMD3(numbers)
  }

  func parser(_: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String] = [:]) {
    func value(_ key: String) -> Double { attributes[key].flatMap { Double($0) } ?? 0 }
    switch name {
    case "link": if !isInJoint { link = attributes["name"] ?? "" }
    case "joint":
      isInJoint = true
      joints.append(Joint(name: attributes["name"] ?? ""))
    case "parent": joints[joints.count - 1].parent = attributes["link"] ?? ""
    case "child": joints[joints.count - 1].child = attributes["link"] ?? ""
    case "axis": joints[joints.count - 1].axis = Self.numbers(attributes["xyz"])
    case "collision": (isInCollision, pose) = (true, .identity)
    case "origin":
      let angles = Self.numbers(attributes["rpy"])
      let origin = Pose(rotation: Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z), translation: Self.numbers(attributes["xyz"]))
      if isInCollision { pose = origin } else if isInJoint { joints[joints.count - 1].origin = origin }
    case "cylinder" where isInCollision: append(.cylinder(radius: value("radius"), half: value("length") / 2))
    case "sphere" where isInCollision: append(.sphere(radius: value("radius")))
    case "box" where isInCollision: append(.box(half: Self.numbers(attributes["size"]) / 2))
    default: break
    }
  }

  func parser(_: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "collision" { isInCollision = false }
    if name == "joint" { isInJoint = false }
  }

  private func append(_ shape: ExactSolid.Shape) { solids.append((link, ExactSolid(name: link, shape: shape, baseFromSolid: pose))) }

  /// Where the solids stand when the joints, in the file's order, do.
  func solids(at q: JointVector) -> [ExactSolid] {
    var links: [String: Pose] = [:]
    for (index, joint) in joints.enumerated() {
      let motion = Pose(rotation: Rotation(axis: joint.axis, angle: index < q.count ? q[index] : 0))
      links[joint.child] = (links[joint.parent] ?? .identity) * joint.origin * motion
    }
    return solids.map { link, solid in
      ExactSolid(name: link, shape: solid.shape, baseFromSolid: (links[link] ?? .identity) * solid.baseFromSolid)
    }
  }

  /// The least gap between what moves and some obstacles, if it is less than `enough` [m].
  func gap(at q: JointVector, to obstacles: [ExactSolid], enough: Double) -> Double {
    let still = joints.first?.parent
    var least = enough
    for solid in solids(at: q) where solid.name != still {
      for obstacle in obstacles {
        let far = (solid.baseFromSolid.translation - obstacle.baseFromSolid.translation).length - solid.radius - obstacle.radius
        if far < least { least = min(least, solid.gap(to: obstacle, enough: least)) }
      }
    }
    return least
  }

  /// The least gap between links that are not joined by one joint, if it is less than `enough` [m].
  func ownGap(at q: JointVector, enough: Double) -> Double {
    let solids = solids(at: q)
    let order = [joints.first?.parent ?? ""] + joints.map(\.child)
    let places = solids.map { solid in order.firstIndex(of: solid.name) ?? 0 }
    var least = enough
    for one in solids.indices {
      for other in solids.indices where places[other] > places[one] + 1 {
        let far = (solids[one].baseFromSolid.translation - solids[other].baseFromSolid.translation).length - solids[one].radius - solids[other].radius
        if far < least { least = min(least, solids[one].gap(to: solids[other], enough: least)) }
      }
    }
    return least
  }
}

extension SIMD3<Double> {
  fileprivate var length: Double { (self * self).sum().squareRoot() }
}
