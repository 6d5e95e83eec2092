/// What a key of teleoperation is for.
enum TeleopAction: Hashable, Sendable {
  enum Arrow: Hashable, Sendable { case left, right, up, down, far, near }

  /// Along or about one of eight axes: x, y, z, roll, pitch, yaw of the tool, or one joint after the other.
  case jog(axis: Int, isUp: Bool)
  case arrow(Arrow)
  case stop, leave, help, cancel
  case switchTarget, nextFrame, switchStepping, faster, slower, longerStep, shorterStep
  case turnLeft, turnRight
  case power, float, poses, undo, go
  case mark, unmark, record, save
  case openGripper, closeGripper, switchTouching
}

/// Every key, what it does, and how the help says so.
struct TeleopKeys: Sendable {
  struct Row: Sendable {
    var keys: [Key]
    var action: TeleopAction
  }

  /// A line of the help.
  struct Line: Equatable, Sendable {
    var keys, meaning: String
  }

  static let standard = TeleopKeys()

  /// Upper keys move up their axis, lower keys down; each column is an axis.
  static let upper: [Character] = ["q", "w", "e", "r", "t", "y", "u", "i"]
  static let lower: [Character] = ["a", "s", "d", "f", "g", "h", "j", "k"]

  private let actions: [Key: TeleopAction]

  private init() {
    actions = Dictionary(Self.rows.flatMap { row in row.keys.map { ($0, row.action) } }) { first, _ in first }
  }

  /// The action of a key. Keys go by the place that they have on an American keyboard, where the terminal knows it; shift and caps lock do not
  /// matter.
  func action(of event: KeyEvent) -> TeleopAction? {
    if let place = event.place, let action = actions[.character(place)] { return action }
    guard case .character(let character) = event.key else { return actions[event.key] }
    return actions[event.key] ?? character.lowercased().first.flatMap { actions[.character($0)] }
  }

  static let rows: [Row] =
    (0..<8).flatMap { axis -> [Row] in
      [
        Row(keys: [.character(upper[axis])] + (axis == 5 ? [.character("z")] : []), action: .jog(axis: axis, isUp: true)),
        Row(keys: [.character(lower[axis])], action: .jog(axis: axis, isUp: false)),
      ]
    } + [
      Row(keys: [.left], action: .arrow(.left)), Row(keys: [.right], action: .arrow(.right)),
      Row(keys: [.up], action: .arrow(.up)), Row(keys: [.down], action: .arrow(.down)),
      Row(keys: [.pageUp], action: .arrow(.far)), Row(keys: [.pageDown], action: .arrow(.near)),
      Row(keys: [.character(" ")], action: .stop), Row(keys: [.control("c"), .control("d"), .control("q")], action: .leave),
      Row(keys: [.character("?")], action: .help), Row(keys: [.escape], action: .cancel),
      Row(keys: [.tab], action: .switchTarget), Row(keys: [.character("v")], action: .nextFrame),
      Row(keys: [.character("c")], action: .switchStepping), Row(keys: [.character("1")], action: .switchTouching),
      Row(keys: [.character("+"), .character("=")], action: .faster), Row(keys: [.character("-"), .character("_")], action: .slower),
      Row(keys: [.character("]")], action: .longerStep), Row(keys: [.character("[")], action: .shorterStep),
      Row(keys: [.character("<")], action: .turnLeft), Row(keys: [.character(">")], action: .turnRight),
      Row(keys: [.character("o")], action: .power), Row(keys: [.character("l")], action: .float),
      Row(keys: [.character("p")], action: .poses), Row(keys: [.backspace], action: .undo), Row(keys: [.enter], action: .go),
      Row(keys: [.character("m")], action: .mark), Row(keys: [.character("x")], action: .unmark),
      Row(keys: [.character("b")], action: .record), Row(keys: [.character("n")], action: .save),
      Row(keys: [.character(".")], action: .openGripper), Row(keys: [.character(",")], action: .closeGripper),
    ]

  /// The help, and the table of the documentation. The smallest screen has room for these many lines, each this long.
  static let help: [(title: String, lines: [Line])] = [
    (
      "Move while held",
      [
        Line(keys: "q/a w/s e/d", meaning: "tool: x, y, z; joints 1 to 3"),
        Line(keys: "r/f t/g y/h", meaning: "tool: roll, pitch, yaw; joints 4 to 6"),
        Line(keys: "u/j i/k", meaning: "joints 7 and 8"),
        Line(keys: "arrows PgUp/PgDn", meaning: "by direction, or the joint marked ›"),
      ]
    ),
    (
      "Always",
      [
        Line(keys: "space", meaning: "stop at once"),
        Line(keys: "ctrl-c ?", meaning: "stop and leave; this help"),
      ]
    ),
    (
      "How",
      [
        Line(keys: "tab v", meaning: "tool or joints; axes: base, tool, view"),
        Line(keys: "c 1", meaning: "continuous or in steps; may touch, or not"),
        Line(keys: "+ - [ ]", meaning: "speed; length of steps"),
        Line(keys: "< >", meaning: "turn the view"),
      ]
    ),
    (
      "Go",
      [
        Line(keys: "p", meaning: "to a pose by name"),
        Line(keys: "backspace", meaning: "back to where the last jog began"),
        Line(keys: "enter esc", meaning: "play what was taught, or go; leave it"),
      ]
    ),
    (
      "Teach",
      [
        Line(keys: "m x", meaning: "mark a waypoint; take back what came last"),
        Line(keys: "b", meaning: "record a path, and end it"),
        Line(keys: "n", meaning: "name what was taught, and save a script"),
        Line(keys: "l", meaning: "let the arm go, to lead it; hold it"),
      ]
    ),
    (
      "Else",
      [
        Line(keys: "o", meaning: "motors on or off; clear a fault"),
        Line(keys: ". ,", meaning: "open, close the gripper"),
      ]
    ),
  ]
}
