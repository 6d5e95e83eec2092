internal import Foundation
internal import Kinematics
internal import Planner

/// One of a picture's views: where the base's points are in the drawing.
struct PictureView {
  enum Side { case fromSide, fromAbove }

  /// What both views show, in the base [m], and how large.
  struct Frame {
    let middle: SIMD3<Double>
    /// Half of what is seen in x and y, and in z.
    let across, up: Double
    /// Pixels a metre.
    let scale: Double

    /// Views are squares, or lower where there is little to see.
    init(around extent: (lower: SIMD3<Double>, upper: SIMD3<Double>)) {
      middle = 0.5 * (extent.lower + extent.upper)
      let half = 0.525 * (extent.upper - extent.lower)
      across = max(half.x, half.y, 0.7 * half.z)
      up = max(half.z, half.y, 0.55 * across)
      scale = PictureView.width / (2 * max(across, 1e-3))
    }

    var height: Double { 2 * up * scale }
  }

  static let width = 425.0

  let side: Side
  let frame: Frame
  let left, top: Double

  init(_ side: Side, frame: Frame, left: Double, top: Double) { (self.side, self.frame, self.left, self.top) = (side, frame, left, top) }

  var id: String { side == .fromSide ? "side" : "above" }
  var scale: Double { frame.scale }

  /// The two coordinates of a point that the view shows, to the right and up [m].
  private func seen(_ point: SIMD3<Double>) -> SIMD2<Double> { side == .fromSide ? [point.x, point.z] : [point.x, point.y] }

  func place(_ point: SIMD3<Double>) -> SIMD2<Double> { place(seen: seen(point)) }

  /// Where words may stand.
  var room: PictureLabels.Box {
    let margin = SIMD2<Double>(4, 3), corner = SIMD2<Double>(left, top), size = SIMD2<Double>(Self.width, frame.height)
    return PictureLabels.Box(corner + margin, corner + size - margin)
  }

  private func place(seen point: SIMD2<Double>) -> SIMD2<Double> {
    let off = scale * (point - seen(frame.middle))
    return [left + Self.width / 2 + off.x, top + frame.height / 2 - off.y]
  }

  /// Greater the nearer an obstacle is to who looks [m].
  func nearness(of obstacle: Obstacle) -> Double {
    let center = obstacle.baseFromObstacle.translation
    return side == .fromSide ? -center.y : center.z
  }

  var clipPath: String {
    "<clipPath id=\"\(id)\"><rect x=\"\(left)\" y=\"\(top)\" width=\"\(Self.width)\" height=\"\(frame.height)\"/></clipPath>"
  }

  // MARK: Drawing

  func drawGrid(into drawing: inout SVG) {
    let step = Self.step(for: 2 * frame.across), bottom = top + frame.height, middle = seen(frame.middle)
    for (axis, half, word) in [(0, frame.across, "x"), (1, frame.up, side == .fromSide ? "z" : "y")] {
      let lowest = ((middle[axis] - half) / step).rounded(.up), highest = ((middle[axis] + half) / step).rounded(.down)
      for index in stride(from: lowest, through: highest, by: 1) {
        var point = middle
        point[axis] = index * step
        let spot = place(seen: point), style = "stroke=\"\(index == 0 ? "#b9c6cd" : "#dfe6ea")\""
        let number = String(format: "%.0f", index == 0 ? 0 : 1000 * index * step).replacingOccurrences(of: "-", with: "−")
        if axis == 0 {
          drawing.line([spot.x, top], [spot.x, bottom], style)
          drawing.label(number, at: [spot.x, bottom + 16], Self.tickStyle("middle"))
        } else {
          drawing.line([left, spot.y], [left + Self.width, spot.y], style)
          drawing.label(number, at: [left - 7, spot.y + 4], Self.tickStyle("end"))
        }
      }
      let spot: SIMD2<Double> = axis == 0 ? [left + Self.width / 2, bottom + 35] : [left - 46, top + frame.height / 2]
      let turn = axis == 0 ? "" : String(format: " transform=\"rotate(-90 %.1f %.1f)\"", spot.x, spot.y)
      drawing.label("\(word) [mm]", at: spot, "font-size=\"12\" text-anchor=\"middle\" fill=\"#1f2d36\"" + turn)
    }
  }

  func drawBorder(into drawing: inout SVG) {
    drawing.rectangle([left, top], [Self.width, frame.height], "fill=\"none\" stroke=\"#5d6d76\" stroke-width=\"1\"")
  }

  private static func tickStyle(_ anchor: String) -> String { "font-size=\"11\" text-anchor=\"\(anchor)\" fill=\"#5d6d76\"" }

  /// A round number that divides a range into eight parts or so [m].
  private static func step(for range: Double) -> Double {
    let rough = range / 8, power = pow(10, floor(log10(rough)))
    return power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
  }

  // MARK: Shapes

  /// What the view sees of a half-space: the part of the picture below its plane, where the plane is seen from its edge; all of it where it is seen
  /// from above, nothing from below.
  func part(below baseFromPlane: Pose) -> [SIMD2<Double>] {
    let normal = seen(baseFromPlane.rotation.z), origin = seen(baseFromPlane.translation), middle = seen(frame.middle)
    let far = 4 * (frame.across + frame.up), length = (normal * normal).sum().squareRoot()
    guard length > 0.05 else { return [] }
    let out = normal / length, along = SIMD2(-out.y, out.x)
    let foot = origin + ((middle - origin) * along).sum() * along
    return [foot - far * along, foot + far * along, foot + far * along - far * out, foot - far * along - far * out].map(place(seen:))
  }

  /// The corners of the smallest convex polygon around points, in order.
  ///
  /// - Source: A. Andrew, *Another efficient algorithm for convex hulls in two dimensions* (1979).
  static func hull(of points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
      var chain: [SIMD2<Double>] = []
      for point in points {
        while chain.count > 1 {
          let a = chain[chain.count - 1] - chain[chain.count - 2], b = point - chain[chain.count - 1]
          guard a.x * b.y - a.y * b.x <= 0 else { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain.dropLast()
    }
    return sorted.count < 3 ? sorted : chain(sorted) + chain(sorted.reversed())
  }
}

extension Obstacle {
  /// Points in the base whose convex hull is the obstacle, all but; its place for what has no end.
  var outline: [SIMD3<Double>] {
    let pose = baseFromObstacle
    func ring(_ radius: Double, _ height: Double) -> [SIMD3<Double>] {
      (0..<32).map { side in
        let angle = 2 * .pi * Double(side) / 32
        return pose * [radius * cos(angle), radius * sin(angle), height]
      }
    }
    func ball(_ radius: Double, _ height: Double) -> [SIMD3<Double>] {
      (0...8).flatMap { band in ring(radius * sin(.pi * Double(band) / 8), height - radius * cos(.pi * Double(band) / 8)) }
    }
    switch shape {
    case .sphere(let radius): return ball(radius, 0)
    case .box(let half):
      return (0..<8).map { pose * (half * SIMD3($0 & 1 == 0 ? -1 : 1, $0 & 2 == 0 ? -1 : 1, $0 & 4 == 0 ? -1 : 1)) }
    case .capsule(let radius, let length): return ball(radius, -length / 2) + ball(radius, length / 2)
    case .cylinder(let radius, let length): return ring(radius, -length / 2) + ring(radius, length / 2)
    case .halfSpace: return [pose.translation]
    case .points(let cloud): return cloud.sample(of: 500).map { pose * $0 }
    }
  }
}
