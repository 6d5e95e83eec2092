import Foundation
import TestSupport
import Testing

@testable import armctl

/// What terminals send, and what it means.
@Suite("Key parser") struct KeyParserTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var bytes: String
    var inputs: [TerminalInput]

    init(_ bytes: String, _ inputs: TerminalInput...) { (self.bytes, self.inputs) = (bytes, inputs) }

    var testDescription: String { bytes.replacingOccurrences(of: "\u{1B}", with: "ESC ") }
  }

  private static func key(_ key: Key, _ phase: KeyEvent.Phase = .press, place: Character? = nil) -> TerminalInput {
    .key(KeyEvent(key: key, phase: phase, place: place))
  }

  static let cases = [
    // Letters.
    Case("a", key(.character("a"))), Case("Q ", key(.character("Q")), key(.character(" "))), Case("é", key(.character("é"))),
    Case("щ+", key(.character("щ")), key(.character("+"))), Case("\u{3}", key(.control("c"))), Case("\r", key(.enter)), Case("\t", key(.tab)),
    Case("\u{7F}", key(.backspace)), Case("\u{8}", key(.backspace)),
    // Sequences of xterm, its application mode, rxvt, and the console of Linux.
    Case("\u{1B}[A", key(.up)), Case("\u{1B}OB", key(.down)), Case("\u{1B}[C\u{1B}[D", key(.right), key(.left)),
    Case("\u{1B}[5~", key(.pageUp)), Case("\u{1B}[6~", key(.pageDown)), Case("\u{1B}[H", key(.home)), Case("\u{1B}[4~", key(.end)),
    Case("\u{1B}[3~", key(.delete)), Case("\u{1B}[Z", key(.tab)), Case("\u{1B}[1;5A", key(.up)),
    // What nobody asks for.
    Case("\u{1B}[15~"), Case("\u{1B}[[Aa", key(.character("a"))), Case("\u{1B}x"), Case("\u{1B}\u{3}", key(.control("c"))),
    Case("\u{1B} ", key(.character(" "))),
    Case("\u{1B}[1;2P"), Case("\u{1B}[<0;1;1M", key(.enter)),
    Case("\u{1B}[200~qqq \u{3}\u{1B}[201~w", key(.character("w"))),
    // The kitty keyboard protocol: presses, repeats, releases, places, shift, control, the keypad, keys with alt.
    Case("\u{1B}[113u", key(.character("q"))), Case("\u{1B}[113;1:1u", key(.character("q"))), Case("\u{1B}[113;1:2u", key(.character("q"), .again)),
    Case("\u{1B}[113;1:3u", key(.character("q"), .release)), Case("\u{1B}[97::113;1:1u", key(.character("a"), place: "q")),
    Case("\u{1B}[43:42:93;2:1u", key(.character("*"))), Case("\u{1B}[99;5u", key(.control("c"))),
    Case("\u{1B}[32;1:3u", key(.character(" "), .release)),
    Case("\u{1B}[1;1:3A", key(.up, .release)), Case("\u{1B}[5;1:2~", key(.pageUp, .again)), Case("\u{1B}[27u", key(.escape)),
    Case("\u{1B}[13;1:1u", key(.enter)), Case("\u{1B}[57414u", key(.enter)), Case("\u{1B}[57413u", key(.character("+"))),
    Case("\u{1B}[113;3u"), Case("\u{1B}[57441;2u"), Case("\u{1B}[113;65u", key(.character("q"))),
    // What terminals say of themselves.
    Case("\u{1B}[?15u", .keyboardFlags(15)), Case("\u{1B}[?2026;2$y", .mode(2026, isKnown: true)),
    Case("\u{1B}[?2026;0$y", .mode(2026, isKnown: false)),
    Case("\u{1B}[?64;1;2c", .identity), Case("\u{1B}[I\u{1B}[O", .focus(true), .focus(false)),
  ]

  @Test(arguments: cases) func meansWhatItSays(_ test: Case) {
    var parser = KeyParser()
    #expect(parser.feed(test.bytes.utf8) == test.inputs)
    #expect(!parser.isUndecided)
  }

  /// The same in any pieces.
  @Test(arguments: cases) func piecesDoNotMatter(_ test: Case) {
    var parser = KeyParser()
    #expect(test.bytes.utf8.flatMap { parser.feed([$0]) } == test.inputs)
  }

  @Test func escapeAloneIsTheKeyAfterAWhile() {
    var parser = KeyParser()
    #expect(parser.feed([0x1B]) == [])
    #expect(parser.isUndecided)
    #expect(parser.endOfBurst() == [Self.key(.escape)])
    #expect(parser.feed("a".utf8) == [Self.key(.character("a"))])
    #expect(parser.endOfBurst() == [])
  }

  @Test func anythingElsePassesAndTheNextKeyIsUnderstood() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<caseCount(2000) {
      var parser = KeyParser()
      _ = parser.feed((0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
      // Whatever was open ends: a sequence, a paste, a letter of several bytes.
      _ = parser.feed("\u{1B}[201~m\u{1B}[201~".utf8)
      _ = parser.endOfBurst()
      #expect(parser.feed("q".utf8) == [Self.key(.character("q"))])
    }
  }
}
