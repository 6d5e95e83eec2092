internal import Foundation
internal import Kinematics
internal import Yams

/// Takes one value out of the arm file, or says what is wrong with it.
struct ConfigurationValueReader {
  let node: Node
  let key: ConfigurationKey
  let path: String
  let mark: Mark?
  let document: ConfigurationDocument

  func text() throws(ConfigurationError) -> String {
    guard let text = node.scalar?.string, !text.isEmpty else { throw wrong("has to be a text", suggestion: "write \(name): \(key.example)") }
    return text
  }

  func word(_ words: [String], planned: [String]) throws(ConfigurationError) -> String {
    let text = try text()
    if words.contains(text) { return text }
    if planned.contains(text) {
      throw document.error(
        at: mark, "\(path) is \"\(text)\", which is not built yet; built: \(words.joined(separator: ", "))",
        suggestion: "use \(words.joined(separator: " or "))")
    }
    let nearest = Suggestion.nearest(to: text, among: words + planned)
    throw document.error(
      at: mark, "\(path) is \"\(text)\", which does not exist; \(Suggestion.phrase(for: text, among: nearest.map { [$0] } ?? words))",
      suggestion: "write \(nearest ?? words.joined(separator: " or "))")
  }

  func boolean() throws(ConfigurationError) -> Bool {
    switch node.scalar?.string {
    case "true": return true
    case "false": return false
    default:
      let isYes = ["yes", "on", "1", "y", "high"].contains((node.scalar?.string ?? "").lowercased())
      throw wrong("has to be true or false", suggestion: "write \(name): \(isYes ? "true" : "false")")
    }
  }

  func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    // Identifiers are often written in hexadecimal digits.
    if let text = node.scalar?.string, text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16), range.contains(number) { return number }
    let number = try number(node, at: mark)
    guard number == number.rounded(), range.contains(Int(nearest: number)) else {
      throw wrong("has to be a whole number from \(range.lowerBound) to \(range.upperBound)", suggestion: "write \(name): \(key.example)")
    }
    return Int(nearest: number)
  }

  func choice(_ choices: [Int]) throws(ConfigurationError) -> Int {
    let number = try number(node, at: mark)
    guard number == number.rounded(), choices.contains(Int(nearest: number)) else {
      let nearest = choices.min { abs(Double($0) - number) < abs(Double($1) - number) } ?? 0
      throw wrong("has to be one of \(choices.map(String.init).joined(separator: ", "))", suggestion: "write \(name): \(nearest)")
    }
    return Int(nearest: number)
  }

  func number(in range: NumberRange) throws(ConfigurationError) -> Double {
    let number = try number(node, at: mark)
    try check(number, in: range, at: mark)
    return number
  }

  func numbers(count: Int?, in range: NumberRange) throws(ConfigurationError) -> [(value: Double, mark: Mark?)] {
    guard let sequence = node.sequence else {
      throw wrong("has to be a list of \(count.map { "\($0) " } ?? "")numbers", suggestion: "write \(name): \(key.example)")
    }
    if let count, sequence.count != count {
      throw document.error(
        at: mark, "\(path) has \(sequence.count) number\(sequence.count == 1 ? "" : "s"), where \(count) belong",
        suggestion: "write \(name): \(key.example)")
    }
    var numbers: [(value: Double, mark: Mark?)] = []
    for element in sequence {
      let number = try number(element, at: element.mark ?? mark)
      try check(number, in: range, at: element.mark ?? mark)
      numbers.append((number, element.mark))
    }
    return numbers
  }

  // MARK: Numbers

  private func number(_ node: Node, at mark: Mark?) throws(ConfigurationError) -> Double {
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else {
      throw wrong(at: mark, of: node, "has to be a number\(unitPhrase)", suggestion: "write \(name): \(key.example)")
    }
    let text = scalar.string
    if let radians = Self.radians(fromDegrees: text), key.unit.hasPrefix("rad") {
      throw wrong(at: mark, of: node, "is in degrees, where \(key.unit) belongs", suggestion: "write \(plain(radians))")
    }
    if let metres = Self.metres(fromMillimetres: text), key.unit == "m" {
      throw wrong(at: mark, of: node, "is in millimetres, where m belongs", suggestion: "write \(plain(metres))")
    }
    // Double's own reader also takes hexadecimal numbers and the names of what is no number.
    guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text), number.isFinite else {
      if let meant = Self.meantNumber(text) {
        throw wrong(at: mark, of: node, "has to be a number\(unitPhrase); did you mean \(meant)?", suggestion: "write \(meant)")
      }
      let isNotFinite = ["nan", "inf", "infinity"].contains(text.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "+-.")))
      throw wrong(
        at: mark, of: node, "has to be a \(isNotFinite ? "finite " : "")number\(unitPhrase)", suggestion: "write \(name): \(key.example)")
    }
    return number
  }

  private func check(_ number: Double, in range: NumberRange, at mark: Mark?) throws(ConfigurationError) {
    guard !range.contains(number) else { return }
    // Nothing of an arm is longer than the range, but as millimetres it may be.
    if key.unit == "m", range.contains(number / 1000) {
      throw document.error(
        at: mark, "\(path) has \(plain(number)) m, and has to be \(range.phrase); did you mean \(plain(number / 1000)) m?",
        suggestion: "write \(plain(number / 1000)), as lengths are in metres")
    }
    throw document.error(
      at: mark, "\(path) is \(plain(number))\(key.unit.isEmpty ? "" : " \(key.unit)"), and has to be \(range.phrase)",
      suggestion: "write \(name): \(key.example)")
  }

  private var unitPhrase: String { key.unit.isEmpty ? "" : " [\(key.unit)]" }

  /// Of a text such as `90deg` or `90°`.
  private static func radians(fromDegrees text: String) -> Double? {
    for unit in ["degrees", "deg", "°"] where text.hasSuffix(unit) {
      return Double(text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)).map { $0 * .pi / 180 }
    }
    return nil
  }

  /// Of a text such as `89mm`.
  private static func metres(fromMillimetres text: String) -> Double? {
    guard text.hasSuffix("mm") else { return nil }
    return Double(text.dropLast(2).trimmingCharacters(in: .whitespaces)).map { $0 / 1000 }
  }

  /// The number that a text looks like: letters for digits, a decimal comma.
  private static func meantNumber(_ text: String) -> String? {
    let letters: [Character: Character] = ["O": "0", "o": "0", "l": "1", "I": "1", ",": "."]
    let digits = String(text.map { letters[$0] ?? $0 })
    return Double(digits).flatMap { $0.isFinite && digits.allSatisfy { "0123456789+-.eE".contains($0) } ? digits : nil }
  }

  /// As the file has it.
  private var name: String { path.split(separator: ".").last.map(String.init) ?? key.name }

  private func wrong(_ what: String, suggestion: String) -> ConfigurationError { wrong(at: mark, of: node, what, suggestion: suggestion) }

  private func wrong(at mark: Mark?, of node: Node, _ what: String, suggestion: String) -> ConfigurationError {
    let found: String
    if let scalar = node.scalar {
      found = scalar.string.isEmpty ? "empty" : "\"\(scalar.string)\""
    } else {
      found = node.sequence != nil ? "a list" : "a section"
    }
    return document.error(at: mark, "\(path) is \(found), and \(what)", suggestion: suggestion)
  }
}

extension Int {
  /// The whole number next to `number`, as near as there is one.
  fileprivate init(nearest number: Double) { self = Int(exactly: Swift.min(Swift.max(number.rounded(), -1e15), 1e15)) ?? 0 }
}

extension ConfigurationKey {
  /// A value that one may write.
  var example: String {
    if case .defaults(let value) = presence { return value }
    switch kind {
    case .section, .named: return "…"
    case .text, .textOrSection:
      return ["model": "arm.urdf", "tip": "flange", "port": "/dev/ttyACM0", "bus": "can0", "chip": "gpiochip0", "name": "my-arm"][name] ?? "…"
    case .word(let words, _): return words[0]
    case .integer(let range): return String(range.lowerBound)
    case .choice(let choices): return String(choices[0])
    case .number: return Self.examples[name] ?? "1.0"
    case .numbers(let count, _):
      return name == "position" && count == 2
        ? "[-1.0, 1.0]" : name == "halfExtents" ? "[0.5, 0.5, 0.5]" : "[" + Array(repeating: "0.0", count: count ?? 6).joined(separator: ", ") + "]"
    case .boolean: return "false"
    }
  }

  private static let examples = [
    "rate": "500", "currentLimit": "2.0", "ratio": "30", "stiffness": "3000", "rotorInertia": "5.5e-6", "torqueConstant": "0.2", "velocity": "2.0",
    "acceleration": "8.0", "jerk": "80.0", "effort": "6.0", "mass": "0.5", "pMax": "12.5", "vMax": "45", "tMax": "54", "timeout": "0.05",
    "frequency": "12", "speed": "0.25",
  ]
}
