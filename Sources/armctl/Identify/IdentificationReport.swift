internal import Control
internal import Foundation
internal import Kinematics

/// What was found of an arm, beside what its file says.
struct IdentificationReport {
  let configuration: ArmConfiguration
  let outcome: ArmIdentification.Outcome
  /// Of the recorded motion [s].
  let seconds: Double
  /// Stretches that were left out.
  var touches: [EffortRecording.Touch] = []

  private var finding: EffortIdentification.Finding { outcome.finding }

  var text: String {
    var lines = [String(format: "%@, by %.0f s of motion", configuration.name, seconds), ""]
    if outcome.subject == .payload {
      lines += payloadLines
    } else {
      lines += frictionTable + [""] + massLines + ["", "Thresholds, at rest and in full motion [N·m]"] + thresholdTable
    }
    return lines.joined(separator: "\n") + notes.map { "\n" + $0 }.joined()
  }

  // MARK: Tables

  private static func number(_ number: Double, digits: Int = 3) -> String { String(format: "%.\(digits)f", number) }

  private func change(_ old: Double, _ new: Double, _ deviation: Double, isKept: Bool) -> String {
    isKept ? "\(Self.number(old)) kept" : "\(Self.number(old)) → \(Self.number(new)) ± \(Self.number(deviation))"
  }

  private var frictionTable: [String] {
    var table = TextTable(head: ["joint", "dry [N·m]", "viscous [N·m·s/rad]", "left by file", "found", "unseen [N·m]"])
    for (index, joint) in configuration.joints.enumerated() {
      let file = joint.transmission, found = finding.friction[index], deviation = finding.frictionDeviation[index], rest = finding.remainders[index]
      table.append([
        joint.name, change(file.coulomb, found.coulomb, deviation.coulomb, isKept: finding.keepsCoulomb.contains(index)),
        change(file.viscous, found.viscous, deviation.viscous, isKept: finding.keepsViscous.contains(index)), Self.number(rest.before),
        Self.number(rest.after), Self.number(rest.unseen),
      ])
    }
    return table.lines
  }

  private var massLines: [String] {
    guard finding.correctsMasses else { return ["Masses are as the file has them: others would not foretell motion better."] }
    var table = TextTable(head: ["moves with", "mass [kg]", "centre shifts by [mm]"])
    for (index, joint) in configuration.joints.enumerated() {
      let body = configuration.model.ownBody(of: index), old = configuration.model.bodyMasses[body], new = outcome.model.bodyMasses[body]
      let shift = outcome.model.bodyCenters[body] - configuration.model.bodyCenters[body]
      table.append([
        joint.name, finding.keepsMass.contains(body) ? "\(Self.number(old)) kept" : "\(Self.number(old)) → \(Self.number(new))",
        [shift.x, shift.y, shift.z].map { String(format: "%+.0f", 1000 * $0) }.joined(separator: " "),
      ])
    }
    return table.lines
  }

  /// Of a joint, at rest and where it moves as fast, speeds up as much and works as hard as its limits allow [N·m].
  private var contactLevels: [(rest: Double, moving: Double)] {
    guard let thresholds = outcome.thresholds else { return [] }
    let limits = configuration.limits, shaking = thresholds.shaking(at: limits.velocity, limits.acceleration)
    return thresholds.base.indices.map { joint in
      let effort = limits.effort[joint].isFinite ? limits.effort[joint] : 0
      return (
        thresholds.base[joint],
        thresholds.base[joint] + thresholds.perVelocity[joint] * thresholds.speed(felt: joint, at: limits.velocity)
          + thresholds.perAcceleration[joint].squareRoot() * shaking + thresholds.perEffort[joint] * effort
      )
    }
  }

  private var thresholdTable: [String] {
    var table = TextTable(head: ["joint", "contact", "in motion", "collision", "in motion"] + (outcome.jolt == nil ? [] : ["blow [rad/s²]"]))
    let ratio = outcome.thresholds?.collisionRatio ?? 1
    for (index, level) in contactLevels.enumerated() {
      table.append(
        [configuration.joints[index].name] + [level.rest, level.moving, ratio * level.rest, ratio * level.moving].map { Self.number($0, digits: 2) }
          + (outcome.jolt.map { [Self.number($0[index], digits: 0)] } ?? []))
    }
    return table.lines
  }

  private var payloadLines: [String] {
    var table = TextTable(head: ["joint", "left by file [N·m]", "found", "unseen"])
    for (joint, rest) in zip(configuration.joints, finding.remainders) {
      table.append([joint.name, Self.number(rest.before), Self.number(rest.after), Self.number(rest.unseen)])
    }
    guard let payload = outcome.payload else {
      return table.lines + ["", String(format: "The arm carries nothing, or less than %.3f kg.", 3 * finding.massDeviation)]
    }
    let center = [payload.center.x, payload.center.y, payload.center.z].map { String(format: "%.1f", 1000 * $0) }.joined(separator: ", ")
    return table.lines + [
      "", String(format: "The arm carries %.3f ± %.3f kg, with its centre at %@ mm from the flange.", payload.mass, finding.massDeviation, center),
    ]
  }

  /// What the file keeps, and why.
  var notes: [String] {
    var notes = touches.map {
      String(format: "%@ seemed to be touched %.0f s into the motion; that stretch was left out.", $0.joint, $0.time)
    }
    guard outcome.subject == .arm else { return notes.isEmpty ? [] : [""] + notes }
    for (index, joint) in configuration.joints.enumerated() {
      let parts = [finding.keepsCoulomb.contains(index) ? "dry" : nil, finding.keepsViscous.contains(index) ? "viscous" : nil].compactMap(\.self)
      if !parts.isEmpty {
        notes.append("The \(parts.joined(separator: " and ")) friction of \(joint.name) stays: this motion does not tell it.")
      }
      if finding.correctsMasses, finding.keepsMass.contains(configuration.model.ownBody(of: index)) {
        notes.append("The mass that moves with \(joint.name) stays: no motion of these joints shows it.")
      }
    }
    return notes.isEmpty ? [] : [""] + notes
  }

  var json: JSONObject {
    var report: JSONObject = ["arm": .string(configuration.name), "seconds": .number(seconds)]
    if outcome.subject == .payload {
      let payload = outcome.payload.map { payload -> JSONValue in
        [
          "mass": .number(payload.mass), "massDeviation": .number(finding.massDeviation),
          "center": JSONValue(numbers: [payload.center.x, payload.center.y, payload.center.z]),
        ]
      }
      report.append("payload", payload ?? .null)
    } else {
      report.append("correctsMasses", .bool(finding.correctsMasses))
    }
    report.append("touches", .array(touches.map { ["joint": .string($0.joint), "time": .number($0.time)] }))
    report.append("joints", .array(configuration.joints.indices.map { .object(json(ofJoint: $0)) }))
    return report
  }

  private func json(ofJoint index: Int) -> JSONObject {
    let joint = configuration.joints[index], rest = finding.remainders[index]
    var object: JSONObject = [
      "name": .string(joint.name), "residual": ["before": .number(rest.before), "after": .number(rest.after), "unseen": .number(rest.unseen)],
    ]
    guard outcome.subject == .arm else { return object }
    func figures(_ old: Double, _ new: Double, _ deviation: Double, _ isKept: Bool) -> JSONValue {
      ["file": .number(old), "found": .number(new), "deviation": .number(deviation), "kept": .bool(isKept)]
    }
    let found = finding.friction[index], deviation = finding.frictionDeviation[index], moment = outcome.corrections[index].firstMoment
    object.append(
      "coulomb", figures(joint.transmission.coulomb, found.coulomb, deviation.coulomb, finding.keepsCoulomb.contains(index)))
    object.append(
      "viscous", figures(joint.transmission.viscous, found.viscous, deviation.viscous, finding.keepsViscous.contains(index)))
    object.append(
      "correction", ["mass": .number(outcome.corrections[index].mass), "moment": JSONValue(numbers: [moment.x, moment.y, moment.z])])
    if let thresholds = outcome.thresholds {
      let level = contactLevels[index], ratio = thresholds.collisionRatio
      object.append("contact", ["rest": .number(level.rest), "moving": .number(level.moving)])
      object.append("collision", ["rest": .number(ratio * level.rest), "moving": .number(ratio * level.moving)])
    }
    if let jolt = outcome.jolt { object.append("jolt", .number(jolt[index])) }
    return object
  }
}
