/// A table for people: columns as wide as they need, the first to the left and the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(head: [String]) { rows = [head] }

  /// - Precondition: As many cells as the head has.
  mutating func append(_ cells: [String]) {
    precondition(cells.count == rows[0].count)
    rows.append(cells)
  }

  /// The lines, the head's underlined.
  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let text = rows.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
    return [text[0], rule] + text.dropFirst()
  }
}
