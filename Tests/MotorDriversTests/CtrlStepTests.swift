import MotorDrivers
import Testing

@Suite struct CtrlStepTests {
  @Test(arguments: vectors("ctrl-step")) func messagesAreTheVectorsBytes(row: [String: String]) throws {
    let node = try #require(Int(row["node"] ?? ""))
    let number = try #require(UInt8(row["command"]?.dropFirst(2) ?? "", radix: 16))
    let command = try #require(CtrlStep.Command(rawValue: number))
    let values = try #require(row["values"]).split(separator: " ").map(String.init)
    let format = try #require(row["format"])

    let message =
      switch format {
      case "-": CtrlStep.Message(command, node: node)
      case "float": CtrlStep.Message(command, node: node, value: try #require(Float(values[0])))
      case "float flag": CtrlStep.Message(command, node: node, value: try #require(Float(values[0])), flag: values[1] == "1")
      case "float float":
        CtrlStep.Message(command, node: node, value: try #require(Float(values[0])), second: try #require(Float(values[1])))
      case "unsigned": CtrlStep.Message(command, node: node, word: try #require(UInt32(values[0])))
      case "unsigned flag": CtrlStep.Message(command, node: node, word: try #require(UInt32(values[0])), flag: values[1] == "1")
      default:
        CtrlStep.Message(command, node: node, word: UInt32(bitPattern: try #require(Int32(values[0]))), flag: values[1] == "1")
      }
    let line = try #require(row["slcan line"])
    #expect(SLCAN.bytes(of: .frame(message.frame)) == Array((line + "\r").utf8))

    var decoder = SLCANDecoder()
    let lines = (line + "\r").utf8.compactMap { decoder.decode($0) }
    guard case .frame(let frame, _)? = lines.first else { throw Missing() }
    #expect(CtrlStep.Message(frame) == message)

    // The table says of each command what the vector's author knew of it.
    let row = row["direction"] == "answer" ? CtrlStep.Row(answerOf: command) : command.row
    #expect(row.words == format)
  }

  @Test func everyCommandHasAVector() {
    let seen = Set(vectors("ctrl-step").compactMap { UInt8($0["command"]?.dropFirst(2) ?? "", radix: 16) })
    #expect(seen == Set(CtrlStep.Command.allCases.map(\.rawValue)))
  }

  struct Refused: CustomTestStringConvertible {
    let reason: String
    let frame: CANFrame
    var testDescription: String { reason }
  }

  @Test(arguments: [
    Refused(reason: "extended", frame: CANFrame(0x105, isExtended: true)),
    Refused(reason: "remote", frame: CANFrame(remote: 0x105, count: 8)),
    Refused(reason: "no such command", frame: CANFrame(0x108)),
    Refused(reason: "position without its flag", frame: CANFrame(0x105, count: 4)),
    Refused(reason: "two floats cut short", frame: CANFrame(0x107, count: 7)),
    Refused(reason: "enable without its word", frame: CANFrame(0x101, count: 3)),
  ])
  func otherFramesAreNoMessages(example: Refused) { #expect(CtrlStep.Message(example.frame) == nil) }

  struct Missing: Error {}
}

extension CtrlStep.Row {
  fileprivate init(answerOf command: CtrlStep.Command) {
    // An answer is laid out as a setting of the same kind: a value, and a flag in byte 4.
    self = command.row.answer == .float ? CtrlStep.Command.setCurrentLimit.row : CtrlStep.Command.setKp.row
  }

  fileprivate var words: String {
    let value = ["nothing": "-", "unsigned": "unsigned", "signed": "signed", "float": "float"]["\(self.value)"] ?? ""
    let extra = ["nothing": "", "save": " flag", "acknowledge": " flag", "float": " float"]["\(self.extra)"] ?? ""
    return value + extra
  }
}
