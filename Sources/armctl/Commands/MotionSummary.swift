internal import Foundation

/// What became of a motion, in a line.
struct MotionSummary {
  /// What the move answered with.
  var plan: JSONValue
  /// From the first tick to the last [s]; nil where nobody knows.
  var elapsed: Double?
  /// As `config.get` has them.
  var joints: [JSONValue]
  /// The states before and after.
  var start, end: JSONValue

  /// "done in 1.23 s: the tool went 312 mm, elbow turned 60.0° · planned at up to 98 % of the limits · 0.02° from its setpoint"
  var text: String {
    let parts = [
      String(format: "done in %.2f s", elapsed ?? plan["duration"]?.number ?? 0) + (way.map { ": \($0)" } ?? ""),
      Self.peakShare(of: plan).map { String(format: "planned at up to %.0f %% of the limits", 100 * $0) }, Self.error(of: end, joints: joints),
    ]
    return Terminal.joined(parts.compactMap(\.self), width: Terminal.width(of: STDOUT_FILENO))
  }

  /// "would take 1.23 s · 12.3 mm from "table" with wrist_link after 0.40 s"
  static func dryRun(_ plan: JSONValue) -> String {
    let duration = String(format: "would take %.2f s", plan["duration"]?.number ?? 0)
    guard let clearance = plan["clearance"], let distance = clearance["distance"]?.number, let link = clearance["link"]?.string else {
      return duration
    }
    let other = clearance["obstacle"]?.string.map { "\"\($0)\"" } ?? clearance["otherLink"]?.string ?? ""
    return duration + String(format: " · %.1f mm from %@ with %@ after %.2f s", 1000 * distance, other, link, clearance["after"]?.number ?? 0)
  }

  /// How far the tool and the joint that moved most went.
  private var way: String? {
    guard let from = start["pose"]?["position"]?.numbers, let to = end["pose"]?["position"]?.numbers, from.count == to.count else { return nil }
    let distance = zip(from, to).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }.squareRoot()
    let changes = zip(start["position"]?.numbers ?? [], end["position"]?.numbers ?? []).map { $1 - $0 }
    let most = changes.indices.max { abs(changes[$0]) < abs(changes[$1]) }
    let joint = most.flatMap { index in
      index < joints.count ? "\(joints[index]["name"]?.string ?? "") \(Self.shown(abs(changes[index]), joints[index], digits: 1))" : nil
    }
    return String(format: "the tool went %.0f mm", 1000 * distance) + (joint.map { ", \($0)" } ?? "")
  }

  static func peakShare(of plan: JSONValue) -> Double? {
    ["velocity", "acceleration", "jerk"].compactMap { plan["peakShares"]?[$0]?.number }.max()
  }

  /// How far the arm is from where it should be.
  static func error(of state: JSONValue, joints: [JSONValue]) -> String? {
    guard let position = state["position"]?.numbers, let setpoint = state["setpoint"]?.numbers, position.count == setpoint.count else { return nil }
    let errors = zip(position, setpoint).map { abs($0 - $1) }
    guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }), worst < joints.count else { return nil }
    return "\(joints[worst]["name"]?.string ?? "") \(shown(errors[worst], joints[worst], digits: 3)) from its setpoint"
  }

  private static func shown(_ distance: Double, _ joint: JSONValue, digits: Int) -> String {
    joint["type"] == "prismatic" ? String(format: "%.\(digits)f mm", 1000 * distance) : String(format: "%.\(digits)f°", distance * 180 / .pi)
  }
}
