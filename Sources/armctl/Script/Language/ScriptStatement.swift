/// One line of a script, or a block with the lines in it. Equal to another that says the same, wherever it stands.
struct ScriptStatement: Sendable, Equatable {
  indirect enum Action: Sendable, Equatable {
    case motion(Motion)
    /// Of the motions that follow: a share of the limits.
    case speed(ScriptExpression)
    /// Of the motions that follow: how far from a corner it may be rounded. An angle for moves, a length for lines and arcs.
    case blend(ScriptExpression)
    case wait(ScriptExpression)
    case waitForContact(atMost: ScriptExpression?)
    case waitForInput(ScriptName, isOn: Bool, atMost: ScriptExpression?)
    case gripper(Gripper)
    case constant(ScriptName, ScriptExpression)
    case pose(ScriptName, ScriptJoints)
    case place(ScriptName, Target)
    case repetition(count: ScriptExpression, counter: ScriptName?, [ScriptStatement])
    /// Ends with the block of `else`, empty where there is none.
    case condition([Branch], otherwise: [ScriptStatement])
    case routine(ScriptName, parameters: [ScriptName], [ScriptStatement])
    case call(ScriptName, [ScriptExpression])
    case reaction(Trigger, Reaction)
    case include(ScriptName)
  }

  struct Motion: Sendable, Equatable {
    enum Way: Sendable, Equatable {
      /// All joints start and end together.
      case joints
      case line
      case arc(via: Target)
    }

    let way: Way
    let target: Target
    var speed: ScriptExpression?
    var blend: ScriptExpression?
  }

  enum Target: Sendable, Equatable {
    /// A pose or a place, or so far above a place.
    case named(ScriptName, above: ScriptExpression?)
    case joints(ScriptJoints)
    /// The tool centre point in the base, and the tool's roll, pitch and yaw.
    case point(ScriptTriple, turned: ScriptTriple?)
    case offset(ScriptTriple, inTool: Bool)
  }

  struct Branch: Sendable, Equatable {
    let condition: ScriptExpression
    let body: [ScriptStatement]
  }

  enum Gripper: Sendable, Equatable {
    case open, close
    case to(ScriptExpression)
  }

  enum Trigger: String, Sendable, CaseIterable { case knock, fault }

  enum Reaction: Sendable, Equatable {
    /// The motion goes on, or is begun again.
    case resume
    case stop
    case routine(ScriptName)
  }

  let action: Action
  /// Of its first word, for messages.
  let place: SourcePlace

  static func == (a: Self, b: Self) -> Bool { a.action == b.action }
}
