import Gaze
import TestSupport
import Testing

@testable import armctl

@Suite struct GazeCalibratingTests {
  static let cup = SIMD2(0.2, 0.08)

  @Test func calibratesWithTheToolsTip() throws {
    var stage = GazeStage(isCalibrated: false)
    var generator = SeededGenerator(seed: 5)
    stage.press(.character("c"))
    let end = stage.time + 240
    while stage.session.calibrating != nil, stage.time < end {
      // Whoever calibrates looks at the tip, wherever it is.
      let tremble = SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator)) * 0.004
      stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y) + tremble)
    }
    let calibration = try #require(stage.session.unsaved)
    #expect(calibration.rms < 0.005)
    #expect(calibration.residuals.count == 9)
    #expect(stage.kinds().last == "calibrated")
    let read = try #require(CalibrationFile.calibration(JSONValue(parsing: CalibrationFile.json(calibration).bytes)))
    #expect(read == calibration)
    stage.pass(10)
    stage.pass(1.5, lookingAt: Self.cup)
    #expect(stage.kinds().last == "selected")
  }

  /// A lease that runs out, as it may on a busy machine, costs a calibration nothing but time.
  @Test func aCalibrationOutlivesItsLease() {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("c"))
    stage.pass(0.5, lookingAt: SIMD2(stage.tool.x, stage.tool.y))
    stage.endMotion()
    stage.tell(event: ["kind": "lease.expired", "holder": "gaze", "message": "The lease of gaze expired."])
    #expect(stage.session.trouble == nil)
    let end = stage.time + 240
    while stage.session.calibrating != nil, stage.time < end { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    #expect(stage.kinds().last == "calibrated")
  }

  /// The tip is led to nine places of a table that nobody told of: 12 mm higher than thought, and tilted by 2°.
  @Test func calibratesByTouch() throws {
    var stage = GazeStage(isCalibrated: false)
    var generator = SeededGenerator(seed: 6)
    func height(_ x: Double, _ y: Double) -> Double { 0.012 + 0.035 * x }
    stage.press(.character("t"))
    for x in [0.16, 0.24, 0.32] {
      for y in [-0.1, 0, 0.1] {
        stage.tool = SIMD3(x, y, height(x, y) + Double.random(in: -3e-4...3e-4, using: &generator))
        stage.pass(0.3)
        stage.press(.character("t"))
        for _ in 0..<110 {
          let tremble = SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator)) * 0.004
          stage.pass(0.015, lookingAt: SIMD2(x, y) + tremble)
        }
      }
    }
    let calibration = try #require(stage.session.unsaved)
    #expect(calibration.rms < 0.005)
    #expect(stage.session.settings.plane == calibration.plane)
    for (x, y) in [(0.2, 0.08), (0.3, -0.1)] {
      let place = calibration.plane.point(at: calibration.plane.coordinates(of: SIMD3(x, y, height(x, y))))
      #expect(abs(place.z - height(x, y)) < 1e-3 && abs(place.x - x) < 1e-3)
    }
    #expect(stage.methods("move").isEmpty && stage.methods("lease").isEmpty)
    stage.pass(1.5, lookingAt: Self.cup)
    #expect(stage.kinds().last == "selected")
  }

  @Test func touchesThatCannotBeUsed() {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("t"))
    stage.press(.character("t"))
    stage.tool.x += 0.01
    stage.pass(0.3, lookingAt: Self.cup)
    #expect(stage.session.notice?.text == "The tip has moved: hold it still, look at it and press t again.")
    stage.press(.character("t"))
    stage.pass(2)
    #expect(stage.session.notice?.text == "No looks at this place: look at the tip and press t again.")
    for place in 0..<9 {
      stage.tool = SIMD3(0.16 + 0.08 * Double(place % 3), -0.1 + 0.1 * Double(place / 3), place == 4 ? 0.06 : 0.01)
      stage.pass(0.1)
      stage.press(.character("t"))
      stage.pass(1.7, lookingAt: SIMD2(stage.tool.x, stage.tool.y))
    }
    #expect(stage.session.unsaved == nil)
    #expect(stage.session.trouble?.text.hasPrefix("The places that were touched are not flat: place 5 is") == true)
    stage.press(.character("t"))
    stage.press(.escape)
    #expect(stage.session.touching == nil)
  }

  @Test func nobodyThereIsNoCalibration() {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("c"))
    stage.pass(30)
    #expect(stage.session.calibrating == nil)
    #expect(stage.session.unsaved == nil)
    #expect(stage.kinds() == ["refused"])
    #expect(stage.session.trouble?.text.hasPrefix("Nobody looked: ") ?? stage.kinds().contains("refused"))
  }

  // MARK: Points that cannot be shown

  static let start = SIMD3(0.2, 0.0, 0.1)

  /// Calibrates until it ends, looking at the tip wherever it is.
  static func calibrate(_ stage: inout GazeStage) {
    var generator = SeededGenerator(seed: 9)
    stage.press(.character("c"))
    let end = stage.time + 300
    while stage.session.calibrating != nil, stage.time < end {
      let tremble = SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator)) * 0.004
      stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y) + tremble)
    }
  }

  /// The server's word for places of which `isBarred` is true.
  static func barring(_ isBarred: @escaping (SIMD3<Double>) -> Bool, _ kind: String = "collision") -> (SIMD3<Double>) -> RPCError? {
    { place in
      isBarred(place) ? RPCError(code: -32005, message: "The arm would touch cup.", data: ["kind": .string(kind), "try": "another way"]) : nil
    }
  }

  /// One of nine lies in a thing, another one out of reach: two others are shown in their place.
  @Test func leavesOutWhatItCannotShow() throws {
    var stage = GazeStage(isCalibrated: false)
    stage.isBarred = Self.barring { $0.x > 0.3 && abs($0.y) > 0.05 }
    Self.calibrate(&stage)
    let calibration = try #require(stage.session.unsaved)
    #expect(calibration.residuals.count == 9 && calibration.rms < 0.005)
    let news = try #require(stage.news.last { $0["kind"] == "calibrated" })
    #expect(news["leftOut"]?.array?.map { $0["why"] } == ["The arm would touch cup.", "The arm would touch cup."])
    #expect(stage.session.trouble?.text == "Left out: (0.32, -0.11), (0.32, 0.11). The arm would touch cup.")
    #expect(stage.session.notice?.text.hasPrefix("Calibrated: off by ") == true)
  }

  /// Also where only the way down is barred, and where a thing comes into the way while the arm moves.
  @Test func leavesOutWhatTurnsOutToBeBarredLater() throws {
    var stage = GazeStage(isCalibrated: false)
    stage.isBarred = Self.barring { $0.x > 0.3 && $0.z < 0.03 }
    stage.press(.character("c"))
    while stage.session.errand?.job == nil { stage.pass(0.005) }
    let job = Double(try #require(stage.session.errand?.job))
    stage.endMotion()
    let reason: JSONValue = ["kind": "collision", "message": "The arm would touch pen."]
    stage.session.take(job: ["job": .number(job), "state": "cancelled", "reason": reason], at: stage.time)
    #expect(stage.session.trouble?.text.hasSuffix("is left out: The arm would touch pen.") == true)
    let end = stage.time + 240
    while stage.session.calibrating != nil, stage.time < end { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    #expect(stage.session.unsaved?.residuals.count == 9)
    #expect(stage.news.last { $0["kind"] == "calibrated" }?["leftOut"]?.array?.count == 4)
  }

  /// Too few are no calibration; what was measured is not lost, and once there is room only the others are shown.
  @Test func tooFewPointsAreKept() throws {
    var stage = GazeStage(isCalibrated: false)
    stage.isBarred = Self.barring { $0.x > 0.2 && $0.z < 0.09 }
    Self.calibrate(&stage)
    #expect(stage.session.unsaved == nil && stage.kinds() == ["refused"])
    let sentence = try #require(stage.session.trouble?.text)
    #expect(sentence.hasPrefix("5 points are too few to calibrate with; 6 are needed. Left out: (0.24, -0.11), "))
    #expect(sentence.hasSuffix(". The arm would touch cup. Then c goes on."))
    stage.pass(10)
    stage.isBarred = nil
    let motions = stage.methods("move.pose").count { $0.parameters["dryRun"] == nil }
    Self.calibrate(&stage)
    #expect(stage.session.unsaved?.residuals.count == 9)
    stage.pass(10)
    // Two for each of the four that were missing, and one up from the last.
    #expect(stage.methods("move.pose").count { $0.parameters["dryRun"] == nil } == motions + 9)
  }

  /// What bars the arm everywhere is no matter of the points.
  @Test func whatIsNoMatterOfThePointEndsIt() {
    var stage = GazeStage(isCalibrated: false)
    stage.isBarred = Self.barring({ _ in true }, "fault-latched")
    stage.press(.character("c"))
    #expect(stage.session.calibrating == nil)
    #expect(stage.methods("move.pose").count == 1)
  }

  // MARK: Going back

  @Test func goesBackToWhereItBegan() {
    var stage = GazeStage(isCalibrated: false)
    stage.tool = Self.start
    Self.calibrate(&stage)
    #expect(stage.tool.z < 0.02 && stage.session.errand?.title == "go back")
    stage.pass(10, lookingAt: Self.cup)
    #expect(stage.tool == Self.start && stage.session.errand == nil && stage.session.token == nil)
    let last = stage.sent.last { $0.method.hasPrefix("move") }
    #expect(last?.method == "move.joints" && last?.parameters["dryRun"] == nil)
    // Neither needs looks, nor is it told of like what somebody has chosen.
    #expect(stage.kinds().last { $0 == "done" } == nil)
  }

  @Test(arguments: [true, false]) func goesBackAlsoFromHalfway(somebodyEndsIt: Bool) {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("c"))
    while stage.session.calibrating?.done.count != 2 { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    if somebodyEndsIt {
      stage.pass(0.5)
      stage.press(.escape)
      #expect(stage.session.unfinished == nil)
    } else {
      stage.pass(18)
      #expect(stage.session.trouble?.text == "Nobody looked: The tracker is silent. 2 of 9 points are measured: c goes on with the others.")
      #expect(stage.session.unfinished?.begun.done.count == 2)
    }
    #expect(stage.session.calibrating == nil)
    stage.pass(10)
    #expect(stage.tool == Self.start)
  }

  /// Space lets nothing move, whatever for; what was measured is kept.
  @Test func aStopLeavesTheArmWhereItIs() {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("c"))
    while stage.session.calibrating?.done.count != 2 { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    stage.press(.character(" "))
    let tool = stage.tool
    stage.pass(10)
    #expect(stage.tool == tool && stage.session.errand == nil)
    #expect(stage.session.unfinished?.begun.done.count == 2)
    stage.press(.character("c"))
    #expect(stage.session.notice?.text == "It goes on with the 7 points that are missing: look at the tip of the tool.")
    stage.press(.character(" "))
    stage.pass(150)
    stage.press(.character("c"))
    #expect(stage.session.calibrating?.done.isEmpty == true)
  }

  /// Whoever leaves in the midst of it, or while the arm goes back at its end, does not leave the arm low over the table.
  @Test(arguments: [Key.character("q"), .control("c")], [false, true]) func leavingGoesBackFirst(key: Key, atTheEnd: Bool) {
    var stage = GazeStage(isCalibrated: false)
    if atTheEnd {
      Self.calibrate(&stage)
      #expect(stage.session.isGoingBack)
    } else {
      stage.press(.character("c"))
      while stage.session.calibrating?.done.count != 2 { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    }
    stage.press(key)
    #expect(!stage.session.isLeaving && stage.session.calibrating == nil && stage.methods("stop").isEmpty)
    #expect(stage.session.standingNotice?.text == "The arm goes back first, then gaze ends. q again leaves the arm where it is.")
    let end = stage.time + 20
    while !stage.session.isLeaving, stage.time < end { stage.pass(0.005) }
    #expect(stage.session.isLeaving && stage.tool == Self.start)
  }

  /// Told twice, or stopped on the way, it stops where it is.
  @Test(arguments: [Key.character("q"), .control("c"), .character(" ")]) func leavingTwiceStopsAtOnce(key: Key) {
    var stage = GazeStage(isCalibrated: false)
    stage.press(.character("c"))
    while stage.session.calibrating?.done.count != 2 { stage.pass(0.015, lookingAt: SIMD2(stage.tool.x, stage.tool.y)) }
    stage.press(.character("q"))
    stage.pass(0.5)
    let tool = stage.tool
    stage.press(key)
    #expect(stage.session.isLeaving && stage.methods("stop").count == 1 && stage.session.errand == nil)
    stage.pass(1)
    #expect(stage.tool == tool)
  }

  /// Where it began low over the table, that is where things would lock it in.
  @Test func doesNotGoBackDown() {
    var stage = GazeStage(isCalibrated: false)
    stage.tool = SIMD3(0.2, 0, 0.02)
    stage.pass(0.1)
    Self.calibrate(&stage)
    let last = SIMD2(stage.tool.x, stage.tool.y)
    stage.pass(10)
    #expect(stage.tool == SIMD3(last.x, last.y, 0.08) && stage.methods("move.joints").isEmpty)
  }

  /// What cannot be gone back to is said, beside what was found.
  @Test func aWayBackThatIsBarredIsSaid() {
    var stage = GazeStage(isCalibrated: false)
    stage.isBarred = Self.barring { abs($0.z - 0.08) < 1e-3 }
    Self.calibrate(&stage)
    #expect(stage.session.trouble?.text == "The arm cannot go back: The arm would touch cup.")
    #expect(stage.session.notice?.text.hasPrefix("Calibrated: ") == true)
    stage.pass(10)
    #expect(stage.tool == Self.start)
  }
}
