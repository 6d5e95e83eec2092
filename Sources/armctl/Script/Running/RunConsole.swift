/// What a person sees of a script that runs, and what they can do about it. On a terminal a ``TerminalConsole``, elsewhere nothing.
protocol RunConsole: AnyObject {
  func show(_ progress: RunProgress)
  /// Takes the progress away, before something is printed.
  func clear()
  /// What the person did since this was asked last, one at a time.
  func nextWish() -> RunWish?
  /// What is to become of the arm, which rests on its path.
  ///
  /// - Parameter idling: To be called many times a second while the person thinks.
  func choose(_ choices: [RunChoice], idling: () throws -> Void) throws -> RunChoice
  /// Whether to go on with a task that is about to begin.
  func confirm(_ task: ScriptTask, idling: () throws -> Void) throws -> RunConfirmation
}

struct RunProgress: Equatable {
  var task: ScriptTask
  /// What the arm does about it: "knocked", "paused"; nil where it just goes on.
  var remark: String?
  /// Of the whole script's planned time, 0…1.
  var share: Double
  /// Of what was planned, 0…2.
  var speed: Double
}

enum RunWish: Equatable {
  /// Ctrl-C.
  case interrupt
  /// The program is told to end.
  case end
  case faster, slower
}

enum RunChoice: String, CaseIterable {
  case resume, park, off, stop

  /// For the question.
  var label: String {
    switch self {
    case .resume: "[r]esume"
    case .park: "[p]ark"
    case .off: "motors [o]ff"
    case .stop: "[s]top here"
    }
  }
}

enum RunConfirmation { case go, goOnWithoutAsking, end }

/// A console that shows nothing; whoever interrupts it stops the arm.
final class SilentConsole: RunConsole {
  private let interruption: Interruption?

  init(interruption: Interruption? = nil) { self.interruption = interruption }

  func show(_ progress: RunProgress) {}
  func clear() {}
  func nextWish() -> RunWish? { interruption?.next().map { $0 == .interrupt ? .interrupt : .end } }
  func choose(_ choices: [RunChoice], idling: () throws -> Void) -> RunChoice { .stop }
  func confirm(_ task: ScriptTask, idling: () throws -> Void) -> RunConfirmation { .go }
}
