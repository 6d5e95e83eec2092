/// Where words stand in a view: whole within its border, and off what is drawn and off each other as far as there is room.
struct PictureLabels {
  /// A rectangle in the drawing, from its upper left corner to its lower right one.
  struct Box {
    var lower, upper: SIMD2<Double>

    init(_ lower: SIMD2<Double>, _ upper: SIMD2<Double>) { (self.lower, self.upper) = (lower, upper) }

    /// Around points; nil where there are none.
    init?(around points: [SIMD2<Double>]) {
      guard let first = points.first else { return nil }
      self.init(points.reduce(first) { pointwiseMin($0, $1) }, points.reduce(first) { pointwiseMax($0, $1) })
    }

    var middle: SIMD2<Double> { 0.5 * (lower + upper) }
    var size: SIMD2<Double> { upper - lower }

    func overlaps(_ other: Self) -> Bool { all(lower .< other.upper) && all(other.lower .< upper) }

    func overlaps(_ circle: Circle) -> Bool {
      let off = circle.middle - circle.middle.clamped(lowerBound: lower, upperBound: upper)
      return (off * off).sum() < circle.radius * circle.radius
    }

    /// Moved into another as far as it must; in its middle where it is larger.
    func moved(into other: Self) -> Self {
      let room = pointwiseMax(other.size - size, .zero), corner = pointwiseMin(pointwiseMax(lower, other.lower), other.lower + room)
      return Self(corner, corner + size)
    }
  }

  struct Circle {
    var middle: SIMD2<Double>
    var radius: Double
  }

  static let fontSize = 11.0
  /// Between words and what they are beside.
  private static let gap = 4.0

  let border: Box
  /// What words are to keep off.
  let drawn: [Circle]
  private var taken: [Box] = []

  init(within border: Box, off drawn: [Circle]) { (self.border, self.drawn) = (border, drawn) }

  /// Finds room for the name of a thing: on it, else beside it.
  ///
  /// - Returns: The middle of the words' base line.
  mutating func place(_ words: String, of thing: Box) -> SIMD2<Double> {
    // Of letters as wide as most.
    let size = SIMD2<Double>(0.58 * Self.fontSize * Double(words.count), 1.1 * Self.fontSize)
    let seen = Box(
      thing.lower.clamped(lowerBound: border.lower, upperBound: border.upper), thing.upper.clamped(lowerBound: border.lower, upperBound: border.upper)
    )
    let onIt = (0.5 * (seen.size - size)) - Self.gap, beside = (0.5 * (seen.size + size)) + Self.gap
    // Shares of the two: first on the thing, then beside it, then at its corners.
    let (x, y) = (SIMD2<Double>(1, 0), SIMD2<Double>(0, 1))
    let shares: [SIMD2<Double>] = [.zero, -y, y, -x, x], otherShares: [SIMD2<Double>] = [-y, y, x, -x, x - y, -x - y, x + y, y - x]
    let spots = shares.map { onIt * $0 } + otherShares.map { beside * $0 }
    let boxes = spots.map { spot in
      let center = seen.middle + spot
      return Box(center - 0.5 * size, center + 0.5 * size).moved(into: border)
    }
    let best = boxes.min { cost(of: $0) < cost(of: $1) } ?? boxes[0]
    taken.append(best)
    return [best.middle.x, best.upper.y - 0.25 * size.y]
  }

  /// Other words hide more than what is drawn.
  private func cost(of box: Box) -> Int { 1000 * taken.count(where: box.overlaps) + drawn.count(where: box.overlaps) }
}
