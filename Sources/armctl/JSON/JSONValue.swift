/// A JSON text's value. Numbers are doubles: integers are exact to 2^53.
enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// The members of a JSON object in their order. Looks names up one by one: objects here are small.
struct JSONObject: Sendable {
  private(set) var members: [(name: String, value: JSONValue)] = []

  init() {}

  subscript(name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end.
  /// - Precondition: No member has that name yet.
  mutating func append(_ name: String, _ value: JSONValue) { members.append((name, value)) }

  var count: Int { members.count }
  var isEmpty: Bool { members.isEmpty }
  var names: [String] { members.map(\.name) }
}

extension JSONObject: Equatable {
  /// The order of members does not matter.
  static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.members.allSatisfy { b[$0.name] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, JSONValue)...) { members = elements.map { (name: $0.0, value: $0.1) } }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (name, value) in elements { object.append(name, value) }
    self = .object(object)
  }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(stringLiteral value: String) { self = .string(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
  /// An array of numbers.
  init(numbers: some Sequence<Double>) { self = .array(numbers.map(JSONValue.number)) }

  /// An array of strings.
  init(strings: some Sequence<String>) { self = .array(strings.map(JSONValue.string)) }

  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }
  var string: String? { if case .string(let value) = self { value } else { nil } }
  var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The number, if it is a whole one that a double holds exactly.
  var integer: Int? {
    guard case .number(let value) = self, value.magnitude <= 0x1p53, value == value.rounded() else { return nil }
    return Int(value)
  }

  /// The elements of an array that holds nothing but numbers.
  var numbers: [Double]? {
    guard case .array(let elements) = self else { return nil }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for case .number(let value) in elements { numbers.append(value) }
    return numbers.count == elements.count ? numbers : nil
  }

  /// A member of an object; nil where there is none or this is no object.
  subscript(name: String) -> JSONValue? { object?[name] }

  /// What people call this kind of value, with its article.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
