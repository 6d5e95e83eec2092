internal import Kinematics

/// What an arm's motors must do at worst against what they can, and how far play lets its tool go.
///
/// Worst cases come from configurations spread evenly over the position limits; the same arm always gives the same figures.
struct ArmCapability: Sendable {
  /// Effort that holds the joint against gravity at the worst pose [N·m].
  private(set) var gravity: JointVector
  /// Effort with everything at once [N·m]: gravity at the worst pose, friction, and all joints at their limits of velocity and acceleration in
  /// the worst sense.
  private(set) var peak: JointVector
  /// What motor, current limit, reducer and effort limit allow [N·m].
  let available: JointVector
  /// Most that the joints' backlash, all at once, lets the tool move [m].
  private(set) var play = 0.0
  /// Most that gravity winds the reducers up, as the tool sees it [m].
  private(set) var windUp = 0.0

  /// - Parameter sampleCount: How many configurations are tried.
  init(_ arm: ArmConfiguration, sampleCount: Int = 4096) {
    let count = arm.joints.count
    gravity = JointVector(count: count)
    peak = JointVector(count: count)
    available = JointVector(zip(arm.joints, arm.limits.effort).map { min($0.availableEffort, $1) })
    let friction = JointVector(
      zip(arm.joints, arm.limits.velocity).map { $0.transmission.coulomb + $0.transmission.viscous * $1 })
    let armature = JointVector(arm.joints.map { $0.transmission.ratio * $0.transmission.ratio * $0.transmission.rotorInertia })
    // Twice as many dimensions as joints: half for the positions, half for the senses of the velocities.
    var sequence = EvenSequence(dimensions: 2 * count)
    for _ in 0..<sampleCount {
      let point = sequence.next()
      let q = arm.model.configuration(at: Array(point[..<count]))
      let velocity = JointVector((0..<count).map { point[count + $0] < 0.5 ? -arm.limits.velocity[$0] : arm.limits.velocity[$0] })
      take(q, velocity: velocity, arm: arm, friction: friction, armature: armature)
    }
  }

  private mutating func take(_ q: JointVector, velocity: JointVector, arm: ArmConfiguration, friction: JointVector, armature: JointVector) {
    let holding = arm.model.gravityEffort(at: q)
    let bias = arm.model.inverseDynamics(at: q, velocity: velocity, acceleration: JointVector(count: q.count))
    let inertia = arm.model.massMatrix(at: q)
    let jacobian = arm.model.jacobian(at: q)
    var play = 0.0, windUp = 0.0
    for joint in q.indices {
      // Effort is linear in the accelerations, so its worst over their box is at a corner, and is this sum.
      var acceleration = armature[joint] * arm.limits.acceleration[joint]
      for other in q.indices { acceleration += abs(inertia[joint, other]) * arm.limits.acceleration[other] }
      gravity[joint] = max(gravity[joint], abs(holding[joint]))
      peak[joint] = max(peak[joint], max(abs(bias[joint]), abs(holding[joint])) + acceleration + friction[joint])
      var unit = JointVector(count: q.count)
      unit[joint] = 1
      let arm = arm.joints[joint].transmission
      let travel = jacobian.twist(for: unit).linear
      let distance = (travel * travel).sum().squareRoot()
      play += arm.backlash * distance
      if let stiffness = arm.stiffness { windUp += abs(holding[joint]) / stiffness * distance }
    }
    self.play = max(self.play, play)
    self.windUp = max(self.windUp, windUp)
  }

  /// Share of what is available that holding still takes at worst.
  func holdingShare(_ joint: Int) -> Double { gravity[joint] / available[joint] }
  /// Share of what is available that everything at once takes at worst.
  func peakShare(_ joint: Int) -> Double { peak[joint] / available[joint] }
}
