internal import Foundation
public import Kinematics

/// The geometry of a tool's way: lines, arcs and splines with rounded corners, of position and rotation alike.
///
/// Drawn over a parameter s from 0 to ``length``. Where the tool travels, s is its way [m]; where it mostly turns, the turn times 0.1 m; on splines
/// the distance between their poses; on blends about the way. Twist and its derivative by s are continuous everywhere but at ``stops``.
public struct ToolPath: Sendable {
  /// Where it begins: baseFromTool.
  public let start: Pose
  /// The last value of the parameter; the first is 0.
  public let length: Double
  /// The parameters of sharp corners, where the tool has to rest; rising, without the path's ends.
  public let stops: [Double]
  /// Of every rounded corner, in the order of the path.
  public let blends: [Blend]
  let curves: [SegmentCurve]
  /// What each curve's segment is called, and its number from 1.
  private let labels: [(number: Int, name: String)]
  private let segmentCount: Int
  let spans: [Span]

  /// A rounded corner.
  public struct Blend: Sendable, Equatable, CustomStringConvertible {
    /// The number of the segment that the corner ends, from 1.
    public let segment: Int
    /// How far before and after the corner the tool leaves its segments at most [m]: as asked for, and as the neighbouring segments have room.
    public let askedRadius, radius: Double
    /// Where it begins and ends on the path.
    public let range: ClosedRange<Double>

    /// Whether the segments had no room for all of it.
    public var isShrunk: Bool { radius < askedRadius * (1 - 1e-9) }

    /// "The corner after segment 2 is rounded by 3.2 mm", and if shrunk, " instead of 5.0 mm, for want of room".
    public var description: String {
      let rounded = "The corner after segment \(segment) is rounded by \(String(format: "%.1f mm", 1000 * radius))"
      return isShrunk ? rounded + String(format: " instead of %.1f mm, for want of room", 1000 * askedRadius) : rounded
    }
  }

  /// A piece of one curve, or a blend.
  struct Span: Sendable {
    enum Kind: Sendable {
      /// A piece of a curve from the parameter `begin` of its own.
      case curve(Int, begin: Double)
      /// From the curve of this index to the next, in coordinates; `distance` from the corner at both ends.
      case blend(Int, JointPath, distance: Double)
    }
    let kind: Kind
    /// On the path.
    let start, width: Double
    var end: Double { start + width }
  }

  /// - Parameters:
  ///   - start: Where the tool is when the path begins: baseFromTool.
  ///   - segments: One after the other. Such as lead nowhere are left out.
  /// - Throws: Values that are not numbers, arcs that are none, blend radii that are none, a path that leads nowhere.
  public init(from start: Pose, _ segments: [ToolSegment]) throws(MotionRefusal) {
    var layout = PathLayout()
    var pose = start
    guard pose.isFinite else { throw .notAPose }
    for (index, segment) in segments.enumerated() {
      guard segment.blend >= 0 else { throw .unusableBlend(corner: index + 1, radius: segment.blend) }
      let curve = try segment.curve(from: pose, number: index + 1)
      layout.add(curve, blend: segment.blend, label: (index + 1, segment.name))
      if curve.width > SegmentCurve.leastWidth { pose = curve.end }
    }
    guard !layout.curves.isEmpty else { throw .leadsNowhere }
    layout.finish()
    (self.start, curves, labels, segmentCount) = (start, layout.curves, layout.labels, segments.count)
    (spans, blends, stops, length) = (layout.spans, layout.blends, layout.stops, layout.length)
  }

  /// Where it ends: baseFromTool.
  public var end: Pose { curves[curves.count - 1].end }

  /// The tool's pose and how it changes at `s`, beyond an end as at that end; at a stop as the path goes on from there.
  public func point(at s: Double) -> ToolPathPoint { point(at: s, span: span(at: s)) }

  /// The tool's pose in the base.
  public func pose(at s: Double) -> Pose { point(at: s).pose }

  /// The same, where the span is known. At a span's end, what is before it.
  func point(at s: Double, span index: Int) -> ToolPathPoint {
    let span = spans[index]
    let x = min(max(s - span.start, 0), span.width)
    switch span.kind {
    case .curve(let curve, let begin): return curves[curve].point(at: begin + x)
    case .blend(_, let path, _): return ToolPathPoint(coordinates: path.point(at: x))
    }
  }

  private func span(at s: Double) -> Int {
    var low = 0
    var high = spans.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if spans[middle].start <= s { low = middle } else { high = middle }
    }
    return low
  }

  /// What to call a place of the path. On a blend, the first half belongs to the segment before the corner, the second to the one after it.
  public func place(at s: Double) -> PathPlace {
    let span = spans[span(at: s)]
    let x = min(max(s - span.start, 0), span.width)
    let curve: Int
    let along: Double
    switch span.kind {
    case .curve(let index, let begin): (curve, along) = (index, begin + x)
    case .blend(let index, _, let distance):
      let fromCorner = distance * (2 * x / span.width - 1)
      (curve, along) = fromCorner < 0 ? (index, curves[index].width + fromCorner) : (index + 1, fromCorner)
    }
    let share = along / curves[curve].width
    return PathPlace(
      segment: labels[curve].number, segmentCount: segmentCount, segmentName: labels[curve].name, along: share * curves[curve].length,
      length: curves[curve].length, turned: share * curves[curve].angle, angle: curves[curve].angle, baseFromTool: pose(at: s))
  }
}

extension ToolSegment {
  /// The segment's curve; of no width where it leads nowhere.
  fileprivate func curve(from start: Pose, number: Int) throws(MotionRefusal) -> SegmentCurve {
    switch self {
    case .line(let end, _):
      guard end.isFinite else { throw .notAPose }
      return .line(from: start, to: end)
    case .arc(let via, let end, _):
      guard end.isFinite, via.isFinite else { throw .notAPose }
      guard let arc = SegmentCurve.arc(from: start, via: via, to: end) else { throw .notAnArc(segment: number, .pointsOnOneLine) }
      return arc
    case .turn(let center, let axis, let angle, let orientation, _):
      guard center.isFinite, axis.isFinite, angle.isFinite else { throw .notAPose }
      guard axis.length > 0 else { throw .notAnArc(segment: number, .noAxis) }
      let turn =
        switch orientation {
        case .turning: (angle / axis.length) * axis
        case .kept: SIMD3<Double>.zero
        case .to(let end): (end * start.rotation.inverse).rotationVector
        }
      guard let arc = SegmentCurve.arc(from: start, center: center, axis: axis, angle: angle, turn: turn) else {
        throw .notAnArc(segment: number, .startOnAxis)
      }
      return arc
    case .spline(let poses, _):
      var distinct = [start]
      for pose in poses {
        guard pose.isFinite else { throw .notAPose }
        if SegmentCurve.line(from: distinct[distinct.count - 1], to: pose).width > SegmentCurve.leastWidth { distinct.append(pose) }
      }
      return distinct.count > 1 ? .spline(through: distinct) : .line(from: start, to: start)
    }
  }
}

extension Pose {
  var isFinite: Bool { (translation + rotation.x + rotation.y + rotation.z).isFinite }
}

extension SIMD3<Double> {
  fileprivate var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
