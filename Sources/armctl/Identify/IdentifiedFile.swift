internal import Control
internal import Foundation
internal import Kinematics

/// An arm file with what was found in it.
struct IdentifiedFile: Sendable {
  let path: String
  let old, new: String

  enum Failure: Error, Equatable {
    /// The file is laid out in a way that this program does not write in.
    case layout(String)
    case unreadable(String)
  }

  var diff: String { UnifiedDiff(from: old, to: new, file: path).text }

  /// - Throws: ``Failure`` where the changed text would not say what was found.
  init(_ configuration: ArmConfiguration, _ outcome: ArmIdentification.Outcome) throws(Failure) {
    path = configuration.file
    do { old = try String(contentsOfFile: path, encoding: .utf8) } catch { throw .unreadable(path) }
    new = try Self.text(old, configuration, outcome)
  }

  static func text(
    _ old: String, _ configuration: ArmConfiguration, _ outcome: ArmIdentification.Outcome
  ) throws(Failure) -> String {
    var edit = ArmFileEdit(old)
    do throws(ArmFileEdit.Failure) {
      for (path, value) in changes(of: configuration, outcome) { try edit.set(path, to: value) }
    } catch { throw .layout(error.path) }
    try check(edit.text, configuration, outcome)
    return edit.text
  }

  /// Keys and what they become, as YAML has it.
  private static func changes(of configuration: ArmConfiguration, _ outcome: ArmIdentification.Outcome) -> [(path: [String], value: String)] {
    guard outcome.subject == .arm else {
      guard let payload = outcome.payload else { return [] }
      let path = ["tool", "payload"], center = [payload.center.x, payload.center.y, payload.center.z]
      return [(path + ["mass"], figure(payload.mass)), (path + ["center"], list(center))]
    }
    var changes: [(path: [String], value: String)] = []
    for (index, joint) in configuration.joints.enumerated() {
      let friction = ["joints", joint.name, "transmission", "friction"], found = outcome.finding.friction[index]
      if !outcome.finding.keepsCoulomb.contains(index) { changes.append((friction + ["coulomb"], figure(found.coulomb))) }
      if !outcome.finding.keepsViscous.contains(index) { changes.append((friction + ["viscous"], figure(found.viscous))) }
      let correction = outcome.corrections[index], moment = correction.firstMoment
      guard correction != joint.correction else { continue }
      changes.append((["joints", joint.name, "correction", "mass"], figure(correction.mass)))
      changes.append((["joints", joint.name, "correction", "moment"], list([moment.x, moment.y, moment.z])))
    }
    if let thresholds = outcome.thresholds {
      let path = ["compliance", "thresholds"]
      changes.append((path + ["base"], list(thresholds.base)))
      changes.append((path + ["perVelocity"], list(thresholds.perVelocity)))
      changes.append((path + ["perAcceleration"], list(thresholds.perAcceleration)))
      changes.append((path + ["perEffort"], list(thresholds.perEffort)))
    }
    if let jolt = outcome.jolt { changes.append((["compliance", "jolt"], list(jolt))) }
    return changes
  }

  /// Three digits are what a measurement of minutes is good for; a fourth keeps rounding out of it.
  static func figure(_ number: Double) -> String {
    let rounded = String(format: "%.4g", number)
    // YAML takes 1e-05 for a text where it has no point.
    return rounded.contains("e") ? String(format: "%.8f", number) : rounded
  }

  private static func list(_ numbers: some Sequence<Double>) -> String { "[\(numbers.map(figure).joined(separator: ", "))]" }

  // MARK: Whether it is what was meant

  private static func check(_ text: String, _ configuration: ArmConfiguration, _ outcome: ArmIdentification.Outcome) throws(Failure) {
    let changed: ArmConfiguration
    do throws(ConfigurationError) { changed = try ArmConfiguration.parse(text, file: configuration.file) } catch { throw .layout(error.sentence) }
    func isSame(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) <= 1e-3 * abs($1) + 1e-8 } }
    for (index, (new, joint)) in zip(changed.joints, configuration.joints).enumerated() {
      let friction = outcome.subject == .arm ? outcome.finding.friction[index] : nil, correction = outcome.corrections[index]
      let mass = [new.correction.mass] + vector(new.correction.firstMoment), wanted = [correction.mass] + vector(correction.firstMoment)
      guard
        isSame(
          [new.transmission.coulomb, new.transmission.viscous],
          [friction?.coulomb ?? joint.transmission.coulomb, friction?.viscous ?? joint.transmission.viscous]),
        isSame(mass, wanted), new.transmission.isSame(as: joint.transmission), new.motor == joint.motor, new.name == joint.name
      else { throw .layout("joints.\(joint.name)") }
    }
    if let wanted = outcome.thresholds {
      guard let new = changed.compliance.thresholds, isSame(new.base, wanted.base), isSame(new.perVelocity, wanted.perVelocity),
        isSame(new.perAcceleration, wanted.perAcceleration), isSame(new.perEffort, wanted.perEffort)
      else { throw .layout("compliance.thresholds") }
    }
    if let wanted = outcome.jolt {
      guard let new = changed.compliance.jolt, isSame(new, wanted) else { throw .layout("compliance.jolt") }
    }
    if let payload = outcome.payload {
      guard let new = changed.model.payload, isSame([new.mass] + vector(new.center), [payload.mass] + vector(payload.center)) else {
        throw .layout("tool.payload")
      }
    }
  }

  private static func vector(_ v: SIMD3<Double>) -> [Double] { [v.x, v.y, v.z] }
}

extension ArmConfiguration.Transmission {
  /// But for friction.
  fileprivate func isSame(as other: Self) -> Bool {
    kind == other.kind && ratio == other.ratio && isReversed == other.isReversed && offset == other.offset && stiffness == other.stiffness
      && backlash == other.backlash && rotorInertia == other.rotorInertia && torqueConstant == other.torqueConstant
      && ratchetTorque == other.ratchetTorque
  }
}
