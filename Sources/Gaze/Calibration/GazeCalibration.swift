/// A map of looks to the table that has proved itself: every point was foretold by the others alone.
public struct GazeCalibration: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// A map that is off by more (RMS) is refused [m].
    public var limit = 0.025
    public var fewestPoints = 9
    /// So many points at most may not fit, as a share.
    public var mostOutliers = 0.2
    /// A point that fits this well is never an outlier [m].
    public var floor = 0.012

    public init() {}
  }

  public let plane: TablePlane
  public let map: GazeMap
  /// What each point is off by when the map is made without it [m]; nil for outliers, which were left out.
  public let residuals: [Double?]
  /// Standard deviation of a look while the eye rests, by axis [rad].
  public let noise: Double

  /// RMS of the residuals [m].
  public var rms: Double {
    let believed = residuals.compactMap(\.self)
    return (believed.reduce(0) { $0 + $1 * $1 } / Double(max(1, believed.count))).squareRoot()
  }

  /// The largest residual [m].
  public var worst: Double { residuals.compactMap(\.self).max() ?? 0 }

  public init(plane: TablePlane, map: GazeMap, residuals: [Double?], noise: Double) {
    self.plane = plane
    self.map = map
    self.residuals = residuals
    self.noise = noise
  }

  /// - Throws: ``CalibrationError``, if the points are too few, or the map is no good.
  public init(_ points: [CalibrationPoint], on plane: TablePlane, settings: Settings = Settings()) throws(CalibrationError) {
    guard points.count >= settings.fewestPoints else { throw .tooFewPoints(count: points.count, needed: settings.fewestPoints) }
    guard let fit = try Self.fit(points, on: plane, settings) else { throw .onOneLine }
    guard Double(fit.outliers.count) <= settings.mostOutliers * Double(points.count) else {
      throw .tooManyOutliers(points: fit.outliers, count: points.count)
    }
    let believed = points.indices.filter { !fit.outliers.contains($0) }
    var residuals = [Double?](repeating: nil, count: points.count)
    for index in believed {
      let others = believed.filter { $0 != index }.map { points[$0] }
      guard let map = try Self.fit(others, on: plane, settings)?.model else { throw .onOneLine }
      residuals[index] = Self.residual(map, points[index], plane)
    }
    self.init(plane: plane, map: fit.model, residuals: residuals, noise: median(points.map(\.noise)))
    guard rms <= settings.limit else {
      throw .tooCoarse(rms: rms, worst: worst, point: residuals.firstIndex { $0 == worst } ?? 0, limit: settings.limit)
    }
  }

  /// Where a look meets the table, in the plane's coordinates [m].
  public func point(of look: GazeSample.Look) -> SIMD2<Double>? { map.point(of: look, on: plane) }

  private static func residual(_ map: GazeMap, _ point: CalibrationPoint, _ plane: TablePlane) -> Double {
    map.point(of: point.look, on: plane).map { ($0 - point.target).length } ?? .infinity
  }

  private static func fit(
    _ points: [CalibrationPoint], on plane: TablePlane, _ settings: Settings
  ) throws(CalibrationError) -> RobustFit<GazeMap>? {
    var screens: [(from: SIMD2<Double>, to: SIMD2<Double>)] = []
    var lines: [SightLine] = []
    for point in points {
      switch point.look {
      case .screen(let share): screens.append((share, point.target))
      case .ray(let origin, let direction): lines.append((origin, direction.unit))
      }
    }
    guard screens.isEmpty || lines.isEmpty else { throw .mixedLooks }
    let targets = points.map { plane.point(at: $0.target) }
    let start = screens.isEmpty ? TrackerPose.fitting(lines, to: targets, weights: lines.map { _ in 1 }) : nil
    return RobustFit(
      count: points.count, subset: screens.isEmpty ? 5 : 4, floor: settings.floor,
      fit: { chosen, weights in
        screens.isEmpty
          ? TrackerPose.fitting(chosen.map { lines[$0] }, to: chosen.map { targets[$0] }, weights: weights, from: start).map(GazeMap.ray)
          : Homography.fitting(chosen.map { screens[$0] }, weights: weights).map(GazeMap.screen)
      },
      residual: { map, index in residual(map, points[index], plane) })
  }
}
