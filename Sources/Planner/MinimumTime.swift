extension ScalarProfile {
  /// The fastest motion from rest at 0 to rest at `distance`; see ``Transfer`` for how it is found. Ends there to the last bit.
  ///
  /// - Parameters:
  ///   - distance: Either sign.
  ///   - velocity, acceleration, jerk: Limits on the magnitudes, positive. Any may be infinite, but not acceleration and jerk both.
  /// - Real-time: does not allocate, lock or throw.
  public init(distance: Double, velocity: Double, acceleration: Double, jerk: Double) {
    self.init(from: ScalarState())
    let transfer = Transfer(
      v0: 0, a0: 0, v1: 0, a1: 0, distance: abs(distance), magnitude: 0,
      limits: TransferLimits(lowestVelocity: -velocity, highestVelocity: velocity, rise: acceleration, fall: acceleration, jerk: jerk))
    append(transfer.phases(of: transfer.farthest(lasting: transfer.shortestDuration)), sign: distance < 0 ? -1 : 1)
    settle(at: distance)
  }
}
