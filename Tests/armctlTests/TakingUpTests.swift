import Control
import Foundation
import Kinematics
import Planner
import Testing

@testable import armctl

/// Plans around what is there in everyday life: a thing that was just taken up, a base beside its table, a roll that nothing depends on.
@Suite struct TakingUpTests {
  private let rig: DaemonRig

  init() throws {
    rig = try DaemonRig()
    try rig.goHome()
  }

  private func items(_ text: String) throws -> [SceneItem] { try SceneFile(text, file: "scene.yaml").items }

  private func line(_ offset: SIMD3<Double>) -> MotionRequest {
    MotionRequest(goal: .offset(offset, inTool: false), path: .line, isDryRun: true, plan: true)
  }

  /// A cube before the tool, on a shelf that it stands on.
  private func takeUpTheCube() throws {
    let tool = rig.configuration.model.pose(at: rig.controlled.snapshot.setpoint)
    let center = tool * SIMD3(0, 0, 0.05)
    let shelf = center - [0, 0, 0.03]
    let text = """
      boxes:
        - {name: cube, center: [\(center.x), \(center.y), \(center.z)], halfExtents: [0.02, 0.02, 0.02]}
        - {name: shelf, center: [\(shelf.x), \(shelf.y), \(shelf.z)], halfExtents: [0.02, 0.1, 0.01]}
      """
    _ = try rig.edit(.set(try items(text))).get()
    let links = try #require(try rig.configuration.collisionModel()).linkNames
    _ = try rig.edit(.attach("cube", to: .tool, mayTouch: links)).get()
  }

  @Test func whatStandsOnAShelfCanBeLiftedFromIt() throws {
    try takeUpTheCube()
    let lifted = try rig.submit(line([0, 0, 0.04])).get()
    #expect(try #require(lifted.clearance).distance >= 0)
    var move = line([0, 0, 0.04])
    (move.isDryRun, move.path) = (false, .jointMove)
    let job = try rig.submit(move).get().job
    #expect(rig.waitForEnd(of: job ?? 0).state == .done)
    // In the air it is as large as it is.
    let surroundings = try #require(rig.world.surroundings)
    #expect(surroundings.seen(from: rig.controlled.snapshot.setpoint, to: []).model.attachments == surroundings.model.attachments)
  }

  @Test func butNotPushedThroughIt() throws {
    try takeUpTheCube()
    guard case .failure(let error) = rig.submit(line([0, 0, -0.02])) else {
      Issue.record("the cube goes through the shelf")
      return
    }
    #expect(error.kind == .collision && error.contact?.link == "cube" && error.contact?.obstacle == "shelf")
  }

  /// Down again to where it was taken, beside it, and by a centimetre too deep.
  @Test func whatWasTakenUpCanBePutDownAgain() throws {
    try takeUpTheCube()
    var lift = line([0, 0, 0.04])
    lift.isDryRun = false
    #expect(rig.waitForEnd(of: try rig.submit(lift).get().job ?? 0).state == .done)
    for path in [MotionRequest.Path.line, .jointMove] {
      var down = line([0, 0.01, -0.04])
      down.path = path
      _ = try rig.submit(down).get()
    }
    guard case .failure(let error) = rig.submit(line([0, 0, -0.05])) else {
      Issue.record("the cube goes into the shelf")
      return
    }
    #expect(error.kind == .collision && error.contact?.link == "cube" && error.contact?.obstacle == "shelf")
    var down = line([0, 0, -0.04])
    down.isDryRun = false
    #expect(rig.waitForEnd(of: try rig.submit(down).get().job ?? 0).state == .done)
  }

  /// The shoulder stands near the post all along; what matters is the wall that the tool comes near to.
  @Test func clearanceIsOfWhatTheMotionChanges() throws {
    let q = rig.controlled.snapshot.setpoint
    let elbow = rig.configuration.model.jointFrames(at: q)[1].translation
    let tool = rig.configuration.model.pose(at: q).translation
    let text = """
      spheres: [{name: post, center: [\(elbow.x), \(elbow.y + 0.1), \(elbow.z)], radius: 0.02}]
      boxes: [{name: wall, center: [\(tool.x + 0.2), 0, \(tool.z)], halfExtents: [0.01, 0.2, 0.2]}]
      """
    _ = try rig.edit(.set(try items(text))).get()
    var goal = q
    goal[4] += 0.5
    let planned = try rig.submit(MotionRequest(goal: .joints(goal), path: .jointMove, isDryRun: true, plan: true)).get()
    #expect(planned.clearance?.obstacle == "wall")
    let still = try #require(rig.world.surroundings).checker(for: [q]).clearances(at: q).obstacles
    #expect(still?.other == .obstacle("post"), "the post should be what is nearest")
  }

  @Test func theRollDoesNotSwing() throws {
    let plates = """
      boxes:
        - {name: left, center: [0.35, 0.09, 0.3], halfExtents: [0.28, 0.005, 0.5]}
        - {name: right, center: [0.35, -0.09, 0.3], halfExtents: [0.28, 0.005, 0.5]}
      """
    _ = try rig.edit(.set(try items(plates))).get()
    let planned = try rig.submit(
      MotionRequest(goal: .joints([2, 0, .pi / 2, 0, 0, 0]), path: .jointMove, isDryRun: true, plan: true)
    ).get()
    let detour = planned.path.map { abs($0[1]) }.max() ?? 0
    #expect(detour > 0.1, "the way should lead out between the plates")
    #expect(planned.path.allSatisfy { abs($0[5]) < 0.02 && abs($0[3]) < 0.3 })
  }
}
