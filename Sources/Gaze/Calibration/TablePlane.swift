internal import Foundation

/// A flat place in the arm's base frame, with coordinates of its own on it: a table top.
public struct TablePlane: Sendable, Equatable {
  /// In the base frame [m]; the coordinates' zero.
  public let origin: SIMD3<Double>
  /// Unit vectors in the plane, at right angles.
  public let xAxis: SIMD3<Double>
  public let yAxis: SIMD3<Double>

  public var normal: SIMD3<Double> { xAxis.cross(yAxis) }

  /// A level plane, its coordinates along the base's x and y.
  /// - Parameter height: Of the plane in the base frame [m].
  public init(height: Double = 0) {
    origin = SIMD3(0, 0, height)
    xAxis = SIMD3(1, 0, 0)
    yAxis = SIMD3(0, 1, 0)
  }

  /// A plane that was known before.
  /// - Returns: nil unless the axes have length 1 and stand at right angles.
  public init?(origin: SIMD3<Double>, xAxis: SIMD3<Double>, yAxis: SIMD3<Double>) {
    guard abs(xAxis.length - 1) < 1e-6, abs(yAxis.length - 1) < 1e-6, abs(xAxis.dot(yAxis)) < 1e-6, origin.length.isFinite else { return nil }
    self.origin = origin
    self.xAxis = xAxis
    self.yAxis = yAxis
  }

  /// The plane nearest to points that the tool touched, its normal upwards, its x axis above the base's.
  ///
  /// - Parameter points: At least three in the base frame [m], not on one line.
  /// - Throws: ``CalibrationError/tooFewPoints(count:needed:)``, ``CalibrationError/onOneLine``.
  public init(through points: [SIMD3<Double>]) throws(CalibrationError) {
    guard points.count >= 3 else { throw .tooFewPoints(count: points.count, needed: 3) }
    let middle = points.reduce(.zero, +) / Double(points.count)
    let offsets = points.map { $0 - middle }
    // The normal is where the offsets are smallest: the cross products of all pairs add up along it.
    var normal = SIMD3<Double>.zero
    for (index, a) in offsets.enumerated() {
      for b in offsets[(index + 1)...] {
        let product = a.cross(b)
        normal += product.dot(normal) < 0 ? -product : product
      }
    }
    for _ in 0..<50 {
      guard let better = Self.improved(normal, offsets) else { break }
      normal = better
    }
    let size = offsets.map(\.length).max() ?? 0
    guard normal.length > 1e-4 * size * size, size > 1e-4 else { throw .onOneLine }
    normal = normal.unit * (normal.z < 0 ? -1 : 1)
    let along = abs(normal.x) < 0.9 ? SIMD3(1.0, 0, 0) : SIMD3(0, 1.0, 0)
    origin = middle
    xAxis = (along - normal * along.dot(normal)).unit
    yAxis = normal.cross(xAxis)
  }

  /// The same plane with the coordinates of the base: zero where the base's z axis meets it, x above the base's. A steep plane keeps its own.
  public var withCoordinatesOfBase: TablePlane {
    guard normal.z > 0.2 else { return self }
    let foot = SIMD3(0, 0, origin.dot(normal) / normal.z)
    let along = (SIMD3(1.0, 0, 0) - normal * normal.x).unit
    return TablePlane(origin: foot, xAxis: along, yAxis: normal.cross(along)) ?? self
  }

  /// Coordinates of the point of the plane below or above a point [m].
  public func coordinates(of point: SIMD3<Double>) -> SIMD2<Double> {
    let offset = point - origin
    return SIMD2(offset.dot(xAxis), offset.dot(yAxis))
  }

  /// In the base frame [m], `height` above the plane.
  public func point(at coordinates: SIMD2<Double>, height: Double = 0) -> SIMD3<Double> {
    origin + xAxis * coordinates.x + yAxis * coordinates.y + normal * height
  }

  /// Where a sight line meets the plane, in its coordinates; nil where it does not, or only behind the eye.
  public func crossing(from eye: SIMD3<Double>, along direction: SIMD3<Double>) -> SIMD2<Double>? {
    let fall = direction.dot(normal)
    guard abs(fall) > 1e-6 * direction.length else { return nil }
    let reach = (origin - eye).dot(normal) / fall
    guard reach > 0 else { return nil }
    return coordinates(of: eye + direction * reach)
  }

  /// One step of inverse iteration towards the direction in which the offsets spread least.
  private static func improved(_ normal: SIMD3<Double>, _ offsets: [SIMD3<Double>]) -> SIMD3<Double>? {
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    let scale = normal.length
    guard scale > 0 else { return nil }
    for i in 0..<3 {
      for j in 0..<3 { rows[i][j] = offsets.reduce(i == j ? 1e-12 : 0) { $0 + $1[i] * $1[j] } }
      rows[i][3] = normal[i] / scale
    }
    guard let x = solution(of: rows) else { return nil }
    return SIMD3(x[0], x[1], x[2]).unit * scale
  }
}
