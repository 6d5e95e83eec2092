/// Eight numbers in memory, for loops over joints: a vector register cannot be indexed by a variable without going through memory each time.
typealias JointScalars = InlineArray<8, Double>

extension JointVector {
  @inline(__always)
  var scalars: JointScalars { unsafeBitCast(lanes, to: JointScalars.self) }

  /// Takes the first `count` of `scalars`; the others must be zero.
  @inline(__always)
  init(scalars: JointScalars, count: Int) { self.init(trusted: SIMD8(scalars), count: count) }
}

extension SIMD8<Double> {
  @inline(__always)
  init(_ scalars: JointScalars) { self = unsafeBitCast(scalars, to: SIMD8<Double>.self) }
}

extension JointScalars {
  @inline(__always)
  init(_ lanes: SIMD8<Double>) { self = unsafeBitCast(lanes, to: JointScalars.self) }
}
