internal import Kinematics

/// The names that a script has defined so far, innermost block last. Names never change and are never hidden by another of the same name.
struct ScriptScope {
  enum Meaning {
    case value(ScriptValue)
    /// [rad; m]
    case pose(JointVector)
    case place(ScriptPlace)
    case routine(Routine)

    /// For sentences: "a pose".
    var article: String {
      switch self {
      case .value(let value): value.article
      case .pose: "a pose"
      case .place: "a place"
      case .routine: "a routine"
      }
    }

    var noun: String {
      switch self {
      case .value: "value"
      case .pose: "pose"
      case .place: "place"
      case .routine: "routine"
      }
    }
  }

  struct Routine {
    let parameters: [ScriptName]
    let body: [ScriptStatement]
  }

  fileprivate struct Entry {
    let meaning: Meaning
    let place: SourcePlace
  }

  private var frames: [[String: Entry]] = [[:]]
  /// What the present file defines somewhere, and where: for names that are used too early.
  var announced: [String: (what: String, place: SourcePlace)] = [:]

  subscript(name: String) -> Meaning? {
    for frame in frames.reversed() { if let entry = frame[name] { return entry.meaning } }
    return nil
  }

  /// Names of what is wanted, for suggestions.
  func names(where isWanted: (Meaning) -> Bool) -> [String] {
    frames.flatMap { frame in frame.filter { isWanted($0.value.meaning) }.keys }.sorted()
  }

  /// - Parameter what: "pose", "value", …
  mutating func define(_ name: ScriptName, _ meaning: Meaning, arm: ScriptArm) throws(ScriptError) {
    for frame in frames {
      guard let earlier = frame[name.text] else { continue }
      let place = earlier.place.file == name.place.file ? "in line \(earlier.place.line)" : "at \(earlier.place)"
      throw ScriptError(place: name.place, problem: .exists(name.text, what: earlier.meaning.noun, where: place))
    }
    if arm.poseNames.contains(name.text) {
      throw ScriptError(place: name.place, problem: .exists(name.text, what: "pose", where: "in the arm file"))
    }
    frames[frames.count - 1][name.text] = Entry(meaning: meaning, place: name.place)
  }

  mutating func announce(_ name: ScriptName, _ what: String) { announced[name.text] = announced[name.text] ?? (what, name.place) }

  /// The error that a name is not known; or not yet, if its definition is further down.
  func unknown(_ name: String, at place: SourcePlace, wanted: String, known: [String]) -> ScriptError {
    guard let later = announced[name], later.place.file == place.file, later.place.line > place.line else {
      return ScriptError(place: place, problem: .unknownName(name, wanted: wanted, known: known))
    }
    return ScriptError(place: place, problem: .definedLater(name, what: later.what, line: later.place.line))
  }

  mutating func enter() { frames.append([:]) }
  mutating func leave() { frames.removeLast() }

  /// Leaves the outermost names alone, as within a routine; returns what to give back to ``restore(_:)``.
  mutating func enterRoutine() -> Saved {
    let saved = Saved(frames: Array(frames[1...]))
    frames = [frames[0], [:]]
    return saved
  }

  mutating func restore(_ saved: Saved) { frames = [frames[0]] + saved.frames }

  struct Saved {
    fileprivate let frames: [[String: Entry]]
  }
}
