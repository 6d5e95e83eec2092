internal import Foundation
internal import Kinematics
internal import Planner

/// A file of the spheres that stand for an arm:
/// `{"links":{LINK:[{"center":[3],"radius":m}…]…},"self_collision_pairs":[[LINK,LINK]…],"joint_names":[…],"joint_lower":[…],"joint_upper":[…]}`.
///
/// Without joint names all joints of the URDF move; without limits the URDF's hold; without pairs sampling finds them. Other members are passed over.
struct SphereFile {
  private let path: String
  private var members: JSONObject
  private var request: ComputeRequest { ComputeRequest(members: members) }

  /// - Parameter name: What errors call it.
  init(_ spheres: ArmSpheres, named name: String) {
    path = name
    var links = JSONObject()
    for link in spheres.links {
      let balls = link.spheres.map { sphere -> JSONValue in
        ["center": JSONValue(numbers: [sphere.center.x, sphere.center.y, sphere.center.z]), "radius": .number(sphere.radius)]
      }
      links.append(link.name, .array(balls))
    }
    members = ["links": .object(links)]
  }

  /// As the file has it.
  var text: String { "\(JSONValue.object(members))\n" }

  /// Of a fit that was kept: what it was made for, and how far each link's spheres stick out of its shape [m].
  var key: String? { members["key"]?.string }
  var overshoots: [String: Double]? {
    members["overshoot"]?.object.map { Dictionary($0.members.map { ($0.name, $0.value.number ?? 0) }) { first, _ in first } }
  }

  mutating func keep(key: String, overshoots: [(link: String, overshoot: Double)]) {
    var shown = JSONObject()
    for (link, overshoot) in overshoots { shown.append(link, .number(overshoot)) }
    (members["key"], members["overshoot"]) = (.string(key), .object(shown))
  }

  init(contentsOf path: String) throws(SphereFileError) {
    self.path = path
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw SphereFileError(file: path, sentence: "the file cannot be read", suggestion: "give the path of a sphere file that you may read")
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw SphereFileError(file: path, sentence: "the file is not JSON: \(error)", suggestion: "correct it there")
    }
    guard let members = value.object else {
      throw SphereFileError(file: path, sentence: "the file is no JSON object", suggestion: "begin it with {\"links\":{…}}")
    }
    self.members = members
  }

  /// The arm of a URDF with these spheres.
  ///
  /// - Parameters:
  ///   - jointNames: The joints that move, in the configuration's order; the file's where nil.
  ///   - limits: Of these joints.
  func model(
    of urdf: URDF, jointNames: [String]? = nil, limits: (lower: [Double], upper: [Double])? = nil
  ) throws(SphereFileError) -> CollisionModel {
    let spheres: ArmSpheres, ownNames: [String]?, ownLimits: (lower: [Double], upper: [Double])?
    do throws(ComputeError) {
      spheres = ArmSpheres(links: try links(), selfCollisionPairs: try pairs())
      ownNames = request.has("joint_names") ? try request.strings("joint_names") : nil
      ownLimits = try self.limits(count: ownNames?.count)
    } catch {
      throw SphereFileError(file: path, sentence: error.message, suggestion: "correct it there")
    }
    do throws(CollisionModelError) {
      return try CollisionModel(
        urdf: urdf, spheres: spheres, jointNames: jointNames ?? ownNames, limits: jointNames == nil ? ownLimits : limits)
    } catch {
      throw SphereFileError(file: path, sentence: "\(error)", suggestion: error.suggestion)
    }
  }

  private func links() throws(ComputeError) -> [ArmSpheres.Link] {
    guard let members = request.members["links"]?.object else {
      throw ComputeError(kind: "missing-key", message: "\"links\" must be an object of lists of spheres, one a link")
    }
    var links: [ArmSpheres.Link] = []
    for (name, value) in members.members {
      var spheres: [ArmSpheres.Sphere] = []
      for item in try ComputeRequest(members: [name: value]).objects(name) {
        spheres.append(ArmSpheres.Sphere(center: SIMD3(try item.numbers("center", count: 3)), radius: try item.required("radius")))
      }
      links.append(ArmSpheres.Link(name: name, spheres: spheres))
    }
    return links
  }

  private func pairs() throws(ComputeError) -> [ArmSpheres.LinkPair]? {
    guard request.has("self_collision_pairs") else { return nil }
    var pairs: [ArmSpheres.LinkPair] = []
    for pair in request.members["self_collision_pairs"]?.array ?? [.null] {
      let names = pair.array?.compactMap(\.string) ?? []
      guard names.count == 2, pair.array?.count == 2 else {
        throw ComputeError(kind: "not-pairs", message: "\"self_collision_pairs\" must be a list of pairs of link names")
      }
      pairs.append(ArmSpheres.LinkPair(names[0], names[1]))
    }
    return pairs
  }

  private func limits(count: Int?) throws(ComputeError) -> (lower: [Double], upper: [Double])? {
    guard let count, request.has("joint_lower") || request.has("joint_upper") else { return nil }
    return (try request.numbers("joint_lower", count: count), try request.numbers("joint_upper", count: count))
  }
}

/// What is wrong with a sphere file.
struct SphereFileError: Error, Equatable {
  let file: String
  /// Where known.
  var line: Int?
  /// Without the file.
  let sentence: String
  /// What to do about it, for after "try: ".
  let suggestion: String
}
