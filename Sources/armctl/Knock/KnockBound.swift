internal import Kinematics
internal import Simulator

/// What no controller can do: the most that an arm's motors could brake a joint after a blow.
///
/// Joint i speeds up by M⁻¹(τ + τ_ext − h), so that of all efforts within the ratings those brake it hardest that all pull the same way by what
/// they do to it,
///
///     τⱼ = ∓ sgn((M⁻¹)ᵢⱼ) τ̂ⱼ,
///
/// whatever becomes of the other joints. The arm, as it truly is and with the force that truly acts, is followed with that from the moment when
/// the wire can first have brought an answer to the force. A joint that passes its margin even so would have passed it with any controller.
struct KnockBound {
  let scene: KnockScene
  /// Just before the force sets in.
  let arm: EmulatedArm
  let onset: Double
  /// From the force's onset until an answer to it can act at the soonest [s].
  let answerTime: Double
  /// How long the force lasts [s].
  let contactDuration: Double

  /// Longer than this no joint flies on [s].
  private static let horizon = 0.5
  /// Steps of the mechanism for which the inertia is kept.
  private static let stepsPerEvaluation = 5

  /// Whether some joint that begins outside of the margin [rad] cannot be kept there.
  func isBeyondMotors(margin: Double) -> Bool {
    let limits = scene.configuration.limits
    return arm.position.indices.contains { joint in
      let room = (arm.position[joint] - limits.lower[joint], limits.upper[joint] - arm.position[joint])
      return room.0 > margin && leastDistance(of: joint, isUpper: false) < margin || room.1 > margin && leastDistance(of: joint, isUpper: true) < margin
    }
  }

  /// The least distance from a limit that the joint can be kept at [rad].
  func leastDistance(of joint: Int, isUpper: Bool) -> Double {
    var arm = arm
    arm.advance(to: onset + answerTime)
    var plant = arm.plant, contacts = arm.contacts, effort = JointVector(count: plant.position.count), least = Double.infinity
    let limits = scene.configuration.limits, direction = isUpper ? 1.0 : -1.0, start = plant.stepCount
    while plant.time < onset + Self.horizon {
      if (plant.stepCount - start) % Self.stepsPerEvaluation == 0 {
        guard let mobility = scene.model.inverseMassMatrix(at: plant.position, armature: scene.armature) else { break }
        for other in effort.indices {
          effort[other] = (mobility[joint, other] * direction > 0 ? -1 : 1) * scene.configuration.modelLimits.effort[other]
        }
      }
      plant.advance(effort: effort, touchedBy: &contacts)
      let q = plant.position[joint]
      least = min(least, isUpper ? limits.upper[joint] - q : q - limits.lower[joint])
      if plant.time > onset + contactDuration, plant.velocity[joint] * direction <= 0 { break }
    }
    return least
  }
}
