/// A session's requests on their way to the server, and the lease that those which move the arm go with.
struct RequestBook<Purpose: Hashable & Sendable>: Sendable {
  /// Of the lease.
  let priority: String
  /// The lease lives this long after the last message; the server then stops what it began [s].
  let lifetime: Double
  /// What the answers of `lease.acquire` and `lease.renew` are for.
  let acquiring, renewing: Purpose

  /// The lease's token; nil while it is not held.
  var token: String?
  /// What waits for the lease.
  var waiting: ArmRequest<Purpose>?
  /// Questions that are not answered yet.
  var asked: Set<Purpose> = []
  private var outbox: [ArmRequest<Purpose>] = []
  private var lastSent = -Double.infinity

  init(priority: String, lifetime: Double, acquiring: Purpose, renewing: Purpose) {
    (self.priority, self.lifetime, self.acquiring, self.renewing) = (priority, lifetime, acquiring, renewing)
  }

  mutating func send(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    outbox.append(ArmRequest(method: method, parameters: parameters, purpose: purpose))
    lastSent = time
  }

  mutating func ask(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    if asked.insert(purpose).inserted { send(method, parameters, for: purpose, at: time) }
  }

  mutating func command(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    guard let token else {
      waiting = ArmRequest(method: method, parameters: parameters, purpose: purpose)
      return acquireLease(at: time)
    }
    var parameters = parameters
    parameters["token"] = .string(token)
    send(method, parameters, for: purpose, at: time)
  }

  mutating func acquireLease(at time: Double) {
    ask("lease.acquire", ["priority": .string(priority), "ttl": .number(lifetime)], for: acquiring, at: time)
  }

  /// The lease is held; what has waited for it goes out.
  mutating func takeLease(_ answer: JSONValue, at time: Double) {
    token = answer["token"]?.string
    guard token != nil, let request = waiting else { return }
    waiting = nil
    command(request.method, request.parameters, for: request.purpose, at: time)
  }

  mutating func renewLeaseWhereDue(at time: Double) {
    guard let token, time >= renewalDue else { return }
    send("lease.renew", ["token": .string(token)], for: renewing, at: time)
  }

  mutating func releaseLease(at time: Double) {
    guard let token else { return }
    send("lease.release", ["token": .string(token)], for: renewing, at: time)
    self.token = nil
  }

  /// When the lease is to be renewed [s]: a few times in its life, as a busy machine may be late.
  var renewalDue: Double { token == nil ? .infinity : lastSent + lifetime / 5 }

  mutating func takeOutbox() -> [ArmRequest<Purpose>] {
    defer { outbox = [] }
    return outbox
  }
}
