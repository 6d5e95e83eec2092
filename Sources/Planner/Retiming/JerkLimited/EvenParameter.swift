/// Another parameter σ of a path, from 0 to 1, along which the fastest motion under limited jerk runs almost evenly.
///
/// It is the time of a motion that is nearly that one: the fastest without limits on the jerk, its velocity averaged over a window of time and then
/// made a smooth spline. At an end at rest the spline begins with the square of σ, so that s grows with its cube, as from rest it does with time:
/// σ has a velocity that is neither zero nor infinite there.
struct EvenParameter {
  /// ds/dσ
  private var slope: SmoothCourse
  /// s at the beginning of each interval, and at the end of the last.
  private var places: [Double]
  private let length: Double

  /// - Parameters:
  ///   - motion: From 0 to the path's end.
  ///   - window: [s]
  ///   - interruption: After it the parameter is of no use.
  init(_ motion: PathTiming, window: Double, intervals: Int, startsAtRest: Bool, endsAtRest: Bool, _ interruption: Interruption = .never) {
    length = motion.end.position
    slope = SmoothCourse(constant: 0, intervals: intervals)
    places = [0]
    let start = startsAtRest ? -window / 2 : 0
    let end = motion.duration + (endsAtRest ? window / 2 : 0)
    for index in slope.coefficients.indices where !interruption.comes() {
      let time = start + (end - start) * slope.place(ofCoefficient: index)
      let (ahead, behind) = (
        motion.extendedPosition(at: time + window / 2, startsAtRest: startsAtRest),
        motion.extendedPosition(at: time - window / 2, startsAtRest: startsAtRest)
      )
      slope.coefficients[index] = ahead - behind
    }
    if startsAtRest { slope.coefficients.replaceSubrange(0...1, with: [0, 0]) }
    if endsAtRest { slope.coefficients.replaceSubrange(intervals...intervals + 1, with: [0, 0]) }
    for interval in 0..<intervals { places.append(places[interval] + slope.integral(of: interval, to: 1)) }
    let scale = length / places[intervals]
    for index in places.indices { places[index] *= scale }
    for index in slope.coefficients.indices { slope.coefficients[index] *= scale }
  }

  var intervals: Int { slope.intervals }

  /// s and its derivatives by σ, at a share of an interval where there are only so many intervals, of which each is some of the parameter's own.
  func place(in interval: Int, of count: Int, at tau: Double) -> (s: Double, first: Double, second: Double, third: Double) {
    let own = intervals / count
    let part = min(Int(tau * Double(own)), own - 1)
    return place(in: own * interval + part, at: tau * Double(own) - Double(part))
  }

  /// s and its derivatives by σ, at a share of an interval.
  func place(in interval: Int, at tau: Double) -> (s: Double, first: Double, second: Double, third: Double) {
    let (first, second, third) = slope.value(in: interval, at: tau)
    return (min(max(places[interval] + slope.integral(of: interval, to: tau), 0), length), first, second, third)
  }
}

extension PathTiming {
  /// Beyond the ends as if the motion went on with its velocity there: an end at rest stays where it is.
  fileprivate func extendedPosition(at time: Double, startsAtRest: Bool) -> Double {
    if time < 0 { return startsAtRest ? 0 : time * state(at: 0).velocity }
    return time < duration ? state(at: time).position : end.position + (time - duration) * end.velocity
  }
}
