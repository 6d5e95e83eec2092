/// What differs between two texts, line by line, as `diff -u` writes it.
struct UnifiedDiff {
  /// Lines that stay around each change.
  private static let context = 3

  private enum Line {
    case kept(String), removed(String), added(String)

    var text: String {
      switch self {
      case .kept(let line): " " + line
      case .removed(let line): "-" + line
      case .added(let line): "+" + line
      }
    }

    var isKept: Bool { if case .kept = self { true } else { false } }
  }

  let text: String

  init(from old: String, to new: String, file: String) {
    let lines = Self.lines(from: Self.split(old), to: Self.split(new))
    let changes = lines.indices.filter { !lines[$0].isKept }
    guard !changes.isEmpty else {
      text = ""
      return
    }
    var pieces: [Range<Int>] = []
    for change in changes {
      let around = max(change - Self.context, 0)..<min(change + Self.context + 1, lines.count)
      if let last = pieces.last, last.upperBound >= around.lowerBound {
        pieces[pieces.count - 1] = last.lowerBound..<around.upperBound
      } else {
        pieces.append(around)
      }
    }
    text = "--- \(file)\n+++ \(file)\n" + pieces.map { Self.text(of: lines, $0) }.joined()
  }

  private static func split(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func text(of lines: [Line], _ piece: Range<Int>) -> String {
    func count(_ range: Range<Int>, _ isCounted: (Line) -> Bool) -> Int { lines[range].count(where: isCounted) }
    let isOld = { (line: Line) in if case .added = line { false } else { true } }
    let isNew = { (line: Line) in if case .removed = line { false } else { true } }
    let before = 0..<piece.lowerBound
    let head = "@@ -\(count(before, isOld) + 1),\(count(piece, isOld)) +\(count(before, isNew) + 1),\(count(piece, isNew)) @@\n"
    return head + lines[piece].map { $0.text + "\n" }.joined()
  }

  /// By the standard library's shortest edit script; what is removed stands before what is added in its place.
  private static func lines(from old: [String], to new: [String]) -> [Line] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = [], added: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = [], i = 0, j = 0
    while i < old.count || j < new.count {
      if i < old.count, removed.contains(i) {
        lines.append(.removed(old[i]))
        i += 1
      } else if j < new.count, added.contains(j) {
        lines.append(.added(new[j]))
        j += 1
      } else {
        lines.append(.kept(old[i]))
        i += 1
        j += 1
      }
    }
    return lines
  }
}
