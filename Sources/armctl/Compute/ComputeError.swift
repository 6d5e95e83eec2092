/// Why a line cannot be answered: a word for programs and a sentence for people, and what to do about it.
struct ComputeError: Error, Equatable {
  let kind: String
  let message: String
  /// For after "try: ".
  var suggestion: String?
  /// More for programs, beside the two.
  var details: JSONObject = [:]

  static func notJSON(_ reason: String) -> Self {
    Self(kind: "not-json", message: "the line is not a JSON object: \(reason)", suggestion: "one object a line, such as {\"q\":[0,0.5,0]}")
  }

  var json: JSONValue {
    var error: JSONObject = ["kind": .string(kind), "message": .string(message)]
    if let suggestion { error["try"] = .string(suggestion) }
    for name in details.names { error[name] = details[name] }
    return ["error": .object(error)]
  }
}
