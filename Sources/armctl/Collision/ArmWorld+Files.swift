internal import Control
internal import Kinematics
internal import Planner

extension ArmWorld {
  /// What is around an arm by its own file: its fences, and the things of a scene file.
  ///
  /// - Parameters:
  ///   - model: What stands for the arm; nil where nothing does.
  ///   - scene: The scene file's path; the arm file's where nil.
  convenience init(of arm: ArmConfiguration, model: CollisionModel?, scene: String? = nil) throws(CommandFailure) {
    guard model != nil || arm.fences.isEmpty else { throw .fencesWithoutShape }
    let fences = arm.fences.filter { $0.rule == .keepOut }.map(\.obstacle)
    self.init(arm: arm.model, model: model, margin: arm.collision.margin, fences: fences)
    guard let path = scene ?? arm.scene else { return }
    do throws(ConfigurationError) {
      let file = try SceneFile(contentsOf: path)
      do throws(SceneEditError) { _ = try apply(.set(file.items), at: JointVector(count: arm.joints.count)) } catch { throw file.error(error) }
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension MotionPlanner {
  /// Of an arm as its file describes it.
  init(_ arm: ArmConfiguration) {
    self.init(
      model: arm.model, limits: arm.limits, period: arm.period, poses: arm.poses, freeAxes: arm.freeAxes, toolLimits: arm.toolLimits)
  }
}
