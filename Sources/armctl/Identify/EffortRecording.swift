internal import Foundation
internal import Kinematics

/// What an arm told of itself while it moved.
struct EffortRecording: Sendable {
  struct Sample: Sendable {
    /// Monotonic [s].
    var time: Double
    /// Measured [rad], [rad/s], [N·m].
    var position, velocity, effort: JointVector
    /// Which part of the motion it belongs to; nil between two of them.
    var leg: Int?
  }

  /// What the arm took for a touch, and when: since the beginning [s].
  struct Touch: Sendable, Equatable {
    let joint: String
    let time: Double
  }

  /// In the order of time, those left out during which the arm was touched.
  private(set) var samples: [Sample] = []
  private(set) var touches: [Touch] = []

  /// Before it was noticed, a touch has lasted for so long at most [s].
  private static let noticing = 0.3

  /// Notes a touch: what led to it is forgotten.
  mutating func touch(_ joint: String) {
    touches.append(Touch(joint: joint, time: duration))
    guard let end = samples.last?.time else { return }
    while let last = samples.last, last.time > end - Self.noticing { samples.removeLast() }
  }

  /// [s]
  var duration: Double { (samples.last?.time ?? 0) - (samples.first?.time ?? 0) }

  /// Takes the next sample; one that is no later than the last is passed over.
  mutating func append(_ sample: Sample) {
    if let last = samples.last, sample.time <= last.time { return }
    samples.append(sample)
  }

  /// Half of the stretch of which an instant is told [s].
  static let reach = 0.04
  /// Between two instants [s].
  static let period = 0.01
  /// A stretch with fewer samples tells nothing.
  private static let leastSamples = 8

  /// What the arm did at one instant, as its neighbourhood tells it.
  struct Instant: Sendable {
    var time: Double
    /// [rad], [rad/s], [rad/s²], [N·m]
    var position, velocity, acceleration, effort: JointVector
    /// One a joint: whether it moved one way all around the instant.
    var isSliding: [Bool]
    var leg: Int?
  }

  /// The motion, smoothed: at each instant a cubic is fitted to the positions around it, and the effort is the mean over the same stretch, so that
  /// both are blurred alike.
  ///
  /// - Parameter reach: Half of the stretch [s].
  /// - Source: A. Savitzky and M. Golay, *Smoothing and differentiation of data by simplified least squares procedures* (1964), for samples that need
  ///   not be even.
  func instants(reach: Double = Self.reach) -> [Instant] {
    guard let first = samples.first, let last = samples.last else { return [] }
    var instants: [Instant] = [], low = 0, time = first.time + reach
    while time <= last.time - reach {
      while low < samples.count, samples[low].time < time - reach { low += 1 }
      var high = low
      while high < samples.count, samples[high].time <= time + reach { high += 1 }
      if let instant = instant(at: time, samples[low..<high], reach: reach) { instants.append(instant) }
      time += Self.period
    }
    return instants
  }

  private func instant(at time: Double, _ around: ArraySlice<Sample>, reach: Double) -> Instant? {
    guard around.count >= Self.leastSamples, let first = around.first, let last = around.last else { return nil }
    // Both sides have to be there, or the cubic tells of what it has not seen.
    guard first.time < time - 0.5 * reach, last.time > time + 0.5 * reach else { return nil }
    guard let cubic = LocalCubic(around.map { ($0.time - time) / reach }) else { return nil }
    var coefficients = Array(repeating: JointVector(count: first.position.count), count: 4), effort = coefficients[0]
    for (weights, sample) in zip(cubic.weights, around) {
      for power in 0..<4 { coefficients[power] += weights[power] * sample.position }
      effort += (1 / Double(around.count)) * sample.effort
    }
    let before = coefficients[1] - 2 * coefficients[2] + 3 * coefficients[3], after = coefficients[1] + 2 * coefficients[2] + 3 * coefficients[3]
    let least = EffortIdentification.leastSpeed * reach
    let isSliding = before.indices.map { joint in
      let slowest = [before[joint], coefficients[1][joint], after[joint]]
      return slowest.allSatisfy { $0 > least } || slowest.allSatisfy { $0 < -least }
    }
    return Instant(
      time: time, position: coefficients[0], velocity: (1 / reach) * coefficients[1], acceleration: (2 / (reach * reach)) * coefficients[2],
      effort: effort, isSliding: isSliding, leg: first.leg == last.leg ? first.leg : nil)
  }
}

/// How much each of some samples counts in the coefficients of the cubic that fits them best.
private struct LocalCubic {
  /// One a sample: for the coefficients of 1, t, t² and t³.
  let weights: [SIMD4<Double>]

  /// - Parameter times: Of the samples, about −1…1.
  /// - Returns: nil where they do not tell a cubic.
  init?(_ times: [Double]) {
    let rows = times.map { SIMD4(1, $0, $0 * $0, $0 * $0 * $0) }
    var columns = [SIMD4<Double>](repeating: .zero, count: 4)
    for row in rows { for power in 0..<4 { columns[power] += row[power] * row } }
    var inverse = [SIMD4<Double>](repeating: .zero, count: 4)
    for power in 0..<4 {
      var unit = SIMD4<Double>.zero
      unit[power] = 1
      guard let solved = solution(of: columns, unit) else { return nil }
      inverse[power] = solved
    }
    weights = rows.map { row in SIMD4((0..<4).map { (inverse[$0] * row).sum() }) }
  }
}

/// The x for which the rows' products with it are `right`; nil where there is not one.
func solution(of rows: [SIMD4<Double>], _ right: SIMD4<Double>) -> SIMD4<Double>? {
  var rows = rows, right = right
  for column in 0..<4 {
    let pivot = (column..<4).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
    guard abs(rows[pivot][column]) > 1e-12 else { return nil }
    rows.swapAt(pivot, column)
    (right[pivot], right[column]) = (right[column], right[pivot])
    for row in 0..<4 where row != column {
      let share = rows[row][column] / rows[column][column]
      rows[row] -= share * rows[column]
      right[row] -= share * right[column]
    }
  }
  return SIMD4((0..<4).map { right[$0] / rows[$0][$0] })
}
