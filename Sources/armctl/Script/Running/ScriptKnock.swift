internal import Foundation

/// A knock that came while a script ran.
struct ScriptKnock: Equatable {
  /// Since the script began [s].
  var time: Double
  var joint: String
  /// [N·s]; nil where the arm cannot tell.
  var impulse: Double?

  /// - Parameters:
  ///   - event: As the server tells it.
  ///   - start: When the script began, CLOCK_MONOTONIC [s].
  /// - Returns: Nil of a knock before that.
  init?(_ event: JSONObject, since start: Double) {
    guard let nanoseconds = event["time"]?.number, nanoseconds * 1e-9 >= start else { return nil }
    (time, joint, impulse) = (nanoseconds * 1e-9 - start, event["joint"]?.string ?? "", event["impulse"]?.number)
  }

  var json: JSONValue {
    var object: JSONObject = ["time": .number(time), "joint": .string(joint)]
    if let impulse { object.append("impulse", .number(impulse)) }
    return .object(object)
  }
}

extension [ScriptKnock] {
  /// So many are told one by one.
  private static var mostTold: Int { 4 }

  /// "knocked twice, at 3.2 s and 5.0 s (0.41 and 0.62 N·s)"; nil where there were none.
  var sentence: String? {
    guard let first, let last else { return nil }
    let times = count == 1 ? "once" : count == 2 ? "twice" : "\(count) times", impulses = compactMap(\.impulse)
    guard count <= Self.mostTold else {
      let most = impulses.max().map { String(format: " (%.2f N·s at most)", $0) } ?? ""
      return String(format: "knocked \(times) from %.1f s to %.1f s", first.time, last.time) + most
    }
    let force = impulses.count == count ? " (\(Self.list(impulses.map { String(format: "%.2f", $0) })) N·s)" : ""
    return "knocked \(times), at \(Self.list(map { String(format: "%.1f s", $0.time) }))" + force
  }

  /// "a, b and c"
  private static func list(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }
}
