/// Why a line cannot be answered: a word for programs and a sentence for people.
struct ComputeError: Error, Equatable {
  let kind: String
  let message: String
  /// More for programs, beside the two.
  var details: JSONObject = [:]

  static func notJSON(_ reason: String) -> Self { Self(kind: "not-json", message: "the line is not a JSON object: \(reason)") }

  var json: JSONValue {
    var error: JSONObject = ["kind": .string(kind), "message": .string(message)]
    for name in details.names { error[name] = details[name] }
    return ["error": .object(error)]
  }
}
