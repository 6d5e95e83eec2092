/// A picture of dots, two by four to a character, in the Braille letters of Unicode. x grows to the right and y downwards.
///
/// Where inks meet in one character, the later one of ``Ink`` gives way to the one drawn with more weight.
struct BrailleCanvas: Equatable, Sendable {
  /// In characters.
  let columns, rows: Int
  private var dots: [UInt8]
  private var inks: [Ink]
  private var weights: [UInt8]

  /// In dots.
  var width: Int { 2 * columns }
  var height: Int { 4 * rows }

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (max(0, columns), max(0, rows))
    dots = Array(repeating: 0, count: self.columns * self.rows)
    inks = Array(repeating: .plain, count: dots.count)
    weights = Array(repeating: 0, count: dots.count)
  }

  /// How a line or a dot looks.
  struct Pen: Equatable, Sendable {
    var ink: Ink
    /// Of the inks in one character the heaviest is seen.
    var weight: UInt8 = 1
    /// Of so many dots of a line, one is drawn.
    var spacing = 1
  }

  /// Bits by row and column of a character's dots.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  mutating func dot(x: Int, y: Int, _ pen: Pen) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let cell = y / 4 * columns + x / 2
    dots[cell] |= Self.bits[y % 4][x % 2]
    if pen.weight >= weights[cell] { (inks[cell], weights[cell]) = (pen.ink, pen.weight) }
  }

  mutating func dot(_ point: SIMD2<Double>, _ pen: Pen) {
    guard let x = Self.whole(point.x), let y = Self.whole(point.y) else { return }
    dot(x: x, y: y, pen)
  }

  /// A straight line, of which the part on the canvas is drawn. Points that are not finite draw nothing.
  mutating func line(from start: SIMD2<Double>, to end: SIMD2<Double>, _ pen: Pen) {
    guard let (a, b) = clipped(start, end) else { return }
    let steps = max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up)
    guard steps > 0 else { return dot(a, pen) }
    for step in stride(from: 0, through: Int(steps), by: pen.spacing) { dot(a + Double(step) / steps * (b - a), pen) }
  }

  /// A line two dots thick.
  mutating func thickLine(from start: SIMD2<Double>, to end: SIMD2<Double>, _ pen: Pen) {
    let way = end - start, aside: SIMD2<Double> = abs(way.x) > abs(way.y) ? [0, 1] : [1, 0]
    line(from: start, to: end, pen)
    line(from: start + aside, to: end + aside, pen)
  }

  mutating func polygon(_ corners: [SIMD2<Double>], _ pen: Pen) {
    guard var last = corners.last else { return }
    for corner in corners {
      line(from: last, to: corner, pen)
      last = corner
    }
  }

  /// A filled disc.
  mutating func disc(at center: SIMD2<Double>, radius: Double, _ pen: Pen) {
    guard let x = Self.whole(center.x), let y = Self.whole(center.y), radius < 1000 else { return }
    let reach = Int(radius.rounded(.up))
    for dy in -reach...reach {
      for dx in -reach...reach where Double(dx * dx + dy * dy) <= radius * radius { dot(x: x + dx, y: y + dy, pen) }
    }
  }

  /// Puts the picture on a screen. Characters without dots leave what is there.
  func draw(on screen: inout Screen, x: Int, y: Int) {
    for cell in dots.indices where dots[cell] != 0 {
      screen[x + cell % columns, y + cell / columns] = Screen.Cell(glyph: Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ", ink: inks[cell])
    }
  }

  private static func whole(_ x: Double) -> Int? { x.isFinite && abs(x) < 1e6 ? Int(x.rounded()) : nil }

  /// The part of a line that is on the canvas.
  ///
  /// - Source: Y.-D. Liang and B. Barsky, *A new concept and method for line clipping* (1984).
  private func clipped(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> (SIMD2<Double>, SIMD2<Double>)? {
    guard (a + b).x.isFinite, (a + b).y.isFinite else { return nil }
    let way = b - a, most = SIMD2(Double(width - 1), Double(height - 1))
    var (enters, leaves) = (0.0, 1.0)
    for (slope, room) in [(-way.x, a.x), (way.x, most.x - a.x), (-way.y, a.y), (way.y, most.y - a.y)] {
      if slope == 0 {
        if room < 0 { return nil }
      } else if slope < 0 {
        enters = max(enters, room / slope)
      } else {
        leaves = min(leaves, room / slope)
      }
    }
    return enters <= leaves ? (a + enters * way, a + leaves * way) : nil
  }
}
