public import Kinematics

/// How a spline through waypoints begins and ends.
public enum SplineEnds: String, Sendable, CaseIterable {
  /// Without curvature.
  case natural
  /// Without first derivative.
  case clamped
  /// The first two spans are one cubic, and so are the last two.
  case notAKnot = "not-a-knot"
}

extension JointPath {
  /// The cubic spline through waypoints: continuous in its second derivative, between two waypoints a cubic.
  ///
  /// The first derivatives at the waypoints follow from the continuity of the second: with widths hᵢ and mean slopes mᵢ of the spans,
  ///
  ///     hᵢ dᵢ₋₁ + 2 (hᵢ₋₁ + hᵢ) dᵢ + hᵢ₋₁ dᵢ₊₁ = 3 (hᵢ mᵢ₋₁ + hᵢ₋₁ mᵢ)
  ///
  /// and an equation of each end.
  ///
  /// - Parameters:
  ///   - waypoints: Two or more [rad; m].
  ///   - knots: Their path parameters, rising strictly; the path counts from the first.
  /// - Precondition: As said of the parameters.
  /// - Source: de Boor, *A Practical Guide to Splines* (1978), ch. IV.
  public static func spline(through waypoints: [JointVector], knots: [Double], ends: SplineEnds) -> Self {
    let spans = waypoints.count - 1
    let widths = (0..<spans).map { knots[$0 + 1] - knots[$0] }
    let slopes = (0..<spans).map { (1 / widths[$0]) * (waypoints[$0 + 1] - waypoints[$0]) }
    let first = SplineEquations(widths: widths, slopes: slopes, ends: ends).solution
    let points = (0...spans).map { index in
      let second =
        index < spans
        ? (2 / widths[index]) * (3 * slopes[index] - 2 * first[index] - first[index + 1])
        : (2 / widths[index - 1]) * (first[index - 1] + 2 * first[index] - 3 * slopes[index - 1])
      return PathPoint(position: waypoints[index], first: first[index], second: second)
    }
    return JointPath(knots: knots.map { $0 - knots[0] }, points: points)
  }
}

/// The tridiagonal equations of a spline's first derivatives.
private struct SplineEquations {
  private var below, diagonal, above: [Double]
  private var right: [JointVector]

  init(widths h: [Double], slopes m: [JointVector], ends: SplineEnds) {
    let last = h.count
    below = Array(repeating: 0, count: last + 1)
    diagonal = below
    above = below
    right = Array(repeating: JointVector(count: m[0].count), count: last + 1)
    for i in 1..<max(1, last) {
      below[i] = h[i]
      diagonal[i] = 2 * (h[i - 1] + h[i])
      above[i] = h[i - 1]
      right[i] = 3 * (h[i] * m[i - 1] + h[i - 1] * m[i])
    }
    switch ends {
    case .clamped:
      diagonal[0] = 1
      diagonal[last] = 1
    case .natural:
      setEnds(diagonal: 2, beside: 1, right: (3 * m[0], 3 * m[last - 1]))
    case .notAKnot where last < 3:
      // One parabola through three waypoints, or the line through two.
      setEnds(diagonal: 1, beside: 1, right: (2 * m[0], 2 * m[last - 1]))
      if last == 1 { above[0] = 0; below[1] = 0; right[0] = m[0]; right[1] = m[0] }
    case .notAKnot:
      (diagonal[0], above[0], right[0]) = Self.notAKnot(h[0], h[1], m[0], m[1])
      (diagonal[last], below[last], right[last]) = Self.notAKnot(h[last - 1], h[last - 2], m[last - 1], m[last - 2])
    }
  }

  private mutating func setEnds(diagonal value: Double, beside: Double, right values: (JointVector, JointVector)) {
    let last = diagonal.count - 1
    diagonal[0] = value
    above[0] = beside
    right[0] = values.0
    diagonal[last] = value
    below[last] = beside
    right[last] = values.1
  }

  /// The equation of an end whose span is as wide as `near` and the next `far`, with their mean slopes.
  private static func notAKnot(_ near: Double, _ far: Double, _ nearSlope: JointVector, _ farSlope: JointVector) -> (Double, Double, JointVector) {
    let both = near + far
    return (far, both, ((near + 2 * both) * far / both) * nearSlope + (near * near / both) * farSlope)
  }

  /// By elimination downwards and substitution upwards.
  var solution: [JointVector] {
    var (diagonal, values) = (diagonal, right)
    for i in 1..<values.count {
      let factor = below[i] / diagonal[i - 1]
      diagonal[i] -= factor * above[i - 1]
      values[i] -= factor * values[i - 1]
    }
    values[values.count - 1] = (1 / diagonal[values.count - 1]) * values[values.count - 1]
    for i in stride(from: values.count - 2, through: 0, by: -1) {
      values[i] = (1 / diagonal[i]) * (values[i] - above[i] * values[i + 1])
    }
    return values
  }
}
