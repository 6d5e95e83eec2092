internal import Kinematics

/// Lays curves one after the other, each corner rounded as far as there is room.
struct PathLayout {
  private(set) var curves: [SegmentCurve] = []
  private(set) var labels: [(number: Int, name: String)] = []
  private(set) var spans: [ToolPath.Span] = []
  private(set) var blends: [ToolPath.Blend] = []
  private(set) var stops: [Double] = []
  private(set) var length = 0.0
  /// At the end of every curve [m].
  private var radii: [Double] = []

  /// A curve that leads nowhere is left out; the corner there then has the smaller radius of both.
  mutating func add(_ curve: SegmentCurve, blend: Double, label: (number: Int, name: String)) {
    guard curve.width > SegmentCurve.leastWidth else {
      if let before = radii.indices.last { radii[before] = min(radii[before], blend) }
      return
    }
    curves.append(curve)
    radii.append(blend)
    labels.append(label)
  }

  mutating func finish() {
    let corners = radii.dropLast().indices
    let asked = corners.map { min(radii[$0], curves[$0].longestBlend, curves[$0 + 1].longestBlend) }
    let distances = CornerBlend.distances(radii: asked, widths: curves.map(\.width))
    var begin = 0.0
    for index in curves.indices {
      guard index < corners.count else { return appendCurve(index, from: begin, to: curves[index].width) }
      guard distances[index] > SegmentCurve.leastWidth else {
        appendCurve(index, from: begin, to: curves[index].width)
        stops.append(length)
        begin = 0
        continue
      }
      let blend = CornerBlend.between(curves[index], curves[index + 1], longest: distances[index], radius: radii[index])
      appendCurve(index, from: begin, to: curves[index].width - blend.distance)
      blends.append(
        ToolPath.Blend(
          segment: labels[index].number, askedRadius: radii[index], radius: blend.distance, range: length...(length + blend.path.length)))
      append(.blend(index, blend.path, distance: blend.distance), width: blend.path.length)
      begin = blend.distance
    }
  }

  /// A piece of no width, where two blends meet, is left out.
  private mutating func appendCurve(_ index: Int, from begin: Double, to end: Double) {
    if end - begin > SegmentCurve.leastWidth { append(.curve(index, begin: begin), width: end - begin) }
  }

  private mutating func append(_ kind: ToolPath.Span.Kind, width: Double) {
    spans.append(ToolPath.Span(kind: kind, start: length, width: width))
    length += width
  }
}
