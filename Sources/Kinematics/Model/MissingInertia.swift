extension RobotModel {
  /// The joints whose part of the arm, up to the next joint or to the tip, has neither mass nor inertia, though it is more than a point that two axes
  /// share.
  ///
  /// From base to tip; where a joint has followers, those count as its own parts.
  public var jointsWithoutMass: [Int] {
    let massless = bodies.indices.filter { index in
      let isMere = index + 1 < bodies.count && bodies[index + 1].parentFromJoint.origin.length < 1e-6
      return bodies[index].mass == 0 && bodies[index].centralInertia == .zero && !isMere
    }
    return Set(massless.map { coupling?.joint[$0] ?? $0 }).sorted()
  }

  /// The joints that move no mass while those after them are loose, whatever the posture: no acceleration answers an effort of theirs.
  ///
  /// Such a joint's pivot of the mass matrix, factorised from the tip, is the inertia about its axis of all that is behind it with the joints there
  /// free to give way.
  ///
  /// - Source: R. Featherstone, *Rigid Body Dynamics Algorithms* (2008), section 7.1.
  public var jointsWithoutInertia: [Int] {
    var sequence = EvenSequence(dimensions: jointCount), most = JointVector(count: jointCount)
    for _ in 0..<16 {
      let pivots = massMatrix(at: configuration(at: sequence.next())).pivotsFromTheTip
      for joint in most.indices { most[joint] = max(most[joint], pivots[joint]) }
    }
    let length = typicalLength
    return most.indices.filter { most[$0] <= Self.noInertia * movingMass * (isPrismatic[$0] ? 1 : length * length) }
  }

  /// What rounding, and figures with few digits, leave of nothing, in units of the arm's mass and typical length.
  private static let noInertia = 1e-9
}

extension JointMatrix {
  /// The diagonal of D in A = Uᵀ·D·U, with U of ones on its diagonal and below it nothing: what is left of each diagonal element once all later rows
  /// are accounted for. A later pivot that is zero up to rounding accounts for nothing.
  fileprivate var pivotsFromTheTip: JointVector {
    var left = self, pivots = JointVector(count: count)
    for k in (0..<count).reversed() {
      let pivot = left[k, k]
      pivots[k] = max(pivot, 0)
      guard pivot > Self.roundedPivot * self[k, k] else { continue }
      for row in 0..<k {
        for column in 0..<k { left[row, column] -= left[row, k] * left[k, column] / pivot }
      }
    }
    return pivots
  }
}
