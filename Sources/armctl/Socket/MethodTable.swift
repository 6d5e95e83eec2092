/// One method of the socket.
struct Method: Sendable {
  var name: String
  /// What it does: one sentence.
  var summary: String
  var parameters: [ParameterSpecification]
  /// The answer's `result`, as the documentation shows it.
  var result: String
  /// Whether the request may be refused because another client holds the lease.
  var needsLease = false
  /// Answers the call now or later. Runs on the event loop and returns at once.
  var handle: @Sendable (Call) throws(RPCError) -> Void
  /// Refuses what cannot be done whoever leads the arm.
  var check: @Sendable (Call) throws(RPCError) -> Void = { (_: Call) throws(RPCError) in }
}

/// One request on its way, with parameters that were checked.
struct Call {
  var hub: CommandHub
  var client: ClientConnection
  /// The method's name.
  var method: String
  var parameters: Parameters
  var reply: Reply
}

/// Every method: what the checks of parameters, the nearest names in errors, and the documentation are made from.
struct MethodTable: Sendable {
  let methods: [Method]
  private let indices: [String: Int]

  init(_ methods: [Method]) {
    self.methods = methods
    indices = Dictionary(uniqueKeysWithValues: methods.enumerated().map { ($1.name, $0) })
  }

  subscript(name: String) -> Method? { indices[name].map { methods[$0] } }

  var names: [String] { methods.map(\.name) }

  static func standard(for arm: ArmDescription) -> MethodTable {
    MethodTable(
      sessionMethods(for: arm) + healthMethods() + leaseMethods() + motionMethods() + servoMethods() + jobMethods() + paceMethods() + modeMethods()
        + peripheralMethods() + sceneMethods() + teachingMethods() + gazeMethods())
  }
}
