internal import Foundation
internal import Kinematics

/// Joint positions, tick by tick, of the last minutes of a motion that is recorded: a ring that forgets the oldest.
struct RecordedMotion: Sendable {
  /// So long a recording is kept [s].
  static let longest = 600.0

  private let capacity: Int
  private let period: Double
  private var ring: [JointVector] = []
  private var next = 0

  /// - Parameter period: Of a tick [s].
  init(period: Double, longest: Double = Self.longest) {
    self.period = period
    capacity = max(2, Int(longest / period))
  }

  var count: Int { ring.count }
  /// [s]
  var duration: Double { Double(max(0, ring.count - 1)) * period }

  mutating func append(_ position: JointVector) {
    guard ring.count == capacity else { return ring.append(position) }
    ring[next] = position
    next = (next + 1) % capacity
  }

  /// The oldest first.
  var positions: [JointVector] { Array(ring[next...] + ring[..<next]) }

  /// The few of its points between which all others lie on straight lines.
  ///
  /// - Parameters:
  ///   - tolerance: How far a joint may have been from the line [rad; m].
  ///   - most: How many points may be left; the tolerance grows where they do not do.
  func waypoints(tolerance: Double, most: Int) -> [JointVector] {
    let all = positions
    var tolerance = tolerance
    while true {
      let kept = Self.simplified(all, tolerance: tolerance)
      if kept.count <= most { return kept }
      tolerance *= 1.5
    }
  }

  /// - Source: D. Douglas and T. Peucker, *Algorithms for the reduction of the number of points required to represent a digitized line* (1973); with
  ///   the joints' largest difference as the distance.
  static func simplified(_ points: [JointVector], tolerance: Double) -> [JointVector] {
    guard points.count > 2 else { return points.count == 2 && (points[1] - points[0]).maximumMagnitude <= tolerance ? [points[0]] : points }
    var isKept = [Bool](repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    var open = [(0, points.count - 1)]
    while let (first, last) = open.popLast() {
      let way = points[last] - points[first], square = way.dot(way)
      var farthest = first, distance = tolerance
      for index in first + 1..<max(last, first + 1) {
        let off = points[index] - points[first]
        let share = square > 0 ? min(max(off.dot(way) / square, 0), 1) : 0
        let apart = (off - share * way).maximumMagnitude
        if apart > distance { (farthest, distance) = (index, apart) }
      }
      guard farthest > first else { continue }
      isKept[farthest] = true
      open += [(first, farthest), (farthest, last)]
    }
    let kept = zip(points, isKept).filter(\.1).map(\.0)
    // A motion that has not left the tolerance is none.
    return kept.count == 2 && (kept[1] - kept[0]).maximumMagnitude <= tolerance ? [kept[0]] : kept
  }
}
