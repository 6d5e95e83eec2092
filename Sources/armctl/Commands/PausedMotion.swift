/// A motion that a person has paused, or that waits behind such a one: it goes on when a person lets it.
struct PausedMotion {
  /// Who has paused the arm.
  private var pauser: String?

  /// Takes what the server tells of a job.
  ///
  /// - Returns: What to tell a person who sees no progress; nil where that is known.
  mutating func take(_ update: JSONObject?) -> String? {
    let now = update?["pausedBy"]?.string
    defer { pauser = now }
    return now == pauser ? nil : now.map(Self.sentence)
  }

  static func sentence(_ pauser: String) -> String {
    "\(pauser) has paused the arm.\ntry: armctl resume there, or armctl stop, which ends the motion"
  }
}
