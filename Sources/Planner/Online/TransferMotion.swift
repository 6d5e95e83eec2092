/// The motion of one joint for one duration: a mixture of the even one and of the one that goes farthest, or in the mirror least far.
struct TransferMotion {
  let even: EvenMotion
  let extreme: FarthestMotion
  /// The share of `extreme`, 0…1.
  let share: Double
  /// −1 where `extreme` is seen in the mirror, else 1.
  let sign: Double

  static let idle = Self(even: EvenMotion(acceleration: 0, hold: 0, distance: 0), extreme: .idle, share: 0, sign: 1)
}

extension Transfer {
  /// The motion that lasts `duration` [s]; nil where there is none of that duration.
  func motion(lasting duration: Double) -> TransferMotion? {
    guard let even = even(lasting: duration) else { return nil }
    let sign = distance < even.distance ? -1.0 : 1.0
    let extreme = sign < 0 ? mirrored.farthest(lasting: duration) : farthest(lasting: duration)
    let wanted = sign * (distance - even.distance), available = extreme.distance - sign * even.distance
    guard wanted <= available + 2 * tolerance(lasting: duration) else { return nil }
    return TransferMotion(even: even, extreme: extreme, share: wanted < available ? wanted / available : 1, sign: sign)
  }

  /// The same for a joint whose way does not matter.
  func evenMotion(lasting duration: Double) -> TransferMotion? {
    guard let even = even(lasting: duration) else { return nil }
    return TransferMotion(even: even, extreme: .idle, share: 0, sign: 1)
  }
}
