import Foundation
import MotorDrivers
import Testing
import TestSupport

@testable import Simulator

/// What a drive answers, byte for byte.
@Suite struct CtrlStepWireTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let turns: Double
    let requests, replies: [String]
    var testDescription: String { name }
  }

  static let rows: [Row] = {
    let text = (try? String(contentsOfFile: packageFile("Tests/Data/Simulator/ctrl-step.tsv"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().compactMap { line in
      let columns = line.components(separatedBy: "\t")
      guard columns.count == 4, let turns = Double(columns[1]) else { return nil }
      let replies = columns[3] == "-" ? [] : columns[3].components(separatedBy: " ")
      return Row(name: columns[0], turns: turns, requests: columns[2].components(separatedBy: " "), replies: replies)
    }
  }()

  @Test func theTableIsThere() { #expect(Self.rows.count >= 30) }

  @Test(arguments: rows)
  func repliesAreExact(row: Row) throws {
    let rotor = row.turns * 2 * .pi
    let tuning = EmulatedCtrlStep.Tuning(inertia: 1e-5, torqueConstant: 0.2, maximumCurrent: 2.5)
    var drive = EmulatedCtrlStep(settings: CtrlStepSettings(node: 2), tuning: tuning, rotorPosition: rotor)
    var replies: [String] = []
    for request in row.requests {
      if request.hasPrefix("*") {
        for _ in 0..<(Int(request.dropFirst()) ?? 0) { _ = drive.step(rotorPosition: rotor) }
      } else if let reply = drive.receive(try #require(wireFrame(request)), rotorPosition: rotor) {
        replies.append(wireText(reply))
      }
    }
    #expect(replies == row.replies)
  }

  @Test func noFrameCrashesADrive() {
    var generator = SeededGenerator(seed: 5)
    let tuning = EmulatedCtrlStep.Tuning(inertia: 1e-5, torqueConstant: 0.2, maximumCurrent: 2.5)
    var drive = EmulatedCtrlStep(settings: CtrlStepSettings(node: 2), tuning: tuning, rotorPosition: 0)
    var rotor = 0.0
    for _ in 0..<caseCount(20_000) {
      let node = [UInt32(0), 2, drive.settings.node & 15][Int.random(in: 0...2, using: &generator)]
      let command = UInt32.random(in: 0...127, using: &generator)
      let bits = UInt64.random(in: 0 ... .max, using: &generator)
      let count = Int.random(in: 0...8, using: &generator)
      let frame =
        Int.random(in: 0...20, using: &generator) == 0
        ? CANFrame(remote: node << 7 | command, count: count) : CANFrame(node << 7 | command, bits: bits, count: count)
      _ = drive.receive(frame, rotorPosition: rotor)
      for _ in 0..<3 {
        let current = drive.step(rotorPosition: rotor)
        #expect(current.isFinite && abs(current) <= 2.5)
        rotor += 1e-3 * current
      }
    }
  }
}
