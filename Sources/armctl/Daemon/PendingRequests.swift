internal import Control

/// Who waits for the control loop to change its mode, to leave a fault, to pause or to go on.
struct PendingRequests {
  enum Request: Equatable { case mode(ControlMode), reset, pause, resume }
  typealias Completion = @Sendable (Result<Void, ServiceError>) -> Void

  private var waiting: [(request: Request, completion: Completion)] = []

  mutating func append(_ request: Request, completion: @escaping Completion) { waiting.append((request, completion)) }

  /// Takes out all who wait for `request`.
  mutating func remove(_ request: Request) -> [Completion] {
    defer { waiting.removeAll { $0.request == request } }
    return waiting.filter { $0.request == request }.map(\.completion)
  }
}
