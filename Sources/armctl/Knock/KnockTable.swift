internal import Foundation

/// All knocks of a report, a line each, as comma-separated values.
struct KnockTable {
  let findings: [KnockSweep.Finding]
  let stands: [KnockStand]
  let jointNames: [String]

  private static let columns: [(name: String, value: @Sendable (KnockSweep.Finding, KnockTable) -> String)] = [
    ("number", { finding, _ in "\(finding.knock.number)" }),
    ("stand", { finding, table in table.stands[finding.knock.stand].name }),
    ("motion", { finding, _ in finding.knock.motion.name }),
    ("place", { finding, _ in finding.knock.place.rawValue }),
    ("direction", { finding, _ in finding.knock.direction.name }),
    ("impulse_Ns", { finding, _ in JSONValue.number(finding.knock.impulse).description }),
    ("counts", { finding, _ in finding.result.isDetectable ? "yes" : "no" }),
    ("felt_ms", { finding, _ in figure(finding.result.detectionDelay, 1, scale: 1e3) }),
    ("travel_mm", { finding, _ in figure(finding.result.travel, 1, scale: 1e3) }),
    ("free_mass_mm", { finding, _ in figure(finding.result.predictedTravel, 1, scale: 1e3) }),
    ("opposing_N", { finding, _ in figure(finding.result.opposingForce, 1) }),
    ("limit_deg", { finding, _ in figure(finding.result.limitMargin, 1, scale: 180 / .pi) }),
    ("crossed", { finding, table in table.crossed(finding.result) }),
    ("fate", { finding, _ in finding.result.crossesLimit ? finding.result.fate.name : "" }),
    ("asked_share", { finding, _ in figure(finding.result.demandShare, 3) }),
    ("back_s", { finding, _ in figure(finding.result.recovery, 3) }),
    ("overshoot_percent", { finding, _ in figure(finding.result.overshoot, 1, scale: 100) }),
    ("off_path_mm", { finding, _ in figure(finding.result.pathDeviation, 2, scale: 1e3) }),
    ("energy_J", { finding, _ in figure(finding.result.energyExcess, 3) }),
    ("went_on", { finding, _ in finding.result.hasResumed ? "yes" : "no" }),
  ]

  var text: String {
    let head = Self.columns.map(\.name).joined(separator: ",")
    return ([head] + findings.map { finding in Self.columns.map { $0.value(finding, self) }.joined(separator: ",") }).joined(separator: "\n") + "\n"
  }

  private func crossed(_ result: KnockResult) -> String {
    let sides = result.crossings.sorted { ($0.joint, $0.isUpper ? 1 : 0) < ($1.joint, $1.isUpper ? 1 : 0) }
    let names = sides.map { jointNames[$0.joint] + ($0.isUpper ? " upper" : " lower") } + (result.touchesItself ? ["itself"] : [])
    return names.joined(separator: " ")
  }
}

extension KnockResult.Fate {
  var name: String {
    switch self {
    case .avoidable: "avoidable"
    case .feltTooLate: "felt too late"
    case .beyondEnergy: "beyond energy"
    case .beyondMotors: "beyond motors"
    }
  }
}

/// Empty where there is none.
private func figure(_ value: Double?, _ digits: Int, scale: Double = 1) -> String {
  value.flatMap { $0.isFinite ? String(format: "%.\(digits)f", $0 * scale) : nil } ?? ""
}
