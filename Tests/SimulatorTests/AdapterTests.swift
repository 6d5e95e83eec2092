import Foundation
import Kinematics
import Testing
import TestSupport

@testable import Simulator

/// The adapter's side of the line protocol: what is obeyed, what is refused, what is lost.
@Suite struct AdapterTests {
  struct Talk: CustomTestStringConvertible {
    let name: String
    /// Sent one after the other, 10 ms apart.
    let lines: [String]
    let replies: String
    var testDescription: String { name }
  }

  @Test(arguments: [
    Talk(name: "opening", lines: ["C\r", "S8\r", "O\r"], replies: "\r\r\r"),
    Talk(name: "opening in one write", lines: ["C\rC\rC\rS8\rO\r"], replies: "\r\r\r\r\r"),
    Talk(name: "opening without a bit rate", lines: ["O\r"], replies: "\u{7}"),
    Talk(name: "opening twice", lines: ["S8\rO\r", "O\r"], replies: "\r\r\u{7}"),
    Talk(name: "bit rate while open", lines: ["S8\rO\r", "S6\r"], replies: "\r\r\u{7}"),
    Talk(name: "no such bit rate", lines: ["S9\r", "S\r", "S88\r"], replies: "\u{7}\u{7}\u{7}"),
    Talk(name: "version", lines: ["V\r"], replies: "V1013\r"),
    Talk(name: "serial number", lines: ["N\r"], replies: "N0001\r"),
    Talk(name: "flags while closed", lines: ["F\r"], replies: "\u{7}"),
    Talk(name: "flags", lines: ["S8\rO\r", "F\r"], replies: "\r\rF00\r"),
    Talk(name: "frame while closed", lines: ["S8\r", "t1230\r"], replies: "\r\u{7}"),
    Talk(name: "frame while only listening", lines: ["S8\rL\r", "t1230\r"], replies: "\r\r\u{7}"),
    Talk(name: "frame that nobody answers", lines: ["S8\rO\r", "t7FF21122\r"], replies: "\r\r\r"),
    Talk(name: "extended and remote frames", lines: ["S8\rO\r", "T123456781AA\rr1234\rR000000010\r"], replies: "\r\r\r\r\r"),
    Talk(name: "small letters", lines: ["S8\rO\r", "t12A2abCd\r"], replies: "\r\r\r"),
    Talk(name: "length of nine", lines: ["S8\rO\r", "t1239001122334455667788\r"], replies: "\r\r\u{7}"),
    Talk(name: "too few bytes", lines: ["S8\rO\r", "t123811\r"], replies: "\r\r\u{7}"),
    Talk(name: "too many bytes", lines: ["S8\rO\r", "t1230AA\r"], replies: "\r\r\u{7}"),
    Talk(name: "no hexadecimal digit", lines: ["S8\rO\r", "t12G0\r"], replies: "\r\r\u{7}"),
    Talk(name: "identifier of twelve bits", lines: ["S8\rO\r", "t8000\r"], replies: "\r\r\u{7}"),
    Talk(name: "a frame within a line", lines: ["S8\rO\r", "xxt1230\r"], replies: "\r\r\u{7}"),
    Talk(name: "unknown command", lines: ["hello\r"], replies: "\u{7}"),
    Talk(name: "endless line", lines: [String(repeating: "0", count: 3000) + "\r", "V\r"], replies: "\u{7}V1013\r"),
    Talk(name: "empty lines", lines: ["\r\r\r"], replies: ""),
    Talk(name: "a line in pieces", lines: ["V", "\r"], replies: "V1013\r"),
    Talk(name: "closed again", lines: ["S8\rO\rC\r", "t1230\r", "O\r"], replies: "\r\r\r\u{7}\r"),
    Talk(name: "read of position", lines: ["S8\rO\r", "t12380000000000000000\r"], replies: "\r\r\rt12380000000000000000\r"),
    Talk(name: "at another bit rate nobody is there", lines: ["S6\rO\r", "t12380000000000000000\r", "F\r"], replies: "\r\r\rF80\r"),
  ])
  func linesAreAnswered(talk: Talk) throws {
    let channel = LockstepChannel(arm: try oneDriveArm())
    try channel.open()
    let host = SLCANHost(channel)
    var replies = ""
    for line in talk.lines {
      try host.send(line)
      channel.now += 0.01
      replies += try host.text()
    }
    #expect(replies == talk.replies)
  }

  @Test func timestampsAreAppendedWhereAskedFor() throws {
    let channel = LockstepChannel(arm: try oneDriveArm())
    try channel.open()
    let host = SLCANHost(channel)
    channel.now = 61.25
    try host.send("Z1\rS8\rO\rt7FF0\rt12380000000000000000\r")
    channel.now += 0.01
    // 61250 ms, modulo a minute: 0x4E2 = 1250.
    #expect(try host.text() == "\r\r\r\r\rt1238000000000000000004E2\r")
  }

  @Test func repliesComeWhenTheWireIsThroughAndNotBefore() throws {
    let channel = LockstepChannel(arm: try oneDriveArm())
    try channel.open()
    let host = SLCANHost(channel)
    try host.send("S8\rO\r")
    channel.now = 0.01
    _ = try host.text()
    try host.send("t12380000000000000000\r")
    channel.now += 100e-6 + 100e-6 + 1e-9
    #expect(try host.text() == "\r")
    // Both ways through the adapter, two frames of 111…135 bits less the pause, and the drive's 30 µs.
    channel.now = 0.01 + 2 * 100e-6 + 2 * 108e-6 + 30e-6
    #expect(try host.text() == "")
    channel.now = 0.01 + 2 * 100e-6 + 2 * 135e-6 + 30e-6
    #expect(try host.text() == "t12380000000000000000\r")
  }

  @Test func aFloodIsBoundedAndCounted() throws {
    let channel = LockstepChannel(arm: try oneDriveArm())
    try channel.open()
    let host = SLCANHost(channel)
    try host.send("S8\rO\r")
    channel.now += 0.01
    _ = try host.text()
    for _ in 0..<200 { try host.send("t12380000000000000000\r") }
    channel.now += 0.1
    let replies = try host.text()
    let statistics = channel.arm.adapter.statistics
    #expect(statistics.lostFromHost == 200 - EmulatedSLCANAdapter.transmitCapacity)
    #expect(replies.filter { $0 == "\u{7}" }.count == statistics.lostFromHost)
    #expect(replies.filter { $0 == "t" }.count == EmulatedSLCANAdapter.transmitCapacity)
    try host.send("F\r")
    channel.now += 0.01
    #expect(try host.text() == "F02\r")
    // A host that does not read: its queue fills, whole lines are lost, and the adapter lives on.
    for _ in 0..<1000 {
      try host.send("t12380000000000000000\r")
      channel.now += 0.001
    }
    #expect(channel.arm.adapter.statistics.lostToHost > 0)
    let kept = try host.bytes()
    #expect(kept.count <= EmulatedSLCANAdapter.outputCapacity && kept.last == 0x0D)
    try host.send("V\r")
    channel.now += 0.01
    #expect(try host.text() == "V1013\r")
  }

  @Test func noBytesCrashIt() throws {
    var generator = SeededGenerator(seed: 17)
    let channel = LockstepChannel(arm: try oneDriveArm())
    try channel.open()
    let host = SLCANHost(channel)
    let seeds = ["S8\rO\r", "t12380000000000000000\r", "t1058000080BF01000000\r", "Z1\r", "C\r", "F\r", "t10180100000000000000\r"]
    for _ in 0..<caseCount(400) {
      var bytes = (0..<4).flatMap { _ in Array((seeds.randomElement(using: &generator) ?? "").utf8) }
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = try bytes.withUnsafeBytes { try channel.write($0) }
      channel.now += 0.002
      _ = try host.bytes()
      #expect(channel.arm.position.isFinite && channel.arm.velocity.isFinite)
    }
    try host.send("\rC\rS8\rO\rV\r")
    channel.now += 0.1
    #expect(try host.text().hasSuffix("V1013\r"))
  }

  /// A disc behind one drive of node 2.
  private func oneDriveArm() throws -> EmulatedArm {
    EmulatedArm(
      model: try SimulatedModels.disc(inertia: 0.01),
      driveTrains: [DriveTrain(ratio: 30, rotorInertia: 5e-6, torqueConstant: 0.2, coulomb: 0.1)], nodes: [2], position: [0])
  }
}
