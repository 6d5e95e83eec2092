import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Control
@testable import armctl

/// What was found is in the file afterwards, and nothing else has changed.
@Suite struct IdentifiedFileTests {
  private static func outcome(
    of arm: ArmConfiguration, keeping kept: Set<Int> = [], payload: Payload? = nil
  ) throws -> ArmIdentification.Outcome {
    let count = arm.joints.count
    var identification = EffortIdentification(
      model: arm.model, rotorInertia: arm.controlSettings.rotorInertia, friction: arm.frictions, subject: payload == nil ? .arm : .payload)
    var random = SeededGenerator(seed: 720)
    func vector(_ most: Double) -> JointVector { JointVector((0..<count).map { _ in .random(in: -most...most, using: &random) }) }
    for step in 0..<1000 {
      identification.add(vector(1), velocity: vector(1), acceleration: vector(2), effort: vector(3), fold: step % 5)
    }
    var finding = try identification.finding()
    finding.friction = arm.frictions.enumerated().map { joint, file in
      kept.contains(joint) ? file : .init(coulomb: file.coulomb + 0.1234567, viscous: 0.00001234)
    }
    (finding.keepsCoulomb, finding.keepsViscous) = (kept, kept)
    let thresholds = ContactThresholds(
      base: JointVector(repeating: 0.51234, count: count), perVelocity: JointVector(repeating: 0, count: count),
      perAcceleration: JointVector(repeating: 0.0123456, count: count), perEffort: JointVector(repeating: 0.02, count: count))
    return ArmIdentification.Outcome(
      subject: payload == nil ? .arm : .payload, finding: finding, model: arm.model,
      corrections: arm.joints.indices.map { payload == nil && $0 == 1 ? MassCorrection(mass: 0.1, firstMoment: [0.01, -0.02, 0]) : .zero },
      thresholds: payload == nil ? thresholds : nil,
      jolt: payload == nil && arm.complianceClass == .torque ? JointVector(repeating: 12.345, count: count) : nil, payload: payload)
  }

  private static func documented() throws -> String {
    let document = try String(contentsOfFile: packageFile("docs/Configuration.md"), encoding: .utf8)
    let start = try #require(document.range(of: "```yaml\n"))
    let end = try #require(document.range(of: "\n```", range: start.upperBound..<document.endIndex))
    return String(document[start.upperBound..<end.lowerBound]) + "\n"
  }

  /// Files in all layouts: in lines, in braces, with values that joints share.
  @Test(arguments: ["dummy", "openarm", "documented"]) func itIsWritten(_ name: String) throws {
    let file = packageFile("Robots/\(name == "documented" ? "dummy" : name)/arm.yaml")
    let old = name == "documented" ? try Self.documented() : try String(contentsOfFile: file, encoding: .utf8)
    let arm = try ArmConfiguration.parse(old, file: file), outcome = try Self.outcome(of: arm, keeping: [2])
    let text = try IdentifiedFile.text(old, arm, outcome), new = try ArmConfiguration.parse(text, file: file)
    for (joint, (new, old)) in zip(new.joints, arm.joints).enumerated() {
      #expect(abs(new.transmission.coulomb - old.transmission.coulomb - (joint == 2 ? 0 : 0.1234567)) < 5e-4)
      #expect(new.motor == old.motor && new.transmission.ratio == old.transmission.ratio)
    }
    #expect(new.joints[1].correction == MassCorrection(mass: 0.1, firstMoment: [0.01, -0.02, 0]))
    #expect(abs(new.model.bodyMasses[1] - arm.model.bodyMasses[1] - 0.1) < 1e-12 && abs(new.mass - arm.mass - 0.1) < 1e-12)
    #expect(new.compliance.thresholds.map { abs($0.base[0] - 0.5123) < 1e-9 && $0.perVelocity[0] == 0 } ?? false)
    #expect(new.compliance.jolt?[0] == (name == "openarm" ? 12.35 : arm.compliance.jolt?[0]))
    // Every comment is where it was, and what is written twice changes nothing.
    func comments(_ text: String) -> [Substring] { text.split(separator: "\n").compactMap { $0.firstIndex(of: "#").map($0.suffix(from:)) } }
    #expect(comments(text) == comments(old))
    #expect(try IdentifiedFile.text(text, new, outcome) == text)
  }

  @Test func aLoadIsWritten() throws {
    let file = packageFile("Robots/dummy/arm.yaml"), old = try String(contentsOfFile: file, encoding: .utf8)
    let arm = try ArmConfiguration.load(file), load = try Payload(mass: 0.25, center: [0, 0.01, 0.05])
    let text = try IdentifiedFile.text(old, arm, Self.outcome(of: arm, payload: load))
    #expect(text == old + "\ntool:\n  payload:\n    mass: 0.25\n    center: [0, 0.01, 0.05]\n" || text.hasSuffix("center: [0, 0.01, 0.05]\n"))
    #expect(try ArmConfiguration.parse(text, file: file).model.payload == load)
  }

  @Test func whatCannotBeIsRefused() throws {
    let file = packageFile("Robots/dummy/arm.yaml"), old = try String(contentsOfFile: file, encoding: .utf8)
    let text = old.replacingOccurrences(of: "  waist:\n    motor", with: "  waist:\n    correction: {mass: -5}\n    motor")
    let error = #expect(throws: ConfigurationError.self) { try ArmConfiguration.parse(text, file: file) }
    #expect(error?.sentence.hasPrefix("joints.waist.correction.mass is -5 kg, and the model has only ") ?? false)
    #expect(error?.suggestion == "check the sign, or the model's masses")
  }
}
