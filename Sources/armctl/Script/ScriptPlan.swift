internal import Kinematics
internal import Planner

/// A whole script planned before anything moves: every motion with its trajectory, each from where the one before ends.
struct ScriptPlan: Sendable {
  struct Move: Sendable {
    let step: ScriptStep
    /// nil where the step only waits.
    let trajectory: Trajectory?
    /// [s]
    let duration: Double
  }

  /// Why a step of a script cannot be made.
  struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    let place: SourcePlace
    let reason: MotionRefusal

    var description: String { "\(place): \(reason)" }
    var excerpt: String { place.excerpt }
    var suggestion: String { reason.suggestion }
  }

  let moves: [Move]
  /// [s]
  var duration: Double { moves.reduce(0) { $0 + $1.duration } }
  /// Where the arm is in the end [rad].
  let end: JointVector

  /// - Parameters:
  ///   - script: Read for this arm.
  ///   - start: Where the arm rests [rad].
  ///   - model: Its limits bound every motion.
  ///   - poses: Those of the arm file.
  ///   - tool: Of the tool's own motion.
  ///   - period: The loop's [s].
  init(
    _ script: Script, from start: JointVector, model: RobotModel, poses: [(name: String, position: JointVector)],
    tool: ToolLimits = ToolLimits(), period: Double = 0.002
  ) throws(Refusal) {
    var moves: [Move] = []
    var q = start
    for step in script.steps {
      do throws(MotionRefusal) {
        let trajectory: Trajectory
        switch step.action {
        case .wait(let seconds):
          moves.append(Move(step: step, trajectory: nil, duration: seconds))
          continue
        case .move(let target, let speed):
          let goal = Self.position(of: target, poses: poses)
          trajectory = try .jointMove(from: q, to: goal, limits: model.limits, speed: speed, joints: model.jointLabels)
        case .line(let target, let speed):
          let goal = target.pose(from: model.pose(at: q)) { model.pose(at: Self.position(of: $0, poses: poses)) }
          trajectory = try .toolLine(from: q, to: goal, model: model, limits: model.limits, tool: tool, speed: speed, period: period)
        }
        moves.append(Move(step: step, trajectory: trajectory, duration: trajectory.duration))
        q = trajectory.end
      } catch {
        throw Refusal(place: step.place, reason: error)
      }
    }
    self.moves = moves
    end = q
  }

  /// A name that the arm file lacks has been refused when the script was read; here it would give a configuration without joints.
  private static func position(of target: ScriptStatement.Target, poses: [(name: String, position: JointVector)]) -> JointVector {
    switch target {
    case .joints(let position), .scriptPose(_, let position): position
    case .armPose(let name): poses.first { $0.name == name }?.position ?? []
    }
  }
}

extension ScriptStatement.LineTarget {
  /// Where the line ends.
  ///
  /// - Parameters:
  ///   - baseFromTool: Where the tool is before.
  ///   - poseOfTarget: The tool's pose at a configuration.
  func pose(from baseFromTool: Pose, poseOfTarget: (ScriptStatement.Target) -> Pose) -> Pose {
    switch self {
    case .configuration(let target): poseOfTarget(target)
    case .position(let position): Pose(rotation: baseFromTool.rotation, translation: position)
    case .offsetInBase(let offset): Pose(rotation: baseFromTool.rotation, translation: baseFromTool.translation + offset)
    case .offsetInTool(let offset): Pose(rotation: baseFromTool.rotation, translation: baseFromTool * offset)
    }
  }
}
