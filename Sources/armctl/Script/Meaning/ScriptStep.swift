internal import Kinematics

/// Something to do: a script's statement with names looked up, repetitions written out and its speed settled.
struct ScriptStep: Sendable, Equatable {
  enum Action: Sendable, Equatable {
    case motion(ScriptMotion)
    /// [s]
    case wait(Double)
    /// Until something touches the arm, for at most so long [s].
    case waitForContact(atMost: Double?)
    /// Until an input is on or off, for at most so long [s].
    case waitForInput(String, isOn: Bool, atMost: Double?)
    /// Opens (1) or closes (0) the gripper, which takes so long [s].
    case gripper(opening: Double, duration: Double)
  }

  let action: Action
  /// What is done when something happens meanwhile.
  var reactions = ScriptReactions()
  let place: SourcePlace

  /// The statement as it was written, without indentation and comment.
  var text: String {
    let code = place.text.prefix { $0 != "#" }
    return String(code.drop(while: \.isWhitespace)).trimmedAtEnd
  }

  /// The motion, if it is one.
  var motion: ScriptMotion? { if case .motion(let motion) = action { motion } else { nil } }
}

/// A motion as the arm is asked for it.
struct ScriptMotion: Sendable, Equatable {
  enum Way: Sendable, Equatable {
    case joints
    case line
    /// Along the circle through a point in the base [m].
    case arc(via: SIMD3<Double>)

    var isOfTool: Bool { self != .joints }
  }

  enum Goal: Sendable, Equatable {
    /// A pose of the arm file.
    case armPose(String)
    /// [rad; m]
    case joints(JointVector)
    /// The tool centre point in the base [m]; the tool keeps its rotation.
    case point(SIMD3<Double>)
    /// The tool in the base [m], x, y, z, w.
    case pose(SIMD3<Double>, quaternion: SIMD4<Double>)
    /// An offset of the tool centre point [m] along the base's axes or the tool's own; the tool keeps its rotation.
    case offset(SIMD3<Double>, inTool: Bool)
  }

  var way: Way
  var goal: Goal
  /// The share of the limits, above 0 and at most 1.
  var speed: Double
  /// Of a line or an arc how fast the tool centre point may go [m/s]; nil: as the arm file says.
  var toolSpeed: Double?
  /// How far from its goal the corner to the next motion may begin to be rounded [m; of joint motions rad]; 0 stops there.
  var blend = 0.0
}

/// A place of the tool.
struct ScriptPlace: Sendable, Equatable {
  /// In the base [m].
  var point: SIMD3<Double>
  /// How the tool is turned, x, y, z, w; nil: as it is.
  var quaternion: SIMD4<Double>?
}

/// What a script does when something happens to the arm.
struct ScriptReactions: Sendable, Equatable {
  enum Reaction: Sendable, Equatable {
    case resume
    case stop
    case routine(String)
  }

  var toKnock = Reaction.resume
  var toFault = Reaction.stop

  init() {}
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
