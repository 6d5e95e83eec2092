internal import Control
internal import Foundation

/// What a sweep found, as people and as programs read it.
struct KnockReport {
  let arm: String
  let hardware: ComplianceClass
  let summary: KnockSummary
  var scenarios: [KnockScenario.Finding] = []
  var ablation: [(name: String, summary: KnockSummary)] = []
  /// What the arm's file states: the tank [J], and the yield stiffness [N/m].
  let tank, yieldStiffness: Double

  /// A figure beside what is asked of it.
  struct Line: Sendable, Equatable {
    let name, measured, asked: String
    /// nil where the figure is only told.
    let isMet: Bool?
  }

  var lines: [Line] {
    let s = summary, travels = s.travels, isTorque = hardware == .torque
    let delays = isTorque ? (10.0, 25.0) : (.infinity, 40.0), travel = isTorque ? (40.0, 250.0) : (20, 120)
    let detected = s.detectableCount > 0 ? Double(s.detectedCount) / Double(s.detectableCount) : 0
    let delay = (s.meanDelay ?? .infinity) * 1e3, longDelay = (s.longDelay ?? .infinity) * 1e3
    let reach = (1e3 * (travels.first ?? 0), 1e3 * (travels.last ?? .infinity))
    let median = quantile(s.recoveries, 0.5) ?? .infinity, slowest = s.recoveries.last ?? .infinity
    let force = s.opposingForces.last ?? .infinity, overshoot = 100 * (s.overshoots.last ?? .infinity)
    var lines = [
      Line(
        name: "detected, from \(JSONValue.number(s.leastDetected)) N·s", measured: "\(s.detectedCount) of \(s.detectableCount)", asked: "≥ 99.9 %",
        isMet: detected >= 0.999),
      Line(
        name: "missed, and moved by 1 mm", measured: "\(s.missedMotionCount) of \(s.detectableCount - s.detectedCount)", asked: "told", isMet: nil),
      Line(
        name: "delay: mean, p99", measured: "\(figure(delay, 1)) ms, \(figure(longDelay, 1)) ms",
        asked: (isTorque ? "≤ 10 ms, " : "") + "≤ \(figure(delays.1, 0)) ms", isMet: delay <= delays.0 && longDelay <= delays.1),
      Line(
        name: "travel at 2 N·s", measured: "\(figure(reach.0, 0)) … \(figure(1e3 * (quantile(travels, 0.5) ?? 0), 0)) … \(figure(reach.1, 0)) mm",
        asked: "\(figure(travel.0, 0)) … \(figure(travel.1, 0)) mm", isMet: reach.0 >= travel.0 && reach.1 <= travel.1),
      Line(
        name: "travel, of a free mass's", measured: "≥ \(figure(s.travelShares.first ?? 0, 2))", asked: "≥ 0.8",
        isMet: isTorque ? s.travelShares.first ?? 1 >= 0.8 : nil),
      Line(name: "opposing force, mean of a knock", measured: "≤ \(figure(force, 1)) N", asked: "≤ 15 N", isMet: isTorque ? force <= 15 : nil),
      Line(name: "crossed a limit, or touched itself", measured: "\(s.crossingCount) of \(s.count)", asked: "0", isMet: s.crossingCount == 0),
      thrown("thrown there whatever motors do", .beyondMotors), thrown("… that add no energy", .beyondEnergy),
      thrown("… from when it was felt on", .feltTooLate),
      // Drives that hold positions ask for efforts by themselves.
      Line(
        name: "asked too much of a motor", measured: isTorque ? "\(s.overloadCount) of \(s.count)" : "not ours to ask", asked: "0",
        isMet: isTorque ? s.overloadCount == 0 : nil),
      Line(
        name: "back within 2 mm, 1°", measured: "median \(figure(median, 2)) s, worst \(figure(slowest, 2)) s", asked: "≤ 1.0 s, ≤ 1.5 s",
        isMet: median <= 1 && slowest <= 1.5),
      Line(name: "overshoot", measured: "≤ \(figure(overshoot, 1)) %", asked: "≤ 5 %", isMet: overshoot <= 5),
      Line(
        name: "off its path after it", measured: s.pathDeviations.isEmpty ? "–" : "≤ \(figure(1e3 * (s.pathDeviations.last ?? 0), 2)) mm",
        asked: "≤ 1 mm", isMet: (s.pathDeviations.last ?? 0) <= 1e-3),
      Line(name: "went on by itself", measured: "\(s.resumedCount) of \(s.count)", asked: "all", isMet: s.resumedCount == s.count),
      Line(
        name: "energy after contact", measured: "≤ +\(figure(s.largestEnergyExcess, 2)) J", asked: "≤ +\(figure(tank, 1)) J",
        isMet: s.tankExceededCount(tank: tank) == 0),
      Line(name: "time lost by a job", measured: "median \(figure(quantile(s.timesLost, 0.5) ?? 0, 2)) s", asked: "told", isMet: nil),
    ]
    if s.falseAlarmCount > 0 {
      lines.append(Line(name: "felt before the knock", measured: "\(s.falseAlarmCount) of \(s.count)", asked: "0", isMet: false))
    }
    lines += s.freeMotion.map {
      Line(
        name: "false alarms \($0.name)",
        measured: "\($0.alarms) in \(figure($0.hours, 1)) h" + ($0.faults > 0 ? "; ended \($0.faults) times in a fault" : ""),
        asked: "≤ \(figure($0.allowed, 0)) an hour", isMet: $0.rate <= $0.allowed && $0.faults == 0)
    }
    return lines
      + scenarios.map {
        Line(name: $0.name, measured: $0.score, asked: $0.demand, isMet: $0.complaints.isEmpty)
      }
  }

  private func thrown(_ name: String, _ fate: KnockResult.Fate) -> Line {
    Line(name: name, measured: "\(summary.count(fate)) of \(summary.crossingCount)", asked: "told", isMet: nil)
  }

  var isMet: Bool { lines.allSatisfy { $0.isMet != false } }

  var text: String {
    var table = TextTable(head: ["", "measured", "asked", ""])
    for line in lines { table.append([line.name, line.measured, line.asked, line.isMet.map { $0 ? "✓" : "✗" } ?? ""]) }
    var parts = ["\(arm), class \(hardware.letter): \(summary.count) knocks", ""] + table.lines
    let complaints = scenarios.flatMap { scenario in scenario.complaints.prefix(3).map { "\(scenario.name), \($0)" } }
    if !complaints.isEmpty { parts += [""] + complaints }
    if !ablation.isEmpty { parts += ["", "The same knocks, answered otherwise:", ""] + ablationTable.lines }
    return parts.joined(separator: "\n")
  }

  private var ablationTable: TextTable {
    var table = TextTable(head: ["", "travel [mm]", "opposing [N]", "back [s]", "not back", "jobs done", "limits crossed", "energy [J]"])
    for (name, s) in ablation {
      let lost = s.recoveries.count { !$0.isFinite }
      table.append([
        name, figure(1e3 * (quantile(s.travels, 0.5) ?? 0), 0), figure(mean(s.opposingForces) ?? 0, 1), figure(quantile(s.recoveries, 0.5) ?? 0, 2),
        "\(lost) of \(s.recoveries.count)", "\(s.resumedCount) of \(s.count)", "\(s.crossingCount)", "+" + figure(s.largestEnergyExcess, 2),
      ])
    }
    return table
  }

  var json: JSONValue {
    guard case .object(var object) = summary.json(class: hardware.letter, tank: tank) else { return .null }
    object.append("arm", .string(arm))
    object.append("met", .bool(isMet))
    object.append(
      "scenarios",
      .array(
        scenarios.map {
          [
            "name": .string($0.name), "count": .number(Double($0.count)), "failed": .number(Double($0.complaints.count)),
            "beyondMotors": .number(Double($0.count(.beyondMotors))), "feltTooLate": .number(Double($0.count(.feltTooLate))),
            "complaints": JSONValue(strings: $0.complaints),
          ]
        }))
    if !ablation.isEmpty {
      let figures = ablation.map { ($0.name, $0.summary.json(class: hardware.letter, tank: tank)) }
      object.append("ablation", .array(figures.map { ["reaction": .string($0.0), "figures": $0.1] }))
    }
    return .object(object)
  }
}

extension ComplianceClass {
  /// As people speak of it.
  var letter: String {
    switch self {
    case .torque: "A"
    case .position: "B"
    case .open: "C"
    }
  }
}

private func figure(_ value: Double, _ digits: Int) -> String { value.isFinite ? String(format: "%.\(digits)f", value) : "never" }
