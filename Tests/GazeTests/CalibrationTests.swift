import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct CalibrationTests {
  /// Nine points as a camera sees them that looks at the table askew.
  static func points(noise: Double = 0, using generator: inout SeededGenerator) -> [CalibrationPoint] {
    (0..<9).map { index in
      let target = SIMD2<Double>(0.15 + 0.1 * Double(index / 3), -0.1 + 0.1 * Double(index % 3))
      let tremble = SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator)) * noise
      return CalibrationPoint(look: .screen(TrialTable.view.share(at: TrialTable.angle(of: target) + tremble)), target: target, noise: 0.5.degrees)
    }
  }

  @Test func aHomographyIsFoundExactly() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<caseCount(200) {
      func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
      let truth = Homography(elements: [
        number(0.2...2), number(-0.5...0.5), number(-1...1), number(-0.5...0.5), number(0.2...2), number(-1...1), number(-0.2...0.2),
        number(-0.2...0.2),
      ])
      let sources = (0..<9).map { SIMD2(Double($0 % 3) + number(-0.2...0.2), Double($0 / 3) + number(-0.2...0.2)) }
      let pairs = try sources.map { ($0, try #require(truth($0))) }
      let found = try #require(Homography.fitting(pairs))
      for _ in 0..<10 {
        let probe = SIMD2(number(0...2), number(0...2))
        let (a, b) = (try #require(truth(probe)), try #require(found(probe)))
        #expect((a - b).length < 1e-8)
      }
    }
  }

  @Test func mapsLooksToTheTable() throws {
    var generator = SeededGenerator(seed: 2)
    let calibration = try GazeCalibration(Self.points(using: &generator), on: TrialTable.plane, view: TrialTable.view)
    #expect(calibration.rms < 1e-6)
    for target in TrialTable.targets {
      let look = GazeSample.Look.screen(TrialTable.view.share(at: TrialTable.angle(of: target.position)))
      let found = try #require(calibration.point(of: look))
      #expect((found - target.position).length < 1e-6)
    }
    // 0.5° at 0.7 m are 6.1 mm across the line of sight, and 8.6 mm along a table seen from 45°.
    #expect(abs(calibration.noiseOnTable - 7.5e-3) < 0.5e-3)
    #expect(calibration.point(of: .ray(origin: .zero, direction: SIMD3(0, 0, 1))) == nil)
  }

  /// One glance elsewhere neither bends the map nor is hidden in its figures.
  @Test func oneWildPointIsLeftOut() throws {
    var generator = SeededGenerator(seed: 8)
    for wild in 0..<9 {
      var points = Self.points(noise: 0.05.degrees, using: &generator)
      points[wild].look = .screen(SIMD2(Double.random(in: 0...1, using: &generator), wild < 5 ? 0.95 : 0.05))
      let calibration = try GazeCalibration(points, on: TrialTable.plane, view: TrialTable.view)
      #expect(calibration.residuals.indices.filter { calibration.residuals[$0] == nil } == [wild])
      #expect(calibration.rms < 0.01)
    }
  }

  /// Any three of nine may be left out: what was looked at between the others and beside them is still found.
  @Test func sixPointsAreEnough() throws {
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<caseCount(60) {
      let points = Self.points(noise: 0.1.degrees, using: &generator).shuffled(using: &generator).prefix(6)
      let calibration: GazeCalibration
      do throws(CalibrationError) { calibration = try GazeCalibration(Array(points), on: TrialTable.plane, view: TrialTable.view) } catch {
        // Four of six on one line say nothing of what is off it.
        guard case .tooCoarse = error else { throw error }
        continue
      }
      #expect(calibration.residuals.count == 6)
      for target in TrialTable.targets {
        let found = try #require(calibration.point(of: .screen(TrialTable.view.share(at: TrialTable.angle(of: target.position)))))
        #expect((found - target.position).length < 0.025)
      }
    }
  }

  @Test func refusesWhatCannotBeUsed() throws {
    var generator = SeededGenerator(seed: 4)
    let good = Self.points(using: &generator)
    #expect(throws: CalibrationError.tooFewPoints(count: 5, needed: 6)) {
      try GazeCalibration(Array(good.dropLast(4)), on: TrialTable.plane, view: TrialTable.view)
    }
    var mixed = good
    mixed[3].look = .ray(origin: .zero, direction: SIMD3(0, 0, 1))
    #expect(throws: CalibrationError.mixedLooks) { try GazeCalibration(mixed, on: TrialTable.plane, view: TrialTable.view) }
    let line = (0..<9).map { CalibrationPoint(look: .screen(SIMD2(0.1 * Double($0), 0.5)), target: SIMD2(0.05 * Double($0), 0)) }
    #expect(throws: CalibrationError.onOneLine) { try GazeCalibration(line, on: TrialTable.plane, view: TrialTable.view) }
    // Looks that have nothing to do with the points.
    for _ in 0..<caseCount(20) {
      let random = good.map { point in
        CalibrationPoint(
          look: .screen(SIMD2(Double.random(in: 0...1, using: &generator), Double.random(in: 0...1, using: &generator))), target: point.target)
      }
      #expect(throws: CalibrationError.self) { try GazeCalibration(random, on: TrialTable.plane, view: TrialTable.view) }
    }
  }

  @Test(arguments: [
    (CalibrationError.tooFewPoints(count: 4, needed: 6), "4 points are too few to calibrate with; 6 are needed."),
    (.onOneLine, "The points lie on one line, or nearly."),
    (.tooManyOutliers(points: [0, 3], count: 9), "2 of 9 points do not fit the others: 1, 4."),
    (
      .tooCoarse(rms: 0.0312, worst: 0.0456, point: 6, limit: 0.025),
      "The map is off by 31.2 mm (RMS), 45.6 mm at point 7; the limit is 25.0 mm."
    ),
    (.mixedLooks, "Some looks are places on a screen and some are sight lines."),
  ]) func saysWhy(_ error: CalibrationError, _ sentence: String) {
    #expect(error.description == sentence)
    #expect(!error.suggestion.isEmpty)
  }

  /// A tracker that tells sight lines, standing anywhere, turned anyhow; the head moves between the points. One with a left-handed frame, or an axis
  /// that is told the other way round, is found below the table, its own mirror image: what it looks at is the same.
  @Test(arguments: [1.0, -1]) func findsWhereTheTrackerStands(hand: Double) throws {
    var generator = SeededGenerator(seed: 31)
    func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
    for _ in 0..<caseCount(10) {
      let x = SIMD3(number(-1...1), number(-1...1), number(-1...1)).unit
      let z = x.cross(SIMD3(number(-1...1), number(-1...1), number(-1...1))).unit
      let pose = TrackerPose(axes: [x * hand, z.cross(x), z], origin: SIMD3(number(0.4...0.9), number(-0.5...0.5), number(0.2...0.8)))
      func inTracker(_ vector: SIMD3<Double>) -> SIMD3<Double> { SIMD3(vector.dot(pose.axes[0]), vector.dot(pose.axes[1]), vector.dot(pose.axes[2])) }
      func look(at target: SIMD2<Double>) -> GazeSample.Look {
        let eye = TrialTable.eye + SIMD3(number(-0.05...0.05), number(-0.05...0.05), number(-0.05...0.05))
        return .ray(origin: inTracker(eye - pose.origin), direction: inTracker(TrialTable.plane.point(at: target) - eye))
      }
      let points = (0..<9).map { index in
        let target = SIMD2<Double>(0.15 + 0.1 * Double(index / 3), -0.1 + 0.1 * Double(index % 3))
        return CalibrationPoint(look: look(at: target), target: target)
      }
      let calibration = try GazeCalibration(points, on: TrialTable.plane, view: TrialTable.view)
      #expect(calibration.rms < 1e-6)
      let probe = SIMD2(0.28, 0.03)
      let found = try #require(calibration.point(of: look(at: probe)))
      #expect((found - probe).length < 1e-6)
    }
  }

  @Test func aPlaneGoesThroughWhatTheToolTouched() throws {
    var generator = SeededGenerator(seed: 12)
    func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
    for _ in 0..<caseCount(100) {
      let normal = SIMD3(number(-0.5...0.5), number(-0.5...0.5), 1).unit
      let touched = (0..<5).map { _ in
        let (x, y) = (number(0.1...0.4), number(-0.2...0.2))
        return SIMD3(x, y, 0.05 - (normal.x * x + normal.y * y) / normal.z)
      }
      let plane = try TablePlane(through: touched)
      #expect((plane.normal - normal).length < 1e-6)
      #expect(plane.xAxis.x > 0)
      let place = SIMD2(number(-0.2...0.2), number(-0.2...0.2))
      #expect((plane.coordinates(of: plane.point(at: place, height: 0.1)) - place).length < 1e-12)
    }
    #expect(throws: CalibrationError.onOneLine) {
      try TablePlane(through: [SIMD3(0.1, 0, 0), SIMD3(0.2, 0, 0), SIMD3(0.3, 0, 0)])
    }
    #expect(throws: CalibrationError.tooFewPoints(count: 2, needed: 3)) { try TablePlane(through: [.zero, SIMD3(1, 0, 0)]) }
  }

  /// Half a degree of drift is taken over within ten choices, a look elsewhere is not, and what is corrected stays within its limit.
  @Test func driftIsLearntFromChoices() {
    var drift = DriftCorrection()
    let off = SIMD2(0.012, -0.008)
    for _ in 0..<10 { drift.learn(target: SIMD2(0.2, 0), look: SIMD2(0.2, 0) + off + drift.offset) }
    #expect((drift.offset + off).length < 1e-3)
    let before = drift
    drift.learn(target: SIMD2(0.2, 0), look: SIMD2(0.4, 0))
    #expect(drift == before)
    for _ in 0..<100 { drift.learn(target: .zero, look: SIMD2(0.049, 0)) }
    #expect(drift.offset.length <= drift.limit + 1e-12)
    #expect(drift.isExhausted)
  }
}
