/// The limits of a joint that turns, and which turn of an angle suits them.
struct TurnRange {
  let lower, upper: Double

  /// The place about which an angle has to be wound, to the nearest turn, so that it comes to the turn nearest to `wanted` that the limits allow.
  ///
  /// Half a turn or more from either end that is `wanted` itself; in a range of less than a turn it is the middle, from where the turn that passes
  /// the limits least is the nearest.
  @inline(__always)
  func anchor(near wanted: Double) -> Double {
    let low = lower + (.pi - Self.slack), high = upper - (.pi - Self.slack)
    return low > high ? (lower + upper) / 2 : min(max(min(max(wanted, -Self.farthest), Self.farthest), low), high)
  }

  /// The same angle in the turn nearest to `wanted` that the limits allow, or, where they allow none, that passes them least.
  func wound(_ angle: Double, near wanted: Double) -> Double {
    let turn = 2 * Double.pi, anchor = anchor(near: wanted), within = angle.remainder(dividingBy: turn)
    return within + turn * ((anchor - within) / turn).rounded()
  }

  /// An angle so little beyond a limit is at it [rad].
  static let slack = 1e-9
  /// No joint is wound farther, as there would be no digits left for the angle itself [rad].
  private static let farthest = 1e6
}
