// What the standard library's vectors lack here.

extension SIMD where Scalar == Double {
  var length: Double { (self * self).sum().squareRoot() }

  var unit: Self { self / length }

  func dot(_ other: Self) -> Double { (self * other).sum() }
}

extension SIMD3<Double> {
  func cross(_ other: Self) -> Self {
    SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }
}
