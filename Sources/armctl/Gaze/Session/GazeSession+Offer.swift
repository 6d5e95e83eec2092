internal import Gaze

// What is carried is held out to somebody.

extension GazeSession {
  mutating func offer(at time: Double) {
    errand?.stage = .offered(since: time)
    tell("offered", ["name": carried.map(JSONValue.string) ?? .null])
    say("Take \(carried ?? "it"): a tug at it, or Enter, lets it go. Esc keeps it.", .accent, at: time)
  }

  /// A hand has it.
  mutating func letGo(at time: Double) {
    guard case .offered(let since)? = errand?.stage, time - since >= Self.settling else { return }
    say("Letting go of \(carried ?? "it").", .good, at: time)
    advance(at: time)
  }

  /// Nobody holds things out for ever.
  mutating func watchOffer(at time: Double) {
    guard case .offered(let since)? = errand?.stage, time - since > Self.offerPatience else { return }
    drop("Nobody took it: the arm still carries \(carried ?? "it").", .warning, at: time)
  }

  /// What the arm feels this soon after it has come to rest is its own [s].
  private static let settling = 0.3
  static let offerPatience = 30.0
}
