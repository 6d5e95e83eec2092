internal import Kinematics

/// One line of a script, or a `repeat` with the lines in it.
struct ScriptStatement: Sendable, Equatable {
  enum Action: Sendable, Equatable {
    /// All joints straight to a configuration, at a speed of its own if one is said.
    case move(to: Target, speed: Double?)
    /// The tool straight to a place, at a speed of its own if one is said.
    case line(LineTarget, speed: Double?)
    /// The share of the limits that later motions use, above 0 and at most 1.
    case speed(Double)
    /// [s]
    case wait(Double)
    case pose(name: String, JointVector)
    case repetition(count: Int, [ScriptStatement])

    /// Whether it takes time of its own; the others only bear on what follows.
    var isStep: Bool {
      switch self {
      case .move, .line, .wait: true
      case .speed, .pose, .repetition: false
      }
    }
  }

  enum Target: Sendable, Equatable {
    /// A pose of the arm file.
    case armPose(String)
    /// A pose that the script defines.
    case scriptPose(String, JointVector)
    /// [rad]
    case joints(JointVector)
  }

  enum LineTarget: Sendable, Equatable {
    /// Where the tool is at a configuration, with the tool's rotation there.
    case configuration(Target)
    /// The tool centre point in the base frame [m]; the tool keeps its rotation.
    case position(SIMD3<Double>)
    /// An offset in base axes [m]; the tool keeps its rotation.
    case offsetInBase(SIMD3<Double>)
    /// An offset in the tool's own axes [m]; the tool keeps its rotation.
    case offsetInTool(SIMD3<Double>)
  }

  let action: Action
  /// Of its first word, for messages.
  let place: SourcePlace
}

/// What a script needs to know of the arm to be read: which poses the arm file has, and how many joints there are.
struct ScriptArm: Sendable {
  var poseNames: [String]
  var jointCount: Int
}

/// A script that has been read: the language's smallest form, one motion a line.
///
///     # comment
///     pose pick = [0, 20, 100, 0, -30, 0] deg
///     speed 50%
///     repeat 2
///       move home                   move [0, 0, 1.571, 0, 0, 0]      move pick at 80%
///       line by 0 0 -40 mm          line by 0 0 20 mm in tool        line to 200 0 150 mm        line to pick
///       wait 0.5 s
///     end
///
/// Joint positions are radians unless `deg` is said, after one number or after the bracket for all. Lengths and times always say their unit: a
/// number without one takes that of the number after it.
struct Script: Sendable, Equatable {
  let statements: [ScriptStatement]

  /// - Parameters:
  ///   - text: The whole script.
  ///   - file: What messages call it.
  ///   - arm: Poses and joint count; names that it does not have are refused here, before anything moves.
  init(parsing text: String, file: String, arm: ScriptArm) throws(ScriptError) {
    var parser = ScriptParser(arm: arm)
    statements = try parser.statements(of: text, file: file)
  }
}
