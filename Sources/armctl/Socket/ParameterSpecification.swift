internal import Kinematics

/// One parameter of a method: what the checks, the error sentences and the documentation are made from.
struct ParameterSpecification: Sendable {
  enum Kind: Sendable {
    case string
    case boolean
    /// A number in the range; above its lower bound, not at it, where `excludesLower`.
    case number(ClosedRange<Double>, excludesLower: Bool = false)
    /// A whole number ≥ 1.
    case job
    /// What a request's `id` can be.
    case requestID
    case choice([String])
    /// An array of some of these.
    case choices([String])
    /// One number a joint.
    case joints
    /// `{position:[3], quaternion:[4]}`
    case pose
    /// Three numbers.
    case vector
    /// Objects, each a place to pass.
    case waypoints
    /// Any strings.
    case names
    /// Objects whose members are checked by what reads them.
    case objects
    /// An object whose members are anything.
    case object
  }

  var name: String
  var kind: Kind
  var isRequired: Bool
  /// Unit, meaning and default: half a sentence.
  var summary: String

  static func required(_ name: String, _ kind: Kind, _ summary: String) -> Self {
    Self(name: name, kind: kind, isRequired: true, summary: summary)
  }

  static func optional(_ name: String, _ kind: Kind, _ summary: String) -> Self {
    Self(name: name, kind: kind, isRequired: false, summary: summary)
  }

  /// What the value must be, as it reads after "must be".
  func expectation(jointCount: Int?) -> String {
    switch kind {
    case .string: "a string"
    case .boolean: "true or false"
    case .number(let range, _) where range.lowerBound == range.upperBound: "the number \(text(range.lowerBound))"
    case .number(let range, let excludesLower):
      range.upperBound == .infinity
        ? "a number \(excludesLower ? "above" : "of at least") \(text(range.lowerBound))"
        : "a number \(excludesLower ? "above" : "from") \(text(range.lowerBound)) \(excludesLower ? "and at most" : "to") \(text(range.upperBound))"
    case .job: "a job's number"
    case .requestID: "a string or a number"
    case .choice(let names): "one of " + quoted(names)
    case .choices(let names): "an array of " + quoted(names)
    case .joints: "an array of \(jointCount.map { "\($0) numbers" } ?? "numbers"), one for each joint"
    case .vector: "an array of 3 numbers"
    case .waypoints:
      "an array of objects, each with one of `pose`, `name`, `position`, `point` and `by` (with `frame`), and if wanted `via` and `blend`"
    case .names: "an array of strings"
    case .objects: "an array of objects"
    case .object: "an object"
    case .pose: "an object with `position` (3 numbers) and `quaternion` (4 numbers: x, y, z, w; of length 1)"
    }
  }

  private func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}

/// The number as JSON has it.
private func text(_ number: Double) -> String { JSONValue.number(number).description }

extension ParameterSpecification {
  /// Checks one value against this specification.
  func check(_ value: JSONValue, jointCount: Int) throws(RPCError) {
    switch (kind, value) {
    case (.string, .string), (.boolean, .bool), (.requestID, .string), (.requestID, .number): return
    case (.number(let range, let excludesLower), .number(let number)):
      let isAbove = excludesLower ? number > range.lowerBound : number >= range.lowerBound
      if isAbove && number <= range.upperBound { return }
      throw refusal(value, jointCount: jointCount, limit: isAbove ? range.upperBound : range.lowerBound)
    case (.job, .number):
      if let job = value.integer, job >= 1 { return }
    case (.choice(let names), .string(let name)):
      if names.contains(name) { return }
      throw refusal(value, jointCount: jointCount, nearest: Suggestion.nearest(to: name, among: names))
    case (.choices(let names), .array(let elements)):
      if elements.isEmpty { throw refusal(value, jointCount: jointCount) }
      for element in elements {
        guard let name = element.string else { throw refusal(element, jointCount: jointCount) }
        if !names.contains(name) { throw refusal(element, jointCount: jointCount, nearest: Suggestion.nearest(to: name, among: names)) }
      }
      return
    case (.joints, .array(let elements)):
      if let numbers = value.numbers, numbers.count == jointCount { return }
      throw refusal(value, jointCount: jointCount, count: elements.count)
    case (.vector, .array(let elements)):
      if let numbers = value.numbers, numbers.count == 3 { return }
      throw refusal(value, jointCount: 3, count: elements.count)
    case (.waypoints, .array(let elements)):
      try checkWaypoints(elements, jointCount: jointCount)
      return
    case (.names, .array(let elements)):
      if !elements.isEmpty, elements.allSatisfy({ $0.string != nil }) { return }
    case (.objects, .array(let elements)):
      if elements.allSatisfy({ $0.object != nil }) { return }
    case (.object, .object): return
    case (.pose, .object(let members)):
      try checkPose(members)
      return
    default: break
    }
    throw refusal(value, jointCount: jointCount)
  }

  private func checkPose(_ members: JSONObject) throws(RPCError) {
    for member in members.names where member != "position" && member != "quaternion" {
      let nearest = Suggestion.nearest(to: member, among: ["position", "quaternion"])
      throw .parameter(
        "\(name).\(member)", "`\(name)` has no member `\(excerpt(member))`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
        nearest: nearest.map { "\(name).\($0)" }, suggestion: "`\(name)`: \(expectation(jointCount: nil))")
    }
    for (member, count) in [("position", 3), ("quaternion", 4)] {
      guard let numbers = members[member]?.numbers, numbers.count == count else {
        throw .parameter(
          "\(name).\(member)", "`\(name).\(member)` must be an array of \(count) numbers.",
          suggestion: "`\(name)`: \(expectation(jointCount: nil))")
      }
      let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if member == "quaternion", !(0.999...1.001 ~= length) {
        throw .parameter(
          "\(name).\(member)", "`\(name).\(member)` must have length 1, not \(text(length)).", value: length, limit: 1,
          suggestion: "x, y, z, w divided by their length; [0,0,0,1] is no rotation")
      }
    }
  }

  private func refusal(
    _ value: JSONValue, jointCount: Int, limit: Double? = nil, nearest: String? = nil, count: Int? = nil
  ) -> RPCError {
    let given: String
    switch value {
    case .number(let number): given = text(number)
    case .string(let string) where nearest != nil: given = "\"\(excerpt(string))\"; did you mean \"\(nearest ?? "")\"?"
    case .string(let string): given = "\"\(excerpt(string))\""
    case .array where count == jointCount: given = "an array with something else in it"
    case .array(let elements): given = elements.isEmpty ? "an empty array" : count.map { "\($0)" } ?? "an array"
    default: given = value.kindName
    }
    let expectation = expectation(jointCount: jointCount)
    return .parameter(
      name, "`\(name)` must be \(expectation), not \(given)" + (given.hasSuffix("?") ? "" : "."), value: value.number, limit: limit,
      nearest: nearest, suggestion: "`\(name)`: \(summary)")
  }
}
