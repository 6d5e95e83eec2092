internal import Kinematics

/// Which pairs of an arm's links are worth checking against each other.
public struct SelfCollisionPairs: Sendable, Equatable {
  /// Those that must not touch.
  public var checked: [ArmSpheres.LinkPair] = []
  /// Left out: joined by one joint, or rigidly.
  public var adjacent: [ArmSpheres.LinkPair] = []
  /// Left out: their spheres touch in nearly all configurations, which tells of the spheres rather than of the arm.
  public var alwaysTouching: [ArmSpheres.LinkPair] = []

  /// Pairs that touch in at least that share of the samples are left out.
  static let always = 0.95
  static let samples = 400

  init() {}

  /// - Parameter parents: For each link with spheres the nearest link towards the root that has some, too.
  init(links: [CollisionModel.PlacedLink], parents: [String: String], tree: ArmTree, lower: JointVector, upper: JointVector) {
    var candidates: [(one: Int, other: Int, touches: Int)] = []
    for other in links.indices {
      for one in 0..<other where !links[one].spheres.isEmpty && !links[other].spheres.isEmpty {
        let (a, b) = (links[one].name, links[other].name)
        if links[one].frame == links[other].frame || parents[a] == b || parents[b] == a {
          adjacent.append(ArmSpheres.LinkPair(a, b))
        } else {
          candidates.append((one, other, 0))
        }
      }
    }
    let turn = JointVector(repeating: .pi, count: lower.count)
    let low = lower.clamped(lower: -turn, upper: turn), high = upper.clamped(lower: -turn, upper: turn)
    var sequence = SampleSequence(seed: 0, dimensions: lower.count)
    for _ in 0..<Self.samples {
      let share = JointVector(lanes: SIMD8<Double>(sequence.next()), count: lower.count)
      let frames = tree.frames(at: low + (high - low).scaled(by: share))
      let placed = links.map { link in link.spheres.map { ArmSpheres.Sphere(center: frames[link.frame] * $0.center, radius: $0.radius) } }
      for index in candidates.indices where Self.touch(placed[candidates[index].one], placed[candidates[index].other]) {
        candidates[index].touches += 1
      }
    }
    for candidate in candidates {
      let pair = ArmSpheres.LinkPair(links[candidate.one].name, links[candidate.other].name)
      if Double(candidate.touches) >= Self.always * Double(Self.samples) { alwaysTouching.append(pair) } else { checked.append(pair) }
    }
  }

  private static func touch(_ one: [ArmSpheres.Sphere], _ other: [ArmSpheres.Sphere]) -> Bool {
    one.contains { a in
      other.contains { b in
        let offset = a.center - b.center, reach = a.radius + b.radius
        return dot(offset, offset) < reach * reach
      }
    }
  }
}
