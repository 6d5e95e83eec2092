/// What a character on the screen is for. A ``Theme`` says how that looks.
enum Ink: UInt8, CaseIterable, Sendable {
  case plain, strong, faint, accent, good, warning, alarm
  /// Of pictures: what is there, what is in the way, what is meant to be.
  case arm, obstacle, ghost
  /// Of what is chosen in a list.
  case chosen
}

/// How each ink looks: the parameters of the escape sequence that selects it.
struct Theme: Sendable {
  private let parameters: [String]

  private init(_ parameters: [Ink: String]) { self.parameters = Ink.allCases.map { parameters[$0] ?? "" } }

  /// The terminal's own sixteen colours, so that it looks as its owner likes it.
  static let colour = Theme([
    .strong: "1", .faint: "90", .accent: "36", .good: "32", .warning: "33", .alarm: "1;31", .arm: "1;36", .obstacle: "33", .ghost: "35",
    .chosen: "7",
  ])

  /// Bold, faint and reversed only.
  static let mono = Theme([
    .strong: "1", .faint: "2", .accent: "1", .warning: "1", .alarm: "1;7", .arm: "1", .obstacle: "2", .ghost: "2", .chosen: "7",
  ])

  /// The sequence that selects an ink, whatever was selected before.
  func selection(of ink: Ink) -> String {
    let own = parameters[Int(ink.rawValue)]
    return own.isEmpty ? "\u{1B}[m" : "\u{1B}[0;\(own)m"
  }

  /// Whether two inks look the same.
  func areAlike(_ a: Ink, _ b: Ink) -> Bool { parameters[Int(a.rawValue)] == parameters[Int(b.rawValue)] }
}
