internal import Foundation

/// What a person sees of a script that runs, and what they can do about it. On a terminal a ``TerminalConsole``, elsewhere nothing.
protocol RunConsole: AnyObject {
  func show(_ progress: RunProgress)
  /// Takes the progress away, before something is printed.
  func clear()
  /// Something that a person should know who does not see the progress.
  func tell(_ sentence: String)
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
  /// What the arm does about it: "knocked", "recovering"; nil where it just goes on.
  var remark: String?
  /// Who has paused it.
  var pauser: String?
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

/// A console where nobody looks; whoever interrupts it stops the arm.
final class SilentConsole: RunConsole {
  private let interruption: Interruption?
  private var shownPauser: String?

  init(interruption: Interruption? = nil) { self.interruption = interruption }

  /// Nothing, but for what keeps the arm: a person must end that.
  func show(_ progress: RunProgress) {
    let pauser = progress.pauser
    if pauser != shownPauser, let pauser { tell(PausedMotion.sentence(pauser)) }
    shownPauser = pauser
  }
  func tell(_ sentence: String) { FileHandle.standardError.write(Data((sentence + "\n").utf8)) }
  func clear() {}
  func nextWish() -> RunWish? { interruption?.next().map { $0 == .interrupt ? .interrupt : .end } }
  func choose(_ choices: [RunChoice], idling: () throws -> Void) -> RunChoice { .stop }
  func confirm(_ task: ScriptTask, idling: () throws -> Void) -> RunConfirmation { .go }
}
