/// How fast motions run, as a share of what was planned, and who may change it.
///
/// Anyone may make the arm slower, and then as fast again as it was; else, where somebody holds the lease, only the holder makes it faster.
struct LiveSpeed {
  /// What was asked for last; states tell of it a tick later.
  private var wanted: Double?
  /// Who has made the arm slower without leading it, and how fast it was before.
  private var slowing: (client: String, from: Double)?

  /// - Parameter present: As the arm's state has it.
  /// - Throws: ``ServiceError/Kind/leaseHeld`` where others lead and it is too fast, ``ServiceError/Kind/leaseEnded`` where the token is an old one.
  mutating func set(
    _ speed: Double, by client: String, token: String?, present: Double, leases: LeaseTable, now: Double
  ) throws(ServiceError) {
    let present = wanted ?? present, before = slowing?.client == client ? slowing?.from : nil, most = max(present, before ?? 0)
    if token != nil || speed > most {
      do throws(ServiceError) { try leases.check(token, now: now) } catch {
        throw error.kind == .leaseHeld ? .tooFastForOthers(error, speed: speed, most: most) : error
      }
      slowing = nil
    } else if before == nil, leases.lease != nil {
      slowing = (client, present)
    }
    wanted = speed
  }
}
