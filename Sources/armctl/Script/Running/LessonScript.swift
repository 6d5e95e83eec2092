internal import Foundation

/// A script that takes the arm through joint positions that somebody has taught.
struct LessonScript: Equatable, Sendable {
  struct Joint: Equatable, Sendable {
    var name: String
    var isSliding = false
    /// [rad; m]; nil where there is none.
    var lower, upper: Double?
  }

  /// A waypoint, or a recorded path.
  struct Piece: Equatable, Sendable {
    /// [rad; m]
    var points: [[Double]]
    /// How far from a point within the piece its corner may be rounded [rad; m]; 0 rests at every point.
    var blend = 0.0
  }

  var name, arm: String
  var joints: [Joint]
  var pieces: [Piece]
  /// Share of the limits.
  var speed: Double

  var text: String {
    let rounded = pieces.filter { $0.blend > 0 }.reduce(0) { $0 + $1.points.count }
    let rested = pieces.filter { $0.blend == 0 }.reduce(0) { $0 + $1.points.count }
    let contents = [
      rested == 0 ? nil : "\(rested) waypoint\(rested == 1 ? "" : "s")",
      rounded == 0 ? nil : "\(rounded) points of \(pieces.count { $0.blend > 0 } == 1 ? "a recorded path" : "recorded paths")",
    ]
    var lines = [
      "# \(name): \(contents.compactMap(\.self).joined(separator: " and ")), taught on \(arm).",
      "# Joint positions are in the order \(joints.map(\.name).joined(separator: ", ")).", "",
      "speed \(Self.number(speed * 100, decimals: 0))%",
    ]
    for (number, piece) in pieces.enumerated() {
      let isRounded = piece.blend > 0 && piece.points.count > 2, isLast = number == pieces.count - 1
      for (index, point) in piece.points.enumerated() {
        if isRounded, index == 1 { lines.append("blend \(Self.number(piece.blend * 180 / .pi, decimals: 2)) deg") }
        // The arm rests where the piece ends.
        if isRounded, !isLast, index == piece.points.count - 1 { lines.append("blend 0 deg") }
        lines.append("move " + position(point))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// "[-35, 25.2, 90] deg"; with sliding joints each number has its unit.
  private func position(_ point: [Double]) -> String {
    let turnsOnly = !joints.contains(where: \.isSliding)
    let numbers = zip(joints, point).map { joint, value in
      let scale = joint.isSliding ? 1000 : 180 / Double.pi
      let text = Self.number(rounded(value, scale: scale, joint), decimals: 3)
      return turnsOnly ? text : text + (joint.isSliding ? " mm" : " deg")
    }
    return "[\(numbers.joined(separator: ", "))]" + (turnsOnly ? " deg" : "")
  }

  /// The nearest number of three decimals that is within the joint's limits.
  private func rounded(_ value: Double, scale: Double, _ joint: Joint) -> Double {
    let value = min(max(value, joint.lower ?? -.infinity), joint.upper ?? .infinity), rounded = (value * scale * 1000).rounded()
    if let upper = joint.upper, rounded / 1000 / scale > upper { return (rounded - 1) / 1000 }
    if let lower = joint.lower, rounded / 1000 / scale < lower { return (rounded + 1) / 1000 }
    return rounded / 1000
  }

  private static func number(_ value: Double, decimals: Int) -> String {
    var text = String(format: "%.\(decimals)f", value)
    if decimals > 0 {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }
}
