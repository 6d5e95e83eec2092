/// Brings a terminal from what it shows to what it should show, with few bytes.
struct ScreenPainter {
  let theme: Theme
  /// Whether the terminal holds the picture back until a frame is whole (private mode 2026).
  var isSynchronized = false
  /// What the terminal shows; nil where nobody knows.
  private var shown: Screen?
  private var ink = Ink.plain
  /// Where the next character goes; nil where nobody knows, as behind the last column.
  private var cursor: (x: Int, y: Int)?

  /// So many characters that are there already are written again rather than jumped over.
  private static let shortestJump = 4
  /// So many blanks at the end of a line are worth erasing.
  private static let shortestErasure = 5

  init(theme: Theme) { self.theme = theme }

  /// The terminal's picture is not to be relied upon any more.
  mutating func forget() { (shown, cursor) = (nil, nil) }

  /// The bytes for the next frame; none where nothing changes.
  mutating func paint(_ screen: Screen) -> [UInt8] {
    var output = ""
    if shown == nil || shown?.width != screen.width || shown?.height != screen.height {
      shown = Screen(width: screen.width, height: screen.height)
      (ink, cursor) = (.plain, nil)
      output += "\u{1B}[m\u{1B}[2J"
    }
    guard let old = shown else { return [] }
    for row in 0..<screen.height { paintRow(row, of: screen, over: old, into: &output) }
    shown = screen
    guard !output.isEmpty else { return [] }
    return Array((isSynchronized ? "\u{1B}[?2026h" + output + "\u{1B}[?2026l" : output).utf8)
  }

  private mutating func paintRow(_ row: Int, of screen: Screen, over old: Screen, into output: inout String) {
    var end = screen.width
    while end > 0, screen[end - 1, row] == .blank { end -= 1 }
    let changedBeyond = (end..<screen.width).last { old[$0, row] != .blank }
    let erases = changedBeyond.map { $0 - end + 1 >= Self.shortestErasure } ?? false
    let last = erases ? end : screen.width
    var column = 0
    while column < last {
      guard screen[column, row] != old[column, row] else {
        column += 1
        continue
      }
      reach(column, row, in: screen, into: &output)
      write(screen[column, row], at: (column, row), width: screen.width, into: &output)
      column += 1
    }
    if erases {
      move(to: (end, row), into: &output)
      select(.plain, into: &output)
      output += "\u{1B}[K"
    }
  }

  /// Brings the cursor to a place; over a short way by writing again what is there.
  private mutating func reach(_ column: Int, _ row: Int, in screen: Screen, into output: inout String) {
    if let at = cursor, at.y == row, at.x < column, column - at.x <= Self.shortestJump {
      let between = (at.x..<column).map { screen[$0, row] }
      if between.allSatisfy({ theme.areAlike($0.ink, ink) && $0.glyph.isASCII }) {
        for (offset, cell) in between.enumerated() { write(cell, at: (at.x + offset, row), width: screen.width, into: &output) }
        return
      }
    }
    move(to: (column, row), into: &output)
  }

  private mutating func move(to place: (x: Int, y: Int), into output: inout String) {
    defer { cursor = place }
    guard let at = cursor else { return output += "\u{1B}[\(place.y + 1);\(place.x + 1)H" }
    if at == place { return }
    if at.y == place.y, place.x > at.x {
      output += place.x - at.x == 1 ? "\u{1B}[C" : "\u{1B}[\(place.x - at.x)C"
    } else {
      output += place.x == 0 ? "\u{1B}[\(place.y + 1)H" : "\u{1B}[\(place.y + 1);\(place.x + 1)H"
    }
  }

  private mutating func write(_ cell: Screen.Cell, at place: (x: Int, y: Int), width: Int, into output: inout String) {
    select(cell.ink, into: &output)
    output.unicodeScalars.append(cell.glyph)
    cursor = place.x + 1 < width ? (place.x + 1, place.y) : nil
  }

  private mutating func select(_ wanted: Ink, into output: inout String) {
    guard !theme.areAlike(wanted, ink) else { return }
    output += theme.selection(of: wanted)
    ink = wanted
  }
}
