extension VelocityKinematics {
  /// Joint rates that keep the tool's point on its way while it cannot turn as wanted.
  ///
  /// What a lost direction takes away is mostly a turn, but hardly ever about the tool's own point: dropped as it is, it takes some of the point's
  /// motion with it. Here the directions that are left make up for that, at the price of a little more error in turning. Directions on their way to
  /// be lost help the less the nearer they are, and what is mostly a shift is dropped as it is: the tool does not tilt to reach farther.
  ///
  ///     (UᵀWU + P)·y = UᵀW·e,   W: position errors count a hundredfold
  ///
  /// - Parameter wanted: What the tool is to do.
  /// - Returns: What to add to `rates`.
  func positionFirst(rates: JointLanes, wanted: TaskLanes, task: TwistTask, directions: TaskDirections) -> JointLanes {
    let count = directions.count
    var missing = TaskLanes.zero, rest = wanted - task.numbers(for: rates)
    for index in 0..<count {
      let direction = directions.task[index], part = dot(direction, rest)
      rest -= part * direction
      if directions.gain[index] < settings.singularGain { missing += part * turningShare(direction, task: task) * direction }
    }
    let size = dot(rest, rest).squareRoot()
    // What no posture of so few joints can do.
    if size > 1e-9 { missing += turningShare(rest / size, task: task) * rest }
    guard dot(missing, missing) > 1e-18 else { return .zero }

    let weight = TaskLanes(repeating: 1) + 99 * task.isLinear
    var matrix = JointMatrix(count: count), slope = JointScalars(repeating: 0)
    for row in 0..<count {
      let weighted = weight * directions.task[row], nearness = max(0, 1 - directions.gain[row] / settings.singularGain)
      for column in 0...row { matrix[row, column] = dot(weighted, directions.task[column]) }
      matrix[row, row] += 100 * nearness / max(1 - nearness, 1e-6)
      slope[row] = dot(weighted, missing)
    }
    guard let share = matrix.solution(of: JointVector(scalars: slope, count: count)) else { return .zero }
    var added = JointLanes.zero
    for index in 0..<count { added += directions.joints[index] * (share[index] / max(directions.gain[index], settings.singularGain)) }
    return added
  }

  /// 1 for a direction that is a turn, 0 for one that is at least half a shift, smoothly.
  private func turningShare(_ direction: TaskLanes, task: TwistTask) -> Double {
    ramp((0.5 - dot(direction * task.isLinear, direction)) / 0.3)
  }
}
