import MotorDrivers
import TestSupport
import Testing

/// The wire table against frames that were packed elsewhere.
@Suite struct DamiaoFrameTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let meaning, kind: String
    let motor: Int
    let scale: Damiao.Scale
    let values, arrives: [Double]
    let line: String
    var testDescription: String { meaning }

    init?(_ row: [String: String]) {
      func numbers(_ name: String) -> [Double] { (row[name] ?? "").split(separator: " ").compactMap { Double($0) } }
      guard let meaning = row["meaning"], let kind = row["kind"], let motor = row["motor"].flatMap({ Int($0) }), let line = row["slcan line"]
      else { return nil }
      self.meaning = meaning
      self.kind = kind
      self.motor = motor
      self.line = line
      let scale = numbers("scale")
      self.scale = scale.count == 3 ? Damiao.Scale(position: scale[0], velocity: scale[1], torque: scale[2]) : DamiaoBench.scale
      values = numbers("values")
      arrives = numbers("arrives as")
    }

    var frame: CANFrame? {
      var decoder = SLCANDecoder()
      for byte in line.utf8 { _ = decoder.decode(byte) }
      guard case .frame(let frame, _)? = decoder.decode(0x0D) else { return nil }
      return frame
    }
  }

  static let rows = vectors("damiao").compactMap(Row.init)

  @Test func theTableIsThere() {
    #expect(Self.rows.count == vectors("damiao").count && Self.rows.count == 26)
  }

  @Test(arguments: rows.filter { $0.kind == "impedance" }) func impedancesArePackedToTheBit(row: Row) throws {
    let sent = Damiao.Impedance(
      position: row.values[0], velocity: row.values[1], stiffness: row.values[2], damping: row.values[3], torque: row.values[4])
    let frame = try #require(row.frame)
    #expect(sent.frame(to: row.motor, scale: row.scale) == frame)
    guard row.arrives.count == 5 else { return }
    let arrived = try #require(Damiao.Impedance(frame, scale: row.scale))
    let values = [arrived.position, arrived.velocity, arrived.stiffness, arrived.damping, arrived.torque]
    for (value, expected) in zip(values, row.arrives) { #expect(abs(value - expected) < 1e-12) }
  }

  @Test(arguments: rows.filter { $0.kind == "feedback" }) func answersAreUnpackedToTheBit(row: Row) throws {
    let frame = try #require(row.frame)
    let feedback = try #require(Damiao.Feedback(frame, scale: row.scale))
    #expect(feedback.motor == row.motor)
    let values = [
      Double(feedback.status.rawValue), feedback.position, feedback.velocity, feedback.torque, Double(feedback.driverTemperature),
      Double(feedback.windingTemperature),
    ]
    for (value, expected) in zip(values, row.arrives) { #expect(abs(value - expected) < 1e-12) }
    let status = try #require(Damiao.Status(rawValue: UInt8(row.values[0])))
    let told = Damiao.Feedback(
      motor: row.motor, status: status, position: row.values[1], velocity: row.values[2], torque: row.values[3],
      driverTemperature: UInt8(row.values[4]), windingTemperature: UInt8(row.values[5]))
    #expect(told.frame(to: 0x10 + row.motor, scale: row.scale) == frame)
  }

  @Test(arguments: rows.filter { $0.kind == "command" }) func commandsAreSevenOnesAndOneByte(row: Row) throws {
    let command = try #require(Damiao.Command(rawValue: UInt8(row.values[0])))
    #expect(command.frame(to: row.motor) == row.frame)
    #expect(Damiao.Command(try #require(row.frame)) == command)
  }

  @Test(arguments: rows.filter { $0.kind == "register" }) func registersAreReadAndWritten(row: Row) throws {
    let operation = try #require(Damiao.RegisterFrame.Operation(rawValue: UInt8(row.values[1])))
    let register = operation == .refresh ? nil : Damiao.Register(rawValue: UInt8(row.values[2]))
    let isFloat = operation == .read && row.values[0] != 0x7FF && register?.isFloat == true
    let value = isFloat ? Float(row.values[3]).bitPattern : UInt32(row.values[3])
    let frame = Damiao.RegisterFrame(operation, of: register, motor: row.motor, value: value)
    #expect(frame.frame(identifier: UInt32(row.values[0])) == row.frame)
    #expect(Damiao.RegisterFrame(try #require(row.frame)) == frame)
  }

  struct Refused: CustomTestStringConvertible {
    let reason: String
    let frame: CANFrame
    var testDescription: String { reason }
  }

  @Test(arguments: [
    Refused(reason: "remote", frame: CANFrame(remote: 0x11, count: 8)),
    Refused(reason: "seven bytes", frame: CANFrame(0x11, bits: 1, count: 7)),
    Refused(reason: "a status that there is not", frame: CANFrame(0x11, bits: 0x71)),
  ])
  func otherFramesAreNoAnswers(example: Refused) { #expect(Damiao.Feedback(example.frame, scale: DamiaoBench.scale) == nil) }

  @Test func codesAreCutOffAndEndsAreExact() {
    var random = SeededGenerator(seed: 8)
    for code in [Damiao.stiffness, Damiao.damping, DamiaoBench.scale.position, DamiaoBench.scale.torque] {
      #expect(code.rounded(code.range.lowerBound) == code.range.lowerBound)
      #expect(abs(code.rounded(code.range.upperBound) - code.range.upperBound) < 1e-12)
      for _ in 0..<caseCount(200) {
        let value = Double.random(in: code.range, using: &random)
        let lost = value - code.rounded(value)
        #expect(lost > -1e-12 && lost < code.resolution + 1e-12)
        // Every code stands for a number that has this code, or, for rounding, its neighbour's.
        let number = UInt64.random(in: 0..<(1 << UInt64(code.bits)), using: &random)
        #expect(number - code.code(of: code.value(of: number)) <= 1)
      }
    }
  }
}
