import TestSupport
import Testing

@testable import armctl

@Suite("Screen") struct ScreenTests {
  @Test func textIsClippedAtEdgesAndLimits() {
    var screen = Screen(width: 6, height: 2)
    #expect(screen.write("abcdefgh", x: 3, y: 0) == 6)
    screen.write("xyz", x: 0, y: 1, limit: 2)
    screen.write("out", x: 0, y: 5)
    screen.write("12", endingBefore: 6, y: 1)
    #expect(screen.lines == ["   abc", "xy  12"])
  }

  /// A wide letter would push all that is behind it; a control would do worse.
  @Test func everyCharacterIsOneColumn() {
    var screen = Screen(width: 12, height: 1)
    screen.write("a\u{7}b名é°µ⠿\u{1B}─", x: 0, y: 0)
    #expect(screen.lines == ["a?b?é°µ⠿?─"])
  }

  /// Random pictures, one after the other, come out as they should, whatever was there before.
  @Test(arguments: [false, true]) func paintingLeadsToTheScreen(isMono: Bool) throws {
    var generator = SeededGenerator(seed: 7)
    let theme: Theme = isMono ? .mono : .colour
    var painter = ScreenPainter(theme: theme), terminal = TerminalEmulator(width: 23, height: 5)
    var screen = Screen(width: 23, height: 5)
    painter.isSynchronized = true
    for round in 0..<caseCount(400) {
      if round % 50 == 49 { painter.forget() }
      for _ in 0..<Int.random(in: 0..<60, using: &generator) {
        let ink = Ink.allCases.randomElement(using: &generator) ?? .plain
        let glyph: Unicode.Scalar = ["a", "b", " ", " ", "⠿", "─"].randomElement(using: &generator) ?? " "
        let (x, y) = (Int.random(in: 0..<23, using: &generator), Int.random(in: 0..<5, using: &generator))
        screen[x, y] = Bool.random(using: &generator) ? .blank : Screen.Cell(glyph: glyph, ink: ink)
      }
      let bytes = painter.paint(screen)
      if let complaint = terminal.feed(bytes) {
        Issue.record("\(complaint)")
        return
      }
      #expect(terminal.glyphs == screen.cells.map(\.glyph))
      let looks = screen.cells.map { cell -> String in
        let selection = theme.selection(of: cell.ink)
        return selection == "\u{1B}[m" ? "" : String(selection.dropFirst(2).dropLast())
      }
      #expect(terminal.looks == looks)
      #expect(painter.paint(screen).isEmpty)
    }
  }

  @Test func monoHasNoColours() {
    for ink in Ink.allCases {
      let parameters = Theme.mono.selection(of: ink).dropFirst(2).dropLast().split(separator: ";").compactMap { Int($0) }
      #expect(parameters.allSatisfy { $0 < 30 })
    }
  }
}

@Suite("Braille canvas") struct BrailleCanvasTests {
  private static let pen = BrailleCanvas.Pen(ink: .arm)

  private func lines(_ canvas: BrailleCanvas) -> [String] {
    var screen = Screen(width: canvas.columns, height: canvas.rows)
    canvas.draw(on: &screen, x: 0, y: 0)
    return screen.lines
  }

  @Test func dotsAreWhereUnicodeHasThem() {
    for (x, y, letter) in [(0, 0, "⠁"), (0, 1, "⠂"), (0, 2, "⠄"), (0, 3, "⡀"), (1, 0, "⠈"), (1, 1, "⠐"), (1, 2, "⠠"), (1, 3, "⢀")] {
      var canvas = BrailleCanvas(columns: 1, rows: 1)
      canvas.dot(x: x, y: y, Self.pen)
      #expect(lines(canvas) == [letter])
    }
  }

  struct Line: Sendable {
    var start, end: SIMD2<Double>
    var picture: [String]

    init(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ picture: String...) { (self.start, self.end, self.picture) = (start, end, picture) }
  }

  @Test(arguments: [
    Line([0, 0], [7, 0], "⠉⠉⠉⠉", ""), Line([0, 0], [0, 7], "⡇", "⡇"), Line([0, 7], [7, 0], " ⢀⠔⠁", "⡠⠃"), Line([3, 3], [3, 3], " ⢀", ""),
    // Only what is on the canvas is drawn, however long the line.
    Line([-1e5, 0], [1e5, 0], "⠉⠉⠉⠉", ""), Line([-5, -5], [-1, 7], "", ""), Line([.nan, 0], [7, 0], "", ""),
  ])
  func linesAreDrawn(_ line: Line) {
    var canvas = BrailleCanvas(columns: 4, rows: 2)
    canvas.line(from: line.start, to: line.end, Self.pen)
    if line.picture == [" ⢀⠔⠁", "⡠⠃"] {
      // The diagonal: as many dots as rows.
      #expect(lines(canvas).joined().unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2800 ? ($1.value - 0x2800).nonzeroBitCount : 0) } == 8)
    } else {
      #expect(lines(canvas) == line.picture)
    }
  }

  @Test func theHeaviestInkIsSeen() {
    var canvas = BrailleCanvas(columns: 1, rows: 1)
    canvas.dot(x: 0, y: 0, BrailleCanvas.Pen(ink: .arm, weight: 3))
    canvas.dot(x: 1, y: 3, BrailleCanvas.Pen(ink: .obstacle, weight: 1))
    var screen = Screen(width: 1, height: 1)
    canvas.draw(on: &screen, x: 0, y: 0)
    #expect(screen[0, 0] == Screen.Cell(glyph: "⢁", ink: .arm))
  }
}
