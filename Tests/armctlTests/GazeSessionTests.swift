import Foundation
import Gaze
import TestSupport
import Testing

@testable import armctl

@Suite struct GazeSessionTests {
  static let cup = SIMD2(0.2, 0.08)

  @Test func looksAloneMoveNothing() {
    var stage = GazeStage()
    stage.pass(20, lookingAt: Self.cup)
    #expect(stage.kinds().contains("selected"))
    #expect(stage.methods("move").isEmpty)
    #expect(stage.methods("servo").isEmpty)
    #expect(stage.methods("lease.acquire").isEmpty)
  }

  @Test func whatIsConfirmedIsDoneWithTheLeaseOfGaze() throws {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(6, lookingAt: Self.cup)
    #expect(stage.kinds().prefix(3) == ["selected", "confirmed", "done"])
    #expect(stage.methods("lease.acquire").first?.parameters["priority"] == "gaze")
    let motion = try #require(stage.methods("move.pose").last)
    #expect(motion.parameters["token"] == "T")
    #expect(motion.parameters["dryRun"] == nil)
    let place = try #require(motion.parameters["pose"]?["position"]?.numbers)
    #expect(abs(place[0] - 0.2) < 1e-9 && abs(place[1] - 0.08) < 1e-9 && abs(place[2] - 0.12) < 1e-6)
    #expect(stage.methods("lease.release").count == 1)
  }

  /// Where there is nothing with a name, places can be chosen, from the start and when everything is gone; not any more when something is there.
  @Test func placesAreChosenWhereThereAreNoThings() throws {
    var stage = GazeStage(scene: [:])
    #expect(stage.session.intent.settings.freePoints)
    stage.pass(2, lookingAt: SIMD2(0.3, 0))
    let place = try #require(stage.session.intent.selection?.position)
    #expect(abs(place.x - 0.3) < 0.01 && abs(place.y) < 0.01 && stage.session.intent.selection?.name == nil)
    stage.change(scene: GazeStage.scene)
    #expect(!stage.session.intent.settings.freePoints)
    stage.change(scene: [:])
    #expect(stage.session.intent.settings.freePoints)
  }

  /// A plan that would carry the tool faster than 0.25 m/s is planned again, slower.
  @Test func theToolKeepsItsCap() throws {
    var stage = GazeStage()
    stage.duration = 0.1
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    let way = ((stage.tool - SIMD3(0.2, 0.08, 0.12)) * (stage.tool - SIMD3(0.2, 0.08, 0.12))).sum().squareRoot()
    let motion = try #require(stage.methods("move.pose").last { $0.parameters["dryRun"] == nil })
    let speed = try #require(motion.parameters["speed"]?.number)
    #expect(2 * way / (0.1 / speed) <= 0.25 / 0.95 + 1e-9)
    #expect(stage.methods("move.pose").count == 3)
  }

  @Test func pickingUpIsFourSteps() {
    var stage = GazeStage()
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    let steps = stage.sent.filter { ($0.method.hasPrefix("move") || $0.method.hasPrefix("scene.a")) && $0.parameters["dryRun"] == nil }
    #expect(steps.map(\.method) == ["move.pose", "move.linear", "scene.attach", "move.linear"])
    #expect(steps[2].parameters["name"] == "cup")
  }

  /// Only on the way to the cup and away from it may the arm touch it.
  @Test func whatIsPickedUpMayBeTouched() {
    var stage = GazeStage()
    stage.press(.character("b"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(40, lookingAt: Self.cup)
    #expect(stage.kinds().contains("done"))
    let lines = stage.methods("move.linear").filter { $0.parameters["dryRun"] == nil }
    #expect(lines.map { $0.parameters["mayTouch"] } == [["cup"], nil, nil, ["cup"]])
  }

  /// What hangs 20 mm below the tool centre point is let go 3 mm above what it is put on.
  @Test func whatIsCarriedIsPutDownNotDropped() throws {
    var stage = GazeStage()
    stage.carry("pen", center: [0, 0, 0.01])
    stage.press(.character("l"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    let steps = stage.sent.filter {
      $0.parameters["dryRun"] == nil && ($0.method.hasPrefix("move") || $0.method.hasPrefix("gripper") || $0.method == "scene.detach")
    }
    #expect(steps.map(\.method) == ["move.pose", "move.linear", "gripper.set", "scene.detach", "move.linear"])
    #expect(try abs(#require(steps[1].parameters["point"]?.numbers)[2] - (0.04 + 0.02 + 0.003)) < 1e-9)
    #expect(stage.session.carried == nil)
  }

  /// What stands on something covers it.
  @Test func ofThingsOnEachOtherTheUppermostIsMeant() {
    func box(_ name: String, x: Double, z: Double) -> JSONValue {
      ["name": .string(name), "center": [.number(x), 0, .number(z)], "halfExtents": [0.02, 0.02, 0.02]]
    }
    let scene = TeleopScene(["boxes": [box("lower", x: 0.2, z: 0.02), box("upper", x: 0.205, z: 0.061), box("beside", x: 0.26, z: 0.1)]])
    #expect(GazeThing.things(of: scene, on: TablePlane(), in: .desk).map(\.name) == ["upper", "beside"])
  }

  @Test func whatCannotBeIsSaidAndNotTried() {
    var stage = GazeStage { $0.intent.freePoints = true }
    stage.press(.character("p"))
    stage.pass(2, lookingAt: SIMD2(0.3, 0))
    stage.press(.enter)
    #expect(stage.session.trouble?.text == "Only a thing of the scene can be picked up. Try: g, to go there.")
    stage.press(.character("l"))
    stage.pass(2, lookingAt: SIMD2(0.3, 0))
    stage.press(.enter)
    #expect(stage.session.trouble?.text == "The arm carries nothing to put down. Try: p, to pick something up first.")
    stage.press(.character("g"))
    stage.isRefusing = RPCError(code: -32004, message: "The arm does not reach there.", data: ["try": "a nearer place"])
    stage.pass(2, lookingAt: SIMD2(0.3, 0))
    stage.press(.enter)
    #expect(stage.session.trouble?.text == "The arm does not reach there. Try: a nearer place.")
    #expect(stage.session.errand == nil)
  }

  /// What cannot be reached with the tool turned as it is, is tried with it turned otherwise.
  @Test func aPlaceOutOfReachIsTriedWithTheToolTurned() {
    var stage = GazeStage()
    stage.isRefusing = RPCError(code: -32004, message: "The arm does not reach there.", data: ["kind": "unreachable", "try": "a nearer place"])
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    #expect(stage.methods("move.pose").map { $0.parameters["free"]?.string } == [nil, "axis", "position"])
    #expect(stage.session.errand == nil)
  }

  /// The line down to the cup is tried out before the arm sets off to where it begins.
  @Test func theLineAheadDecidesHowTheToolIsTurned() {
    var stage = GazeStage()
    stage.linesRefused = 1
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    #expect(stage.kinds().contains("done"))
    let reaches = stage.methods("move.pose")
    #expect(reaches.first?.parameters["free"] == nil && reaches.first?.parameters["dryRun"] == true)
    #expect(reaches.dropFirst().allSatisfy { $0.parameters["free"] == "axis" })
    let rehearsals = stage.methods("move.linear").filter { $0.parameters["from"] != nil }
    #expect(rehearsals.allSatisfy { $0.parameters["dryRun"] == true && $0.parameters["mayTouch"] == ["cup"] })
    #expect(rehearsals.first?.parameters["from"]?.numbers?.count == 3)

    stage = GazeStage()
    stage.linesRefused = 3
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    #expect(stage.session.trouble?.text == "The line passes so near a singularity. Try: a joint motion.")
    #expect(stage.session.errand == nil && stage.sent.allSatisfy { !$0.method.hasPrefix("move") || $0.parameters["dryRun"] == true })
  }

  /// On a busy machine the lease may run out while nothing moves yet: it is asked for anew, but not for ever.
  @Test func aLeaseThatRanOutBeforeAnythingMovedIsAskedForAnew() {
    for (times, isDone) in [(2, true), (9, false)] {
      var stage = GazeStage()
      stage.leasesEnded = times
      stage.pass(1.5, lookingAt: Self.cup)
      stage.press(.enter)
      stage.pass(6, lookingAt: Self.cup)
      #expect(stage.kinds().contains("done") == isDone)
      if !isDone { #expect(stage.session.trouble?.text == "The lease of this token has ended.") }
    }
  }

  // MARK: Following

  @Test func followsOnlyWhileTheKeyIsHeld() {
    var stage = GazeStage()
    stage.pass(0.5, lookingAt: SIMD2(0.3, 0.05))
    #expect(stage.methods("servo").isEmpty)
    stage.pass(3, lookingAt: SIMD2(0.3, 0.05), holding: .character("f"))
    #expect(abs(stage.tool.x - 0.3) < 0.02 && abs(stage.tool.y - 0.05) < 0.02)
    stage.pass(0.1, lookingAt: SIMD2(0.15, -0.1), holding: .character("f"))
    stage.pass(DeadMan.repeatTime + 0.01, lookingAt: SIMD2(0.15, -0.1))
    #expect(stage.velocity == .zero)
    let count = stage.methods("servo").count
    stage.pass(1, lookingAt: SIMD2(0.15, -0.1))
    #expect(stage.methods("servo").count == count)
    #expect(stage.session.token == nil)
  }

  @Test func aStreamThatDiesStopsFollowingWithinThreeHundredMilliseconds() {
    var stage = GazeStage()
    stage.pass(0.5, lookingAt: SIMD2(0.33, 0.1), holding: .character("f"))
    #expect((stage.velocity * stage.velocity).sum().squareRoot() > 0.1)
    let lastLook = stage.time
    while stage.velocity != .zero, stage.time < lastLook + 1 { stage.pass(0.005, holding: .character("f")) }
    #expect(stage.time - lastLook <= 0.3)
    stage.pass(2, holding: .character("f"))
    #expect(stage.velocity == .zero)
  }

  /// A look goes out as a setpoint the moment that it comes in, also within a tick of the one before; of heaps of them only the last does.
  @Test func addsNoLatencyAndNoLoad() {
    for (rate, most) in [(60.0, 130.0), (1000, 205)] {
      var stage = GazeStage()
      stage.pass(0.3, lookingAt: SIMD2(0.33, 0.1), rate: rate, holding: .character("f"))
      let before = stage.methods("servo").count
      stage.pass(1, lookingAt: SIMD2(0.33, 0.1), rate: rate, holding: .character("f"))
      #expect(Double(stage.methods("servo").count - before) <= most)
      for wait in [0.004, 0.001] {
        stage.time += wait
        let count = stage.methods("servo").count
        for _ in 0..<3 { stage.session.take(stage.sample(SIMD2(0.33, 0.1), at: stage.time - 1e-4), at: stage.time) }
        stage.session.pass(to: stage.time)
        stage.serve()
        #expect(stage.methods("servo").count == count + 1)
      }
    }
  }

  /// What no eye does: the arm is never asked for anything but slow and finite velocities, and for none without the key.
  @Test func liarsMoveNothing() {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<caseCount(20) {
      var stage = GazeStage()
      for _ in 0..<60 {
        let isHeld = Bool.random(using: &generator)
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
          var sample = stage.sample(SIMD2(Double.random(in: 0.1...0.4, using: &generator), Double.random(in: -0.2...0.2, using: &generator)))
          let wild: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, 1e5, 0]
          switch Int.random(in: 0..<6, using: &generator) {
          case 0: sample.time = wild.randomElement(using: &generator)!
          case 1: sample.look = .screen(SIMD2(wild.randomElement(using: &generator)!, 0.5))
          case 2: sample.look = .ray(origin: .zero, direction: SIMD3(wild.randomElement(using: &generator)!, 0, 1))
          case 3: sample.confidence = wild.randomElement(using: &generator)!
          default: break
          }
          stage.session.take(sample, at: stage.time)
          stage.serve()
        }
        stage.pass(0.02, holding: isHeld ? .character("f") : nil)
      }
      for request in stage.methods("servo") {
        let linear = request.parameters["linear"]?.numbers ?? [.nan]
        #expect(linear.count == 3 && linear.allSatisfy { $0.isFinite && abs($0) <= 0.26 })
      }
      #expect(stage.methods("move").isEmpty)
      #expect(stage.tool.x > 0.1 && stage.tool.x < 0.4 && abs(stage.tool.y) < 0.2)
    }
  }

  /// A tracker that begins to lie while a cup is picked up: the arm rests within 0.3 s, the screen says why, and only a key lets it go on.
  @Test(arguments: [
    Lie("no number", "The tracker sends what is no number.") { $0.look = .screen(SIMD2(.nan, 0.5)) },
    Lie("infinity", "The tracker sends what is no number.") { $0.look = .screen(SIMD2(.infinity, 0.5)) },
    Lie("a place far away", "The tracker sends places that nobody can look at.") { $0.look = .screen(SIMD2(1e6, 0.5)) },
    Lie("no time", "The tracker sends what is no number.") { $0.time = .nan },
    Lie("time that runs backwards", "The tracker's time stands still or runs backwards.") { $0.time = -$0.time },
    Lie("time that stands still", "The tracker's time stands still or runs backwards.") { $0.time = 100 },
    Lie("a guess", "The tracker is not sure what it sees.") { $0.confidence = 0.1 },
    Lie("half a frame", "The tracker is silent."),
  ])
  func aTrackerThatLiesMidPick(_ lie: Lie) throws {
    var stage = GazeStage()
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(1, lookingAt: Self.cup)
    let begin = stage.time
    stage.lie = lie.tell
    while stage.methods("pause").isEmpty, stage.time < begin + 1 { stage.pass(0.005, lookingAt: Self.cup) }
    // The last true look may be a sample's time old.
    #expect(stage.time - begin <= 0.32)
    let (tool, sent) = (stage.tool, stage.methods("move").count)
    stage.pass(3, lookingAt: Self.cup)
    stage.press(.enter)
    #expect(stage.tool == tool && stage.methods("move").count == sent && stage.methods("resume").isEmpty)
    #expect(stage.session.problem(at: stage.time) == lie.sentence)
    let screen = GazeView().screen(of: stage.session, source: "a test", width: 100, height: 30, at: stage.time).lines.joined(separator: "\n")
    #expect(screen.contains(lie.sentence) && screen.contains("paused: Enter goes on"))
    stage.lie = nil
    stage.pass(1, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    #expect(stage.kinds().contains("done"))
  }

  struct Lie: Sendable, CustomTestStringConvertible {
    var testDescription, sentence: String
    /// What becomes of a sample; false where nothing comes of it.
    var tell: @Sendable (inout GazeSample) -> Bool

    init(_ name: String, _ sentence: String, _ change: (@Sendable (inout GazeSample) -> Void)? = nil) {
      (testDescription, self.sentence) = (name, sentence)
      tell = { sample in
        change?(&sample)
        return change != nil
      }
    }
  }

  // MARK: The picture

  @Test func showsWhatItBelieves() {
    var stage = GazeStage()
    stage.pass(0.6, lookingAt: Self.cup)
    let filling = GazeView().screen(of: stage.session, source: "a test", width: 100, height: 30, at: stage.time).lines.joined(separator: "\n")
    #expect(filling.contains("● live"))
    #expect(filling.contains("cup") && filling.contains("box") && filling.contains("something else"))
    #expect(filling.contains("100 %") || filling.contains(" 99 %"))
    stage.pass(1, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(0.2, lookingAt: Self.cup)
    let moving = GazeView().screen(of: stage.session, source: "a test", width: 100, height: 30, at: stage.time).lines.joined(separator: "\n")
    #expect(moving.contains("go to cup"))
    #expect(moving.contains("led by gaze"))
    stage.pass(1)
    let lost = GazeView().screen(of: stage.session, source: "a test", width: 100, height: 30, at: stage.time).lines.joined(separator: "\n")
    #expect(lost.contains("● lost") && lost.contains("The tracker is silent."))
    #expect(lost.contains("paused: Enter goes on"))
    let small = GazeView().screen(of: stage.session, source: "a test", width: 60, height: 10, at: stage.time).lines.joined()
    #expect(small.contains("Please make this window at least 60 × 18: it has 60 × 10."))
  }
}
