internal import Foundation
public import Kinematics

/// Somewhere on a tool path, as people find it: in which segment, and how far along.
public struct PathPlace: Sendable, Equatable, CustomStringConvertible {
  /// From 1, and how many there are.
  public let segment, segmentCount: Int
  /// "line", "arc" or "spline".
  public let segmentName: String
  /// From the segment's start, and the whole of it [m].
  public let along, length: Double
  /// How far the tool has turned since the segment's start, and will in all [rad].
  public let turned, angle: Double
  /// Where the tool should be there.
  public let baseFromTool: Pose

  /// "83.0 mm of its 120.0 mm", or where the tool only turns, "12.0° of its 90.0°"; on a path of several segments, "83.0 mm of the 120.0 mm of
  /// its segment 2 (arc)".
  public var description: String {
    let whole = travels ? millimetres(length) : degrees(angle)
    return isAlone ? "\(shortText) of its \(whole)" : "\(shortText) of the \(whole) of its segment \(segment) (\(segmentName))"
  }

  /// How far along, alone.
  var text: String { isAlone ? shortText : "\(shortText) of segment \(segment)" }

  /// What ends there in time: "end the line before 47.4 mm"; none where nothing to speak of comes before it.
  var shortening: [String] {
    let isAtTheStart = isAlone && (travels ? along < 0.001 : turned < 0.01)
    return isAtTheStart ? [] : ["end the \(wholeName) before \(text)"]
  }

  /// What the whole is called: by its only segment, or "path".
  var wholeName: String { isAlone ? segmentName : "path" }

  /// "12.5 mm/s", or where the path only turns, "7.2°/s".
  func text(pathVelocity: Double) -> String {
    String(format: travels ? "%.4g mm/s" : "%.4g°/s", travels ? 1000 * pathVelocity : pathVelocity / SegmentCurve.turnRadius * 180 / .pi)
  }

  private var isAlone: Bool { segmentCount == 1 }
  private var travels: Bool { length > 1e-6 }
  private var shortText: String { travels ? millimetres(along) : degrees(turned) }
  private func millimetres(_ length: Double) -> String { String(format: "%.1f mm", 1000 * length) }
  private func degrees(_ angle: Double) -> String { String(format: "%.1f°", angle * 180 / .pi) }
}
