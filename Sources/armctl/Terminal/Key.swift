/// A key, as a person finds it on the keyboard.
enum Key: Hashable, Sendable {
  case character(Character)
  /// Together with the control key; the letter is lower-case.
  case control(Character)
  case enter, tab, escape, backspace, delete
  case up, down, left, right, pageUp, pageDown, home, end
}

/// Something that happened to a key.
struct KeyEvent: Equatable, Sendable {
  enum Phase: Sendable { case press, again, release }

  var key: Key
  /// `again` and `release` only from terminals that tell them apart.
  var phase = Phase.press
  /// The character that an American keyboard has in this place, where the terminal knows: keys that are chosen for their place keep it.
  var place: Character?
}

/// What comes out of a terminal: keys, and what it says about itself.
enum TerminalInput: Equatable, Sendable {
  case key(KeyEvent)
  /// The window has the keyboard, or has it no more.
  case focus(Bool)
  /// The keyboard protocol of kitty is understood; these of its flags are set.
  case keyboardFlags(Int)
  /// Whether a private mode, such as 2026, is known to the terminal.
  case mode(Int, isKnown: Bool)
  /// The answer that every terminal gives; what it has not said before, it will not say.
  case identity
}
