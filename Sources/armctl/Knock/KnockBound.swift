internal import Kinematics
internal import Simulator

/// What no controller could have kept from happening: the same knock on the same mechanism, with motors that know of it as soon as the wire can have
/// brought an answer, or as soon as it was felt, and from then on do nothing but keep one joint from its limit, with all that their drives can give.
///
///     q̈ₖ = eₖᵀ M⁻¹ (τ + …),   so that τⱼ = −s · sign(M⁻¹ₖⱼ) · τⱼ,max   brakes joint k most, where s is its way to the limit
///
/// A joint that passes its limit all the same was thrown there.
///
/// The others' motors may so put more energy into the arm than the blow did. With a tank they do not: what they do beyond carrying the arm's weight
/// is drawn from it, what they take out of the arm is put back, and where it is empty, of all efforts that add nothing those are chosen that brake
/// joint k most.
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

  /// What the motors may add, and the most that they can put back for later [J].
  var energyBudget = Double.infinity

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
    var tank = energyBudget
    while plant.time < contactEnd + Self.patience {
      if plant.time >= answer, plant.stepCount % Self.stepsPerEvaluation == 0,
        let inverse = plant.model.inverseMassMatrix(at: plant.position, armature: armature)
      {
        let braking = JointVector(given.indices.map { -side * inverse[joint, $0] })
        let weight = plant.model.gravityEffort(at: plant.position).dot(plant.velocity)
        given = Self.effort(for: braking, rated: rated, velocity: plant.velocity, power: tank > 0 ? .infinity : weight)
        tank = min(energyBudget, tank - (given.dot(plant.velocity) - weight) * ArmPlant.step * Double(Self.stepsPerEvaluation))
      }
      plant.advance(effort: given, touchedBy: &contacts)
      if side * (limit - plant.position[joint]) < margin { return true }
      if plant.time > contactEnd, side * plant.velocity[joint] <= 0 { return false }
    }
    return false
  }

  /// Of all efforts within the ratings whose power is at most `power`, those with the largest product with `braking`: where they do too much, the
  /// motors are turned round that lose least by it.
  static func effort(for braking: JointVector, rated: JointVector, velocity: JointVector, power: Double) -> JointVector {
    var effort = JointVector(braking.indices.map { braking[$0] < 0 ? -rated[$0] : rated[$0] })
    var given = effort.dot(velocity)
    let adding = braking.indices.filter { effort[$0] * velocity[$0] > 0 }.sorted {
      (braking[$0] / velocity[$0]).magnitude < (braking[$1] / velocity[$1]).magnitude
    }
    for joint in adding where given > power {
      let change = min((given - power) / velocity[joint].magnitude, 2 * rated[joint])
      effort[joint] -= velocity[joint] > 0 ? change : -change
      given -= change * velocity[joint].magnitude
    }
    return effort
  }

  /// What could have been done about joints that crossed `sides`.
  ///
  /// - Parameters:
  ///   - bounds: One for each blow.
  ///   - tank: Energy that motors may add [J].
  ///   - felt: When the first blow was felt [s].
  static func fate(
    of sides: Set<KnockResult.LimitSide>, _ bounds: [KnockBound], limits: JointLimits, margin: Double, tank: Double, felt: Double?
  ) -> KnockResult.Fate {
    func areLost(budget: Double, answer: Double) -> Bool {
      sides.allSatisfy { side in
        bounds.contains { bound in
          var bound = bound
          (bound.energyBudget, bound.answer) = (budget, max(bound.answer, answer))
          return bound.crosses(joint: side.joint, isUpper: side.isUpper, limits: limits, margin: margin)
        }
      }
    }
    if areLost(budget: .infinity, answer: 0) { return .beyondMotors }
    if areLost(budget: tank, answer: 0) { return .beyondEnergy }
    return felt.map { areLost(budget: tank, answer: $0) } ?? true ? .feltTooLate : .avoidable
  }
}
