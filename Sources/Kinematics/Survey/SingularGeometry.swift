internal import Foundation

/// What is special in space about singular configurations: axes in line, a wrist above the shoulder, a straight elbow.
struct SingularGeometry {
  private let model: RobotModel
  private let turns: [Bool]
  private let size: Double
  private let landmarks: [Landmark]
  /// Whether goals bind the whole pose.
  private let bindsAll: Bool

  /// A point that several axes share in every posture, or the tool's.
  private struct Landmark {
    let name: String
    /// Two joints whose axes meet there; the number of joints twice for the tool.
    let joints: (Int, Int)
  }

  /// One thing that may be so in a configuration, given the frames of its joints and of its tool, and how it reads.
  private struct Fact {
    var isAxesInLine = false
    let isSo: ([Pose]) -> Bool
    let phrase: ([[Pose]]) -> String
  }

  /// - Parameter free: What goals leave open.
  init(model: RobotModel, free: InverseKinematics.FreeAxes) {
    self.model = model
    bindsAll = free == .none
    turns = model.isPrismatic.map(!)
    size = 4 * model.typicalLength
    landmarks = Self.landmarks(model, turns: turns, tolerance: 1e-4 * size, includesTool: free == .position)
  }

  /// What is so in all members of a set, and not in all other configurations; nil where that is nothing that has a name.
  func reason(members: [JointVector], others: [JointVector]) -> String? {
    let inside = members.prefix(8).map(frames), outside = others.map(frames)
    let found = facts.filter { fact in inside.allSatisfy(fact.isSo) && !outside.allSatisfy(fact.isSo) }
    guard let first = found.first else { return nil }
    let phrases = (first.isAxesInLine ? found.prefix(2).filter(\.isAxesInLine) : [first]).map { $0.phrase(inside) }
    return phrases.joined(separator: ", and ")
  }

  private func frames(at q: JointVector) -> [Pose] { model.jointFrames(at: q) + [model.pose(at: q)] }

  // MARK: What may be so, the most telling first

  private var facts: [Fact] {
    var facts: [Fact] = []
    let turning = turns.indices.filter { turns[$0] }
    for (index, first) in turning.enumerated() {
      for second in turning[(index + 1)...] {
        facts.append(
          Fact(
            isAxesInLine: true,
            isSo: { areParallel($0[first], $0[second]) && distance(from: $0[second].translation, to: $0[first]) < tolerance },
            phrase: { _ in "the axes of \(name(first)) and \(name(second)) are in line" }))
      }
    }
    for landmark in landmarks {
      for axis in turning where axis < landmark.joints.0 || axis > landmark.joints.1 {
        facts.append(
          Fact(
            isSo: { distance(from: point(landmark, $0), to: $0[axis]) < tolerance },
            phrase: { _ in "the \(landmark.name) is on the axis of \(name(axis))" }))
      }
    }
    for (index, first) in turning.enumerated() {
      for second in turning[(index + 1)...] {
        for landmark in landmarks where landmark.joints.0 > second {
          facts.append(
            Fact(
              isSo: { areParallel($0[first], $0[second]) && isFlat(point(landmark, $0), $0[first], $0[second]) },
              phrase: {
                "the \(landmark.name) is in one plane with the axes of \(name(first)) and \(name(second)): "
                  + bend($0.map { frames in (frames[first], frames[second], point(landmark, frames)) })
              }))
        }
        for third in turning where third > second {
          facts.append(
            Fact(
              isSo: {
                areParallel($0[first], $0[second]) && areParallel($0[second], $0[third]) && isFlat($0[third].translation, $0[first], $0[second])
              },
              phrase: {
                "the axes of \(name(first)), \(name(second)) and \(name(third)) are in one plane: "
                  + bend($0.map { frames in (frames[first], frames[second], frames[third].translation) })
              }))
        }
      }
    }
    if let shoulder = landmarks.first(where: { $0.name == Self.shoulder }), let wrist = landmarks.first(where: { $0.name == Self.wrist }) {
      for axis in turning where axis > shoulder.joints.1 && axis < wrist.joints.0 {
        facts.append(
          Fact(
            isSo: { isInPlane($0[axis], point(shoulder, $0), point(wrist, $0)) },
            phrase: {
              "the \(shoulder.name) and the \(wrist.name) are in one plane with the axis of \(name(axis)): "
                + bend($0.map { frames in (shifted(frames[axis], to: point(shoulder, frames)), frames[axis], point(wrist, frames)) })
            }))
      }
    }
    for landmark in landmarks where turning.count > 1 && landmark.joints.0 > turning[1] {
      let first = turning[0], second = turning[1]
      facts.append(
        Fact(
          isSo: { frames in
            let normal = cross(frames[first].rotation.z, frames[second].rotation.z)
            return normal.length > 1e-3 && abs(dot(point(landmark, frames) - frames[first].translation, normal)) < tolerance
          },
          phrase: { _ in "the \(landmark.name) is in the plane through the axis of \(name(first)) along that of \(name(second))" }))
    }
    // Of several parallel axes the nearest neighbours, from the tip.
    let pairs = turning.flatMap { first in turning.filter { $0 > first }.map { (first, $0) } }
    for (first, second) in pairs.sorted(by: { ($0.1 - $0.0, -$0.1) < ($1.1 - $1.0, -$1.1) }) {
      facts.append(
        Fact(isSo: { areParallel($0[first], $0[second]) }, phrase: { _ in "the axes of \(name(first)) and \(name(second)) are parallel" }))
    }
    if bindsAll, turns.count >= 6, turns.allSatisfy(\.self) {
      facts.append(Fact(isSo: { lineAcrossAll($0) != nil }, phrase: { phrase(ofLines: $0) }))
    }
    return facts
  }

  private func phrase(ofLines members: [[Pose]]) -> String {
    let lines = members.compactMap { frames in lineAcrossAll(frames).map { (line: $0, frames: frames) } }
    let common = landmarks.first { landmark in lines.allSatisfy { distance(from: point(landmark, $0.frames), to: $0.line) < tolerance } }
    let isParallel = lines.contains { member in turns.indices.contains { areParallel(member.line, member.frames[$0]) } }
    let way = common.map { " through the \($0.name)" } ?? ""
    return "one straight line\(way) meets all the axes\(isParallel ? " or is parallel to them" : ""), so that nothing moves the tool along it"
  }

  private static func landmarks(_ model: RobotModel, turns: [Bool], tolerance: Double, includesTool: Bool) -> [Landmark] {
    var sequence = EvenSequence(dimensions: model.jointCount)
    let postures = (0..<6).map { _ in model.jointFrames(at: model.configuration(at: sequence.next())) }
    /// Whether the axes share a point in every posture, which two of them that are not parallel tell.
    func meeting(_ joints: [Int]) -> (Int, Int)? {
      guard joints.allSatisfy({ $0 >= 0 && $0 < turns.count && turns[$0] }) else { return nil }
      let pairs = [(joints[0], joints[1]), (joints[joints.count - 2], joints[joints.count - 1])]
      return pairs.first { pair in
        postures.allSatisfy { frames in
          guard let point = crossing(frames[pair.0], frames[pair.1]) else { return false }
          return joints.allSatisfy { offAxis(point, frames[$0]) < tolerance }
        }
      }
    }
    let count = turns.count
    var landmarks: [Landmark] = []
    if count >= 6, let shoulder = meeting([0, 1, 2]) { landmarks.append(Landmark(name: Self.shoulder, joints: shoulder)) }
    if count >= 4, let wrist = meeting([count - 3, count - 2, count - 1]) {
      landmarks.append(Landmark(name: Self.wrist, joints: wrist))
    } else if count >= 4, let crossing = meeting([count - 2, count - 1]) {
      landmarks.append(Landmark(name: "crossing of the last two axes", joints: crossing))
    }
    if includesTool { landmarks.append(Landmark(name: "tool's point", joints: (count, count))) }
    return landmarks
  }

  private static let shoulder = "shoulder's centre", wrist = "wrist's centre"

  // MARK: Geometry

  /// Files give angles with few digits; what nearly holds in every member holds.
  private static let angleTolerance = 1e-3
  private var tolerance: Double { Self.angleTolerance * size }
  private func name(_ joint: Int) -> String { model.jointNames[joint] }

  private func point(_ landmark: Landmark, _ frames: [Pose]) -> SIMD3<Double> {
    Self.crossing(frames[landmark.joints.0], frames[landmark.joints.1]) ?? frames[landmark.joints.1].translation
  }

  /// The point of the first axis that is nearest to the second; nil where they are parallel.
  private static func crossing(_ a: Pose, _ b: Pose) -> SIMD3<Double>? {
    let normal = cross(a.rotation.z, b.rotation.z), square = dot(normal, normal)
    guard square > 1e-8 else { return nil }
    return a.translation + (dot(cross(b.translation - a.translation, b.rotation.z), normal) / square) * a.rotation.z
  }

  private static func offAxis(_ point: SIMD3<Double>, _ axis: Pose) -> Double { cross(point - axis.translation, axis.rotation.z).length }

  private func distance(from point: SIMD3<Double>, to axis: Pose) -> Double { Self.offAxis(point, axis) }

  private func areParallel(_ a: Pose, _ b: Pose) -> Bool { cross(a.rotation.z, b.rotation.z).length < Self.angleTolerance }

  /// Whether a point lies in the plane of two parallel axes.
  private func isFlat(_ point: SIMD3<Double>, _ a: Pose, _ b: Pose) -> Bool {
    let across = cross(b.translation - a.translation, a.rotation.z)
    return across.length > tolerance && abs(dot(point - a.translation, across)) < tolerance * across.length
  }

  /// Whether two points and an axis lie in one plane.
  private func isInPlane(_ axis: Pose, _ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool {
    let normal = cross(axis.rotation.z, a - axis.translation)
    return normal.length > tolerance && abs(dot(b - axis.translation, normal)) < tolerance * normal.length
  }

  /// The line, as the z axis of a frame, that meets all axes, or is parallel to them; nil where there is none.
  ///
  /// No joint works against a force along it: it is the screw that is reciprocal to all of theirs, where that is a line.
  ///
  /// - Parameter frames: Those of joints that all turn, then the tool's.
  /// - Source: R. Ball, *A Treatise on the Theory of Screws* (1900), chapter 3.
  private func lineAcrossAll(_ frames: [Pose]) -> Pose? {
    let tool = frames[turns.count].translation
    var jacobian = Jacobian(count: turns.count)
    for joint in turns.indices {
      let axis = frames[joint].rotation.z
      jacobian.linear[joint] = Vector4(cross(axis, tool - frames[joint].translation))
      jacobian.angular[joint] = Vector4(axis)
    }
    // What joints cannot do is what they do not work against.
    let lost = jacobian.manipulability(length: size).weakestTwist
    let force = lost.linear / size, torque = lost.angular, square = dot(force, force)
    guard square.squareRoot() * size > Self.angleTolerance * torque.length else { return nil }
    let line = Pose(rotation: Rotation(takingZTo: force / square.squareRoot()), translation: tool + cross(force, torque) / square)
    return turns.indices.allSatisfy { areParallel(line, frames[$0]) || doMeet(line, frames[$0]) } ? line : nil
  }

  private func doMeet(_ a: Pose, _ b: Pose) -> Bool {
    let normal = cross(a.rotation.z, b.rotation.z)
    return abs(dot(b.translation - a.translation, normal)) < tolerance * normal.length
  }

  private func shifted(_ axis: Pose, to point: SIMD3<Double>) -> Pose { Pose(rotation: axis.rotation, translation: point) }

  /// How an elbow stands: the axis before it, its own, and the point behind it.
  private func bend(_ elbows: [(Pose, Pose, SIMD3<Double>)]) -> String {
    let isStretched = elbows.map { before, elbow, end in
      // Both seen along the axis: does the way beyond the elbow go on, or back?
      let z = elbow.rotation.z
      let there = elbow.translation - before.translation, onward = end - elbow.translation
      return dot(there - dot(there, z) * z, onward - dot(onward, z) * z) > 0
    }
    if isStretched.allSatisfy(\.self) { return "the arm is stretched" }
    return isStretched.contains(true) ? "the arm is stretched or folded" : "the arm is folded"
  }
}
