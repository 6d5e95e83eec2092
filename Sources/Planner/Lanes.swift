/// Lane by lane, in a form that the compiler turns into vector instructions.
extension SIMD8<Double> {
  @inline(__always)
  var magnitudes: Self { replacing(with: Self() - self, where: self .< Self()) }

  @inline(__always)
  func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }

  @inline(__always)
  func smaller(_ other: Self) -> Self { replacing(with: other, where: other .< self) }

  /// With the sign changed where `other` is negative.
  @inline(__always)
  func signed(like other: Self) -> Self { replacing(with: Self() - self, where: other .< Self()) }

  @inline(__always)
  var inverses: Self { Self(repeating: 1) / self }

  /// The largest lane.
  @inline(__always)
  var largest: Double {
    let four = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return two.x > two.y ? two.x : two.y
  }
}
