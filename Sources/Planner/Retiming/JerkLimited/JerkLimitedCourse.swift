internal import Kinematics

/// The fastest course along a path under limits on velocities, accelerations and jerks, or one that takes hardly longer.
struct JerkLimitedCourse {
  private(set) var course: SmoothCourse
  let parameter: EvenParameter
  private let startPathVelocity, endPathVelocity: Double
  private let interruption: Interruption

  /// How much longer than the fastest the course may take for what the method leaves of its barrier [1].
  private static let gap = 1e-3
  /// The same of courses with fewer intervals, and where a course goes on that is nearly the fastest.
  private static let coarseGap = 0.02, fineStart = 0.01
  /// How often limits are tightened where the course passed them between its sites.
  private static let rounds = 5

  /// - Throws: ``RetimingRefusal/stopped`` after an interruption.
  init(
    _ path: JointPath, _ parameter: EvenParameter, limits: RetimingLimits, startPathVelocity: Double, endPathVelocity: Double,
    _ interruption: Interruption = .never
  ) throws(RetimingRefusal) {
    self.interruption = interruption
    self.startPathVelocity = startPathVelocity
    self.endPathVelocity = endPathVelocity
    self.parameter = parameter
    course = SmoothCourse(constant: 1, intervals: parameter.intervals / Self.coarseness(of: parameter.intervals))
    var barrier = try barrier(path, limits: limits)
    if barrier.held.isEmpty {
      beginSlowly(within: barrier)
    } else {
      let ends = (
        startPathVelocity / parameter.place(in: 0, at: 0).first, endPathVelocity / parameter.place(in: parameter.intervals - 1, at: 1).first
      )
      try begin(from: ends.0 * ends.0, to: ends.1 * ends.1, within: &barrier)
    }
    try improve(within: &barrier, from: 1, to: course.intervals < parameter.intervals ? Self.coarseGap : Self.gap)
    while course.intervals < parameter.intervals {
      course = course.refined
      barrier = try self.barrier(path, limits: limits)
      guard returnWithin(&barrier) else { throw .jerkTooLow(start: startPathVelocity, end: endPathVelocity) }
      let isLast = course.intervals == parameter.intervals
      try improve(within: &barrier, from: isLast ? Self.fineStart : Self.coarseGap, to: isLast ? Self.gap : Self.coarseGap)
    }
    for _ in 0..<Self.rounds {
      let before = course
      guard barrier.tighten(by: shares(along: path, limits: limits.joints)) else { return }
      guard returnWithin(&barrier) else {
        course = before
        return
      }
      try improve(within: &barrier, from: Self.fineStart, to: Self.gap)
    }
  }

  /// How many times fewer intervals the first course has, each of which has many steps to go: a power of two.
  private static func coarseness(of intervals: Int) -> Int {
    var coarseness = 1
    while intervals % (2 * coarseness) == 0, intervals / coarseness > 60 { coarseness *= 2 }
    return coarseness
  }

  /// Of the course's intervals.
  private func barrier(_ path: JointPath, limits: RetimingLimits) throws(RetimingRefusal) -> CourseBarrier {
    var barrier = CourseBarrier(sites: try CourseSites(path, parameter, course: course, limits: limits, interruption), interruption: interruption)
    if startPathVelocity > 0 { barrier.held.append(0) }
    if endPathVelocity > 0 { barrier.held.append(course.intervals + 1) }
    return barrier
  }

  /// What the joints do at most in each interval, as shares of their limits: velocities, accelerations, jerks.
  private func shares(along path: JointPath, limits: JointLimits) -> [SIMD3<Double>] {
    let timing = timing
    return (0..<timing.spanCount).map { span in
      var peaks = PeakShares(count: path.jointCount)
      guard !interruption.comes(before: 5) else { return .zero }
      peaks.note(timing, span: span, places: 16, along: path, limits: limits)
      return SIMD3(peaks.velocity.maximumMagnitude, peaks.acceleration.maximumMagnitude, peaks.jerk.maximumMagnitude)
    }
  }

  /// After the limits were tightened: slower where that is free, else as at the beginning.
  ///
  /// - Returns: Whether the course is within them again.
  private mutating func returnWithin(_ barrier: inout CourseBarrier) -> Bool {
    guard barrier.held.isEmpty else { return bend(within: &barrier) }
    // The shares of the limits are proportional to y, or grow faster.
    while true {
      let share = barrier.largestShare(of: course)
      guard share >= 0.9995 else { break }
      for index in course.coefficients.indices { course.coefficients[index] *= 0.998 / max(share, 1) }
    }
    return true
  }

  /// A constant velocity of σ is a smooth motion from rest to rest: slow enough, it is within any limits that standing still is within.
  private mutating func beginSlowly(within barrier: CourseBarrier) {
    func share(_ y: Double) -> Double { barrier.largestShare(of: SmoothCourse(constant: y, intervals: course.intervals)) }
    let most = 0.3 * share(0) + 0.7
    var y = 1.0
    while share(y) < most, y < 1e30 { y *= 4 }
    while share(y) > most, y > 1e-30 { y /= 2 }
    course = SmoothCourse(constant: y, intervals: course.intervals)
  }

  /// A course with given ends, found by easing all limits until an even one is within them, and tightening them again as it bends.
  private mutating func begin(from start: Double, to end: Double, within barrier: inout CourseBarrier) throws(RetimingRefusal) {
    let (first, last) = (start > 0 ? start : end, end > 0 ? end : start)
    for index in course.coefficients.indices {
      course.coefficients[index] = first + (last - first) * Double(index) / Double(course.intervals + 1)
    }
    guard bend(within: &barrier) else { throw .jerkTooLow(start: startPathVelocity, end: endPathVelocity) }
  }

  /// Eases all limits until the course is within them, and tightens them again as it bends.
  ///
  /// - Returns: Whether that led back to the limits as they are.
  private mutating func bend(within barrier: inout CourseBarrier) -> Bool {
    if barrier.largestShare(of: course) < 1 { return true }
    let sharpness = barrier.sharpness
    barrier.timeWeight = 0
    barrier.sharpness = 1
    for _ in 0..<200 where barrier.largestShare(of: course) > 0.99 {
      barrier.ease = 1.05 * barrier.largestShare(of: course)
      descend(within: barrier, steps: 3)
    }
    barrier.timeWeight = 1
    barrier.ease = 1
    barrier.sharpness = sharpness
    return barrier.largestShare(of: course) < 1
  }

  /// Lowers the barrier step by step, from one share of what makes it weigh as much as the time to another.
  private mutating func improve(within barrier: inout CourseBarrier, from first: Double, to last: Double) throws(RetimingRefusal) {
    let terms = Double(barrier.terms)
    var share = first
    while true {
      barrier.sharpness = share * barrier.time(of: course) / terms
      descend(within: barrier, steps: 30)
      guard !interruption.hasCome else { throw .stopped }
      if share <= last { break }
      share = max(0.15 * share, last)
    }
  }

  /// Newton's method with shortened steps.
  private mutating func descend(within barrier: CourseBarrier, steps: Int) {
    var value = barrier.value(of: course)
    var share = 1.0
    for _ in 0..<steps {
      let (step, fall) = barrier.step(from: course)
      guard fall > 0.02 * barrier.sharpness * Double(course.intervals), fall.isFinite else { return }
      // Near the limits a whole step leads too far time and again.
      share = min(1, 4 * share)
      while true {
        var next = course
        for index in step.indices { next.coefficients[index] += share * step[index] }
        let reached = barrier.value(of: next)
        if reached < value - 0.1 * share * fall {
          course = next
          value = reached
          break
        }
        share *= 0.5
        if share <= 1e-8 { return }
      }
    }
  }

  /// When the motion is where on the path.
  var timing: PathTiming {
    let intervals = course.intervals
    var timing = PathTiming(from: state(in: 0, at: 0), capacity: intervals)
    for interval in 0..<intervals where !interruption.comes() {
      timing.append(to: state(in: interval, at: 1), lasting: seconds(in: interval))
    }
    return timing
  }

  private func state(in interval: Int, at tau: Double) -> ScalarState {
    let (y, first, _) = course.value(in: interval, at: tau)
    let (s, s1, s2, _) = parameter.place(in: interval, at: tau)
    return ScalarState(position: s, velocity: s1 * y.squareRoot(), acceleration: s2 * y + s1 * first / 2)
  }

  /// ∫ dσ/√y by Gauss's rule with four points.
  private func seconds(in interval: Int) -> Double {
    let places = [(0.069431844202973712, 0.17392742256872693), (0.33000947820757187, 0.32607257743127307)]
    var sum = 0.0
    for (tau, weight) in places {
      sum += weight / course.value(in: interval, at: tau).y.squareRoot() + weight / course.value(in: interval, at: 1 - tau).y.squareRoot()
    }
    return sum / Double(course.intervals)
  }
}
