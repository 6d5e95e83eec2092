internal import Foundation

/// Labels a whole recording: here the future of a sample is known, too, so rests can be told from pursuits.
public struct MovementLabels: Sendable {
  public struct Settings: Sendable, Equatable {
    /// A rest of which less is left is part of the movement around it [s].
    public var minimumRest = 0.04
    /// The eye goes farther than this while it pursues, and less while it rests [rad].
    public var pursuitTravel = 0.65 * .pi / 180
    /// How much a pursuit's steps agree in direction: the length of their mean unit vector, 0 to 1.
    public var pursuitAgreement = 0.6
    /// Of those steps [s].
    public var step = 0.04

    public init() {}
  }

  private typealias Look = (time: Double, angle: SIMD2<Double>)

  /// - Parameters:
  ///   - times: Increasing [s].
  ///   - angles: Where the eye looked then [rad]; as many.
  public static func labels(
    times: [Double], angles: [SIMD2<Double>], thresholds: MovementThresholds, settings: Settings = Settings()
  ) -> [EyeMovement] {
    let looks: [Look] = zip(times, angles).map { ($0, $1) }
    let isResting = looks.indices.map { index in
      slope(of: neighbours(of: index, in: looks, within: thresholds.velocityWindow / 2)).length <= thresholds.velocity
    }
    var labels = [EyeMovement](repeating: .saccade, count: looks.count)
    for run in runs(of: isResting) where times[run.upperBound] - times[run.lowerBound] >= settings.minimumRest {
      let label: EyeMovement = isPursuit(looks[run], settings) ? .pursuit : .fixation
      for index in run { labels[index] = label }
    }
    return labels
  }

  /// The looks at most `reach` seconds before and after, and always one on each side.
  private static func neighbours(of index: Int, in looks: [Look], within reach: Double) -> ArraySlice<Look> {
    var (first, last) = (max(0, index - 1), min(looks.count - 1, index + 1))
    let slack = 1e-6
    while first > 0, looks[index].time - looks[first - 1].time <= reach + slack { first -= 1 }
    while last + 1 < looks.count, looks[last + 1].time - looks[index].time <= reach + slack { last += 1 }
    return looks[first...last]
  }

  private static func runs(of flags: [Bool]) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    var start: Int?
    for (index, flag) in flags.enumerated() {
      if flag {
        start = start ?? index
      } else if let first = start {
        runs.append(first...(index - 1))
        start = nil
      }
    }
    if let first = start { runs.append(first...(flags.count - 1)) }
    return runs
  }

  /// A resting eye strays hither and thither; a pursuing one gets somewhere, and its steps agree.
  private static func isPursuit(_ looks: ArraySlice<Look>, _ settings: Settings) -> Bool {
    guard let first = looks.first, let last = looks.last, (last.angle - first.angle).length > settings.pursuitTravel else { return false }
    var (directions, count) = (SIMD2<Double>.zero, 0.0)
    var (tail, head) = (looks.startIndex, looks.startIndex)
    while true {
      while head < looks.endIndex, looks[head].time - looks[tail].time < settings.step - 1e-6 { head += 1 }
      guard head < looks.endIndex else { break }
      let step = looks[head].angle - looks[tail].angle
      if step != .zero { directions += step.unit }
      count += 1
      let next = looks[tail].time + settings.step / 2
      while tail < head, looks[tail].time < next - 1e-6 { tail += 1 }
    }
    return count > 0 && directions.length / count >= settings.pursuitAgreement
  }
}
