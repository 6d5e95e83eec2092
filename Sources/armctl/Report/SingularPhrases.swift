internal import Foundation
internal import Kinematics

/// Where an arm is singular, in words: one line for each set of configurations.
///
/// Sets that differ only in where one of their joints stands are told together.
struct SingularPhrases {
  private let model: RobotModel
  private var groups: [Group] = []

  private struct Group {
    let joints: [String]
    /// For each joint, where it may stand.
    var places: [[String]]
    let reason: String?
  }

  init(_ sets: [SingularSet], model: RobotModel) {
    self.model = model
    for set in sets { take(set) }
  }

  var lines: [String] {
    groups.map { group in
      let joints = zip(group.joints, group.places).map { joint, places in places.isEmpty ? joint : "\(joint) = \(Self.listed(places, by: "or"))" }
      return Self.listed(joints) + ": " + (group.reason ?? "the axes depend on one another, though none of them line up")
    }
  }

  private mutating func take(_ set: SingularSet) {
    let example = set.joints.map { set.example[model.jointNames.firstIndex(of: $0) ?? 0] }
    let places = zip(set.joints, set.positions ?? example).map { shown($1, joint: $0) }
    guard set.positions != nil else {
      let words = "\(Self.listed(set.joints)) together, such as at \(Self.listed(places))"
      return groups.append(Group(joints: [words], places: [[]], reason: set.reason))
    }
    let like = groups.firstIndex { group in
      group.joints == set.joints && group.reason == set.reason && zip(group.places, places).count { $0 != [$1] } <= 1
    }
    guard let like else { return groups.append(Group(joints: set.joints, places: places.map { [$0] }, reason: set.reason)) }
    for (joint, place) in places.enumerated() where !groups[like].places[joint].contains(place) { groups[like].places[joint].append(place) }
  }

  private func shown(_ position: Double, joint: String) -> String {
    let isSliding = model.jointNames.firstIndex(of: joint).map { model.isPrismatic[$0] } ?? false
    return isSliding ? "\(shortened(1000 * position, digits: 0)) mm" : shortened(position * 180 / .pi, digits: 1) + "°"
  }

  private static func listed(_ words: [String], by conjunction: String = "and") -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " \(conjunction) " + (words.last ?? "")
  }
}

/// Without a decimal where that is zero, and never "-0".
func shortened(_ number: Double, digits: Int) -> String {
  let text = String(format: "%.\(digits)f", number)
  let short = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  return short == "-0" ? "0" : short
}
