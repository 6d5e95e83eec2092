internal import Foundation
public import Kinematics

/// How near two things are, the nearest of all.
public struct Clearance: Sendable, Equatable {
  public enum Other: Sendable, Equatable {
    case obstacle(String)
    case link(String)
  }

  /// [m]; negative where they overlap.
  public let distance: Double
  public let link: String
  public let other: Other
}

extension Clearance.Other: CustomStringConvertible {
  public var description: String {
    switch self {
    case .obstacle(let name): "\"\(name)\""
    case .link(let name): "link \"\(name)\""
    }
  }
}

extension Clearance: CustomStringConvertible {
  public var description: String {
    let millimetres = String(format: "%.1f mm", abs(distance) * 1000)
    return distance < 0 ? "link \"\(link)\" is \(millimetres) deep in \(other)" : "link \"\(link)\" is \(millimetres) from \(other)"
  }
}

extension CollisionChecker {
  /// The nearest that the arm comes to an obstacle, and to itself; nil where nothing is checked.
  ///
  /// For people and reports: in double precision, one configuration at a time. Obstacles count as large as they are, without the margin.
  ///
  /// - Precondition: `q` has one number a joint.
  public func clearances(at q: JointVector) -> (obstacles: Clearance?, own: Clearance?) {
    let spheres = model.placedSpheres(at: q)
    var obstacles: Clearance?, own: Clearance?
    for (link, spheres) in zip(model.links, spheres) where link.frame > 0 || checksBase {
      for sphere in spheres {
        for obstacle in scene.obstacles {
          let distance = obstacle.distance(to: sphere.center) - sphere.radius
          if distance < obstacles?.distance ?? .infinity {
            obstacles = Clearance(distance: distance, link: link.name, other: .obstacle(obstacle.name))
          }
        }
      }
    }
    for (one, other) in model.linkPairs {
      for a in spheres[one] {
        for b in spheres[other] {
          let offset = a.center - b.center, distance = dot(offset, offset).squareRoot() - a.radius - b.radius
          if distance < own?.distance ?? .infinity {
            own = Clearance(distance: distance, link: model.links[one].name, other: .link(model.links[other].name))
          }
        }
      }
    }
    return (obstacles, own)
  }

  /// How near each link is to each obstacle, link by link.
  func linkClearances(at q: JointVector) -> [Clearance] {
    zip(model.links, model.placedSpheres(at: q)).filter { $0.0.frame > 0 || checksBase }.flatMap { link, spheres in
      scene.obstacles.map { obstacle in
        let distance = spheres.map { obstacle.distance(to: $0.center) - $0.radius }.min() ?? .infinity
        return Clearance(distance: distance, link: link.name, other: .obstacle(obstacle.name))
      }
    }
  }

  /// What is wrong with a configuration that is not free: what is deepest in something, else the nearest obstacle, as only obstacles have a margin.
  public func trouble(at q: JointVector) -> Clearance? {
    let (obstacles, own) = clearances(at: q)
    if let own, own.distance < min(0, obstacles?.distance ?? 0) { return own }
    return obstacles ?? own
  }

  /// The nearest of both.
  public func clearance(at q: JointVector) -> Clearance? {
    let (obstacles, own) = clearances(at: q)
    return [obstacles, own].compactMap { $0 }.min { $0.distance < $1.distance }
  }
}

extension CollisionModel {
  /// The spheres of each link, and of what is attached, in the base.
  public func spheres(at q: JointVector) -> [(link: String, spheres: [ArmSpheres.Sphere])] {
    zip(links, placedSpheres(at: q)).map { ($0.name, $1) }
  }

  /// The spheres of each link in the base.
  func placedSpheres(at q: JointVector) -> [[ArmSpheres.Sphere]] {
    let frames = tree.frames(at: q)
    return links.map { link in
      link.spheres.map { ArmSpheres.Sphere(center: frames[link.frame] * $0.center, radius: $0.radius) }
    }
  }

  /// The pairs that must not touch, as places in `links`.
  var linkPairs: [(Int, Int)] {
    allPairs.compactMap { pair in
      guard let one = links.firstIndex(where: { $0.name == pair.one }), let other = links.firstIndex(where: { $0.name == pair.other }) else {
        return nil
      }
      return (one, other)
    }
  }
}

extension ArmTree {
  /// Where each frame stands in the base.
  func frames(at q: JointVector) -> [Pose] {
    var frames = [Pose.identity]
    for body in bodies {
      let position = body.joint.map { body.multiplier * q[$0] + body.offset } ?? 0
      let jointFromBody =
        body.isSliding
        ? Pose(rotation: Rotation(axis: [0, 0, 1], angle: body.turn), translation: [0, 0, position])
        : Pose(rotation: Rotation(axis: [0, 0, 1], angle: body.turn + position))
      frames.append(frames[body.parent] * body.parentFromJoint * jointFromBody)
    }
    return frames
  }
}
