internal import Yams

/// A text's characters, found by line and column.
struct LineTable {
  let scalars: [Unicode.Scalar]
  private let starts: [Int]

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    self.scalars = scalars
    starts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
  }

  func offset(_ mark: Mark) -> Int { min(starts[min(mark.line, starts.count) - 1] + mark.column - 1, scalars.count) }

  /// How far from the beginning of its line.
  func column(of offset: Int) -> Int { offset - (starts.last { $0 <= offset } ?? 0) }

  /// Of the line, without its line break and what blank is before it.
  func lineEnd(from offset: Int) -> Int {
    var end = offset
    while end < scalars.count, scalars[end] != "\n" { end += 1 }
    while end > offset, scalars[end - 1].properties.isWhitespace { end -= 1 }
    return end
  }

  func skippingBlanks(from offset: Int) -> Int {
    var offset = offset
    while offset < scalars.count, scalars[offset] == " " { offset += 1 }
    return offset
  }

  /// Behind the bracket that closes the one at `start`.
  func flowEnd(from start: Int) -> Int? {
    var depth = 0, offset = start
    while offset < scalars.count {
      switch scalars[offset] {
      case "{", "[": depth += 1
      case "}", "]":
        depth -= 1
        if depth == 0 { return offset + 1 }
      case "\"", "'": offset = quoteEnd(from: offset) - 1
      case "#" where isComment(at: offset): offset = lineEnd(from: offset) - 1
      default: break
      }
      offset += 1
    }
    return nil
  }

  /// Behind a word, or a text in quotation marks.
  func scalarEnd(from start: Int, inFlow: Bool) -> Int {
    guard start < scalars.count else { return start }
    if scalars[start] == "\"" || scalars[start] == "'" { return quoteEnd(from: start) }
    var end = start
    while end < scalars.count, scalars[end] != "\n", !(inFlow && [",", "}", "]"].contains(scalars[end])), !isComment(at: end) { end += 1 }
    while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
    return end
  }

  /// All places where an anchor's value is repeated.
  func aliases(of anchor: String) -> [Range<Int>] {
    let word = Array("*\(anchor)".unicodeScalars)
    var found: [Range<Int>] = [], offset = 0
    while offset < scalars.count {
      switch scalars[offset] {
      case "\"", "'": offset = quoteEnd(from: offset)
      case "#" where isComment(at: offset): offset = lineEnd(from: offset)
      case "*" where scalars[offset...].starts(with: word) && !isWordCharacter(at: offset + word.count):
        found.append(offset..<offset + word.count)
        offset += word.count
      default: offset += 1
      }
    }
    return found
  }

  /// The word behind `&` or `*`.
  func word(from start: Int) -> Range<Int> {
    var end = start
    while isWordCharacter(at: end) { end += 1 }
    return start..<end
  }

  private func isWordCharacter(at offset: Int) -> Bool {
    offset < scalars.count && !scalars[offset].properties.isWhitespace && ![",", "}", "]", "{", "["].contains(scalars[offset])
  }

  private func isComment(at offset: Int) -> Bool {
    scalars[offset] == "#" && (offset == 0 || scalars[offset - 1].properties.isWhitespace)
  }

  private func quoteEnd(from start: Int) -> Int {
    var offset = start + 1
    while offset < scalars.count, scalars[offset] != scalars[start] { offset += scalars[offset] == "\\" && scalars[start] == "\"" ? 2 : 1 }
    return min(offset + 1, scalars.count)
  }
}

/// A mapping of a YAML text, and where it stands in it.
struct Place {
  enum Way {
    /// There it is.
    case found(Range<Int>)
    /// The way leads through a value that stands elsewhere.
    case alias(Range<Int>, Node)
    /// What is to be changed has an anchor, and is repeated there.
    case anchored([Range<Int>], Node)
    /// The mapping that was come to lacks these keys.
    case missing([String])
    case unreadable
  }

  private(set) var node: Node
  let lines: LineTable
  /// The opening brace; nil of a mapping in lines.
  private(set) var flowStart: Int?

  init(node: Node, lines: LineTable) { (self.node, self.lines) = (node, lines) }

  /// Goes down the keys, as far as there are any.
  mutating func descend(_ path: [String]) -> Way {
    for (depth, name) in path.enumerated() {
      guard case .mapping(let mapping) = node else { return .unreadable }
      guard let entry = mapping.first(where: { $0.key.scalar?.string == name }) else { return .missing(Array(path[depth...])) }
      guard var start = valueStart(of: entry.key) else { return .unreadable }
      if start < lines.scalars.count, lines.scalars[start] == "*" {
        return .alias(start..<lines.word(from: start + 1).upperBound, entry.value)
      }
      if start < lines.scalars.count, lines.scalars[start] == "&" {
        let word = lines.word(from: start + 1), anchor = String(String.UnicodeScalarView(lines.scalars[word])), aliases = lines.aliases(of: anchor)
        if !aliases.isEmpty { return .anchored(aliases, entry.value) }
        start = lines.skippingBlanks(from: word.upperBound)
      }
      let opens = start < lines.scalars.count && (lines.scalars[start] == "{" || lines.scalars[start] == "[")
      if depth == path.count - 1 {
        let end = opens ? lines.flowEnd(from: start) : lines.scalarEnd(from: start, inFlow: flowStart != nil)
        return end.map { .found(start..<$0) } ?? .unreadable
      }
      flowStart = opens ? start : nil
      node = entry.value
    }
    return .unreadable
  }

  /// How far its keys are from the left.
  var indent: Int { node.mapping?.first?.key.mark.map { $0.column - 1 } ?? 0 }

  /// Behind the line in which a mapping in lines ends.
  var blockEnd: Int? { Self.end(of: node, lines: lines, startsAt: nil, inFlow: false).map { lines.lineEnd(from: $0) } }

  /// Behind a key's colon and blanks: where its value begins, or the line ends.
  private func valueStart(of key: Node) -> Int? { key.mark.flatMap { Self.valueStart(of: $0, lines: lines) } }

  private static func valueStart(of mark: Mark, lines: LineTable) -> Int? {
    var offset = lines.offset(mark)
    while offset < lines.scalars.count, lines.scalars[offset] != ":" { offset += 1 }
    return offset < lines.scalars.count ? lines.skippingBlanks(from: offset + 1) : nil
  }

  /// Behind the last character of a node.
  private static func end(of node: Node, lines: LineTable, startsAt start: Int?, inFlow: Bool) -> Int? {
    if var start, start < lines.scalars.count {
      if lines.scalars[start] == "&" { start = lines.skippingBlanks(from: lines.word(from: start + 1).upperBound) }
      if start < lines.scalars.count, lines.scalars[start] == "{" || lines.scalars[start] == "[" { return lines.flowEnd(from: start) }
      if start < lines.scalars.count, lines.scalars[start] == "*" { return lines.word(from: start + 1).upperBound }
      if node.scalar != nil { return lines.scalarEnd(from: start, inFlow: inFlow) }
    }
    guard let last = node.mapping?.max(by: { ($0.key.mark.map(lines.offset) ?? 0) < ($1.key.mark.map(lines.offset) ?? 0) }),
      let mark = last.key.mark
    else {
      guard let last = node.sequence?.last, let mark = last.mark else { return nil }
      return end(of: last, lines: lines, startsAt: lines.offset(mark), inFlow: inFlow)
    }
    return end(of: last.value, lines: lines, startsAt: valueStart(of: mark, lines: lines), inFlow: inFlow)
  }
}
