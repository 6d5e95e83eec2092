import Control
import TestSupport
import Testing

@Suite struct TransmissionTests {
  struct Row: Sendable {
    let ratio: Double
    let isReversed: Bool
    let offset, rotor, joint: Double
  }

  @Test(arguments: [
    Row(ratio: 50, isReversed: false, offset: 0, rotor: 50, joint: 1),
    Row(ratio: 50, isReversed: true, offset: 0, rotor: 50, joint: -1),
    Row(ratio: 30, isReversed: false, offset: 0.5, rotor: 0, joint: 0.5),
    Row(ratio: 30, isReversed: true, offset: 0.5, rotor: -30, joint: 1.5),
  ]) func leadsFromRotorToJoint(_ row: Row) {
    let transmission = Transmission(ratio: row.ratio, isReversed: row.isReversed, offset: row.offset)
    #expect((transmission.jointPosition(ofRotor: row.rotor) - row.joint).magnitude < 1e-12)
    #expect((transmission.rotorPosition(ofJoint: row.joint) - row.rotor).magnitude < 1e-12)
  }

  @Test func thereAndBackAndNoPowerIsLost() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(100) {
      let transmission = Transmission(
        ratio: Double.random(in: 0.5...120, using: &random), isReversed: Bool.random(using: &random),
        offset: Double.random(in: -3...3, using: &random))
      let x = Double.random(in: -10...10, using: &random)
      let torque = Double.random(in: -2...2, using: &random)
      #expect((transmission.jointPosition(ofRotor: transmission.rotorPosition(ofJoint: x)) - x).magnitude < 1e-9)
      #expect((transmission.jointVelocity(ofRotor: transmission.rotorVelocity(ofJoint: x)) - x).magnitude < 1e-9)
      #expect((transmission.jointEffort(ofRotor: transmission.rotorTorque(ofJoint: x)) - x).magnitude < 1e-9)
      #expect((transmission.jointEffort(ofRotor: torque) * transmission.jointVelocity(ofRotor: x) - torque * x).magnitude < 1e-9)
    }
  }
}
