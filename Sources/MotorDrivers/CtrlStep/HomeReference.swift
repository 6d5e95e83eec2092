/// Follows where a drive's zero is by the home offset that the drive itself reports: exact, where the motion gate can only estimate, and
/// sure to find what was too small or too fast to show in the motion.
///
///     offset = (home − home at the beginning) / 51200 turns
///
/// A value counts once it has been read twice in a row. One that is more than a radian from what motion tells is not believed: a drive that
/// restarted counts other turns from the same home.
/// - Real-time: does not allocate.
struct HomeReference: Sendable {
  /// Of the home offset. Microsteps of a motor of 200 steps, 256 each.
  static let unitsPerTurn = 51_200.0
  static let largestCorrection = 1.0
  static let tolerance = 1e-4

  /// The home offset at which positions need no offset [unit]; nil where the drive does not tell it.
  private var base: Double?
  private var suspect: Int32?

  /// The drive tells its home offset.
  var isKnown: Bool { base != nil }
  /// The last value was not as expected; to be read again soon.
  var isDoubtful: Bool { suspect != nil }

  /// Begins at the value `home`, at which positions need `offset` [rad]. Only the first time counts.
  mutating func begin(at home: Int32, offset: Double) { if base == nil { base = Double(home) - offset / (2 * .pi) * Self.unitsPerTurn } }

  /// Takes in a value that was read.
  ///
  /// - Parameter present: The offset in use [rad].
  /// - Returns: The true one [rad], once it is sure to be another.
  mutating func correction(for home: Int32, present: Double) -> Double? {
    guard let base else { return nil }
    let offset = (Double(home) - base) / Self.unitsPerTurn * 2 * .pi
    let difference = abs(offset - present)
    guard difference > Self.tolerance, difference <= Self.largestCorrection else {
      suspect = nil
      return nil
    }
    guard suspect == home else {
      suspect = home
      return nil
    }
    suspect = nil
    return offset
  }
}
