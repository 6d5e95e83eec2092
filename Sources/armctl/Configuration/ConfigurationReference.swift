/// The tables of `docs/Configuration.md`, made from ``ConfigurationTable``.
enum ConfigurationReference {
  /// The sections that have a table of their own; a key belongs to the longest of them that begins its path.
  private static let sections = [
    "", "model.dh", "model.dh.rows.JOINT", "buses.BUS", "joints.JOINT.motor", "joints.JOINT.transmission", "joints.JOINT.limits",
    "joints.JOINT.vibration", "joints.JOINT.correction", "gpio", "gripper", "poses", "safety", "compliance", "collision", "tool",
  ]

  /// For each section its name, as in the marker of the document, and its table in Markdown.
  static var tables: [(section: String, markdown: String)] {
    sections.map { section in
      var lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
      for key in ConfigurationTable.keys where home(of: key.path) == section {
        let name = section.isEmpty ? key.path : String(key.path.dropFirst(section.count + 1))
        lines.append("| `\(name)` | \(key.valuePhrase) | \(key.presencePhrase) | \(key.meaning) |")
      }
      return (section.isEmpty ? "top" : section, lines.joined(separator: "\n"))
    }
  }

  private static func home(of path: String) -> String {
    sections.filter { path.hasPrefix($0 + ".") }.max { $0.count < $1.count } ?? ""
  }
}

extension ConfigurationKey {
  fileprivate var valuePhrase: String {
    let unit = unit.isEmpty ? "" : " [\(unit)]"
    switch kind {
    case .section: return "keys"
    case .named(let what): return "a name for each \(what)"
    case .text: return "text"
    case .textOrSection: return "text, or keys"
    case .word(let words, let planned):
      let built = words.map { "`\($0)`" }.joined(separator: ", ")
      return planned.isEmpty ? built : built + "; not built yet: " + planned.joined(separator: ", ")
    case .integer(let range): return "whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let choices): return "one of \(choices.map(String.init).joined(separator: ", "))\(unit)"
    case .number(let range): return "number\(unit)" + (range == .any ? "" : ", \(range.phrase)")
    case .numbers(let count, let range):
      return "list of \(count.map { "\($0) " } ?? "")numbers\(unit)" + (range == .any ? "" : ", each \(range.phrase)")
    case .boolean: return "`true` or `false`"
    }
  }

  fileprivate var presencePhrase: String {
    switch presence {
    case .required: "required"
    case .optional(let text): text
    case .defaults(let value): "`\(value)`"
    }
  }
}
