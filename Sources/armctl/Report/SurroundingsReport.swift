internal import Foundation
internal import Kinematics
internal import Planner

/// What is near an arm, and what touches it, where it stands in its named poses.
struct SurroundingsReport {
  private struct Row {
    let pose: String
    let nearest: (obstacles: Clearance?, own: Clearance?)
    /// What overlaps.
    let contacts: [Clearance]
  }

  private let things: Int
  private let rows: [Row]
  /// Links that never move and overlap with something, which does not count: the arm stands on it.
  private let standing: [Clearance]

  init(_ surroundings: Surroundings, poses: [(name: String, position: JointVector)]) {
    let (model, scene) = (surroundings.model, surroundings.scene)
    let moving = CollisionChecker(model: model, scene: scene, checksBase: false)
    things = scene.obstacles.count
    rows = poses.map { Row(pose: $0.name, nearest: moving.clearances(at: $0.position), contacts: moving.contacts(at: $0.position)) }
    standing = CollisionChecker(model: model, scene: scene).standingContacts
  }

  // MARK: For people

  var lines: [String] {
    let head = "surroundings: \(things) thing\(things == 1 ? "" : "s") in the scene" + (rows.isEmpty ? "; the arm file has no poses to look at" : "")
    return [head] + (rows.isEmpty ? [] : table.lines)
      + standing.map { "\($0.link) never moves and stands on \($0.other), which does not count" }
  }

  var warnings: [String] { rows.flatMap { row in row.contacts.map { "warning: in the pose \(row.pose) \($0)" } } }

  private var table: TextTable {
    var table = TextTable(head: ["pose", "nearest thing", "by", "nearest of itself", "by"])
    func cells(_ clearance: Clearance?) -> [String] {
      guard let clearance else { return ["–", ""] }
      return ["\(clearance.link) to \(clearance.other.obstacle ?? clearance.other.link ?? "")", String(format: "%.1f mm", 1000 * clearance.distance)]
    }
    for row in rows { table.append([row.pose] + cells(row.nearest.obstacles) + cells(row.nearest.own)) }
    return table
  }

  // MARK: For programs

  var json: JSONValue {
    func facts(_ clearance: Clearance?) -> JSONValue { clearance.map { .object(ContactFacts($0, time: nil).members) } ?? .null }
    return [
      "things": .number(Double(things)),
      "poses": .array(
        rows.map { row in
          [
            "name": .string(row.pose), "clearance": facts(row.nearest.obstacles), "ownClearance": facts(row.nearest.own),
            "touching": .array(row.contacts.map(facts)),
          ]
        }),
      "standing": .array(standing.map(facts)),
    ]
  }
}
