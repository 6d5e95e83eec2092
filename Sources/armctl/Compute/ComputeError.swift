/// Why a line cannot be answered: a word for programs and a sentence for people.
struct ComputeError: Error, Equatable {
  let kind: String
  let message: String

  static func notJSON(_ reason: String) -> Self { Self(kind: "not-json", message: "the line is not a JSON object: \(reason)") }

  var json: JSONValue { ["error": ["kind": .string(kind), "message": .string(message)]] }
}
