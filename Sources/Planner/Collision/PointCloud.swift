/// Many points, each with the same radius.
public struct PointCloud: Sendable, Equatable {
  func distance(to point: SIMD3<Double>) -> Double { .infinity }
}
