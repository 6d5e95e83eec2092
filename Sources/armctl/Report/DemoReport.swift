internal import Foundation
internal import Kinematics

/// How well a script's motions went: what was planned beside what the emulator saw.
struct DemoReport {
  /// How long after a motion's end the arm is looked at [s].
  static let settlingTime = 0.25

  private struct Row {
    var outcome: ScriptOutcome
    var accuracy: MotionAccuracy?
  }

  private let rows: [Row]
  private let health: JSONValue
  private let folder: String

  init(model: RobotModel, outcomes: [ScriptOutcome], truth: TruthLog, health: JSONValue, folder: String) {
    rows = outcomes.map { outcome in
      let accuracy = MotionAccuracy(
        model: model, truth: truth, from: outcome.startTime, rest: outcome.endTime + Self.settlingTime,
        target: model.pose(at: JointVector(outcome.end)))
      return Row(outcome: outcome, accuracy: accuracy)
    }
    self.health = health
    self.folder = folder
  }

  var text: String {
    var table = TextTable(head: ["motion", "planned [s]", "took [s]", "at rest [mm]", "at rest [°]", "off the line [mm]", "peak share [%]"])
    for row in rows {
      table.append([
        row.outcome.task.text, number(row.outcome.duration, 2), number(row.outcome.endTime - row.outcome.startTime, 2),
        row.accuracy.map { number($0.restPosition * 1e3, 3) } ?? "?", row.accuracy.map { number($0.restOrientation * 180 / .pi, 4) } ?? "?",
        row.outcome.task.isLine ? row.accuracy.map { number($0.offLine * 1e3, 2) } ?? "?" : "", number(row.outcome.peakShare * 100, 0),
      ])
    }
    return (table.lines + [""] + healthLines).joined(separator: "\n")
  }

  private var healthLines: [String] {
    func microseconds(_ name: String, _ share: String) -> String { number((health[name]?[share]?.number ?? .nan) * 1e6, 0) }
    let ticks = health["ticks"]?.integer ?? 0
    return [
      "loop      woke up late by p50 \(microseconds("wakeUp", "p50")) µs, p99 \(microseconds("wakeUp", "p99")) µs; a tick took p50 "
        + "\(microseconds("tick", "p50")) µs, p99 \(microseconds("tick", "p99")) µs; \(health["missedTicks"]?.integer ?? 0) of \(ticks) ticks missed",
      "bus       \(number((health["bus"]?["load"]?.number ?? .nan) * 100, 0)) % of its time used, "
        + "\(number((health["bus"]?["errorRate"]?.number ?? .nan) * 100, 1)) % of replies lost",
      "worst     \(number(worstRest * 1e3, 3)) mm and \(number(worstTurn * 180 / .pi, 4))° from the target at rest, "
        + "\(number(worstLine * 1e3, 2)) mm off a straight line",
      "log       \(folder)/serve.log, the true motion in truth.csv beside it",
    ]
  }

  private var worstRest: Double { rows.compactMap { $0.accuracy?.restPosition }.max() ?? .nan }
  private var worstTurn: Double { rows.compactMap { $0.accuracy?.restOrientation }.max() ?? .nan }
  private var worstLine: Double { rows.filter(\.outcome.task.isLine).compactMap { $0.accuracy?.offLine }.max() ?? .nan }

  /// - Parameter knock: What came of hitting the arm.
  func json(with knock: JSONValue) -> JSONValue {
    let motions = rows.map { row -> JSONValue in
      [
        "text": .string(row.outcome.task.text), "planned": .number(row.outcome.duration),
        "took": .number(row.outcome.endTime - row.outcome.startTime), "restPosition": row.accuracy.map { .number($0.restPosition) } ?? .null,
        "restOrientation": row.accuracy.map { .number($0.restOrientation) } ?? .null,
        "offLine": row.outcome.task.isLine ? row.accuracy.map { .number($0.offLine) } ?? .null : .null, "peakShare": .number(row.outcome.peakShare),
      ]
    }
    return ["motions": .array(motions), "health": health, "folder": .string(folder), "knock": knock]
  }
}

private func number(_ value: Double, _ digits: Int) -> String { value.isFinite ? String(format: "%.\(digits)f", value) : "?" }
