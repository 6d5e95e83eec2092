internal import Kinematics

/// One JSON-RPC request, checked for its form only.
struct RPCRequest: Equatable, Sendable {
  /// A string, a number or null; nil of a notification, which gets no answer.
  var id: JSONValue?
  var method: String
  var parameters: JSONObject

  /// Why a value is no request, and the id to say so under.
  struct Refusal: Error, Equatable {
    var id: JSONValue
    var error: RPCError
  }

  init(_ value: JSONValue) throws(Refusal) {
    guard let object = value.object else {
      throw Refusal(
        id: .null,
        error: .notRequest("A request is an object, not \(value.kindName).", suggestion: #"{"id":1,"method":"state"}"#))
    }
    id = object["id"]
    // What follows is answered under the id where there is a usable one, and under null for a notification too: JSON-RPC 2.0, §5.
    let answerID: JSONValue
    switch id {
    case .string?, .null?: answerID = id ?? .null
    case .number(let number)? where number.magnitude <= 0x1p53: answerID = .number(number)
    case nil: answerID = .null
    default:
      throw Refusal(
        id: .null,
        error: .notRequest("`id` must be a string or a number within ±2^53.", suggestion: #"a string, such as "id":"42""#))
    }
    for name in object.names where !Self.members.contains(name) {
      let nearest = Suggestion.nearest(to: name, among: Self.members)
      throw Refusal(
        id: answerID,
        error: .notRequest(
          "A request has no member `\(excerpt(name))`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
          suggestion: "members: " + Self.members.joined(separator: ", ")))
    }
    if let version = object["jsonrpc"], version != "2.0" {
      throw Refusal(id: answerID, error: .notRequest(#"`jsonrpc` must be "2.0"."#, suggestion: #""jsonrpc":"2.0", or leave it out"#))
    }
    guard let method = object["method"]?.string else {
      throw Refusal(
        id: answerID, error: .notRequest("A request needs `method`, a string.", suggestion: #"{"id":1,"method":"state"}"#))
    }
    self.method = method
    switch object["params"] {
    case nil: parameters = [:]
    case .object(let object)?: parameters = object
    case let other?:
      throw Refusal(
        id: answerID,
        error: .parameter(
          "params", "`params` must be an object, not \(other.kindName): parameters go by name.",
          suggestion: #""params":{"name":"home"}"#))
    }
  }

  private static let members = ["jsonrpc", "id", "method", "params"]
}
