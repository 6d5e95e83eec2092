/// What a terminal shows: a grid of characters, each one column wide.
struct Screen: Equatable, Sendable {
  struct Cell: Equatable, Sendable {
    var glyph: Unicode.Scalar = " "
    var ink = Ink.plain

    static let blank = Cell()
  }

  let width, height: Int
  private(set) var cells: [Cell]

  init(width: Int, height: Int) {
    (self.width, self.height) = (max(0, width), max(0, height))
    cells = Array(repeating: .blank, count: self.width * self.height)
  }

  subscript(x: Int, y: Int) -> Cell {
    get { cells[y * width + x] }
    set { if (0..<width).contains(x), (0..<height).contains(y) { cells[y * width + x] = newValue } }
  }

  /// Writes a line of text; what goes beyond `limit` columns or the screen's edge is left out.
  ///
  /// - Returns: The column behind it.
  @discardableResult
  mutating func write(_ text: String, x: Int, y: Int, _ ink: Ink = .plain, limit: Int = .max) -> Int {
    var column = x
    for scalar in text.unicodeScalars where column - x < limit && column < width {
      self[column, y] = Cell(glyph: Self.isNarrow(scalar) ? scalar : "?", ink: ink)
      column += 1
    }
    return column
  }

  /// Writes text so that it ends before a column.
  mutating func write(_ text: String, endingBefore end: Int, y: Int, _ ink: Ink = .plain) {
    write(text, x: end - text.unicodeScalars.count, y: y, ink)
  }

  mutating func fill(x: ClosedRange<Int>, y: ClosedRange<Int>, _ cell: Cell = .blank) {
    for row in y { for column in x { self[column, row] = cell } }
  }

  /// Its rows as text, without what is blank at their ends.
  var lines: [String] {
    (0..<height).map { row in
      var line = String.UnicodeScalarView(cells[row * width..<(row + 1) * width].map(\.glyph))
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// Whether a character takes one column in every terminal: no controls, nothing that combines, none of the wide letters of the East.
  private static func isNarrow(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA0..<0x300, 0x370..<0x483, 0x48A..<0x530, 0x2010..<0x2028, 0x2030..<0x2060, 0x2070..<0x20D0, 0x2100..<0x231A,
      0x2500..<0x2600, 0x2800..<0x2900:
      true
    default: false
    }
  }
}
