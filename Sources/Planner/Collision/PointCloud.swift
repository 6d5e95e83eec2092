internal import Kinematics

/// Many points, each with a little sphere around it: what a camera saw, or a scanned workpiece.
public struct PointCloud: Sendable, Equatable {
  /// So many points a cloud has at most.
  public static let capacity = 4_000_000

  /// Of the spheres around the points [m].
  public let radius: Double
  public var count: Int { tree.count }
  /// Around all of it.
  let ball: ArmSpheres.Sphere
  private let tree: NeighbourTree

  /// - Parameter points: In the cloud's frame [m].
  /// - Throws: ``CollisionSceneError`` where there are none or too many, or a number is impossible.
  public init(_ points: [SIMD3<Double>], radius: Double) throws(CollisionSceneError) {
    guard !points.isEmpty else { throw .emptyCloud }
    guard points.count <= Self.capacity else { throw .tooManyPoints(points.count) }
    guard radius >= 0, radius < CollisionScene.farthest else { throw .impossibleSize(radius, "radius", obstacle: "point cloud") }
    var rows: [SIMD8<Float>] = []
    rows.reserveCapacity(points.count)
    var (lower, upper) = (points[0], points[0])
    for (index, point) in points.enumerated() {
      guard point.x.isFinite, point.y.isFinite, point.z.isFinite else { throw .pointNotFinite(index) }
      guard dot(point, point) < CollisionScene.farthest * CollisionScene.farthest else { throw .pointTooFar(index) }
      (lower, upper) = (pointwiseMin(lower, point), pointwiseMax(upper, point))
      rows.append(SIMD8(Float(point.x), Float(point.y), Float(point.z), 0, 0, 0, 0, 0))
    }
    self.radius = radius
    let diagonal = upper - lower
    ball = ArmSpheres.Sphere(center: (lower + upper) / 2, radius: dot(diagonal, diagonal).squareRoot() / 2 + radius)
    tree = NeighbourTree(rows, dimensions: 3)
  }

  /// Some of the points, at most so many, spread evenly over the cloud.
  public func sample(of most: Int) -> [SIMD3<Double>] {
    let points = tree.points, step = (points.count + most - 1) / max(most, 1)
    return stride(from: 0, to: points.count, by: max(step, 1)).map { SIMD3(Double(points[$0][0]), Double(points[$0][1]), Double(points[$0][2])) }
  }

  /// To the nearest point's sphere [m]; negative inside one.
  func distance(to point: SIMD3<Double>) -> Double {
    let row = SIMD8(Float(point.x), Float(point.y), Float(point.z), 0, 0, 0, 0, 0)
    guard let nearest = tree.nearest(to: row, within: .infinity) else { return .infinity }
    return Double(nearest.square).squareRoot() - radius
  }

  /// To the nearest point, if its square is below the limit; else infinite [m²].
  @inline(__always)
  func squaredDistance(to point: SIMD8<Float>, within limit: Float) -> Float {
    tree.nearest(to: point, within: limit)?.square ?? .infinity
  }
}

/// A cloud as the rake kernel reads it: each lane asks for its nearest point.
struct RakeCloud: RakeSolid {
  let cloud: PointCloud
  let rounding: Float
  private let toCloud: (x: SIMD4<Float>, y: SIMD4<Float>, z: SIMD4<Float>)

  init(_ cloud: PointCloud, baseFromCloud: Pose, margin: Double) {
    self.cloud = cloud
    rounding = Float(cloud.radius + margin)
    let inverse = baseFromCloud.inverse, r = inverse.rotation, t = inverse.translation
    func row(_ axis: Int) -> SIMD4<Float> { SIMD4<Float>(SIMD4(r.x[axis], r.y[axis], r.z[axis], t[axis])) }
    toCloud = (row(0), row(1), row(2))
  }

  func squaredDistance(to point: RakeVector, within limit: Rake) -> Rake {
    let local = RakeVector(x: coordinate(point, toCloud.x), y: coordinate(point, toCloud.y), z: coordinate(point, toCloud.z))
    var squares = Rake(repeating: .infinity)
    for lane in 0..<8 where limit[lane] > 0 {
      squares[lane] = cloud.squaredDistance(
        to: SIMD8(local.x[lane], local.y[lane], local.z[lane], 0, 0, 0, 0, 0), within: limit[lane])
    }
    return squares
  }

  private func coordinate(_ p: RakeVector, _ row: SIMD4<Float>) -> Rake {
    fused(row.x, p.x, fused(row.y, p.y, fused(row.z, p.z, Rake(repeating: row.w))))
  }
}
