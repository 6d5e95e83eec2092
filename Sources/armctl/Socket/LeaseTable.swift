/// Who may move the arm. A value without a clock: every call is given the time [s].
struct LeaseTable {
  enum Priority: Int, Comparable, CaseIterable, Sendable {
    case gaze, script, terminal, stop

    init?(name: String) {
      guard let priority = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = priority
    }

    var name: String { "\(self)" }

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  struct Lease: Equatable {
    var token: String
    /// What the holder calls itself.
    var holder: String
    /// The connection that acquired it.
    var client: Int
    var priority: Priority
    /// How long it lives after the holder's last message [s].
    var lifetime: Double
    var deadline: Double
    /// When its holder got it [s].
    var start: Double
  }

  private(set) var lease: Lease?
  /// How the latest leases ended, for holders who have not noticed.
  private var endings: [(token: String, how: String)] = []

  /// Gives the lease to `client`. The holder itself keeps its token and gets the new priority and lifetime.
  ///
  /// - Returns: The lease, and the one that it took over for its higher priority; nil where there was none.
  /// - Throws: ``ServiceError/Kind/leaseHeld`` while somebody of the same or a higher priority holds it.
  mutating func acquire(
    by client: Int, named holder: String, priority: Priority, lifetime: Double, token: String, now: Double
  ) throws(ServiceError) -> (lease: Lease, displaced: Lease?) {
    var displaced: Lease?
    var (token, start) = (token, now)
    if let held = lease {
      if held.client == client {
        (token, start) = (held.token, held.start)
      } else if priority > held.priority {
        displaced = held
        note(held, "\(holder) took it over")
      } else {
        throw Self.held(by: held, now: now)
      }
    }
    let new = Lease(token: token, holder: holder, client: client, priority: priority, lifetime: lifetime, deadline: now + lifetime, start: start)
    lease = new
    return (new, displaced)
  }

  /// Any message of the holder renews: one on its connection, or one that carries its token.
  mutating func renew(client: Int, token: String?, now: Double) {
    guard let held = lease, held.client == client || held.token == token else { return }
    lease?.deadline = now + held.lifetime
  }

  /// - Throws: ``ServiceError/Kind/leaseEnded`` if `token` is not the present lease's.
  mutating func release(_ token: String) throws(ServiceError) {
    guard let held = lease, held.token == token else { throw ended(token) }
    note(held, "it was released")
    lease = nil
  }

  /// Ends the lease if its time has come, and returns it.
  mutating func expire(now: Double) -> Lease? {
    guard let held = lease, now >= held.deadline else { return nil }
    note(held, "its holder said nothing for \(plain(held.lifetime)) s")
    lease = nil
    return held
  }

  /// Whether a request with this token may move the arm. Without a token it may while nobody holds the lease.
  func check(_ token: String?, now: Double) throws(ServiceError) {
    switch (lease, token) {
    case (nil, nil): return
    case (nil, let token?): throw ended(token)
    case (let held?, nil): throw Self.held(by: held, now: now)
    case (let held?, let token?): if held.token != token { throw ended(token) }
    }
  }

  private static func held(by lease: Lease, now: Double) -> ServiceError {
    var error = ServiceError(
      .leaseHeld, "\(lease.holder) holds the lease with priority \(lease.priority.name).",
      suggestion: lease.priority == .stop
        ? "again when it has been released" : "again when it has been released, or lease.acquire with a higher priority")
    error.lead = lease.lead(now: now)
    return error
  }

  private mutating func note(_ lease: Lease, _ how: String) {
    endings.append((lease.token, how))
    if endings.count > Self.mostEndings { endings.removeFirst() }
  }

  private func ended(_ token: String) -> ServiceError {
    let how = endings.last { $0.token == token }.map { ": \($0.how)" } ?? ""
    return ServiceError(.leaseEnded, "The lease of this token has ended\(how).", suggestion: "lease.acquire, and renew it within its ttl")
  }

  private static let mostEndings = 32
}

/// Who leads the arm, as others are told.
struct LeadFacts: Equatable, Sendable {
  var holder: String
  var priority: LeaseTable.Priority
  /// For how long [s].
  var duration: Double
  /// Who else has paused the arm, where that matters.
  var pauser: String?

  /// As they stand in an error's data and in the answer of `lease.get`.
  var members: JSONObject {
    var members: JSONObject = ["holder": .string(holder), "priority": .string(priority.name), "held": .number((duration * 10).rounded() / 10)]
    members["pausedBy"] = pauser.map { .string($0) }
    return members
  }
}

extension LeaseTable.Lease {
  func lead(now: Double) -> LeadFacts { LeadFacts(holder: holder, priority: priority, duration: now - start) }
}
