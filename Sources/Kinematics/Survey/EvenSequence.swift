internal import Foundation

/// Points spread evenly over the unit cube, without chance.
///
/// Each coordinate advances by a power of 1/φ, modulo 1, where φ^(d+1) = φ + 1.
/// - Source: M. Roberts, *The unreasonable effectiveness of quasirandom sequences* (2018).
public struct EvenSequence: Sendable {
  private let steps: [Double]
  private var point: [Double]

  public init(dimensions: Int) {
    var phi = 1.5
    for _ in 0..<64 { phi = pow(1 + phi, 1 / Double(dimensions + 1)) }
    steps = (1...dimensions).map { pow(1 / phi, Double($0)) }
    point = Array(repeating: 0.5, count: dimensions)
  }

  public mutating func next() -> [Double] {
    for index in point.indices { point[index] = (point[index] + steps[index]).truncatingRemainder(dividingBy: 1) }
    return point
  }
}
