extension ClosedFormKinematics {
  /// Up to eight different solutions.
  struct SolutionSet {
    private var elements = InlineArray<8, JointScalars>(repeating: JointScalars(repeating: 0))
    private(set) var count = 0

    subscript(index: Int) -> JointScalars { elements[index] }

    mutating func removeAll() { count = 0 }

    /// Adds a solution unless it is there already, but for whole turns.
    mutating func insert(_ q: JointScalars, jointCount: Int) {
      for index in 0..<count where Self.isSame(elements[index], q, jointCount: jointCount) { return }
      guard count < 8 else { return }
      elements[count] = q
      count += 1
    }

    @inline(__always)
    private static func isSame(_ a: JointScalars, _ b: JointScalars, jointCount: Int) -> Bool {
      for joint in 0..<jointCount {
        let apart = abs(a[joint] - b[joint])
        if apart > sameness && abs(apart - 2 * .pi * (apart / (2 * .pi)).rounded()) > sameness { return false }
      }
      return true
    }

    /// [rad]
    private static let sameness = 2e-6
  }

  /// Adds the branches that are within the limits and, on trial, right.
  @inline(__always)
  func collect(_ candidates: (Candidate, Candidate), _ question: Question, into found: inout SolutionSet) {
    for branch in 0..<8 {
      let candidate = branch < 4 ? candidates.0 : candidates.1
      guard candidate.cost[branch & 3] < Candidate.unfit, let q = proven(candidate, lane: branch & 3, question) else { continue }
      found.insert(q, jointCount: model.jointCount)
    }
  }

  /// The nearest of the branches that are within the limits and, on trial, right.
  @inline(__always)
  func nearest(_ candidates: (Candidate, Candidate), _ question: Question) -> JointVector? {
    let (one, other) = candidates
    var costs = InlineArray<8, Double> { $0 < 4 ? one.cost[$0] : other.cost[$0 - 4] }
    for _ in 0..<8 {
      var best = 0
      for index in 1..<8 where costs[index] < costs[best] { best = index }
      guard costs[best] < Candidate.unfit else { return nil }
      costs[best] = .infinity
      if let q = proven(best < 4 ? one : other, lane: best & 3, question) { return JointVector(scalars: q, count: model.jointCount) }
    }
    return nil
  }

  /// A branch whose pose is the goal's: as it is, or after Newton's steps where the formulas lost digits; else nil.
  @inline(__always)
  func proven(_ candidate: Candidate, lane: Int, _ question: Question) -> JointScalars? {
    var q = JointScalars(repeating: 0)
    for joint in 0..<model.jointCount { q[joint] = candidate.q[joint][lane] }
    let pose = model.pose(at: JointVector(scalars: q, count: model.jointCount))
    let miss = Self.squaredMiss(of: pose, from: question.goal)
    if miss < Self.accuracy * Self.accuracy { return q }
    guard miss < Self.worthPolishing * Self.worthPolishing else { return nil }
    return polished(q, question)
  }

  /// The squares of the distance [m] and, to first order, of the angle [rad] between two poses.
  @inline(__always)
  static func squaredMiss(of pose: Pose, from goal: Pose) -> Double {
    let shift = pose.translation - goal.translation
    let x = pose.rotation.x - goal.rotation.x, y = pose.rotation.y - goal.rotation.y, z = pose.rotation.z - goal.rotation.z
    return dot(shift, shift) + (dot(x, x) + dot(y, y) + dot(z, z)) / 2
  }

  /// Damped Newton's steps, within the limits.
  private func polished(_ start: JointScalars, _ question: Question) -> JointScalars? {
    var q = JointVector(scalars: start, count: model.jointCount)
    for step in 0...Self.polishingSteps {
      let (pose, jacobian) = model.poseAndJacobian(at: q)
      let linear = question.goal.translation - pose.translation
      let angular = (question.goal.rotation * pose.rotation.inverse).rotationVector
      let square = dot(linear, linear) + dot(angular, angular)
      if square < Self.accuracy * Self.accuracy { return q.scalars }
      if step == Self.polishingSteps { break }
      guard let change = jacobian.dampedSolution(of: Twist(linear: linear, angular: angular), damping: 1e-4 * square + 1e-14) else { break }
      q = (q + change).clamped(lower: model.limits.lower, upper: model.limits.upper)
    }
    let miss = Self.squaredMiss(of: model.pose(at: q), from: question.goal)
    return miss < Self.sufficiency * Self.sufficiency ? q.scalars : nil
  }

  /// A pose so near needs no polishing [m; rad].
  private static let accuracy = 1e-9
  /// What polishing must reach [m; rad].
  private static let sufficiency = 5e-7
  /// A pose farther off is no solution with rounding, but none at all [m; rad].
  private static let worthPolishing = 1e-2
  private static let polishingSteps = 8
}

extension Jacobian {
  /// The joint changes of least squares for a small twist: (JᵀJ + damping·1)·Δq = Jᵀ·twist.
  func dampedSolution(of twist: Twist, damping: Double) -> JointVector? {
    var matrix = JointMatrix(count: count)
    for i in 0..<count {
      for j in 0...i { matrix[i, j] = (linear[i] * linear[j] + angular[i] * angular[j]).sum() }
      matrix[i, i] += damping
    }
    return matrix.solution(of: effort(for: Wrench(force: twist.linear, torque: twist.angular)))
  }
}
