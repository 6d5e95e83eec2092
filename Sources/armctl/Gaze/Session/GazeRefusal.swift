/// Why the server does not do what was asked.
struct GazeRefusal: Equatable, Sendable {
  var message: String
  var suggestion: String?
  var kind: ServiceError.Kind?

  /// For the screen.
  var sentence: String { message + (suggestion.map { " Try: \($0)." } ?? "") }

  /// Whether it is this place or this way that cannot be: another may.
  var isOfTheWay: Bool {
    switch kind {
    case .unreachable, .collision, .noPath, .fence, .singular, .positionLimit: true
    default: false
    }
  }

  init(_ error: RPCError) {
    (message, suggestion) = (error.message, error.data["try"]?.string)
    kind = error.data["kind"]?.string.flatMap(ServiceError.Kind.init(rawValue:))
  }

  /// - Parameter reason: Of a job that has ended.
  init(reason: JSONValue?, or message: String) {
    self.message = reason?["message"]?.string ?? message
    kind = reason?["kind"]?.string.flatMap(ServiceError.Kind.init(rawValue:))
  }
}
