internal import Foundation
internal import Planner

/// What stands for an arm where collisions are checked: its spheres, how far they stick out, and which links are checked against which.
struct CollisionReport {
  let collision: ArmCollision

  private var model: CollisionModel { collision.model }

  // MARK: For people

  var lines: [String] {
    var lines = [headline] + table.lines
    lines.append(
      "pairs of links: \(model.pairs.checked.count) checked; left out: \(model.pairs.adjacent.count) joined by a joint or rigidly"
        + (model.pairs.alwaysTouching.isEmpty ? "" : ", \(model.pairs.alwaysTouching.count) that touch nearly everywhere: ")
        + model.pairs.alwaysTouching.map { "\($0.one) and \($0.other)" }.joined(separator: ", "))
    if let fit = collision.fit, !fit.looseLinks.isEmpty {
      lines.append(
        "looser than collision.tightness of \(millimetres(fit.tightness)), for want of spheres (collision.count): "
          + fit.looseLinks.map { "\($0.name) \(millimetres($0.overshoot))" }.joined(separator: ", "))
    }
    if !collision.invisible.isEmpty {
      lines.append("not checked, as nothing stands for them: \(collision.invisible.joined(separator: ", "))")
    }
    if !collision.shapeless.isEmpty { lines.append("without a shape in the URDF: \(collision.shapeless.joined(separator: ", "))") }
    if let problem = collision.fit?.keepingProblem { lines.append(problem) }
    return lines
  }

  private var headline: String {
    let count = spheres.map(\.spheres.count).reduce(0, +)
    guard let fit = collision.fit, let worst = fit.overshoots.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
      return "collisions: \(count) spheres from a file"
    }
    return "collisions: \(count) spheres fitted to the URDF's shapes, at most \(millimetres(worst.value)) beyond them (\(worst.key))"
      + (fit.isKept ? "; kept from an earlier start" : "")
  }

  private var table: TextTable {
    var table = TextTable(head: ["link", "spheres", "largest", "beyond its shape", "checked against"])
    for link in spheres {
      let partners = model.pairs.checked.count { $0.one == link.link || $0.other == link.link }
      table.append([
        link.link, String(link.spheres.count), millimetres(link.spheres.map(\.radius).max() ?? 0),
        collision.fit?.overshoots[link.link].map(millimetres) ?? "–", "\(partners) links",
      ])
    }
    return table
  }

  private var spheres: [(link: String, spheres: [ArmSpheres.Sphere])] { model.spheres(at: model.lower) }

  private func millimetres(_ length: Double) -> String { String(format: "%.1f mm", length * 1000) }

  // MARK: For programs

  var json: JSONValue {
    func pairs(_ pairs: [ArmSpheres.LinkPair]) -> JSONValue { .array(pairs.map { JSONValue(strings: [$0.one, $0.other]) }) }
    return [
      "fitted": .bool(collision.fit != nil),
      "links": .array(
        spheres.map { link in
          [
            "name": .string(link.link), "spheres": .number(Double(link.spheres.count)),
            "overshoot": collision.fit?.overshoots[link.link].map(JSONValue.number) ?? .null,
          ]
        }),
      "pairs": [
        "checked": pairs(model.pairs.checked), "adjacent": pairs(model.pairs.adjacent), "alwaysTouching": pairs(model.pairs.alwaysTouching),
      ],
      "loose": JSONValue(strings: collision.fit?.looseLinks.map(\.name) ?? []),
      "invisible": JSONValue(strings: collision.invisible), "shapeless": JSONValue(strings: collision.shapeless),
    ]
  }
}
