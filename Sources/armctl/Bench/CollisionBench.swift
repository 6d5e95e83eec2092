internal import Foundation
internal import Kinematics
internal import Planner

/// Figures of collision checks and planning, on the arm at hand among posts that stand around it.
enum CollisionBench {
  /// - Returns: Nothing where the arm file does not say what stands for the arm.
  static func run(configuration: ArmConfiguration) -> [Measurement] {
    guard let model = try? configuration.collisionModel(), let scene = try? CollisionScene(posts(around: configuration.model.reach)) else {
      return []
    }
    let checker = CollisionChecker(model: model, scene: scene), places = places(for: model), share = 1 / Double(places.count)
    let checks = Measurement.nanoseconds("", samples: 200, batch: 1) { consume(checker.flags(of: places)) }
    var figures = [
      Measurement(
        "collision.configuration", median: checks.median * share, p99: checks.p99 * share, unit: "ns",
        allocations: checks.allocations.map { $0 * share })
    ]
    let free = zip(places, checker.flags(of: places)).filter { $0.1.free }.map(\.0)
    guard free.count > 1 else { return figures }
    let planner = RoutePlanner(checker: checker)
    var next = 0
    figures.append(
      .nanoseconds("plan.scene", samples: 100, batch: 1) {
        next = (next + 1) % (free.count - 1)
        // A search that finds nothing soon is given up.
        var looks = 0
        let route = try? planner.route(from: free[next], to: [free[next + 1]]) {
          looks += 1
          return looks > 200
        }
        consume(route)
      })
    return figures
  }

  /// What a stream of commands keeps clear of there: the posts, and the arm itself.
  static func proximity(of configuration: ArmConfiguration) -> Proximity? {
    guard let model = try? configuration.collisionModel(), let scene = try? CollisionScene(posts(around: configuration.model.reach)) else {
      return nil
    }
    return Proximity(model: model, scene: scene, base: configuration.model.baseName, revision: 1)
  }

  /// Configurations spread evenly over the limits.
  private static func places(for model: CollisionModel) -> [JointVector] {
    var sequence = EvenSequence(dimensions: model.jointCount)
    return (0..<800).map { _ in
      let share = sequence.next()
      return JointVector(
        (0..<model.jointCount).map { joint in
          let lower = max(model.lower[joint], -.pi), upper = min(model.upper[joint], .pi)
          return lower + share[joint] * (upper - lower)
        })
    }
  }

  /// Twelve boxes in two rings.
  static func posts(around reach: Reach) -> [Obstacle] {
    let size = reach.farthest
    return (0..<12).map { index in
      let angle = 2 * .pi * Double(index) / 12, distance = size * (index % 2 == 0 ? 0.6 : 0.85)
      return Obstacle(
        name: "post \(index)", shape: .box(halfExtents: size * SIMD3(0.05, 0.08, 0.3)),
        baseFromObstacle: Pose(
          rotation: Rotation(axis: [0, 0, 1], angle: angle),
          translation: reach.shoulder + [distance * cos(angle), distance * sin(angle), size * (index % 3 == 0 ? 0.3 : -0.1)]))
    }
  }
}
