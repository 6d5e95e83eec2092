import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Whole motions, against samples of the tests' own checker a milliradian apart.
@Suite struct CollisionMotionTests {
  @Test(arguments: ["panda", "crooked"]) func freeMotionsAreFreeBetweenTheSamplesToo(_ name: String) throws {
    var generator = SeededGenerator(seed: 21)
    let arm = name == "panda" ? try SphereArm.panda() : try SphereArm.crooked()
    var free = 0, near = 0
    for _ in 0..<caseCount(20) {
      let obstacles = (0..<4).map { generator.obstacle($0, within: 0.8) }
      let checker = CollisionChecker(model: arm.model, scene: try CollisionScene(obstacles))
      var check = MotionCheck(checker: checker)
      for _ in 0..<6 {
        let start = generator.configuration(of: arm.model), end = start + 0.1 * (generator.configuration(of: arm.model) - start)
        let isFree = check.isFree(from: JointRow(start.lanes), to: JointRow(end.lanes))
        let span = end - start, steps = Int(span.dot(span).squareRoot() / 0.002) + 1
        let least =
          (0...steps).map { step in
            let room = arm.room(at: start + (Double(step) / Double(steps)) * span, among: obstacles)
            return min(room.world, room.own)
          }.min() ?? 0
        if isFree {
          #expect(least > -Double(CollisionChecker.tolerance) - 2e-6)
          free += 1
          near += least < 0.02 ? 1 : 0
        } else {
          // What keeps a millimetre away is found to be free.
          #expect(least < 1e-3)
        }
      }
    }
    #expect(free > 10 && near > 0)
  }

  /// A motion that does not move is free where it stands.
  @Test func standingStillIsFree() throws {
    let arm = try SphereArm.panda(), home = JointRow(0, -0.785, 0, -2.356, 0, 1.571, 0.785, 0)
    var check = MotionCheck(checker: CollisionChecker(model: arm.model, scene: CollisionScene()))
    let isFree = check.isFree(from: home, to: home)
    #expect(isFree)
  }

  /// Walls that the hand passes at a distance of a fraction of a millimetre.
  @Test func closePassagesAreDecided() throws {
    let arm = try SphereArm.panda(), start = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    var end = start
    end[0] = 0.5
    // The finger's ball turns about the base on a circle; a post stands just outside of the farthest ball's.
    let reach = arm.spheres.links.flatMap { link in
      link.spheres.map { sphere in
        let center = arm.pose(of: link.name, at: start) * sphere.center
        return (radius: (center.x * center.x + center.y * center.y).squareRoot() + sphere.radius, height: center.z)
      }
    }.max { $0.radius < $1.radius }!
    var outcomes: Set<Bool> = []
    for gap in [0.0002, 0.00002, -0.00002, -0.0002] {
      let direction: SIMD3<Double> = [cos(0.3), sin(0.3), 0]
      let post = Obstacle(
        name: "post", shape: .sphere(radius: 0.05),
        baseFromObstacle: Pose(translation: (reach.radius + 0.05 + gap) * direction + [0, 0, reach.height]))
      var check = MotionCheck(checker: CollisionChecker(model: arm.model, scene: try CollisionScene([post])))
      let least =
        (0...5000).map { step in
          let room = arm.room(at: start + (Double(step) / 5000) * (end - start), among: [post])
          return min(room.world, room.own)
        }.min() ?? 0
      let isFree = check.isFree(from: JointRow(start.lanes), to: JointRow(end.lanes))
      if abs(least) > 1e-5 { #expect(isFree == (least > 0), "gap \(gap)") }
      outcomes.insert(isFree)
    }
    #expect(outcomes.count == 2)
  }
}
