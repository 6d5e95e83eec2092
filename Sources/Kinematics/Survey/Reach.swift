internal import Foundation

/// How far from the arm its tool gets.
public struct Reach: Sendable {
  /// Where the first two axes come nearest, on the first one, in the base [m].
  public let shoulder: SIMD3<Double>
  /// Distances of the tool from the shoulder [m].
  public let nearest, farthest: Double
  /// Of the tool from the base frame's origin [m].
  public let farthestFromBase: Double
}

extension RobotModel {
  /// The tool's reach within the limits.
  ///
  /// The best of many configurations are improved joint by joint: while one joint turns, the square of the tool's distance from a point is a
  /// sinusoid.
  public var reach: Reach {
    let shoulder = shoulder
    return Reach(
      shoulder: shoulder, nearest: extremeDistance(from: shoulder, isFarthest: false), farthest: extremeDistance(from: shoulder, isFarthest: true),
      farthestFromBase: extremeDistance(from: .zero, isFarthest: true))
  }

  /// The point of the first axis that is nearest to the second one; the base's origin where the first joint slides.
  var shoulder: SIMD3<Double> {
    guard isPrismatic[0] == false else { return .zero }
    let frames = jointFrames(at: JointVector(count: jointCount)), first = frames[0]
    let next = jointCount > 1 ? frames[1] : pose(at: JointVector(count: 1))
    let between = next.translation - first.translation
    let normal = cross(first.rotation.z, next.rotation.z), square = dot(normal, normal)
    // Parallel axes are equally near everywhere: then at the height of the second joint.
    let along = square > 1e-6 ? dot(cross(between, next.rotation.z), normal) / square : dot(between, first.rotation.z)
    return first.translation + along * first.rotation.z
  }

  private func extremeDistance(from point: SIMD3<Double>, isFarthest: Bool) -> Double {
    func gain(_ q: JointVector) -> Double {
      let offset = pose(at: q).translation - point
      return isFarthest ? dot(offset, offset) : -dot(offset, offset)
    }
    var sequence = EvenSequence(dimensions: jointCount)
    let starts = (0..<Self.reachSamples).map { _ in configuration(at: sequence.next()) }.map { (q: $0, gain: gain($0)) }
    let best = starts.sorted { $0.gain > $1.gain }.prefix(Self.reachStarts).map { climbed(from: $0.q, gain: gain) }
    return abs(best.max() ?? 0).squareRoot()
  }

  private static var reachSamples: Int { 2048 }
  private static var reachStarts: Int { 12 }

  /// The largest value of `gain` that moving one joint after the other leads to.
  private func climbed(from start: JointVector, gain: (JointVector) -> Double) -> Double {
    let ranges = surveyedRange
    var q = start, best = gain(start)
    for _ in 0..<200 {
      let before = best
      for joint in q.indices {
        func value(at position: Double) -> Double {
          var moved = q
          moved[joint] = position
          return gain(moved)
        }
        var candidates = [ranges[joint].lowerBound, ranges[joint].upperBound]
        if isPrismatic[joint] {
          // A parabola through three places.
          let middle = (candidates[0] + candidates[1]) / 2, half = (candidates[1] - candidates[0]) / 2
          let low = value(at: candidates[0]), high = value(at: candidates[1]), curve = low + high - 2 * value(at: middle)
          if curve < 0, half > 0 { candidates.append(middle - half * (high - low) / (2 * curve)) }
        } else {
          let zero = value(at: 0), third = value(at: 2 * .pi / 3), other = value(at: -2 * .pi / 3)
          candidates.append(atan2((third - other) / 3.0.squareRoot(), (2 * zero - third - other) / 3))
        }
        for var position in candidates {
          if !isPrismatic[joint] {
            let middle = (ranges[joint].lowerBound + ranges[joint].upperBound) / 2
            if !ranges[joint].contains(position) { position += 2 * .pi * ((middle - position) / (2 * .pi)).rounded() }
          }
          guard ranges[joint].contains(position) else { continue }
          let value = value(at: position)
          if value > best { (q[joint], best) = (position, value) }
        }
      }
      if best - before <= 1e-15 * max(1, abs(best)) { break }
    }
    return best
  }
}
