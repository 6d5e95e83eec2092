import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

@Suite("Lessons") struct LessonTests {
  /// What was taught is what a script says, to the last thousandth of a degree, and never beyond a limit.
  @Test func scriptsSayWhatWasTaught() throws {
    var generator = SeededGenerator(seed: 3)
    for count in [1, 2, 5, 40] {
      for isSliding in [false, true] {
        let joints = (0..<6).map { LessonScript.Joint(name: "j\($0)", isSliding: isSliding && $0 == 2, lower: -1.2740903539558606, upper: .pi) }
        let points = (0..<count).map { index in
          (0..<6).map { _ in
            let end = Bool.random(using: &generator) ? Double.pi : -1.2740903539558606
            return index % 3 == 0 ? end : Double.random(in: -1.2...3, using: &generator)
          }
        }
        let lesson = LessonScript(
          name: "wave", arm: "test", joints: joints, pieces: [LessonScript.Piece(points: points, blend: count > 4 ? 0.04 : 0)], speed: 0.2)
        let arm = ScriptArm(poseNames: [], joints: joints.map { ScriptArm.Joint(name: $0.name, slides: $0.isSliding) })
        let script = try RunCommand.script(lesson.text, file: "wave.arm", arm: arm)
        #expect(script.steps.count == count)
        for (step, point) in zip(script.steps, points) {
          let motion = try #require(step.motion)
          guard case .joints(let position) = motion.goal else {
            Issue.record("no joint positions: \(motion.goal)")
            continue
          }
          #expect(zip(position, point).allSatisfy { abs($0 - $1) < 2e-5 })
          #expect(zip(position, joints).allSatisfy { $0 >= $1.lower ?? 0 && $0 <= $1.upper ?? 0 })
          #expect(abs(motion.speed - 0.2) < 1e-12)
        }
        #expect(try ScriptFormatter.formatted(lesson.text, file: "wave.arm") == lesson.text)
        if count > 4 { #expect(ScriptTask.tasks(of: script.steps).count <= 2) }
      }
    }
  }

  /// Between what was taught apart the arm rests, and only there.
  @Test func piecesAreJoinedByRests() throws {
    let joints = (0..<6).map { LessonScript.Joint(name: "j\($0)") }
    func points(_ values: Double...) -> [[Double]] { values.map { value in (0..<6).map { _ in value } } }
    let lesson = LessonScript(
      name: "wave", arm: "test", joints: joints,
      pieces: [
        LessonScript.Piece(points: points(0.1)), LessonScript.Piece(points: points(0.2, 0.3, 0.4), blend: 0.04),
        LessonScript.Piece(points: points(0.5, 0.6, 0.7), blend: 0.05), LessonScript.Piece(points: points(0.8)),
      ], speed: 0.2)
    let arm = ScriptArm(poseNames: [], joints: joints.map { ScriptArm.Joint(name: $0.name) })
    let script = try RunCommand.script(lesson.text, file: "wave.arm", arm: arm)
    #expect(ScriptTask.tasks(of: script.steps).map(\.steps.count) == [1, 1, 2, 1, 2, 1])
    #expect(script.steps.map { $0.motion?.blend ?? -1 }.map { $0 > 0 } == [false, false, true, false, false, true, false, false])
  }

  struct Recording: Sendable, CustomTestStringConvertible {
    var what: String
    var points: [Double]
    /// Of the points that are left.
    var kept: [Int]

    var testDescription: String { what }
  }

  @Test(arguments: [
    Recording(what: "nothing", points: [], kept: []), Recording(what: "one tick", points: [1], kept: [0]),
    Recording(what: "an arm at rest", points: [1, 1, 1.0001, 1], kept: [0]), Recording(what: "straight on", points: [0, 1, 2, 3, 4], kept: [0, 4]),
    Recording(what: "there and back", points: [0, 1, 2, 1, 0], kept: [0, 2, 4]),
    Recording(what: "a rest on the way", points: [0, 1, 1, 1, 2, 2.001], kept: [0, 5]),
  ])
  func recordingsAreSimplified(_ recording: Recording) {
    let points = recording.points.map { JointVector([$0, -$0]) }
    #expect(RecordedMotion.simplified(points, tolerance: 0.005) == recording.kept.map { points[$0] })
  }

  @Test func whatIsLeftOutIsNearTheRest() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<caseCount(20) {
      var motion = RecordedMotion(period: 0.002)
      let (a, b) = (Double.random(in: 0.2...2, using: &generator), Double.random(in: 0.2...3, using: &generator))
      for tick in 0..<2000 {
        let t = Double(tick) * 0.002
        motion.append([sin(a * t), cos(b * t) * t, 0.3 * t])
      }
      let all = motion.positions, kept = motion.waypoints(tolerance: 0.005, most: 1000)
      #expect(kept.count < 200 && kept.first == all.first && kept.last == all.last)
      for point in all {
        let nearest = zip(kept, kept.dropFirst()).map { start, end -> Double in
          let way = end - start, share = min(max((point - start).dot(way) / way.dot(way), 0), 1)
          return (point - start - share * way).maximumMagnitude
        }.min()
        #expect(try #require(nearest) <= 0.005 + 1e-9)
      }
      #expect(motion.waypoints(tolerance: 1e-4, most: 12).count <= 12)
    }
  }

  @Test func aRecordingKeepsTheLatest() {
    var motion = RecordedMotion(period: 0.5, longest: 5)
    for tick in 0..<25 { motion.append([Double(tick)]) }
    #expect(motion.positions.map { $0[0] } == (15..<25).map(Double.init))
    #expect(motion.duration == 4.5)
  }
}
