internal import Kinematics

/// One implicit step of a mechanism with dry friction and hard stops, solved for the velocity at its end.
///
/// The velocity after the step is the one that minimises a convex function, so it exists, is unique, and is exactly zero where a joint sticks:
///
///     v⁺ = argmin ½ vᵀA v − pᵀv + Σ Fᵢ|vᵢ|      with lowerᵢ ≤ vᵢ ≤ upperᵢ
///
/// where A is the inertia [kg·m²] with implicit damping, p the momentum [N·m·s] without dry friction, and F friction's largest impulse [N·m·s].
/// A joint whose momentum from the others stays within ±F does not move at all: no creep, no chatter, no regularisation to tune.
/// Source: Moreau's time stepping (1988) for bounded friction; the minimum is found by coordinate descent (Tseng 2001: converges for this form).
struct FrictionSolver: Sendable {
  private let count: Int
  /// A, row by row.
  private var matrix: [Double]
  /// Its LDLᵀ factors: the unit lower triangle below the diagonal, D on it.
  private var factor: [Double]
  private var velocity: [Double]

  init(count: Int) {
    self.count = count
    matrix = Array(repeating: 0, count: count * count)
    factor = matrix
    velocity = Array(repeating: 0, count: count)
  }

  /// Takes A = `inertia` + diag(`added`), and factors it.
  mutating func load(inertia: JointMatrix, adding added: JointVector) {
    for row in 0..<count {
      for column in 0..<count { matrix[row * count + column] = inertia[row, column] }
      matrix[row * count + row] += added[row]
    }
    for column in 0..<count {
      var pivot = matrix[column * count + column]
      for k in 0..<column { pivot -= factor[column * count + k] * factor[column * count + k] * factor[k * count + k] }
      factor[column * count + column] = pivot
      for row in (column + 1)..<max(count, column + 1) {
        var entry = matrix[row * count + column]
        for k in 0..<column { entry -= factor[row * count + k] * factor[column * count + k] * factor[k * count + k] }
        factor[row * count + column] = entry / pivot
      }
    }
  }

  /// A·v
  func momentum(of v: JointVector) -> JointVector {
    var result = JointVector(count: count)
    for row in 0..<count {
      var sum = 0.0
      for column in 0..<count { sum += matrix[row * count + column] * v[column] }
      result[row] = sum
    }
    return result
  }

  /// A⁻¹·p: the velocity where nothing rubs and no stop is touched.
  mutating func freeVelocity(for momentum: JointVector) -> JointVector {
    for row in 0..<count {
      var sum = momentum[row]
      for k in 0..<row { sum -= factor[row * count + k] * velocity[k] }
      velocity[row] = sum
    }
    for row in 0..<count { velocity[row] /= factor[row * count + row] }
    for row in stride(from: count - 1, through: 0, by: -1) {
      var sum = velocity[row]
      for k in (row + 1)..<max(count, row + 1) { sum -= factor[k * count + row] * velocity[k] }
      velocity[row] = sum
    }
    return JointVector(velocity)
  }

  /// The diagonal of an inertia's inverse: how much each joint speeds up by an effort at it alone. Forgets what was loaded.
  mutating func mobility(of inertia: JointMatrix) -> JointVector {
    load(inertia: inertia, adding: JointVector(count: count))
    var mobility = JointVector(count: count)
    for joint in 0..<count {
      var unit = JointVector(count: count)
      unit[joint] = 1
      mobility[joint] = freeVelocity(for: unit)[joint]
    }
    return mobility
  }

  /// The velocity after the step [rad/s].
  ///
  /// - Parameters:
  ///   - momentum: p [N·m·s], without dry friction.
  ///   - friction: F [N·m·s], not negative.
  ///   - before: The velocity before the step, where the search begins [rad/s].
  ///   - lower, upper: Bounds that stops set on the velocity [rad/s]; infinite where none is near.
  mutating func velocity(
    momentum: JointVector, friction: JointVector, before: JointVector, lower: JointVector, upper: JointVector
  ) -> JointVector {
    // An arm that rests, and is pushed by less than it rubs, goes on resting.
    if (0..<count).allSatisfy({ before[$0] == 0 && abs(momentum[$0]) <= friction[$0] }) { return JointVector(count: count) }
    // Mostly every joint goes on sliding the way it slid, and no stop is near: then friction is known and the step is linear.
    var slides = true
    var pushed = momentum
    for joint in 0..<count where friction[joint] > 0 {
      if before[joint] == 0 { slides = false }
      pushed[joint] -= before[joint] > 0 ? friction[joint] : -friction[joint]
    }
    if slides {
      let after = freeVelocity(for: pushed)
      var holds = true
      for joint in 0..<count {
        let turned = friction[joint] > 0 && after[joint] * before[joint] <= 0
        if turned || after[joint] < lower[joint] || after[joint] > upper[joint] { holds = false }
      }
      if holds { return after }
    }
    return descended(momentum: momentum, friction: friction, from: before, lower: lower, upper: upper)
  }

  private mutating func descended(
    momentum: JointVector, friction: JointVector, from before: JointVector, lower: JointVector, upper: JointVector
  ) -> JointVector {
    for joint in 0..<count { velocity[joint] = before[joint] }
    for _ in 0..<200 {
      var change = 0.0
      var size = 0.0
      for row in 0..<count {
        var push = momentum[row]
        for column in 0..<count where column != row { push -= matrix[row * count + column] * velocity[column] }
        let slipping = push > friction[row] ? push - friction[row] : push < -friction[row] ? push + friction[row] : 0
        let moved = min(max(slipping / matrix[row * count + row], lower[row]), upper[row])
        change = max(change, abs(moved - velocity[row]))
        size = max(size, abs(moved))
        velocity[row] = moved
      }
      if change <= 1e-12 + 1e-11 * size { break }
    }
    return JointVector(velocity)
  }
}
