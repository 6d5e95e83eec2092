internal import Kinematics

/// Eight limits on a third derivative, one a lane, in σ: √y |ofY y + ofFirst y′ + ofSecond y″| ≤ 1, where the lane counts.
struct JerkBound {
  var ofY, ofFirst, ofSecond: SIMD8<Double>
  let counts: SIMD8<Double>
}

/// Where a course is held within its limits: both ends of each of its intervals, and more in the outer two, where a path that begins or ends at
/// rest hardly moves, so that the ends alone would say nothing of what is between.
struct CourseSites {
  /// The interval that each site is in.
  private(set) var intervals: [Int] = []
  /// One a site.
  private(set) var weights: [SplineWeights] = []
  /// 1/Y where y ≤ Y.
  private(set) var inverseCeiling: [Double] = []
  /// So many a site, in σ: |p y′/2 + r y + centre| ≤ reach = 1.
  private(set) var bounds: [PathBound] = []
  private(set) var boundsASite = 0
  private(set) var jerks: [JerkBound] = []
  private(set) var jerksASite = 0

  /// - Parameter course: Any with the intervals wanted: those of the parameter, or a part of their number.
  init(_ path: JointPath, _ parameter: EvenParameter, course: SmoothCourse, limits: RetimingLimits, _ interruption: Interruption)
    throws(RetimingRefusal)
  {
    let sampled = SampledBounds(limits)
    boundsASite = 1 + sampled.count
    jerksASite = limits.parameter.jerk.isFinite ? 2 : 1
    let velocity = JointVector(lanes: limits.joints.velocity.lanes.inverses, count: path.jointCount).lanes
    let acceleration = JointVector(lanes: limits.joints.acceleration.lanes.inverses, count: path.jointCount).lanes
    let jerk = JointVector(lanes: limits.joints.jerk.lanes.inverses, count: path.jointCount).lanes
    reserveCapacity(2 * course.intervals + 6)
    for interval in 0..<course.intervals {
      guard !interruption.comes(before: 2 + 8 * sampled.count) else { throw .stopped }
      func place(_ tau: Double) -> (s: Double, first: Double, second: Double, third: Double) {
        parameter.place(in: interval, of: course.intervals, at: tau)
      }
      let (near, far) = (path.point(at: place(0).s), path.point(at: place(1).s))
      let turning = SIMD8().replacing(with: 1, where: near.first.lanes * far.first.lanes .<= SIMD8())
      let isOuter = interval == 0 || interval == course.intervals - 1
      for tau in isOuter ? [0, 0.25, 0.5, 0.75, 1] : [0.0, 1] {
        intervals.append(interval)
        weights.append(course.weights(in: interval, at: tau))
        let (s, s1, s2, s3) = place(tau)
        let point = path.point(at: s)
        // From inside the interval, should a knot be at its end.
        let third = path.third(at: tau == 0 ? s : s * (1 - 1e-12)).lanes
        let (q1, q2) = (point.first.lanes, point.second.lanes)
        let p = s1 * q1
        let r = (s1 * s1) * q2 + s2 * q1
        let t = (s1 * s1 * s1) * third + (3 * s1 * s2) * q2 + s3 * q1
        bounds.append(PathBound(p: p * acceleration, r: r * acceleration, centre: SIMD8(), reach: SIMD8(repeating: 1)))
        jerks.append(
          JerkBound(ofY: t * jerk, ofFirst: 1.5 * r * jerk, ofSecond: 0.5 * p * jerk, counts: jerk.replacing(with: 1, where: jerk .> SIMD8())))
        if limits.parameter.jerk.isFinite {
          let inverse = SIMD8(repeating: 1 / limits.parameter.jerk)
          let first = SIMD8(1.0, 0, 0, 0, 0, 0, 0, 0)
          jerks.append(
            JerkBound(ofY: s3 * inverse * first, ofFirst: (1.5 * s2) * inverse * first, ofSecond: (0.5 * s1) * inverse * first, counts: first))
        }
        let steepest = (q1.magnitudes * velocity).largest
        var ceiling = 1 / max(steepest * steepest, 1e-300)
        if !sampled.isEmpty {
          let found = try sampled.bounds(at: point, ceiling: ceiling, turning: turning, place: s / path.length)
          ceiling = found.ceiling
          for bound in found.bounds {
            let scale = bound.reach.inverses
            bounds.append(
              PathBound(
                p: s1 * bound.p * scale, r: (s2 * bound.p + (s1 * s1) * bound.r) * scale, centre: bound.centre * scale, reach: SIMD8(repeating: 1)))
          }
        }
        inverseCeiling.append(s1 * s1 / ceiling)
      }
    }
  }

  /// So that no array is copied as it grows, which takes longer than a caller may be kept waiting.
  private mutating func reserveCapacity(_ count: Int) {
    intervals.reserveCapacity(count)
    weights.reserveCapacity(count)
    inverseCeiling.reserveCapacity(count)
    bounds.reserveCapacity(count * boundsASite)
    jerks.reserveCapacity(count * jerksASite)
  }

  var count: Int { weights.count }

  /// Which of the bounds are a site's.
  func boundIndices(_ site: Int) -> Range<Int> { site * boundsASite..<(site + 1) * boundsASite }
  func jerkIndices(_ site: Int) -> Range<Int> { site * jerksASite..<(site + 1) * jerksASite }

  /// Tightens the joints' limits by shares of more than 1.
  mutating func tighten(_ site: Int, by shares: SIMD3<Double>) {
    let (velocity, acceleration, jerk) = (max(1, shares.x), max(1, shares.y), max(1, shares.z))
    inverseCeiling[site] *= velocity * velocity
    bounds[site * boundsASite].p *= acceleration
    bounds[site * boundsASite].r *= acceleration
    let index = site * jerksASite
    jerks[index].ofY *= jerk
    jerks[index].ofFirst *= jerk
    jerks[index].ofSecond *= jerk
  }
}
