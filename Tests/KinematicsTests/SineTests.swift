import Foundation
import Testing
import TestSupport

@testable import Kinematics

/// Our own sine and cosine against the C library's.
@Suite struct SineTests {
  @Test func agreesWithTheLibrary() {
    var random = SeededGenerator(seed: 20)
    for _ in 0..<caseCount(20_000) {
      let range = ([1e-9, 1, 7, 100, 1e5] as [Double]).randomElement(using: &random) ?? 1
      let angles = SIMD8((0..<8).map { _ in random.number(in: -range...range) })
      let (sine, cosine) = sineAndCosine(angles)
      for lane in 0..<8 {
        #expect(abs(sine[lane] - sin(angles[lane])) <= 2 * sin(angles[lane]).ulp)
        #expect(abs(cosine[lane] - cos(angles[lane])) <= 2 * cos(angles[lane]).ulp)
      }
    }
  }

  @Test func knowsTheSpecialPoints() {
    let quarter = Double.pi / 2
    let angles = SIMD8(0, -0.0, quarter, -quarter, 2 * quarter, -2 * quarter, 3 * quarter, 8 * quarter)
    let (sine, cosine) = sineAndCosine(angles)
    for lane in 0..<8 {
      #expect(abs(sine[lane] - sin(angles[lane])) < 1e-16)
      #expect(abs(cosine[lane] - cos(angles[lane])) < 1e-16)
    }
    #expect(sineAndCosine(SIMD8(repeating: .nan)).sine[0].isNaN)
    #expect(sineAndCosine(SIMD8(repeating: .infinity)).cosine[0].isNaN)
  }
}
