import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Tool paths as geometry: on their segments, within the radius at corners, smooth everywhere else.
@Suite struct PathsGeometryTests {
  static func pose(_ x: Double, _ y: Double, _ z: Double = 0, turn: SIMD3<Double> = .zero) -> Pose {
    Pose(rotation: Rotation(rotationVector: turn), translation: [x, y, z])
  }

  /// Twist and its derivative are what the pose's differences say, and continue from span to span; corners stay within their radii.
  static func expectSmooth(_ path: ToolPath, _ note: String) {
    var (slope, bend) = (0.0, 0.0)
    for (index, span) in path.spans.enumerated() {
      for step in 1..<8 {
        let s = span.start + span.width * Double(step) / 8
        let h = min(1e-5, span.width / 20)
        let (before, here, after) = (path.point(at: s - h, span: index), path.point(at: s, span: index), path.point(at: s + h, span: index))
        let turned = (after.pose.rotation * before.pose.rotation.inverse).rotationVector
        let size = 1 + here.twistDerivative.magnitude / min(1, span.width)
        slope = max(slope, (0.5 / h * (after.pose.translation - before.pose.translation) - here.twist.linear).length / size)
        slope = max(slope, (0.5 / h * turned - here.twist.angular).length / size)
        bend = max(bend, (0.5 / h * (after.twist.linear - before.twist.linear) - here.twistDerivative.linear).length / size)
        bend = max(bend, (0.5 / h * (after.twist.angular - before.twist.angular) - here.twistDerivative.angular).length / size)
      }
      guard index > 0 else { continue }
      let (before, after) = (path.point(at: span.start, span: index - 1), path.point(at: span.start, span: index))
      #expect(difference(before.pose, after.pose) < 1e-12, "\(note)")
      guard !path.stops.contains(span.start) else { continue }
      #expect((before.twist - after.twist).magnitude < 1e-9, "\(note)")
      #expect((before.twistDerivative - after.twistDerivative).magnitude < 1e-7 * (1 + after.twistDerivative.magnitude), "\(note)")
    }
    #expect(slope < 1e-4 && bend < 1e-3, "\(note): \(slope), \(bend)")
    for blend in path.blends {
      let corner = path.curves[blend.segment - 1].end.translation
      #expect(blend.radius <= blend.askedRadius * (1 + 1e-12), "\(note)")
      for step in 0...40 {
        let s = blend.range.lowerBound + (blend.range.upperBound - blend.range.lowerBound) * Double(step) / 40
        let distance = (path.pose(at: s).translation - corner).length
        #expect(distance <= blend.askedRadius * (1 + 1e-9), "\(note): \(distance) from corner \(blend.segment)")
      }
    }
  }

  @Test func aSquareHasRoundCorners() throws {
    let corners = [Self.pose(0.1, 0), Self.pose(0.1, 0.1), Self.pose(0, 0.1)]
    let path = try ToolPath(from: .identity, corners.map { .line(to: $0, blend: 0.005) } + [.line(to: .identity)])
    #expect(path.blends.map(\.radius) == [0.005, 0.005, 0.005] && path.stops.isEmpty)
    #expect(path.start == .identity && difference(path.end, .identity) < 1e-15)
    Self.expectSmooth(path, "square")
    // A right angle's quintic is at its middle as round as a circle of 0.62 times the radius.
    let blend = path.blends[0].range
    #expect(abs(blend.upperBound - blend.lowerBound - 0.009) < 1e-12)
    let middle = path.point(at: (blend.lowerBound + blend.upperBound) / 2)
    let (slope, bend) = (middle.twist.linear.length, middle.twistDerivative.linear.length)
    #expect(abs(slope * slope / bend - 0.0031) < 1e-5)
    // Between the corners exactly straight.
    for step in 0...100 {
      let s = path.length * Double(step) / 100
      guard !path.blends.contains(where: { $0.range.contains(s) }) else { continue }
      let p = path.pose(at: s).translation
      #expect(min(abs(p.x), abs(p.y), abs(p.x - 0.1), abs(p.y - 0.1)) < 1e-15 && p.z == 0)
    }
  }

  @Test func withoutARadiusThereIsAStop() throws {
    let path = try ToolPath(
      from: .identity, [.line(to: Self.pose(0.1, 0)), .line(to: Self.pose(0.1, 0.1), blend: 0.02), .line(to: Self.pose(0, 0.1))])
    #expect(path.stops.count == 1 && abs(path.stops[0] - 0.1) < 1e-15)
    #expect(path.blends.map(\.segment) == [2])
    #expect(difference(path.pose(at: path.stops[0]), Self.pose(0.1, 0)) < 1e-15)
    Self.expectSmooth(path, "one stop")
  }

  @Test func radiiShrinkWhereThereIsNoRoom() throws {
    let path = try ToolPath(
      from: .identity,
      [.line(to: Self.pose(0.1, 0), blend: 0.03), .line(to: Self.pose(0.1, 0.04), blend: 0.01), .line(to: Self.pose(0, 0.04), blend: 1)])
    #expect(path.blends.map(\.radius) == [0.03, 0.01] && path.blends.allSatisfy { !$0.isShrunk })
    let tight = try ToolPath(
      from: .identity,
      [.line(to: Self.pose(0.1, 0), blend: 0.03), .line(to: Self.pose(0.1, 0.02), blend: 0.01), .line(to: Self.pose(0, 0.02))])
    #expect(abs(tight.blends[0].radius - 0.04 / 3) < 1e-15 && abs(tight.blends[1].radius - 0.02 / 3) < 1e-15)
    #expect(tight.blends.allSatisfy { $0.isShrunk })
    #expect(tight.blends[0].description == "The corner after segment 1 is rounded by 13.3 mm instead of 30.0 mm, for want of room")
    Self.expectSmooth(tight, "tight")
  }

  struct ArcCase: Sendable {
    let name: String
    let segment: ToolSegment
    let length: Double
    /// After a quarter of the way, and at the end.
    let quarter, end: SIMD3<Double>
    let turn: SIMD3<Double>
  }

  @Test(arguments: [
    ArcCase(
      name: "half a circle through its top", segment: .arc(via: [0.1, 0.1, 0], to: pose(0.2, 0)), length: .pi * 0.1,
      quarter: [0.1 - 0.1 * 0.5.squareRoot(), 0.1 * 0.5.squareRoot(), 0], end: [0.2, 0, 0], turn: .zero),
    ArcCase(
      name: "three quarters", segment: .arc(via: [0.2, 0, 0], to: pose(0.1, -0.1)), length: 1.5 * .pi * 0.1,
      quarter: [0.1 - 0.1 * cos(.pi * 0.375), 0.1 * sin(.pi * 0.375), 0], end: [0.1, -0.1, 0], turn: .zero),
    ArcCase(
      name: "a full circle turning with it", segment: .turn(about: [0, 0.1, 3], axis: [0, 0, 5], angle: 2 * .pi), length: 2 * .pi * 0.1,
      quarter: [0.1, 0.1, 0], end: .zero, turn: .zero),
    ArcCase(
      name: "a quarter backwards", segment: .turn(about: [0, 0.1, 0], axis: [0, 0, 1], angle: -.pi / 2), length: .pi * 0.05,
      quarter: [-0.1 * sin(.pi / 8), 0.1 - 0.1 * cos(.pi / 8), 0], end: [-0.1, 0.1, 0], turn: [0, 0, -.pi / 2]),
    ArcCase(
      name: "round without turning", segment: .turn(about: [0, 0.1, 0], axis: [0, 0, 1], angle: .pi, orientation: .kept), length: .pi * 0.1,
      quarter: [0.1 * 0.5.squareRoot(), 0.1 - 0.1 * 0.5.squareRoot(), 0], end: [0, 0.2, 0], turn: .zero),
    ArcCase(
      name: "round to a rotation",
      segment: .turn(about: [0, 0.1, 0], axis: [0, 0, 1], angle: .pi, orientation: .to(Rotation(rotationVector: [0.3, 0, 0]))),
      length: .pi * 0.1, quarter: [0.1 * 0.5.squareRoot(), 0.1 - 0.1 * 0.5.squareRoot(), 0], end: [0, 0.2, 0], turn: [0.3, 0, 0]),
  ]) func arcsAreRound(_ c: ArcCase) throws {
    let path = try ToolPath(from: .identity, [c.segment])
    #expect(abs(path.length - c.length) < 1e-12)
    #expect((path.pose(at: path.length / 4).translation - c.quarter).length < 1e-12)
    #expect(difference(path.end, Pose(rotation: Rotation(rotationVector: c.turn), translation: c.end)) < 1e-12)
    Self.expectSmooth(path, c.name)
    for step in 0...20 { #expect(abs(path.point(at: path.length * Double(step) / 20).twist.linear.length - 1) < 1e-12) }
  }

  @Test func splinesGoThroughTheirPoses() throws {
    var random = SeededGenerator(seed: 90)
    for index in 0..<caseCount(20) {
      let poses = (0..<Int.random(in: 2...7, using: &random)).map { _ in random.pose(reach: 0.2, turn: 1.2) }
      let path = try ToolPath(from: poses[0], [.spline(through: Array(poses.dropFirst()))])
      Self.expectSmooth(path, "spline \(index)")
      var s = 0.0
      for (pose, next) in zip(poses, poses.dropFirst()) {
        s += max((next.translation - pose.translation).length, 0.1 * (next.rotation * pose.rotation.inverse).rotationVector.length)
        #expect(difference(path.pose(at: s), next) < 1e-9)
      }
    }
    // The same from any base and with any tool: coordinates do not show.
    let poses = (0..<5).map { _ in random.pose(reach: 0.2, turn: 1.2) },
      (outer, inner) = (random.pose(reach: 1, turn: 2), Rotation(rotationVector: [1, -2, 0.5]))
    let path = try ToolPath(from: poses[0], [.spline(through: Array(poses.dropFirst()))])
    let moved = poses.map { outer * Pose(rotation: $0.rotation * inner, translation: $0.translation) }
    let other = try ToolPath(from: moved[0], [.spline(through: Array(moved.dropFirst()))])
    for step in 0...50 {
      let pose = path.pose(at: path.length * Double(step) / 50)
      let expected = outer * Pose(rotation: pose.rotation * inner, translation: pose.translation)
      #expect(difference(other.pose(at: other.length * Double(step) / 50), expected) < 1e-9)
    }
  }

  /// Whatever the segments and radii: on lines and circles exactly, within the radius at corners, smooth but at stops, ends exact.
  @Test func randomPathsAreSmooth() throws {
    var random = SeededGenerator(seed: 91)
    for index in 0..<caseCount(150) {
      var segments: [ToolSegment] = []
      for _ in 0..<Int.random(in: 1...6, using: &random) { segments.append(random.segment()) }
      let start = random.pose(reach: 0.3, turn: 2)
      let path = try ToolPath(from: start, segments)
      Self.expectSmooth(path, "path \(index): \(segments)")
      #expect(difference(path.start, start) == 0 && difference(path.pose(at: 0), start) < 1e-12)
      #expect(difference(path.pose(at: path.length), path.end) < 1e-12)
      if case .line(let end, _)? = segments.last { #expect(difference(path.end, end) < 1e-12) }
      for span in path.spans {
        guard case .curve(let curve, let begin) = span.kind, case .line(let end, _) = segments[curve] else { continue }
        let from = curve == 0 ? start : path.curves[curve - 1].end
        for step in 0...4 {
          let share = (begin + span.width * Double(step) / 4) / path.curves[curve].width
          let expected = Pose(
            rotation: from.rotation.interpolated(to: end.rotation, fraction: share),
            translation: from.translation + share * (end.translation - from.translation))
          #expect(difference(path.point(at: span.start + span.width * Double(step) / 4).pose, expected) < 1e-9)
        }
      }
    }
  }

  @Test func placesAreFoundBySegment() throws {
    let path = try ToolPath(
      from: .identity,
      [.line(to: Self.pose(0.1, 0), blend: 0.01), .arc(via: [0.15, 0.05, 0], to: Self.pose(0.2, 0)), .line(to: Self.pose(0.2, 0, turn: [0, 0, 1]))])
    #expect(path.place(at: 0.03).description == "30.0 mm of the 100.0 mm of its segment 1 (line)")
    let blend = path.blends[0].range
    #expect(path.place(at: blend.upperBound).description == "10.0 mm of the 157.1 mm of its segment 2 (arc)")
    #expect(path.place(at: path.length).description == "57.3° of the 57.3° of its segment 3 (line)")
    #expect(path.place(at: path.length).baseFromTool == path.pose(at: path.length))
    let alone = try ToolPath(from: .identity, [.line(to: Self.pose(0.12, 0))])
    #expect(alone.place(at: 0.083).description == "83.0 mm of its 120.0 mm")
  }
}

extension SeededGenerator {
  mutating func vector3(_ reach: Double) -> SIMD3<Double> { SIMD3.random(in: -reach...reach, using: &self) }

  mutating func pose(reach: Double, turn: Double) -> Pose { Pose(rotation: Rotation(rotationVector: vector3(turn)), translation: vector3(reach)) }

  /// Any kind, with a radius of anything from none to too much.
  mutating func segment() -> ToolSegment {
    let blend: Double = [0, 0.002, 0.02, 0.2].randomElement(using: &self) ?? 0
    switch Int.random(in: 0..<5, using: &self) {
    case 0: return .line(to: pose(reach: 0.3, turn: 2), blend: blend)
    case 1: return .arc(via: vector3(0.3), to: pose(reach: 0.3, turn: 2), blend: blend)
    case 2:
      return .turn(
        about: vector3(0.3), axis: vector3(1), angle: Double.random(in: -8...8, using: &self),
        orientation: [.turning, .kept].randomElement(using: &self) ?? .kept, blend: blend)
    case 3: return .spline(through: (0..<Int.random(in: 1...4, using: &self)).map { _ in pose(reach: 0.3, turn: 1) }, blend: blend)
    default: return .line(to: pose(reach: 0.01, turn: 0.1), blend: blend)
    }
  }
}
