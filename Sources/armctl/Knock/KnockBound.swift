internal import Kinematics
internal import Simulator

/// What no controller could have kept from happening: the same knock on the same mechanism, with motors that know of it as soon as the wire can have
/// brought an answer, or as soon as it was felt, and from then on do nothing but keep one joint from its limit, with all that their drives can give.
///
///     q̈ₖ = eₖᵀ M⁻¹ (τ + …),   so that τⱼ = −s · sign(M⁻¹ₖⱼ) · τⱼ,max   brakes joint k most, where s is its way to the limit
///
/// A joint that passes its limit all the same was thrown there.
struct KnockBound {
  /// Shortly before the force begins, and what touches it.
  let plant: ArmPlant
  let contacts: [any Contact]
  /// What the motors do until then, and the most that their drives can do [N·m].
  let held, rated: JointVector
  /// When the motors begin to answer, and when the force ends [s].
  var answer: Double
  let contactEnd: Double
  /// Of the rotors [kg·m²].
  let armature: JointVector

  /// For how long a joint is watched after the force [s].
  private static let patience = 0.15
  /// Steps for which the inertia is kept, as the mechanism itself does.
  private static let stepsPerEvaluation = 5

  /// Whether a joint comes nearer to its limit than `margin` [rad] even so.
  ///
  /// - Parameter isUpper: Which of its limits it is about.
  func crosses(joint: Int, isUpper: Bool, limits: JointLimits, margin: Double) -> Bool {
    var plant = plant, contacts = contacts, given = held
    let side = isUpper ? 1.0 : -1.0, limit = isUpper ? limits.upper[joint] : limits.lower[joint]
    while plant.time < contactEnd + Self.patience {
      if plant.time >= answer, plant.stepCount % Self.stepsPerEvaluation == 0,
        let inverse = plant.model.inverseMassMatrix(at: plant.position, armature: armature)
      {
        for other in given.indices { given[other] = inverse[joint, other] * side > 0 ? -rated[other] : rated[other] }
      }
      plant.advance(effort: given, touchedBy: &contacts)
      if side * (limit - plant.position[joint]) < margin { return true }
      if plant.time > contactEnd, side * plant.velocity[joint] <= 0 { return false }
    }
    return false
  }

  /// Those of `sides` that are crossed even so.
  func crossed(of sides: Set<KnockResult.LimitSide>, limits: JointLimits, margin: Double) -> Set<KnockResult.LimitSide> {
    sides.filter { crosses(joint: $0.joint, isUpper: $0.isUpper, limits: limits, margin: margin) }
  }
}
