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
}
