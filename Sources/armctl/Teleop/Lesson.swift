internal import Foundation

/// What was taught: waypoints one by one and paths that were recorded, in the order in which they were.
struct Lesson: Equatable, Sendable {
  struct Path: Equatable, Sendable {
    /// Joint positions [rad; m].
    var points: [[Double]]
    /// How far from a point its corner may be rounded [rad; m].
    var blend: Double
    /// How long the recording took [s].
    var duration: Double
  }

  enum Step: Equatable, Sendable {
    /// A waypoint: joint positions [rad; m].
    case mark([Double])
    case path(Path)
  }

  private(set) var steps: [Step] = []
  /// When the recording under way began [s].
  private(set) var recordingSince: Double?

  var marks: [[Double]] { steps.compactMap { if case .mark(let position) = $0 { position } else { nil } } }
  var paths: [Path] { steps.compactMap { if case .path(let path) = $0 { path } else { nil } } }
  var isRecording: Bool { recordingSince != nil }
  var isEmpty: Bool { steps.isEmpty }

  mutating func mark(_ position: [Double]) { steps.append(.mark(position)) }
  mutating func begin(at time: Double) { recordingSince = time }
  mutating func end() { recordingSince = nil }
  mutating func take(_ path: Path) { steps.append(.path(path)) }

  /// Forgets the latest waypoint or path.
  mutating func takeBack() { _ = steps.popLast() }

  /// "2 waypoints and a path"; nil where there is nothing.
  var contents: String? {
    let marks = marks.count, paths = paths.count
    let parts = [
      marks == 0 ? nil : marks == 1 ? "1 waypoint" : "\(marks) waypoints", paths == 0 ? nil : paths == 1 ? "a path" : "\(paths) paths",
    ]
    let known = parts.compactMap(\.self)
    return known.isEmpty ? nil : known.joined(separator: " and ")
  }

  /// What is proposed: "through 5 waypoints", "along the path".
  var title: String {
    switch (marks.count, paths.count) {
    case (1, 0): "to the waypoint"
    case (0, 1): "along the path"
    default: "through \(contents ?? "nothing")"
    }
  }

  /// For `move.path`; nil where there is nothing.
  func waypoints(for arm: TeleopArm) -> JSONValue? {
    let waypoints = steps.flatMap { step -> [JSONValue] in
      switch step {
      case .mark(let position): return [["position": JSONValue(numbers: position)]]
      case .path(let path):
        return path.points.enumerated().map { index, point in
          let isInner = index > 0 && index < path.points.count - 1
          var waypoint: JSONObject = ["position": JSONValue(numbers: point)]
          if isInner { waypoint["blend"] = .number(path.blend) }
          return .object(waypoint)
        }
      }
    }
    return waypoints.isEmpty ? nil : .array(waypoints)
  }

  /// The lesson as a script.
  func script(named name: String, for arm: TeleopArm, speed: Double) -> String {
    let joints = arm.joints.map { LessonScript.Joint(name: $0.name, isSliding: $0.isSliding, lower: $0.lower, upper: $0.upper) }
    let pieces = steps.map { step in
      switch step {
      case .mark(let position): LessonScript.Piece(points: [position])
      case .path(let path): LessonScript.Piece(points: path.points, blend: path.blend)
      }
    }
    return LessonScript(name: name, arm: arm.name, joints: joints, pieces: pieces, speed: speed).text
  }
}
