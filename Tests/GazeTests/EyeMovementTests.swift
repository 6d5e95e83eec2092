import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct EyeMovementTests {
  /// Looks of a synthetic eye that goes from place to place, and its true movements.
  static func recording(noise: Double, rate: Double, seed: UInt64) -> (times: [Double], angles: [SIMD2<Double>], isFixation: [Bool]) {
    var settings = SyntheticEye.Settings()
    (settings.noise, settings.rate, settings.seed, settings.blinkRate) = (noise.degrees, rate, seed, 0)
    var eye = SyntheticEye(settings: settings)
    eye.browse((0..<12).map { SIMD2(Double($0 % 4) * 7.0.degrees, Double($0 / 4) * 7.0.degrees) })
    let looks = (0..<Int(20 * rate)).map { _ in eye.next() }
    return (looks.map(\.time), looks.map { $0.measured ?? .zero }, looks.map { $0.movement == .fixation })
  }

  /// The truth with every jump begun half a window too soon and ended half a window too late: when things happen no window knows better.
  static func blurred(_ isFixation: [Bool], _ times: [Double], window: Double) -> [Bool] {
    isFixation.indices.map { index in
      var (first, last) = (index, index)
      while first > 0, times[index] - times[first - 1] <= window / 2 { first -= 1 }
      while last + 1 < times.count, times[last + 1] - times[index] <= window / 2 { last += 1 }
      return isFixation[first...last].allSatisfy(\.self)
    }
  }

  /// Of trackers as good as those of the hand-labelled recordings, what is asked of these; of others, what their window can tell. While it
  /// happens the speed is known half a window late.
  @Test(arguments: [(0.05, 1000.0), (0.05, 500), (0.3, 500), (0.1, 250), (0.3, 120)])
  func fixationsAreToldFromSaccadesByVelocity(_ noise: Double, _ rate: Double) {
    let thresholds = MovementThresholds(noise: noise.degrees, rate: rate)
    for seed in 1...UInt64(caseCount(5)) {
      let (times, angles, isFixation) = Self.recording(noise: noise, rate: rate, seed: seed)
      let isGood = noise <= 0.1 && rate >= 250
      let bound = isGood ? 0.75 : cohensKappa(Self.blurred(isFixation, times, window: thresholds.velocityWindow), isFixation)
      let labels = MovementLabels.labels(times: times, angles: angles, thresholds: thresholds)
      let offline = cohensKappa(labels.map { $0 == .fixation }, isFixation)
      var classifier = VelocityClassifier(thresholds: thresholds)
      let online = zip(times, angles).map { classifier.classify($1, time: $0) == .fixation }
      let lag = Int((thresholds.velocityWindow * rate / 2).rounded())
      let late = cohensKappa(Array(online.dropFirst(lag)), Array(isFixation.dropLast(lag)))
      #expect(offline >= bound && late >= bound, "κ \(offline) in hindsight, \(late) as it happens; \(bound) asked")
    }
  }

  @Test(arguments: [(0.1, 60.0), (0.5, 60), (0.3, 30), (0.5, 120)])
  func fixationsAreFoundByDispersion(_ noise: Double, _ rate: Double) {
    var (found, made) = (0, 0)
    for seed in 1...UInt64(caseCount(3)) {
      let (times, angles, isFixation) = Self.recording(noise: noise, rate: rate, seed: seed)
      var filter = GazeFilter(noise: noise.degrees)
      var classifier = DispersionClassifier(thresholds: MovementThresholds(noise: noise.degrees, rate: rate))
      var isFixating = [Bool]()
      for (time, angle) in zip(times, angles) {
        if let smoothed = filter.filter(angle, time: time) {
          if filter.hasJumped { classifier.forget() }
          _ = classifier.classify(smoothed, time: time)
        }
        isFixating.append(classifier.fixation != nil)
      }
      // Of every true rest of 0.2 s and more, its middle must be seen as one.
      var start: Int?
      for index in isFixation.indices {
        if isFixation[index] {
          start = start ?? index
        } else if let first = start {
          start = nil
          guard times[index] - times[first] >= 0.2 else { continue }
          made += 1
          if isFixating[first + (index - first) * 3 / 4] { found += 1 }
        }
      }
    }
    #expect(made > 50)
    #expect(Double(found) >= 0.8 * Double(made))
  }

  @Test func aPursuitIsNoFixation() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<caseCount(50) {
      let speed = Double.random(in: 3...20, using: &generator).degrees
      let heading = Double.random(in: 0..<2 * .pi, using: &generator)
      let times = (0..<400).map { Double($0) / 500 }
      let angles = times.map { time in
        let tremble = SIMD2(Double.random(in: -0.03...0.03, using: &generator), Double.random(in: -0.03...0.03, using: &generator))
        return SIMD2(cos(heading), sin(heading)) * speed * time + tremble * .pi / 180
      }
      let labels = MovementLabels.labels(times: times, angles: angles, thresholds: MovementThresholds(noise: 0.02.degrees, rate: 500))
      #expect(labels.allSatisfy { $0 == .pursuit })
    }
  }

  /// The hand-labelled recordings of Andersson et al., *One algorithm to rule them all?*, 2017, are not free to be copied here. With the
  /// folder of their CSV files (`t_s,x_px,y_px,label`; screen of 1024 × 768 px, 0.38 × 0.30 m, at 0.67 m) in `ARMCTL_GAZE_RECORDINGS`
  /// this compares with them.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["ARMCTL_GAZE_RECORDINGS"] != nil))
  func agreesWithPeopleWhoLabelledByHand() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["ARMCTL_GAZE_RECORDINGS"])
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".csv") }.sorted()
    #expect(!files.isEmpty)
    let view = ViewGeometry(size: SIMD2(0.38, 0.3), distance: 0.67)
    for file in files {
      let rows = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(whereSeparator: \.isNewline)
        .filter { $0.first?.isNumber == true }.map { $0.split(separator: ",") }
      let times = rows.map { Double($0[0])! }
      let angles = rows.map { view.angle(of: SIMD2(Double($0[1])! / 1024, Double($0[2])! / 768)) }
      let labels = MovementLabels.labels(times: times, angles: angles, thresholds: MovementThresholds(noise: 0.02.degrees, rate: 500))
      let agreement = cohensKappa(labels.map { $0 == .fixation }, rows.map { $0[3] == "fixation" })
      print("\(file): kappa \(agreement) over \(rows.count) samples")
      #expect(agreement >= 0.75)
    }
  }
}
