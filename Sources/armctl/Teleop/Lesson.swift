internal import Foundation

/// What was taught: waypoints one by one, or a path that was recorded. The later one counts.
struct Lesson: Equatable, Sendable {
  /// Joint positions [rad; m].
  private(set) var marks: [[Double]] = []
  private(set) var path: Path?
  /// When the recording under way began [s].
  private(set) var recordingSince: Double?

  struct Path: Equatable, Sendable {
    /// Joint positions [rad; m].
    var points: [[Double]]
    /// How far from a point its corner may be rounded [rad; m].
    var blend: Double
    /// How long the recording took [s].
    var duration: Double
  }

  var isRecording: Bool { recordingSince != nil }
  var isEmpty: Bool { marks.isEmpty && path == nil }

  mutating func mark(_ position: [Double]) {
    path = nil
    marks.append(position)
  }

  mutating func unmark() {
    path = nil
    _ = marks.popLast()
  }

  mutating func begin(at time: Double) { recordingSince = time }
  mutating func end() { recordingSince = nil }
  mutating func take(_ path: Path) { self.path = path }

  /// "5 waypoints", "the path"
  var title: String {
    path != nil ? "along the path" : marks.count == 1 ? "to the waypoint" : "through \(marks.count) waypoints"
  }

  /// For `move.path`; nil where there is nothing.
  func waypoints(for arm: TeleopArm) -> JSONValue? {
    if let path {
      return .array(
        path.points.enumerated().map { index, point in
          let isInner = index > 0 && index < path.points.count - 1
          var waypoint: JSONObject = ["position": JSONValue(numbers: point)]
          if isInner { waypoint["blend"] = .number(path.blend) }
          return .object(waypoint)
        })
    }
    return marks.isEmpty ? nil : .array(marks.map { ["position": JSONValue(numbers: $0)] })
  }

  /// The lesson as a script.
  func script(named name: String, for arm: TeleopArm, speed: Double) -> String {
    let joints = arm.joints.map { LessonScript.Joint(name: $0.name, isSliding: $0.isSliding, lower: $0.lower, upper: $0.upper) }
    return LessonScript(
      name: name, arm: arm.name, joints: joints, points: path?.points ?? marks, blend: path?.blend ?? 0, speed: speed
    ).text
  }
}
