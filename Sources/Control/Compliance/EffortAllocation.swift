internal import Kinematics

/// The efforts that come nearest to the wanted ones where a joint has to brake, or a motor cannot do what is wanted.
///
/// Gauss's principle of least constraint: of all that the motors can do, what leaves the least to be desired of every joint's acceleration, by the
/// measure of the arm's own inertia. With x what is added to the wanted efforts, and so M⁻¹x to the wanted accelerations,
///
///     min ½ xᵀM⁻¹x + ½ Σ wᵢ ((M⁻¹x)ᵢ − dᵢ)²,      wᵢ = uᵢ/(1 − uᵢ)/(M⁻¹)ᵢᵢ
///     −τ̂ ≤ τ + x ≤ τ̂,      q̇ᵀ(τ + x − τ_c) ≤ max(q̇ᵀ(τ + x_a − τ_c), max(0, q̇ᵀ(τ − τ_c)) − ε Σ |q̇ᵢ| τ̂ᵢ)
///
/// where joint i has to brake by dᵢ more than is wanted, with the urgency uᵢ. A joint that can do it brakes alone, by x_a, and lets the others go as
/// they would; where its motor is at its end, those help that can, as long as all together, beyond τ_c that carries the arm, put no more energy into
/// it than was wanted, by more than the model is known (ε): power has the price λ ≥ 0 at which that is so.
///
/// - Source: H. Bruyninckx, O. Khatib, *Gauss' principle and the dynamics of redundant and constrained manipulators* (ICRA 2000).
struct EffortAllocation: Sendable {
  /// M⁻¹ [1/(kg·m²)]
  let mobility: JointMatrix
  /// What each motor may do [N·m].
  let limit: JointVector

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
  /// Of the motors' greatest power, what help has to take out of the arm by the model to be sure that it puts nothing in.
  private static let doubt = 0.03
  /// By which a price that is too low is raised, how often at most, and how often what is between is halved.
  private static let raise = 8.0, raises = 7, halvings = 8

  /// - Parameters:
  ///   - wanted: [N·m]
  ///   - braking: dᵢ [rad/s²].
  ///   - urgency: 0…1
  ///   - row: Its acceleration is what is lacking of it.
  ///   - velocity: When the efforts act [rad/s].
  ///   - carried: What carries the arm, and does no work on its motion [N·m].
  /// - Real-time: does not allocate, lock or throw. O(joints²), sixteen times as long where help has to be paid for.
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
    /// The best where power has a price; the power beside it [W].
    func solve(_ price: Double) -> Double {
      for _ in 0..<Self.rounds {
        var change = 0.0
        for row in 0..<count {
          var slope = right[row] - price * velocity[row]
          for column in 0..<count { slope -= matrix[row, column] * added[column] }
          let next = min(max(added[row] + slope / matrix[row, row], least[row]), most[row])
          change = max(change, abs(next - added[row]) / limit[row])
          added[row] = next
        }
        if change < Self.tolerance { break }
      }
      return velocity.dot(wanted + added - carried)
    }
    // What is not quite solved for is no help; what help puts in is not known better than the model.
    let greatest = velocity.indices.reduce(0) { $0 + velocity[$1].magnitude * limit[$1] }
    let allowed =
      max(max(0, velocity.dot(wanted - carried)) - Self.doubt * greatest, velocity.dot(wanted + alone - carried)) + 2 * Self.tolerance * greatest
    guard solve(0) > allowed else { return wanted + added }
    var affordable = alone, low = 0.0, high = 1.0, isBracketed = false
    for _ in 0..<Self.raises where !isBracketed {
      isBracketed = solve(high) <= allowed
      if isBracketed { affordable = added } else { (low, high) = (high, Self.raise * high) }
    }
    for _ in 0..<Self.halvings where isBracketed {
      let middle = low == 0 ? high / Self.raise : (low * high).squareRoot()
      if solve(middle) <= allowed { (high, affordable) = (middle, added) } else { low = middle }
    }
    return wanted + affordable
  }
}
