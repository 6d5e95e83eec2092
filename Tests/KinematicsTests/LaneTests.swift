import Foundation
import TestSupport
import Testing

@testable import Kinematics

/// The small parts that the closed forms are made of.
@Suite struct LaneTests {
  @Test func arcTangentAgreesWithTheLibrary() {
    var random = SeededGenerator(seed: 60)
    for _ in 0..<caseCount(20_000) {
      let scale = pow(10, random.number(in: -9...9))
      let y = Lanes((0..<4).map { _ in random.number(in: -1...1) * scale }), x = Lanes((0..<4).map { _ in random.number(in: -1...1) })
      let angle = arcTangent(y, x)
      for lane in 0..<4 { #expect(abs(angle[lane] - atan2(y[lane], x[lane])) <= 3 * abs(atan2(y[lane], x[lane])).ulp) }
    }
  }

  @Test func arcTangentKnowsTheAxes() {
    let y = Lanes(0, 0, 1, -1), x = Lanes(1, -1, 0, 0)
    #expect(arcTangent(y, x) == Lanes(0, .pi, .pi / 2, -.pi / 2))
    #expect(arcTangent(.zero, .zero) == .zero)
    #expect(arcTangent(Lanes(repeating: .nan), Lanes(repeating: 1))[0].isNaN)
  }

  /// (cos θ − cos of each root's …): a function with the roots that were chosen, and with double and triple ones among them.
  @Test func findsTheRootsOfASecondHarmonic() {
    var random = SeededGenerator(seed: 61)
    for index in 0..<caseCount(4000) {
      var roots = (0..<4).map { _ in random.number(in: -.pi ... .pi) }
      if index % 4 == 1 { roots[1] = roots[0] }
      if index % 8 == 3 { (roots[1], roots[3]) = (roots[0], roots[2]) }
      // Π sin((θ − θᵢ)/2), multiplied out by pairs: sin a·sin b = (cos(a − b) − cos(a + b))/2.
      func pair(_ a: Double, _ b: Double) -> (constant: Double, cosine: Double, sine: Double) {
        (cos((a - b) / 2), -cos((a + b) / 2), -sin((a + b) / 2))
      }
      let f = pair(roots[0], roots[1]), g = pair(roots[2], roots[3])
      let harmonic = SecondHarmonic(
        constant: f.constant * g.constant + (f.cosine * g.cosine + f.sine * g.sine) / 2,
        cosine: f.constant * g.cosine + f.cosine * g.constant, sine: f.constant * g.sine + f.sine * g.constant,
        cosine2: (f.cosine * g.cosine - f.sine * g.sine) / 2, sine2: (f.cosine * g.sine + f.sine * g.cosine) / 2)
      let found = harmonic.roots(slack: 1e-6), angles = found.angle.radians
      for (place, root) in roots.enumerated() {
        let others = roots.enumerated().filter { $0.offset != place }.map { abs(($0.element - root).remainder(dividingBy: 2 * .pi)) }
        // Roots near one another are as uncertain as rounding makes them.
        let tolerance = (others.min() ?? 1) < 0.05 ? 2e-2 : 1e-7
        let isFound = (0..<4).contains { found.isReal[$0] && abs((angles[$0] - root).remainder(dividingBy: 2 * .pi)) < tolerance }
        #expect(isFound, "\(root) of \(roots)")
      }
    }
  }

  @Test func solvesNoneWhereThereIsNone() {
    let harmonic = SecondHarmonic(constant: 3, cosine: 1, sine: 0.5, cosine2: 0.2, sine2: -0.3)
    let isReal = harmonic.roots(slack: 1e-6).isReal
    #expect(!(0..<4).contains { isReal[$0] })
  }

  @Test func eigenvaluesRebuildTheMatrix() {
    var random = SeededGenerator(seed: 62)
    for count in 1...8 {
      var matrix = JointMatrix(count: count)
      for row in 0..<count {
        for column in 0...row {
          matrix[row, column] = random.number(in: -2...2)
          matrix[column, row] = matrix[row, column]
        }
      }
      let (values, vectors) = matrix.eigenvalues()
      for row in 0..<count {
        for column in 0..<count {
          let rebuilt = (0..<count).map { vectors[row, $0] * values[$0] * vectors[column, $0] }.reduce(0, +)
          #expect(abs(rebuilt - matrix[row, column]) < 1e-12)
        }
      }
    }
  }
}
