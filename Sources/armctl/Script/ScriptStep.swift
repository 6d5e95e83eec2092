internal import Kinematics

/// Something to do: a script's statement with repetitions written out and its speed settled.
struct ScriptStep: Sendable, Equatable {
  enum Action: Sendable, Equatable {
    case move(to: ScriptStatement.Target, speed: Double)
    case line(ScriptStatement.LineTarget, speed: Double)
    /// [s]
    case wait(Double)
  }

  let action: Action
  let place: SourcePlace

  /// The statement as it was written, without indentation and comment.
  var text: String {
    let code = place.text.prefix { $0 != "#" }
    return String(code.drop(while: \.isWhitespace)).trimmedAtEnd
  }
}

extension Script {
  /// Everything the script does, in order.
  var steps: [ScriptStep] {
    var steps: [ScriptStep] = []
    var speed = 1.0
    Self.append(statements, to: &steps, speed: &speed)
    return steps
  }

  private static func append(_ statements: [ScriptStatement], to steps: inout [ScriptStep], speed: inout Double) {
    for statement in statements {
      switch statement.action {
      case .move(let target, let own): steps.append(ScriptStep(action: .move(to: target, speed: own ?? speed), place: statement.place))
      case .line(let target, let own): steps.append(ScriptStep(action: .line(target, speed: own ?? speed), place: statement.place))
      case .wait(let seconds): steps.append(ScriptStep(action: .wait(seconds), place: statement.place))
      case .speed(let share): speed = share
      case .pose: break
      case .repetition(let count, let body):
        for _ in 0..<count {
          let before = steps.count
          append(body, to: &steps, speed: &speed)
          // Lines that do nothing once do nothing ever; repeats of nothing within repeats would take for ever.
          if steps.count == before { break }
        }
      }
    }
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
