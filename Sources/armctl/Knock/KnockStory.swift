internal import Control
internal import Foundation

/// One knock on the simulator, told.
struct KnockStory {
  let knock: KnockCase
  let stand: KnockStand
  let result: KnockResult

  var text: String {
    var lines = [
      "\(figure(knock.impulse, 2)) N·s on the \(knock.place.rawValue), towards \(knock.direction.name), at \(stand.name), "
        + (knock.motion == .holding ? "holding" : "moving at \(knock.motion.name)"),
      result.detectionDelay.map { "felt after \(figure($0 * 1e3, 1)) ms" } ?? "not felt",
      "went \(figure(result.travel * 1e3, 0)) mm" + (result.opposingForce.map { ", against \(figure($0, 1)) N of its motors" } ?? ""),
      "\(figure(result.limitMargin * 180 / .pi, 1))° were left before a joint's limit"
        + (result.crossesLimit ? ", which is too near" : "")
        // Drives that hold positions ask for efforts by themselves.
        + (result.demandShare > 0 ? "; at most \(figure(100 * result.demandShare, 0)) % of a motor was asked for" : ""),
      result.recovery.map { "back within 2 mm and 1° after \(figure($0, 2)) s, with \(figure(100 * result.overshoot, 1)) % of overshoot" }
        ?? "did not come back",
    ]
    if knock.motion != .holding {
      lines.append(
        result.hasResumed ? "and did its job, \(result.timeLost.map { figure($0, 2) } ?? "?") s later" : "and did not finish its job")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return [
      "impulse": .number(knock.impulse), "direction": JSONValue(numbers: (0..<3).map { knock.direction.vector[$0] }),
      "place": .string(knock.place.rawValue), "stand": .string(stand.name), "detectionDelay": optional(result.detectionDelay),
      "travel": .number(result.travel), "opposingForce": optional(result.opposingForce), "limitMargin": .number(result.limitMargin),
      "crossesLimit": .bool(result.crossesLimit),
      "fate": result.crossesLimit ? .string(result.fate.name) : .null,
      "demandShare": result.demandShare > 0 ? .number(result.demandShare) : .null, "recovery": optional(result.recovery),
      "overshoot": .number(result.overshoot), "energyExcess": .number(result.energyExcess), "resumed": .bool(result.hasResumed),
      "timeLost": optional(result.timeLost), "mode": .string(result.finalMode.rawValue),
    ]
  }
}

private func figure(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
