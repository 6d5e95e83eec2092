/// Which keys are held, in any terminal: a motion lasts as long as its key is held, and no longer.
///
/// Most terminals tell only that a key was pressed, and tell it again and again while it is held: first after a delay of a quarter to half a second,
/// then every 30 to 90 ms. There a key counts as held for ``repeatTime`` after each time it is told: a tap is a nudge of so long, and who holds the
/// key sees the arm pause after the nudge until the keyboard repeats. Letting go is noticed after ``repeatTime`` at the latest.
///
/// Where releases are told (the kitty keyboard protocol) they count at once. They are lost when the connection breaks, so there too silence lets go:
/// after ``patience`` without any news of a key, and ``firstPatience`` before the keyboard has begun to repeat.
///
/// A value without a clock: every call is given the time [s].
struct DeadMan: Equatable, Sendable {
  /// Without releases: so long is a key held after it was told [s].
  static let repeatTime = 0.15
  /// With releases: so long may it be silent while keys are held [s].
  static let patience = 0.25
  /// With releases: so long may it be silent after a key went down; keyboards begin to repeat after 0.66 s at the latest, as they come [s].
  static let firstPatience = 0.75

  private struct Hold: Equatable {
    var key: Key
    var deadline: Double
  }

  /// Whether the terminal tells when a key is let go.
  var tellsReleases = false
  private var holds: [Hold] = []

  var isIdle: Bool { holds.isEmpty }
  /// The keys that are held, in the order in which they went down.
  var keys: [Key] { holds.map(\.key) }
  /// When the first of them will be let go, if nothing more is heard.
  var deadline: Double? { holds.map(\.deadline).min() }

  /// - Returns: Whether the key was not held before.
  mutating func down(_ key: Key, isAgain: Bool = false, at time: Double) -> Bool {
    let deadline = time + (!tellsReleases ? Self.repeatTime : isAgain ? Self.patience : Self.firstPatience)
    // Only the last of several keys repeats, and speaks for all.
    if tellsReleases, isAgain { for index in holds.indices { holds[index].deadline = max(holds[index].deadline, deadline) } }
    if let index = holds.firstIndex(where: { $0.key == key }) {
      holds[index].deadline = tellsReleases ? max(holds[index].deadline, deadline) : deadline
      return false
    }
    // Without releases the key that is told now is the one that is held.
    if !tellsReleases { holds = [] }
    holds.append(Hold(key: key, deadline: deadline))
    return true
  }

  /// - Returns: Whether the key was held.
  mutating func up(_ key: Key) -> Bool {
    let count = holds.count
    holds.removeAll { $0.key == key }
    return holds.count < count
  }

  mutating func letGo() { holds = [] }

  /// Lets go of the keys whose time has come.
  mutating func pass(to time: Double) { holds.removeAll { $0.deadline <= time } }
}
