internal import Kinematics
internal import Simulator

/// Where the arm would have been: one place, or the way that its job took it without a knock.
struct KnockReference: Sendable {
  private let model: RobotModel
  private let positions: [JointVector]
  private let tools: [SIMD3<Double>]
  /// The largest that the undisturbed job had [J].
  let kineticEnergy: Double

  init(at position: JointVector, model: RobotModel) { self.init(along: [position], kineticEnergy: 0, model: model) }

  /// - Parameter positions: True ones, tick by tick.
  init(along positions: [JointVector], kineticEnergy: Double, model: RobotModel) {
    self.model = model
    self.positions = positions
    self.kineticEnergy = kineticEnergy
    tools = positions.map { model.pose(at: $0).translation }
  }

  /// The joint positions on the way whose tool is nearest to a point.
  func nearest(to point: SIMD3<Double>) -> JointVector {
    var best = (square: Double.infinity, position: positions[0])
    for index in tools.indices {
      let step = index + 1 < tools.count ? tools[index + 1] - tools[index] : .zero, length = dot(step, step)
      let share = length > 0 ? min(max(dot(point - tools[index], step) / length, 0), 1) : 0
      let gap = point - tools[index] - share * step, square = dot(gap, gap)
      guard square < best.square else { continue }
      let next = index + 1 < positions.count ? positions[index + 1] : positions[index]
      best = (square, positions[index] + share * (next - positions[index]))
    }
    return best.position
  }

  /// How far a tool is from the nearest place on the way: the vector from there [m], and the angle [rad].
  func deviation(of tool: Pose) -> (offset: SIMD3<Double>, angle: Double) {
    let pose = model.pose(at: nearest(to: tool.translation))
    return (tool.translation - pose.translation, (pose.rotation.inverse * tool.rotation).rotationVector.length)
  }

  /// Whether a tool is on the way, or at the end of it.
  func isBack(_ tool: Pose, limits: KnockResult.Limits = .init()) -> Bool {
    let (offset, angle) = deviation(of: tool)
    return offset.length <= limits.place && angle <= limits.angle
  }

  /// The way of another point of the arm.
  func points(_ point: ContactPoint) -> [SIMD3<Double>] { positions.map(point.position(at:)) }
}
