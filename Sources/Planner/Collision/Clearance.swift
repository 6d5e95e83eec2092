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

extension Clearance.Other {
  /// The obstacle's name, if it is one.
  public var obstacle: String? { if case .obstacle(let name) = self { name } else { nil } }

  /// The link's name, if it is one.
  public var link: String? { if case .link(let name) = self { name } else { nil } }
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
    let arm = PlacedArm(model, at: q)
    return (nearest(of: worldCouples, arm), nearest(of: ownCouples, arm))
  }

  private func nearest(of couples: Couples, _ arm: PlacedArm) -> Clearance? {
    var least = Double.infinity, nearest: Couple?
    for couple in couples {
      let distance = distance(of: couple, arm, limit: least)
      if distance < least { (least, nearest) = (distance, couple) }
    }
    return nearest.map { clearance(of: $0, least) }
  }

  /// All that touches in a configuration, or is nearer to an obstacle than the margin; the deepest first.
  public func contacts(at q: JointVector) -> [Clearance] {
    let arm = PlacedArm(model, at: q)
    func touching(_ couples: Couples, below limit: Double) -> [Clearance] {
      couples.compactMap { couple in
        let distance = distance(of: couple, arm, limit: limit)
        return distance < limit ? clearance(of: couple, distance) : nil
      }
    }
    return (touching(worldCouples, below: margin) + touching(ownCouples, below: 0)).sorted { $0.distance < $1.distance }
  }

  /// The obstacles that links touch which never move and count: the arm stands on them. The deepest first.
  public var standingContacts: [Clearance] {
    let names = model.standingNames
    return contacts(at: model.lower.clamped(lower: JointVector(repeating: -.pi, count: model.jointCount), upper: model.upper)).filter {
      names.contains($0.link) && $0.other.obstacle != nil
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

extension CollisionChecker {
  /// Two things that may come near each other, as places in the model's links and in the scene's obstacles.
  enum Couple {
    case link(Int, obstacle: Int)
    case links(Int, Int)
  }

  /// Every link that counts with every obstacle, or the links that must not touch.
  struct Couples: RandomAccessCollection {
    fileprivate var links: [Int] = [], obstacleCount = 0, pairs: [(Int, Int)] = []

    var startIndex: Int { 0 }
    var endIndex: Int { links.count * obstacleCount + pairs.count }

    @inline(__always)
    subscript(index: Int) -> Couple {
      pairs.isEmpty ? .link(links[index / obstacleCount], obstacle: index % obstacleCount) : .links(pairs[index].0, pairs[index].1)
    }
  }

  var worldCouples: Couples {
    Couples(links: model.links.indices.filter { model.links[$0].frame > 0 || checksBase }, obstacleCount: scene.obstacles.count)
  }

  var ownCouples: Couples { Couples(pairs: model.linkPairs) }

  /// - Returns: The distance, if that is less than the limit; else something between the two [m].
  @inline(__always)
  func distance(of couple: Couple, _ arm: PlacedArm, limit: Double) -> Double {
    switch couple {
    case .link(let link, let obstacle): arm.distance(from: link, to: obstacle, of: scene, limit: limit)
    case .links(let one, let other): arm.distance(from: one, toLink: other, limit: limit)
    }
  }

  func clearance(of couple: Couple, _ distance: Double) -> Clearance {
    switch couple {
    case .link(let link, let obstacle):
      Clearance(distance: distance, link: model.links[link].name, other: .obstacle(scene.obstacles[obstacle].name))
    case .links(let one, let other):
      Clearance(distance: distance, link: model.links[one].name, other: .link(model.links[other].name))
    }
  }
}

extension CollisionModel {
  /// The spheres of each link, and of what is attached, in the base.
  public func spheres(at q: JointVector) -> [(link: String, spheres: [ArmSpheres.Sphere])] {
    zip(links, PlacedArm(self, at: q).spheres).map { ($0.name, $1) }
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
