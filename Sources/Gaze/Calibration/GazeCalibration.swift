/// A map of looks to the table that has proved itself: every point was foretold by the others alone.
public struct GazeCalibration: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// A map that is off by more (RMS) is refused [m].
    public var limit = 0.025
    public var fewestPoints = 6
    /// So many points at most may not fit, as a share.
    public var mostOutliers = 0.2
    /// A point that fits this well is never an outlier [m].
    public var floor = 0.025

    public init() {}
  }

  public let plane: TablePlane
  public let map: GazeMap
  /// What each point is off by when the map is made without it [m]; nil for outliers, which were left out.
  public let residuals: [Double?]
  /// What turned looks into visual angles.
  public let view: ViewGeometry
  /// Standard deviation of a look while the eye rests, by axis [rad].
  public let noise: Double
  /// The same on the table [m].
  public let noiseOnTable: Double

  /// RMS of the residuals [m].
  public var rms: Double {
    let believed = residuals.compactMap(\.self)
    return (believed.reduce(0) { $0 + $1 * $1 } / Double(max(1, believed.count))).squareRoot()
  }

  /// The largest residual [m].
  public var worst: Double { residuals.compactMap(\.self).max() ?? 0 }

  /// How far from what is looked at a look is found, by axis: noise, and what the map is wrong by [m].
  public var spread: Double { (noiseOnTable * noiseOnTable + rms * rms / 2).squareRoot() }

  public init(plane: TablePlane, map: GazeMap, residuals: [Double?], view: ViewGeometry, noise: Double, noiseOnTable: Double) {
    self.plane = plane
    self.map = map
    self.residuals = residuals
    self.view = view
    self.noise = noise
    self.noiseOnTable = noiseOnTable
  }

  /// - Throws: ``CalibrationError``, if the points are too few, or the map is no good.
  public init(
    _ points: [CalibrationPoint], on plane: TablePlane, view: ViewGeometry, settings: Settings = Settings()
  ) throws(CalibrationError) {
    guard points.count >= settings.fewestPoints else { throw .tooFewPoints(count: points.count, needed: settings.fewestPoints) }
    guard let fit = try Self.fit(points, on: plane, settings) else { throw .onOneLine }
    guard Double(fit.outliers.count) <= settings.mostOutliers * Double(points.count) else {
      throw .tooManyOutliers(points: fit.outliers, count: points.count)
    }
    let believed = points.indices.filter { !fit.outliers.contains($0) }
    var residuals = [Double?](repeating: nil, count: points.count)
    for index in believed {
      let others = believed.filter { $0 != index }.map { points[$0] }
      guard let map = Fitting(points: others, plane: plane, start: fit.model).map else { throw .onOneLine }
      residuals[index] = Self.residual(map, points[index], plane)
    }
    let noise = median(points.map(\.noise))
    let reach = median(points.compactMap { Self.reach(of: fit.model, at: $0.look, plane, view) })
    self.init(plane: plane, map: fit.model, residuals: residuals, view: view, noise: noise, noiseOnTable: noise * reach)
    guard rms <= settings.limit else {
      throw .tooCoarse(rms: rms, worst: worst, point: residuals.firstIndex { $0 == worst } ?? 0, limit: settings.limit)
    }
  }

  /// Where a look meets the table, in the plane's coordinates [m].
  public func point(of look: GazeSample.Look) -> SIMD2<Double>? { map.point(of: look, on: plane) }

  /// How far on the table a small visual angle goes, in the mean of both axes [m/rad].
  private static func reach(of map: GazeMap, at look: GazeSample.Look, _ plane: TablePlane, _ view: ViewGeometry) -> Double? {
    let angle = view.angle(of: look)
    let small = 1e-3
    guard let middle = map.point(of: look, on: plane),
      let right = map.point(of: view.look(at: angle + SIMD2(small, 0), like: look), on: plane),
      let below = map.point(of: view.look(at: angle + SIMD2(0, small), like: look), on: plane)
    else { return nil }
    let squares = (right - middle).dot(right - middle) + (below - middle).dot(below - middle)
    return (squares / 2).squareRoot() / small
  }

  private static func residual(_ map: GazeMap, _ point: CalibrationPoint, _ plane: TablePlane) -> Double {
    map.point(of: point.look, on: plane).map { ($0 - point.target).length } ?? .infinity
  }

  /// - Returns: nil where the points do not determine a map.
  private static func fit(
    _ points: [CalibrationPoint], on plane: TablePlane, _ settings: Settings
  ) throws(CalibrationError) -> RobustFit<GazeMap>? {
    let kinds = Set(points.map { if case .screen = $0.look { true } else { false } })
    guard kinds.count == 1 else { throw .mixedLooks }
    let first = Fitting(points: points, plane: plane, start: nil).map
    return RobustFit(
      count: points.count, subset: kinds == [true] ? 4 : 5, floor: settings.floor,
      fit: { chosen, weights in
        Fitting(points: chosen.map { points[$0] }, plane: plane, start: first).map(weights: weights)
      },
      residual: { map, index in residual(map, points[index], plane) })
  }
}

/// Points that a map is made of.
private struct Fitting {
  var points: [CalibrationPoint]
  var plane: TablePlane
  /// A map nearby, if one is known.
  var start: GazeMap?

  /// The map of all the points alike.
  var map: GazeMap? { map(weights: points.map { _ in 1 }) }

  func map(weights: [Double]) -> GazeMap? {
    var screens: [(from: SIMD2<Double>, to: SIMD2<Double>)] = []
    var lines: [SightLine] = []
    for point in points {
      switch point.look {
      case .screen(let share): screens.append((share, point.target))
      case .ray(let origin, let direction): lines.append((origin, direction.unit))
      }
    }
    guard lines.isEmpty else {
      let near: TrackerPose? = if case .ray(let pose)? = start { pose } else { nil }
      return TrackerPose.fitting(lines, to: points.map { plane.point(at: $0.target) }, weights: weights, from: near).map(GazeMap.ray)
    }
    return Homography.fitting(screens, weights: weights).map(GazeMap.screen)
  }
}
