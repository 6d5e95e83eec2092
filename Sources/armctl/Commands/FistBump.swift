internal import Foundation

/// The running arm offers its fist, somebody bumps it, and both learn how hard that was.
struct FistBump {
  /// Where the arm goes first; nil: it stays where it is.
  let pose: String?
  /// How long it waits for the bump, and afterwards for the way back [s].
  let patience: Double
  let isJSON: Bool

  private static let returnPatience = 10.0

  /// - Throws: The server's refusals, and that nobody bumped the arm.
  func run(_ client: CommandClient) throws {
    try client.call("subscribe", ["topics": ["event"]])
    if let pose {
      let job = try client.call("move.to", ["name": .string(pose)])["job"] ?? .null
      try client.call("job.wait", ["job": job], timeout: nil)
    }
    let mode = try client.call("state")["mode"]?.string ?? ""
    guard !["off", "fault"].contains(mode) else {
      throw CommandFailure("The arm is \(mode == "off" ? "switched off" : "in a fault"), and nobody bumps that.", suggestion: "armctl status")
    }
    if !isJSON { print("Here is my fist: bump it.") }
    guard let knock = try event("knocked", from: client, within: patience) else {
      throw CommandFailure("Nobody bumped the arm within \(Int(patience)) s.", suggestion: "armctl knock --patience 300")
    }
    if !isJSON { print(Self.told(knock)) }
    let end = try event("recovered", from: client, within: Self.returnPatience)
    let seconds = end.flatMap { end in zip(end["time"]?.number, knock["time"]?.number).map { ($0 - $1) * 1e-9 } }
    if isJSON {
      let outcome: JSONValue = ["knock": .object(knock), "recovery": seconds.map(JSONValue.number) ?? .null]
      print("\(outcome)")
    } else if let seconds {
      print(String(format: "back after %.2f s", seconds))
    }
    if end == nil { throw CommandFailure("The arm has not come back.", suggestion: "armctl status") }
  }

  /// The next event of a kind, with all that it tells.
  private func event(_ kind: String, from client: CommandClient, within seconds: Double) throws -> JSONObject? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while let message = try client.receive(timeout: max(0, deadline.timeIntervalSinceNow)) {
      if case .notification(method: "event", let event) = message, event["kind"]?.string == kind { return event }
    }
    return nil
  }

  /// A bump in words.
  static func told(_ knock: JSONObject) -> String {
    let place = knock["joint"]?.string.map { " on \($0) or beyond" } ?? ""
    guard let impulse = knock["impulse"]?.number else { return "Felt it\(place)." }
    return String(format: "%.2f N·s%@: %@", impulse, place, praise(impulse))
  }

  /// A hand and forearm of 2.6 kg at 2 m/s bring some 2.5 N·s to an arm like this.
  private static func praise(_ impulse: Double) -> String {
    switch impulse {
    case ..<0.5: "a touch"
    case ..<1.5: "a greeting"
    case ..<3: "a proper fist bump"
    default: "that was hard"
    }
  }
}

private func zip(_ a: Double?, _ b: Double?) -> (Double, Double)? {
  guard let a, let b else { return nil }
  return (a, b)
}
