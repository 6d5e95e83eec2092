internal import Kinematics

/// The efforts that come nearest to the wanted ones where a joint has to brake, or a motor cannot do what is wanted.
///
/// Gauss's principle of least constraint: of all that the motors can do, what leaves the least to be desired of every joint's acceleration, by the
/// measure of the arm's own inertia. With x what is added to the wanted efforts, and so M⁻¹x to the wanted accelerations,
///
///     min ½ xᵀM⁻¹x + ½ Σ wᵢ ((M⁻¹x)ᵢ − dᵢ)²,      −τ̂ ≤ τ + x ≤ τ̂,      wᵢ = uᵢ/(1 − uᵢ)/(M⁻¹)ᵢᵢ
///
/// where joint i has to brake by dᵢ more than is wanted, with the urgency uᵢ. A joint that can do it brakes alone and lets the others go as they
/// would; where its motor is at its end, those help that can, as long as all together put no energy into the arm.
///
/// - Source: H. Bruyninckx, O. Khatib, *Gauss' principle and the dynamics of redundant and constrained manipulators* (ICRA 2000).
struct EffortAllocation: Sendable {
  /// M⁻¹ [1/(kg·m²)]
  let mobility: JointMatrix
  /// What each motor may do [N·m].
  let limit: JointVector
  /// How long until a command acts [s].
  let delay: Double

  /// Something beside the joints that has to brake: what the joints' accelerations change it by, how fast it has to change, how urgently.
  struct Row: Sendable {
    var direction: JointVector
    var acceleration, urgency: Double
  }

  /// How little of all else a complete urgency leaves: a joint's before its limit, and that of the arm's parts, which comes second.
  private static let certainty = 0.03, rowCertainty = 0.12
  private static let rounds = 24
  /// Of the limits, a change that is none.
  private static let tolerance = 1e-4

  /// - Parameters:
  ///   - wanted: [N·m]
  ///   - braking: dᵢ [rad/s²].
  ///   - urgency: 0…1
  ///   - row: Its acceleration is what is lacking of it.
  ///   - velocity: [rad/s]
  ///   - carried: What carries the arm, and does no work on its motion [N·m].
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  func efforts(
    wanted: JointVector, braking: JointVector, urgency: JointVector, row: Row? = nil, velocity: JointVector, carried: JointVector
  ) -> JointVector {
    let least = -1 * limit - wanted, most = limit - wanted, count = wanted.count
    let isWithin = wanted.indices.allSatisfy { least[$0] <= 0 && most[$0] >= 0 }
    guard urgency.maximumMagnitude > 0 || row != nil || !isWithin else { return wanted }
    // H x = g
    var matrix = mobility, right = JointVector(count: count), alone = right
    func brake(along direction: JointVector, by lacking: Double, urgency: Double, certainty: Double) {
      let push = mobility * direction, own = max(push.dot(direction), 1e-9), weight = urgency / (1 + certainty - urgency) / own
      for row in 0..<count {
        right[row] += weight * lacking * push[row]
        for column in 0..<count { matrix[row, column] += weight * push[row] * push[column] }
      }
      alone = alone + (urgency / (1 + certainty) * lacking / own) * direction
    }
    for joint in 0..<count where urgency[joint] > 0 {
      var unit = JointVector(count: count)
      unit[joint] = 1
      brake(along: unit, by: braking[joint], urgency: urgency[joint], certainty: Self.certainty)
    }
    if let row { brake(along: row.direction, by: row.acceleration, urgency: row.urgency, certainty: Self.rowCertainty) }
    alone = alone.clamped(lower: least, upper: most)
    var added = alone
    for _ in 0..<Self.rounds {
      var change = 0.0
      for row in 0..<count {
        var slope = right[row]
        for column in 0..<count { slope -= matrix[row, column] * added[column] }
        let next = min(max(added[row] + slope / matrix[row, row], least[row]), most[row])
        change = max(change, abs(next - added[row]) / limit[row])
        added[row] = next
      }
      if change < Self.tolerance { break }
    }
    return wanted + alone + share(of: added - alone, beside: wanted + alone - carried, wanted: wanted - carried, velocity: velocity) * (added - alone)
  }

  /// How much of the help leaves the motors' power on the arm's motion, at the speeds that it has when they act, at nothing or what was wanted:
  ///
  ///     (q̇ + T M⁻¹(u + λh))ᵀ (u + λh) ≤ max(0, q̇ᵀu*)
  private func share(of help: JointVector, beside alone: JointVector, wanted: JointVector, velocity: JointVector) -> Double {
    let moved = delay * (mobility * help), allowed = max(0, velocity.dot(wanted))
    let square = moved.dot(help), linear = velocity.dot(help) + 2 * moved.dot(alone)
    let rest = velocity.dot(alone) + delay * (mobility * alone).dot(alone) - allowed
    guard square + linear + rest > 0 else { return 1 }
    guard rest < 0, square > 0 else { return 0 }
    return min(1, max(0, (-linear + (linear * linear - 4 * square * rest).squareRoot()) / (2 * square)))
  }
}
