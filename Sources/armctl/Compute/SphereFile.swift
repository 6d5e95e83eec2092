internal import Foundation
internal import Kinematics
internal import Planner

/// A file of the spheres that stand for an arm:
/// `{"links":{LINK:[{"center":[3],"radius":m}…]…},"self_collision_pairs":[[LINK,LINK]…],"joint_names":[…],"joint_lower":[…],"joint_upper":[…]}`.
///
/// Without joint names all joints of the URDF move; without limits the URDF's hold; without pairs sampling finds them. Other members are passed over.
struct SphereFile {
  private let path: String
  private let request: ComputeRequest

  init(contentsOf path: String) throws(ComputeError) {
    self.path = path
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw ComputeError(kind: "unreadable", message: "\(path): the file cannot be read\ntry: give the path of a sphere file that you may read")
    }
    do {
      guard let members = try JSONValue(parsing: text).object else {
        throw ComputeError(kind: "not-json", message: "\(path): the file is no JSON object\ntry: begin it with {\"links\":{…}}")
      }
      request = ComputeRequest(members: members)
    } catch let error as ComputeError {
      throw error
    } catch {
      throw ComputeError(kind: "not-json", message: "\(path): the file is not JSON: \(error)\ntry: correct it there")
    }
  }

  /// The arm of a URDF with these spheres.
  func model(of urdf: String) throws(ComputeError) -> CollisionModel {
    let arm: URDF
    do throws(URDFError) {
      arm = try URDF(contentsOf: urdf)
    } catch {
      throw ComputeError(kind: "urdf", message: "\(error)\ntry: \(error.suggestion)")
    }
    let contents: Contents
    do throws(ComputeError) {
      contents = try self.contents()
    } catch {
      throw ComputeError(kind: error.kind, message: "\(path): \(error.message)")
    }
    do throws(CollisionModelError) {
      return try CollisionModel(urdf: arm, spheres: contents.spheres, jointNames: contents.jointNames, limits: contents.limits)
    } catch {
      throw ComputeError(kind: "spheres", message: "\(path): \(error)\ntry: \(error.suggestion)")
    }
  }

  private struct Contents {
    let jointNames: [String]?
    let spheres: ArmSpheres
    let limits: (lower: [Double], upper: [Double])?
  }

  private func contents() throws(ComputeError) -> Contents {
    let names = request.has("joint_names") ? try request.strings("joint_names") : nil
    let spheres = ArmSpheres(links: try links(), selfCollisionPairs: try pairs())
    return Contents(jointNames: names, spheres: spheres, limits: try limits(count: names?.count))
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
