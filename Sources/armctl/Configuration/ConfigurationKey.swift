internal import Foundation

/// One key of the arm file: what its value must be, and what it means. ``ConfigurationTable`` has them all.
struct ConfigurationKey: Sendable {
  /// From the file's top; a name that the file chooses is written in capitals, such as `JOINT`.
  let path: String
  let kind: Kind
  let unit: String
  let presence: Presence
  let meaning: String

  init(_ path: String, _ kind: Kind, unit: String = "", _ presence: Presence, _ meaning: String) {
    self.path = path
    self.kind = kind
    self.unit = unit
    self.presence = presence
    self.meaning = meaning
  }

  enum Kind: Sendable {
    /// Keys of its own, listed in the table.
    case section
    /// Names that the file chooses, each with what the table says of them; `what` is what they name.
    case named(what: String)
    case text
    /// A text, or keys of its own, listed in the table.
    case textOrSection
    /// One of the words; `planned` ones are known, but not built yet.
    case word([String], planned: [String] = [])
    case integer(ClosedRange<Int>)
    case choice([Int])
    case number(NumberRange)
    /// A list of numbers; of any length where `count` is nil.
    case numbers(count: Int?, NumberRange)
    case boolean
  }

  enum Presence: Sendable {
    case required
    /// May be left out; the text says what holds then.
    case optional(String)
    /// May be left out; the value that it then has, as one would write it.
    case defaults(to: String)
  }

  /// The last word of the path.
  var name: String { String(path.split(separator: ".").last ?? "") }
  /// Whether the file chooses the name.
  var hasFreeName: Bool { name == name.uppercased() }
  /// The path of the section that the key is in; empty at the top.
  var parent: String { path.split(separator: ".").dropLast().joined(separator: ".") }
}

/// Numbers between two ends, which may themselves be left out.
struct NumberRange: Sendable, Equatable {
  var lower = -Double.infinity, upper = Double.infinity
  var excludesLower = false

  static let any = NumberRange()
  static let positive = NumberRange(lower: 0, excludesLower: true)
  static let notNegative = NumberRange(lower: 0)
  static func within(_ range: ClosedRange<Double>) -> Self { NumberRange(lower: range.lowerBound, upper: range.upperBound) }
  static func positive(upTo upper: Double) -> Self { NumberRange(lower: 0, upper: upper, excludesLower: true) }
  static func notNegative(upTo upper: Double) -> Self { NumberRange(lower: 0, upper: upper) }

  func contains(_ number: Double) -> Bool { number <= upper && (excludesLower ? number > lower : number >= lower) }

  /// As in `more than 0, at most 50`.
  var phrase: String {
    let low = excludesLower ? "more than \(plain(lower))" : "at least \(plain(lower))"
    switch (lower.isFinite, upper.isFinite) {
    case (true, true) where excludesLower: return "\(low), at most \(plain(upper))"
    case (true, true): return "from \(plain(lower)) to \(plain(upper))"
    case (true, false): return low
    case (false, true): return "at most \(plain(upper))"
    case (false, false): return "any"
    }
  }
}

/// A number for people: without `.0`, and with no more than six significant digits.
func plain(_ number: Double) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
  if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
  return String(format: "%.6g", number)
}
