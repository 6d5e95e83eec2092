import Foundation
import MotorDrivers
import TestSupport
import Testing

@testable import Simulator

/// What a Damiao motor answers, byte for byte.
@Suite struct DamiaoWireTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let position, velocity: Double
    let requests, replies: [String]
    var testDescription: String { name }
  }

  static let rows: [Row] = {
    let text = (try? String(contentsOfFile: packageFile("Tests/Data/Damiao/replies.tsv"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().compactMap { line in
      let columns = line.components(separatedBy: "\t")
      guard columns.count == 5, let position = Double(columns[1]), let velocity = Double(columns[2]) else { return nil }
      let replies = columns[4] == "-" ? [] : columns[4].components(separatedBy: " ")
      return Row(name: columns[0], position: position, velocity: velocity, requests: columns[3].components(separatedBy: " "), replies: replies)
    }
  }()

  static func motor(id: Int = 2) -> EmulatedDamiao {
    EmulatedDamiao(id: id, masterId: 0x10 + id, scale: (12.5, 45, 54), ratings: .init(peakTorque: 40, noLoadSpeed: 16.7))
  }

  @Test func theTableIsThere() { #expect(Self.rows.count >= 40) }

  @Test(arguments: rows) func repliesAreExact(row: Row) throws {
    var motor = Self.motor()
    var replies: [String] = []
    for request in row.requests {
      let number = Double(request.dropFirst()) ?? 0
      switch request.first {
      case "*": for _ in 0..<Int(number) { _ = motor.torque(rotorPosition: row.position, velocity: row.velocity) }
      case "!": motor.fail(try #require(Damiao.Status(rawValue: UInt8(number))))
      case "V": motor.supplyVoltage = number
      case "W": motor.windingTemperature = number
      case "D": motor.driverTemperature = number
      case "P": motor.restart(rotorPosition: row.position)
      default:
        let frame = try #require(wireFrame(request))
        if let reply = motor.receive(frame, rotorPosition: row.position, velocity: row.velocity) { replies.append(wireText(reply)) }
      }
    }
    #expect(replies == row.replies)
  }

  @Test func noFrameCrashesAMotor() {
    var generator = SeededGenerator(seed: 5)
    var motor = Self.motor()
    var position = 0.0, velocity = 0.0
    for _ in 0..<caseCount(20_000) {
      let own = UInt32(motor.id)
      let identifier = [own, own, 0x7FF, 0x100 + own, UInt32.random(in: 0...0x7FF, using: &generator)][Int.random(in: 0...4, using: &generator)]
      var bits = UInt64.random(in: 0 ... .max, using: &generator)
      if identifier == 0x7FF && Bool.random(using: &generator) {
        bits = bits & ~0xFFFF_FFFF | UInt64(own) | [0x33, 0x55, 0xAA, 0xCC][Int.random(in: 0...3, using: &generator)] << 16
        bits |= UInt64.random(in: 0...40, using: &generator) << 24
      }
      if Int.random(in: 0...3, using: &generator) == 0 { bits |= 0x00FF_FFFF_FFFF_FFFF }
      let frame = CANFrame(identifier, bits: bits, count: Int.random(in: 0...9, using: &generator) > 1 ? 8 : 5)
      _ = motor.receive(frame, rotorPosition: position, velocity: velocity)
      for _ in 0..<3 {
        let torque = motor.torque(rotorPosition: position, velocity: velocity)
        #expect(torque.isFinite && abs(torque) <= 40)
        velocity = min(max(velocity + 1e-3 * torque, -60), 60)
        position += 50e-6 * velocity
      }
    }
  }

  /// At the rated torque the winding becomes 60 K warmer in the end; at the peak it is too hot within a minute, and the motor lets go.
  @Test func aMotorThatStrainsBecomesTooHot() {
    var motor = Self.motor()
    for frame in [Damiao.Command.enable.frame(to: 2), Damiao.Impedance(torque: 50).frame(to: 2, scale: motor.scale)] {
      _ = motor.receive(frame, rotorPosition: 0, velocity: 0)
    }
    var seconds = 0.0
    while motor.status == .enabled, seconds < 120 {
      _ = motor.torque(rotorPosition: 0, velocity: 0)
      seconds += ArmPlant.step
    }
    // 25 + 9 · 60 · (1 − exp(−t/120)) = 100
    #expect(motor.status == .windingOverTemperature && abs(seconds - 17.93) < 0.1, "\(seconds)")
  }
}

/// `123#0011…`
func wireFrame(_ text: String) -> CANFrame? {
  let parts = text.components(separatedBy: "#")
  guard parts.count == 2, let id = UInt32(parts[0], radix: 16) else { return nil }
  var bits: UInt64 = 0
  let digits = Array(parts[1])
  for index in stride(from: 0, to: digits.count, by: 2) {
    bits |= (UInt64(String(digits[index...index + 1]), radix: 16) ?? 0) << UInt64(4 * index)
  }
  return CANFrame(id, bits: bits, count: digits.count / 2)
}

func wireText(_ frame: CANFrame) -> String {
  String(format: "%03X#", frame.identifier) + (0..<frame.count).map { String(format: "%02X", frame[$0]) }.joined()
}
