internal import Kinematics

/// An error as it goes over the socket: JSON-RPC's `error` member.
struct RPCError: Error, Equatable, Sendable {
  var code: Int
  /// One sentence.
  var message: String
  /// `kind` first, then the facts, `try` last.
  var data: JSONObject

  var json: JSONValue { ["code": .number(Double(code)), "message": .string(message), "data": .object(data)] }
}

extension RPCError {
  init(_ error: ServiceError) {
    code = error.kind.code
    message = error.message
    data = error.facts
  }

  /// The line is not JSON.
  static func notJSON(_ problem: String) -> RPCError {
    RPCError(
      code: -32700, message: "The line is not JSON: \(problem).",
      data: ["kind": "json", "try": #"one JSON object on one line, such as {"id":1,"method":"state"}"#])
  }

  /// JSON, but no request.
  static func notRequest(_ sentence: String, suggestion: String) -> RPCError {
    RPCError(code: -32600, message: sentence, data: ["kind": "request", "try": .string(suggestion)])
  }

  static func lineTooLong(limit: Int) -> RPCError {
    RPCError(
      code: -32600, message: "The line is longer than \(limit) bytes.",
      data: ["kind": "request", "limit": .number(Double(limit)), "try": "smaller requests, one a line"])
  }

  static func unknownMethod(_ name: String, methods: [String]) -> RPCError {
    let nearest = Suggestion.nearest(to: name, among: methods)
    var error = RPCError(code: -32601, message: "There is no method `\(excerpt(name))`.", data: ["kind": "method"])
    if let nearest {
      error.message = "There is no method `\(excerpt(name))`; did you mean `\(nearest)`?"
      error.data["nearest"] = .string(nearest)
    }
    error.data["try"] = .string(nearest ?? "one of: " + methods.joined(separator: ", "))
    return error
  }

  /// A parameter is missing, unknown, of the wrong type or out of range.
  static func parameter(
    _ field: String, _ sentence: String, value: Double? = nil, limit: Double? = nil, nearest: String? = nil, suggestion: String
  ) -> RPCError {
    var data: JSONObject = ["kind": "parameter", "field": .string(excerpt(field))]
    data["nearest"] = nearest.map(JSONValue.string)
    data["value"] = value.map(JSONValue.number)
    data["limit"] = limit.map(JSONValue.number)
    data["try"] = .string(suggestion)
    return RPCError(code: -32602, message: sentence, data: data)
  }

  static let internalError = RPCError(
    code: -32603, message: "The server could not answer.", data: ["kind": "internal", "try": "the request once more, then a look at the log"])
}

extension ServiceError {
  /// `kind` and the facts, as they stand in an error's `data`.
  var facts: JSONObject {
    var facts: JSONObject = ["kind": .string(kind.rawValue)]
    facts["joint"] = joint.map(JSONValue.string)
    facts["value"] = value.map(JSONValue.number)
    facts["limit"] = limit.map(JSONValue.number)
    facts["why"] = why.map(JSONValue.string)
    facts["closest"] = closest?.json
    for (name, value) in contact?.members.members ?? [] { facts[name] = value }
    for (name, value) in lead?.members.members ?? [] { facts[name] = value }
    facts["by"] = stopper.map(JSONValue.string)
    facts["record"] = record.map(JSONValue.string)
    facts["try"] = .string(suggestion)
    return facts
  }

  /// As it stands in `state.fault` and in a job's `reason`: the error's data with its `message`.
  var json: JSONValue {
    var object: JSONObject = ["kind": .string(kind.rawValue), "message": .string(message)]
    for (name, value) in facts.members where name != "kind" { object.append(name, value) }
    return .object(object)
  }
}

extension ClosestPose {
  var json: JSONValue {
    let (position, quaternion) = (pose.position, pose.quaternion)
    return [
      "position": JSONValue(numbers: [position.x, position.y, position.z]),
      "quaternion": JSONValue(numbers: [quaternion.x, quaternion.y, quaternion.z, quaternion.w]), "joints": JSONValue(numbers: joints),
      "distance": .number(distance), "angle": .number(angle),
    ]
  }
}

extension ContactFacts {
  /// As they stand in an error's data, an event and a dry run's answer.
  var members: JSONObject {
    var members: JSONObject = ["link": .string(link)]
    members["obstacle"] = obstacle.map(JSONValue.string)
    members["otherLink"] = otherLink.map(JSONValue.string)
    members["distance"] = .number(distance)
    members["after"] = time.map(JSONValue.number)
    return members
  }
}

/// At most 40 characters of what a client wrote.
func excerpt(_ text: String) -> String { text.prefix(40).endIndex == text.endIndex ? text : text.prefix(39) + "…" }
