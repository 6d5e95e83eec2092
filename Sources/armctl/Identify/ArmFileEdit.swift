internal import Foundation
internal import Yams

/// Changes values in an arm file's text and leaves everything else as it is written: comments, order, layout.
///
/// A section that is missing is added: with lines of its own at the file's first two levels, in braces deeper down. Where several keys share a value
/// by an anchor, those that are not changed get the old value written out.
struct ArmFileEdit {
  private(set) var text: String

  /// - Parameter text: YAML whose top is a mapping.
  init(_ text: String) { self.text = text }

  struct Failure: Error, Equatable {
    /// Where it could not be written, such as `joints.elbow.transmission`.
    let path: String
  }

  /// Writes a value, as YAML has it in one line, in place of the old one or beside its siblings.
  mutating func set(_ path: [String], to value: String) throws(Failure) {
    // Each alias on the way is written out before anything behind it changes.
    for _ in 0..<100 {
      guard let root = try? compose(yaml: text), case .mapping = root else { throw Failure(path: path.joined(separator: ".")) }
      var place = Place(node: root, lines: LineTable(text))
      switch place.descend(path) {
      case .found(let range): return text.replace(range, with: value, in: place.lines)
      case .alias(let range, let node): text.replace(range, with: Self.flow(node), in: place.lines)
      case .anchored(let aliases, let node):
        for range in aliases.reversed() { text.replace(range, with: Self.flow(node), in: place.lines) }
      case .missing(let missing): return try insert(missing, value, at: place, path: path)
      case .unreadable: throw Failure(path: path.joined(separator: "."))
      }
    }
    throw Failure(path: path.joined(separator: "."))
  }

  /// - Parameter missing: The end of the path that is not there.
  private mutating func insert(_ missing: [String], _ value: String, at place: Place, path: [String]) throws(Failure) {
    let lines = place.lines
    if let start = place.flowStart {
      guard let end = lines.flowEnd(from: start) else { throw Failure(path: path.joined(separator: ".")) }
      let isEmpty = lines.scalars[(start + 1)..<(end - 1)].allSatisfy { $0.properties.isWhitespace }
      // No space before the brace is kept from the end of what stands in it.
      var last = end - 1
      while last > start + 1, lines.scalars[last - 1].properties.isWhitespace { last -= 1 }
      return text.replace(last..<last, with: (isEmpty ? "" : ", ") + Self.flow(missing, value), in: lines)
    }
    guard let end = place.blockEnd else { throw Failure(path: path.joined(separator: ".")) }
    let indent = String(repeating: " ", count: place.indent), depth = path.count - missing.count
    // A section that is new is written in lines where the file's layout is coarse, else in braces.
    var added = ""
    var names = missing[...], level = 0
    while let name = names.popFirst() {
      let margin = indent + String(repeating: "  ", count: level)
      if names.isEmpty {
        added += "\n\(margin)\(name): \(value)"
      } else if depth + level < 2 {
        added += "\n\(margin)\(name):"
      } else {
        added += "\n\(margin)\(name): {\(Self.flow(Array(names), value))}"
        break
      }
      level += 1
    }
    if depth == 0 { added = "\n" + added }
    text.replace(end..<end, with: added, in: lines)
  }

  private static func flow(_ names: [String], _ value: String) -> String {
    names.dropLast().map { "\($0): {" }.joined() + "\(names.last ?? ""): \(value)" + String(repeating: "}", count: names.count - 1)
  }

  /// A node in one line.
  private static func flow(_ node: Node) -> String {
    if let mapping = node.mapping { return "{" + mapping.map { "\(flow($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}" }
    if let sequence = node.sequence { return "[" + sequence.map(flow).joined(separator: ", ") + "]" }
    guard let scalar = node.scalar else { return "" }
    switch scalar.style {
    case .doubleQuoted: return "\"\(scalar.string)\""
    case .singleQuoted: return "'\(scalar.string)'"
    default: return scalar.string
    }
  }
}

extension String {
  /// Exchanges a stretch of characters.
  fileprivate mutating func replace(_ range: Range<Int>, with new: String, in lines: LineTable) {
    var scalars = String.UnicodeScalarView(lines.scalars[..<range.lowerBound])
    scalars.append(contentsOf: new.unicodeScalars)
    scalars.append(contentsOf: lines.scalars[range.upperBound...])
    self = String(scalars)
  }
}
