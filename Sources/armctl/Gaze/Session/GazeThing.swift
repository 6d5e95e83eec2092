internal import Foundation
internal import Gaze
internal import Planner

/// Where on the table gaze may direct the arm: a rectangle in the plane's coordinates [m].
struct GazeArea: Equatable, Sendable {
  var lower: SIMD2<Double>
  var upper: SIMD2<Double>

  static let desk = GazeArea(lower: SIMD2(0.14, -0.14), upper: SIMD2(0.34, 0.14))

  var size: SIMD2<Double> { upper - lower }
  var middle: SIMD2<Double> { (lower + upper) / 2 }

  func contains(_ place: SIMD2<Double>, margin: Double = 0) -> Bool {
    place.x >= lower.x - margin && place.x <= upper.x + margin && place.y >= lower.y - margin && place.y <= upper.y + margin
  }

  /// `x0,y0,x1,y1` [m].
  init?(_ text: String) {
    let numbers = text.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == 4, numbers.allSatisfy({ abs($0) <= 5 }), numbers[2] - numbers[0] >= 0.05, numbers[3] - numbers[1] >= 0.05 else {
      return nil
    }
    self.init(lower: SIMD2(numbers[0], numbers[1]), upper: SIMD2(numbers[2], numbers[3]))
  }

  init(lower: SIMD2<Double>, upper: SIMD2<Double>) {
    self.lower = lower
    self.upper = upper
  }

  /// Rows of points over the area, an eighth of it left out at its edges.
  func grid(rows: Int, columns: Int) -> [SIMD2<Double>] {
    (0..<rows).flatMap { row in
      (0..<columns).map { column in
        let share = SIMD2(Double(row) / Double(max(1, rows - 1)), Double(column) / Double(max(1, columns - 1)))
        return lower + size * (0.125 + 0.75 * share)
      }
    }
  }

  /// The middles of equal parts of the area.
  func cells(rows: Int, columns: Int) -> [SIMD2<Double>] {
    (0..<rows).flatMap { row in
      (0..<columns).map { column in lower + size * SIMD2((Double(row) + 0.5) / Double(rows), (Double(column) + 0.5) / Double(columns)) }
    }
  }
}

/// Something of the scene that stands on the table.
struct GazeThing: Equatable, Sendable {
  var name: String
  /// Of its middle, in the plane's coordinates [m].
  var position: SIMD2<Double>
  /// From its middle to its rim along the table [m].
  var radius: Double
  /// From the table to its top [m].
  var top: Double

  var target: GazeTarget { GazeTarget(name: name, position: position, radius: radius) }

  /// Larger things are furniture [m].
  private static let largest = 0.12

  /// What can be meant of a scene: of things on top of each other the uppermost.
  static func things(of scene: TeleopScene, on plane: TablePlane, in area: GazeArea) -> [GazeThing] {
    let all = standing(scene, on: plane, in: area)
    return all.filter { thing in !all.contains { $0.covers(thing) } }
  }

  /// Whether this is on top of the other, so that neither looks nor the tool come to it.
  private func covers(_ other: GazeThing) -> Bool {
    let off = position - other.position
    return top > other.top && (off * off).sum().squareRoot() <= radius
  }

  private static func standing(_ scene: TeleopScene, on plane: TablePlane, in area: GazeArea) -> [GazeThing] {
    scene.standing.compactMap { obstacle in
      let outline = obstacle.outline
      guard !outline.isEmpty else { return nil }
      let places = outline.map { plane.coordinates(of: $0) }
      let lower = places.reduce(places[0]) { pointwiseMin($0, $1) }
      let upper = places.reduce(places[0]) { pointwiseMax($0, $1) }
      let middle = (lower + upper) / 2
      let half = upper - middle
      let top = outline.map { (($0 - plane.origin) * plane.normal).sum() }.max() ?? 0
      guard max(half.x, half.y) <= largest, area.contains(middle), top > -0.02, top < 0.5 else { return nil }
      return GazeThing(name: obstacle.name, position: middle, radius: 0.8 * min(half.x, half.y), top: top)
    }
  }
}
