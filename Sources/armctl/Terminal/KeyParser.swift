/// Turns the bytes of a terminal into keys: UTF-8, the escape sequences of xterm and its kin, and those of the kitty keyboard protocol.
///
/// Bytes may come in any pieces. What nobody knows is passed over, and so is pasted text: it is meant for somebody else. An escape byte with nothing
/// behind it may be the key or the beginning of a sequence; ``endOfBurst()`` decides for the key.
struct KeyParser {
  private enum Place { case ground, escape, sequence, single, skipping }

  private var place = Place.ground
  private var sequence: [UInt8] = []
  private var text: [UInt8] = []
  private var isPasting = false

  /// Longer sequences are none.
  private static let longest = 64

  /// Whether an escape byte waits for what comes behind it.
  var isUndecided: Bool { place == .escape }

  mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
    var inputs: [TerminalInput] = []
    for byte in bytes {
      if let input = take(byte), !isPasting || input == .identity { inputs.append(input) }
    }
    return inputs
  }

  /// Nothing has come for a moment.
  mutating func endOfBurst() -> [TerminalInput] {
    guard place == .escape else { return [] }
    place = .ground
    return isPasting ? [] : [.key(KeyEvent(key: .escape))]
  }

  private mutating func take(_ byte: UInt8) -> TerminalInput? {
    switch place {
    case .ground: return plain(byte)
    case .escape:
      switch byte {
      case UInt8(ascii: "["): (place, sequence) = (.sequence, [])
      case UInt8(ascii: "O"): place = .single
      case 0x1B: return .key(KeyEvent(key: .escape))
      // With the alt key: nobody asks for these. But a stop is never lost behind an escape key that came together with it.
      default:
        place = .ground
        return byte <= 0x20 ? plain(byte) : nil
      }
      return nil
    case .single:
      place = .ground
      return Self.cursorKeys[byte].map { .key(KeyEvent(key: $0)) }
    case .skipping:
      if (0x40...0x7E).contains(byte) { place = .ground }
      return nil
    case .sequence:
      // The console of Linux sends its function keys with a second bracket.
      if byte == UInt8(ascii: "["), sequence.isEmpty {
        place = .skipping
        return nil
      }
      guard (0x40...0x7E).contains(byte) else {
        sequence.append(byte)
        if sequence.count > Self.longest || byte < 0x20 { place = byte == 0x1B ? .escape : .skipping }
        return nil
      }
      place = .ground
      return meaning(final: byte)
    }
  }

  // MARK: Text

  private mutating func plain(_ byte: UInt8) -> TerminalInput? {
    if byte < 0x80 { text = [] }
    switch byte {
    case 0x1B:
      place = .escape
      return nil
    case 0x0D, 0x0A: return .key(KeyEvent(key: .enter))
    case 0x09: return .key(KeyEvent(key: .tab))
    case 0x7F, 0x08: return .key(KeyEvent(key: .backspace))
    case 0x01...0x1A: return .key(KeyEvent(key: .control(Character(Unicode.Scalar(byte + 0x60)))))
    case 0x20..<0x7F: return .key(KeyEvent(key: .character(Character(Unicode.Scalar(byte)))))
    case 0x80...: return wide(byte)
    default: return nil
    }
  }

  private mutating func wide(_ byte: UInt8) -> TerminalInput? {
    if byte >= 0xC0 { text = [] } else if text.isEmpty { return nil }
    text.append(byte)
    let length = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2
    guard text.count == length else { return nil }
    defer { text = [] }
    guard let string = String(validating: text, as: UTF8.self), let character = string.first else { return nil }
    return .key(KeyEvent(key: .character(character)))
  }

  // MARK: Sequences

  private static let cursorKeys: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home,
    UInt8(ascii: "F"): .end, UInt8(ascii: "M"): .enter,
  ]

  private static let numberedKeys: [Int: Key] = [
    1: .home, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
  ]

  /// Numbers between semicolons, each with its parts between colons.
  private var numbers: [[Int?]] {
    sequence.drop { $0 == UInt8(ascii: "?") }.prefix { $0 >= 0x30 }.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { Int(String(decoding: $0, as: UTF8.self)) }
    }
  }

  private mutating func meaning(final: UInt8) -> TerminalInput? {
    let numbers = numbers, first = numbers.first?.first ?? nil
    switch (final, sequence.first == UInt8(ascii: "?")) {
    case (UInt8(ascii: "c"), true): return .identity
    case (UInt8(ascii: "u"), true): return .keyboardFlags(first ?? 0)
    case (UInt8(ascii: "y"), true):
      let setting = numbers.count > 1 ? numbers[1].first ?? nil : nil
      return first.map { .mode($0, isKnown: setting == 1 || setting == 2) }
    case (_, true): return nil
    case (UInt8(ascii: "I"), _): return .focus(true)
    case (UInt8(ascii: "O"), _): return .focus(false)
    case (UInt8(ascii: "u"), _): return event(of: numbers)
    case (UInt8(ascii: "~"), _):
      if first == 200 || first == 201 {
        isPasting = first == 200
        return nil
      }
      return first.flatMap { Self.numberedKeys[$0] }.map { .key(KeyEvent(key: $0, phase: Self.phase(of: numbers))) }
    case (UInt8(ascii: "Z"), _): return .key(KeyEvent(key: .tab))
    default: return Self.cursorKeys[final].map { .key(KeyEvent(key: $0, phase: Self.phase(of: numbers))) }
    }
  }

  private static func phase(of numbers: [[Int?]]) -> KeyEvent.Phase {
    guard numbers.count > 1, numbers[1].count > 1 else { return .press }
    return numbers[1][1] == 3 ? .release : numbers[1][1] == 2 ? .again : .press
  }

  /// `code:shifted:place ; modifiers:phase ; text`
  private func event(of numbers: [[Int?]]) -> TerminalInput? {
    guard let codes = numbers.first, let code = codes.first ?? nil else { return nil }
    let modifiers = (numbers.count > 1 ? numbers[1].first ?? nil : nil).map { $0 - 1 } ?? 0
    let isShifted = modifiers & 1 != 0, phase = Self.phase(of: numbers)
    // Alt, super, hyper and meta make other keys of them.
    guard modifiers & 0b111010 == 0 else { return nil }
    let key: Key
    switch code {
    case 27: key = .escape
    case 13, 57414: key = .enter
    case 9: key = .tab
    case 127, 8: key = .backspace
    case 57399...57408: key = .character(Character("\(code - 57399)"))
    case 57412: key = .character("-")
    case 57413: key = .character("+")
    case 0..<32, 57344...63743: return nil
    default:
      guard let character = Self.character(code) else { return nil }
      if modifiers & 4 != 0 {
        key = .control(character)
      } else {
        key = .character((isShifted && codes.count > 1 ? codes[1].flatMap(Self.character) : nil) ?? character)
      }
    }
    let place = codes.count > 2 ? codes[2].flatMap(Self.character) : nil
    return .key(KeyEvent(key: key, phase: phase, place: isShifted ? nil : place))
  }

  private static func character(_ code: Int) -> Character? { UInt32(exactly: code).flatMap(Unicode.Scalar.init).map(Character.init) }
}
