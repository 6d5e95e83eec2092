internal import Gaze

/// A calibration by touch under way: somebody leads the tool's tip to places of the table, and looks at it there. The table is found where they are.
struct GazeTouching: Equatable, Sendable {
  /// So many places are touched.
  static let needed = 9
  /// How long the eyes take to get there, and how long they are watched then [s].
  static let settling = 0.4, watching = 1.2
  /// The tip must not move farther than this meanwhile [m].
  static let stillness = 0.003

  private(set) var places: [SIMD3<Double>] = []
  private(set) var looks: [[GazeSample.Look]] = []
  private var present: (place: SIMD3<Double>, since: Double, looks: [GazeSample.Look])?

  static func == (a: Self, b: Self) -> Bool { a.places == b.places && a.looks == b.looks && a.present?.since == b.present?.since }

  var isWatching: Bool { present != nil }
  var isComplete: Bool { places.count >= Self.needed }
  /// How much of the present place's looks is there, 0 to 1.
  func share(at time: Double) -> Double { present.map { min(1, max(0, (time - $0.since) / (Self.settling + Self.watching))) } ?? 0 }

  /// The tip is at a place of the table.
  mutating func touch(_ place: SIMD3<Double>, at time: Double) { present = (place, time, []) }

  mutating func take(_ look: GazeSample.Look, at time: Double) {
    guard let since = present?.since, time - since >= Self.settling else { return }
    present?.looks.append(look)
  }

  /// - Parameter tip: Where the tool's tip is now [m].
  /// - Returns: What to tell the person; nil while there is nothing to tell.
  mutating func advance(tip: SIMD3<Double>, at time: Double) -> String? {
    guard let (place, since, looks) = present else { return nil }
    let moved = ((tip - place) * (tip - place)).sum().squareRoot()
    guard moved <= Self.stillness else {
      present = nil
      return "The tip has moved: hold it still, look at it and press t again."
    }
    guard time - since >= Self.settling + Self.watching else { return nil }
    present = nil
    guard looks.count >= CalibrationPoint.fewestLooks else { return "No looks at this place: look at the tip and press t again." }
    places.append(place)
    self.looks.append(looks)
    return isComplete ? "All places are touched." : "Place \(places.count) of \(Self.needed). Lead the tip to the next one, look at it and press t."
  }

  /// The table under the places, and the map of looks to it.
  func calibration(view: ViewGeometry) throws(CalibrationError) -> GazeCalibration {
    let plane = try TablePlane(through: places).withCoordinatesOfBase
    var points: [CalibrationPoint] = []
    for (place, looks) in zip(places, looks) { points.append(try CalibrationPoint(looks: looks, at: plane.coordinates(of: place), view: view)) }
    let off = places.map { abs((($0 - plane.origin) * plane.normal).sum()) }
    if let worst = off.max(), worst > Self.unevenness { throw .notFlat(worst: worst, point: off.firstIndex(of: worst) ?? 0, limit: Self.unevenness) }
    return try GazeCalibration(points, on: plane, view: view)
  }

  /// No table is farther from flat, at the places that are touched [m].
  private static let unevenness = 0.01
}
