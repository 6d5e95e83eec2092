internal import Kinematics
internal import Planner

/// The catch between parts of the arm: none comes nearer to another faster than it can brake.
///
/// The arm's spheres are looked at where it is and a moment later. For the two that need the most braking, their distance d and how the joints
/// change it, ∂d/∂q, make one more bound like those of the joints' limits.
///
/// - Real-time: nothing here allocates, locks or throws.
struct BodyBound: Sendable {
  private var outline: ArmOutline
  private var distances: [Double]
  /// Room that is kept between each two spheres [m]: what is near to each other may be, but not come nearer.
  private var margins: [Double]
  private let delay: Double

  /// Room that is kept between parts [m], of what there is when the arm begins to give way, and the least that is counted with.
  private static let margin = 0.012, marginShare = 0.5, leastRoom = 0.003
  /// Parts farther apart are not looked at closely [m].
  private static let nearby = 0.15
  /// Of a difference [s], [rad].
  private static let moment = 1e-4, step = 1e-4
  /// What a motor that is not asked otherwise adds to braking, as a share of what it can.
  private static let helpShare = 0.5

  init(outline: ArmOutline, delay: Double) {
    self.outline = outline
    self.delay = delay
    distances = Array(repeating: 0, count: outline.partners.count)
    margins = distances
  }

  /// The arm begins to give way where it is.
  mutating func begin(at position: JointVector) {
    outline.place(at: position)
    for index in margins.indices { margins[index] = min(Self.margin, max(0, Self.marginShare * distance(index))) }
  }

  /// - Parameter room: What each motor can do beyond carrying the arm [N·m].
  mutating func braking(position: JointVector, velocity: JointVector, mobility: JointMatrix, room: JointVector) -> EffortAllocation.Row? {
    guard !outline.partners.isEmpty else { return nil }
    outline.place(at: position)
    var isNear = false
    for index in distances.indices {
      distances[index] = distance(index)
      margins[index] = min(Self.margin, max(margins[index], Self.marginShare * distances[index]))
      isNear = isNear || distances[index] < Self.nearby
    }
    guard isNear else { return nil }
    outline.place(at: position + Self.moment * velocity)
    var worst = (need: Need(), index: -1)
    for index in distances.indices where distances[index] < Self.nearby {
      let need = need(index, speed: (distances[index] - distance(index)) / Self.moment)
      if need.most > worst.need.most { worst = (need, index) }
    }
    guard worst.index >= 0 else { return nil }
    return row(worst.index, need: worst.need, at: position, mobility: mobility, room: room)
  }

  /// How hard two parts have to brake in what room is left, how hard what is nearer than it should be has to be pushed apart [m/s²], and how
  /// urgently.
  private struct Need {
    var braking = 0.0, push = 0.0, urgency = 0.0
    var most: Double { max(braking, push) }
  }

  private func need(_ index: Int, speed: Double) -> Need {
    var need = Need()
    let room = distances[index] - margins[index], depth = -room
    if speed > 0 { need.braking = speed * speed / (2 * max(room - speed * delay, Self.leastRoom)) }
    if depth > 0 {
      let stiffness = ViabilityBound.stiffness
      need.push = max(0, stiffness * stiffness * depth + 2 * stiffness * speed)
      need.urgency = ViabilityBound.smooth(depth / (ViabilityBound.border * margins[index]))
    }
    return need
  }

  private mutating func row(_ index: Int, need: Need, at position: JointVector, mobility: JointMatrix, room: JointVector) -> EffortAllocation.Row? {
    var direction = JointVector(count: position.count)
    for joint in position.indices {
      var moved = position
      moved[joint] += Self.step
      outline.place(at: moved)
      direction[joint] = (distance(index) - distances[index]) / Self.step
    }
    let push = mobility * direction
    var capability = 1e-3
    for joint in position.indices { capability += Self.helpShare * abs(push[joint]) * max(0, room[joint]) }
    let urgency = max(ViabilityBound.urgency(need.braking / capability), need.urgency)
    guard urgency > 0 else { return nil }
    return EffortAllocation.Row(
      direction: direction, acceleration: max(min(1.1 * need.braking, 2 * capability), min(need.push, capability)), urgency: urgency)
  }

  private func distance(_ index: Int) -> Double {
    let (one, other) = outline.partners[index]
    return length(outline.centers[one] - outline.centers[other]) - outline.radii[one] - outline.radii[other]
  }
}
