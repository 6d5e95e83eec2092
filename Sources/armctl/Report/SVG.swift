internal import Foundation

/// A drawing in the making. Lengths in pixels, y downwards.
struct SVG {
  private(set) var elements: [String] = []
  let width, height: Double

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  var text: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(short(width)) \(short(height))" width="\(short(width))" height="\(short(height))" \
    font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">

    """ + elements.joined(separator: "\n") + "\n</svg>\n"
  }

  mutating func add(_ element: String) { elements.append(element) }

  mutating func line(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ style: String) {
    add("<line x1=\"\(short(a.x))\" y1=\"\(short(a.y))\" x2=\"\(short(b.x))\" y2=\"\(short(b.y))\" \(style)/>")
  }

  mutating func polyline(_ points: [SIMD2<Double>], _ style: String) {
    add("<polyline points=\"\(points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " "))\" \(style)/>")
  }

  mutating func polygon(_ points: [SIMD2<Double>], _ style: String) {
    add("<polygon points=\"\(points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " "))\" \(style)/>")
  }

  mutating func circle(_ middle: SIMD2<Double>, radius: Double, _ style: String) {
    add("<circle cx=\"\(short(middle.x))\" cy=\"\(short(middle.y))\" r=\"\(short(radius))\" \(style)/>")
  }

  mutating func rectangle(_ corner: SIMD2<Double>, _ size: SIMD2<Double>, _ style: String) {
    add("<rect x=\"\(short(corner.x))\" y=\"\(short(corner.y))\" width=\"\(short(size.x))\" height=\"\(short(size.y))\" \(style)/>")
  }

  mutating func label(_ words: String, at place: SIMD2<Double>, _ style: String) {
    let safe = words.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    add("<text x=\"\(short(place.x))\" y=\"\(short(place.y))\" \(style)>\(safe)</text>")
  }

  /// Rounded closed curves: each begins in the middle of a side, and every corner pulls the curve from one side's middle to the next one's.
  static func curves(_ loops: [[SIMD2<Double>]]) -> String {
    loops.map { loop in
      // Steps between rounded places, so that rounding does not add up.
      func tenths(_ point: SIMD2<Double>) -> SIMD2<Double> { (10 * point).rounded(.toNearestOrEven) }
      var here = tenths((loop[loop.count - 1] + loop[0]) / 2)
      var path = "M\(short(here.x / 10)) \(short(here.y / 10))q"
      for (index, corner) in loop.enumerated() {
        let pull = tenths(corner) - here, step = tenths((corner + loop[(index + 1) % loop.count]) / 2) - here
        // A minus parts two numbers as well as a space does.
        for number in [pull.x, pull.y, step.x, step.y].map({ short($0 / 10) }) {
          path += (path.hasSuffix("q") || number.hasPrefix("-") ? "" : " ") + number
        }
        here += step
      }
      return path + "z"
    }.joined()
  }
}

/// A length with one decimal at most, and none where it is zero.
private func short(_ number: Double) -> String {
  let tenths = (10 * number).rounded()
  guard tenths != 0 else { return "0" }
  return tenths.truncatingRemainder(dividingBy: 10) == 0 ? String(Int(tenths / 10)) : String(tenths / 10)
}
