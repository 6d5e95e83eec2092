internal import Foundation

/// Who leads the arm, in words for a person at a terminal.
struct Lead: Equatable {
  var holder: String
  var priority: LeaseTable.Priority
  /// For how long [s].
  var duration: Double
  /// Who else has paused the arm, where that matters.
  var pauser: String?
  /// How fast others may let the arm move, where that matters.
  var mostSpeed: Double?

  /// - Parameter members: The answer of `lease.get`, or the data of an error that says that somebody else leads; nil of all others.
  init?(_ members: JSONObject?) {
    guard let members, let holder = members["holder"]?.string, let priority = members["priority"]?.string.flatMap(LeaseTable.Priority.init(name:)),
      let duration = members["held"]?.number
    else { return nil }
    (self.holder, self.priority, self.duration) = (holder, priority, duration)
    (pauser, mostSpeed) = (members["pausedBy"]?.string, members["limit"]?.number)
  }

  /// "pick.arm on pts/1 (script), for 2 min"
  var text: String { "\(holder) (\(priority.name)), for \(Self.time(duration))" }

  /// Why a command is refused.
  var sentence: String {
    "\(holder) has led the arm for \(Self.time(duration)), with priority \(priority.name)." + (pauser.map { " \($0) has paused it." } ?? "")
      + (mostSpeed.map { " Others may make the arm no faster than \(plain((100 * $0).rounded())) %." } ?? "")
  }

  /// What a person can do about it.
  var suggestion: String {
    if pauser != nil { return "armctl resume where it was paused; or armctl stop, which ends the motion" }
    if let mostSpeed { return "armctl speed \(plain((100 * mostSpeed).rounded())), or less" }
    return switch priority {
    case .gaze, .script:
      "again when it has ended; or with --take (armctl move, run, gripper, reset), which stops it first; or armctl stop, which stops its motion"
    case .terminal: "Ctrl-C there, or let it rest for a few seconds; armctl stop stops its motion"
    case .stop: "again when it has let the arm go"
    }
  }

  /// "4 s", "2 min"
  static func time(_ seconds: Double) -> String {
    seconds < 90
      ? String(format: "%.0f s", seconds) : seconds < 5400 ? String(format: "%.0f min", seconds / 60) : String(format: "%.1f h", seconds / 3600)
  }
}
