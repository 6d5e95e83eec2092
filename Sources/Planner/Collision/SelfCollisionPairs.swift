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
      // Most pairs are far apart, so that the spheres of few links need be placed.
      let placedBalls = links.map { link in link.ball?.placed(in: frames[link.frame]) }
      var placed = [[ArmSpheres.Sphere]](repeating: [], count: links.count)
      for index in candidates.indices {
        let (one, other) = (candidates[index].one, candidates[index].other)
        guard let ball = placedBalls[one], let otherBall = placedBalls[other], ball.touches(otherBall) else { continue }
        for link in [one, other] where placed[link].isEmpty {
          placed[link] = links[link].spheres.map { $0.placed(in: frames[links[link].frame]) }
        }
        if placed[one].contains(where: { sphere in sphere.touches(otherBall) && placed[other].contains { sphere.touches($0) } }) {
          candidates[index].touches += 1
        }
      }
    }
    for candidate in candidates {
      let pair = ArmSpheres.LinkPair(links[candidate.one].name, links[candidate.other].name)
      if Double(candidate.touches) >= Self.always * Double(Self.samples) { alwaysTouching.append(pair) } else { checked.append(pair) }
    }
  }
}

extension ArmSpheres.Sphere {
  fileprivate func touches(_ other: Self) -> Bool {
    let offset = center - other.center, reach = radius + other.radius
    return dot(offset, offset) < reach * reach
  }
}
