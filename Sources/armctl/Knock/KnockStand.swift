internal import Foundation
internal import Kinematics
internal import Planner
internal import Simulator

/// A place to be knocked in.
struct KnockStand: Sendable {
  let name: String
  let position: JointVector

  /// How far from its limits every joint is [rad].
  static let room = 0.35
  /// As a share of what is usual: what is nearer to being singular is not drawn.
  private static let leastDexterity = 0.3

  /// Places for an arm: its own named ones that have room, and others drawn at random, the same ones each time.
  ///
  /// - Parameter isFree: Whether the arm does not touch itself there.
  static func all(of configuration: ArmConfiguration, count: Int, isFree: (JointVector) -> Bool) -> [KnockStand] {
    let model = configuration.model, limits = configuration.limits
    let roomy = configuration.poses.filter { hasRoom($0.position, limits) && isFree($0.position) }
    var stands = roomy.map { KnockStand(name: $0.name, position: $0.position) }
    let field = draw(400, limits: limits, seed: 26)
    let typical = median(field.map { dexterity(model, $0) })
    let base = configuration.lowestTool
    for q in field where stands.count < count {
      guard dexterity(model, q) > leastDexterity * typical, model.pose(at: q).translation.z > base, isFree(q) else { continue }
      guard stands.allSatisfy({ ($0.position - q).maximumMagnitude > 0.5 }) else { continue }
      stands.append(KnockStand(name: "drawn \(stands.count + 1)", position: q))
    }
    return Array(stands.prefix(count))
  }

  /// Of the places that a sweep does not choose the one where the tool is least free to move, all joints away from their limits.
  static func singular(of configuration: ArmConfiguration) -> KnockStand {
    let field = draw(2000, limits: configuration.limits, seed: 27).filter {
      configuration.model.pose(at: $0).translation.z > configuration.lowestTool
    }
    let least = field.min { dexterity(configuration.model, $0) < dexterity(configuration.model, $1) }
    return KnockStand(name: "singular", position: least ?? configuration.powerOnPosition)
  }

  /// One joint 10° from one of its limits, the others as they stand here.
  func near(limitOf joint: Int, upper: Bool, limits: JointLimits) -> KnockStand? {
    let limit = upper ? limits.upper[joint] : limits.lower[joint]
    guard limit.isFinite else { return nil }
    var q = position
    q[joint] = limit + (upper ? -1 : 1) * 10 * .pi / 180
    return KnockStand(name: "\(name), joint \(joint + 1) 10° from its \(upper ? "upper" : "lower") limit", position: q)
  }

  private static func hasRoom(_ q: JointVector, _ limits: JointLimits) -> Bool {
    q.indices.allSatisfy { q[$0] - limits.lower[$0] >= room && limits.upper[$0] - q[$0] >= room }
  }

  /// Some place where every joint has room and the tool is above what the arm stands on.
  static func drawn(for configuration: ArmConfiguration, using draws: inout SplitMix64) -> JointVector {
    var q = draw(limits: configuration.limits, using: &draws)
    for _ in 0..<100 where configuration.model.pose(at: q).translation.z < configuration.lowestTool {
      q = draw(limits: configuration.limits, using: &draws)
    }
    return q
  }

  private static func draw(_ count: Int, limits: JointLimits, seed: UInt64) -> [JointVector] {
    var draws = SplitMix64(seed: seed)
    return (0..<count).map { _ in draw(limits: limits, using: &draws) }
  }

  private static func draw(limits: JointLimits, using draws: inout SplitMix64) -> JointVector {
    JointVector(
      zip(limits.lower, limits.upper).map { lower, upper in
        let ends = (max(lower, -.pi) + room, min(upper, .pi) - room)
        return ends.0 < ends.1 ? .random(in: ends.0...ends.1, using: &draws) : (ends.0 + ends.1) / 2
      })
  }

  private static func dexterity(_ model: RobotModel, _ q: JointVector) -> Double {
    model.manipulability(at: q, length: model.typicalLength).evenness
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

extension ArmConfiguration {
  /// Below this the tool does not go in a sweep [m]: an arm stands on something.
  var lowestTool: Double { 0.05 }
}
