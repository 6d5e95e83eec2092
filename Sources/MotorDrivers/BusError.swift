/// Why a bus cannot be used. `description` is one sentence; `suggestion` says what to do about it.
public enum BusError: Error, Equatable, Sendable {
  /// The port could not be opened.
  case cannotOpen(port: String, reason: String)
  /// The far end hung up.
  case disconnected(bus: String, reason: String)
  /// The adapter on the port does not answer.
  case noAdapter(bus: String)
  /// A motor does not answer.
  case noReply(bus: String, motor: Int)
}
