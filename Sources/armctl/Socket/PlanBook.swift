/// The motions that are being planned, who asked for them, and under which lease. Every one leaves the book once: with its result, or called off.
struct PlanBook {
  struct Plan {
    /// The connection, and the request's id on it; nil of a notification.
    var client: Int
    /// What the client calls itself.
    var clientName: String
    var request: JSONValue?
    var token: String?
    var onExpiry: JobBook.OnExpiry
    var isDryRun: Bool
    let ticket = PlanTicket()
    /// Whether its job is to be cancelled as soon as it has a number.
    var isUnwanted = false
    /// Answers the request. Called once, on the event loop.
    var answer: @Sendable (Result<PlannedMotion, ServiceError>) -> Void
  }

  private var plans: [Int: Plan] = [:]
  private var count = 0

  /// - Returns: The plan's number.
  mutating func add(_ plan: Plan) -> Int {
    count += 1
    plans[count] = plan
    return count
  }

  /// Takes out what has its result; nil where it was called off.
  mutating func remove(_ number: Int) -> Plan? { plans.removeValue(forKey: number) }

  /// Whether a motion is planned under a lease; with `onlyStopping`, one that is to stop when the lease expires.
  func hasPlan(of token: String, onlyStopping: Bool) -> Bool {
    plans.values.contains { $0.token == token && !$0.isDryRun && (!onlyStopping || $0.onExpiry == .stop) }
  }

  /// Calls plans off, and takes out those for which that was in time, to be answered. The others become jobs that are unwanted.
  ///
  /// - Returns: Those taken out, in the order in which they were asked for, and whether there were others.
  mutating func callOff(where isMeant: (Plan) -> Bool) -> (calledOff: [Plan], hasOthers: Bool) {
    var calledOff: [Plan] = []
    var hasOthers = false
    for (number, plan) in plans.sorted(by: { $0.key < $1.key }) where isMeant(plan) {
      if plan.ticket.callOff() {
        calledOff.append(plan)
        plans[number] = nil
      } else {
        plans[number]?.isUnwanted = true
        hasOthers = true
      }
    }
    return (calledOff, hasOthers)
  }
}
