import Kinematics
import MotorDrivers
import Testing

@testable import Simulator

/// The emulated arm as a serial port on logical time, and its faults.
@Suite struct LockstepChannelTests {
  /// Streams a slow wave to all joints, and writes down all that is read and all that is true.
  private func log(seed: UInt64, flips: Double) throws -> [UInt8] {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm())
    let host = try channel.startHost()
    channel.faults = LineFaults(flipToArm: flips, flipToHost: flips, seed: seed)
    var log: [UInt8] = []
    for tick in 0..<150 {
      for node in 1...6 {
        let start = SimulatedModels.dummyTrains[node - 1].rotor(atJoint: SimulatedModels.rest[node - 1]) / (2 * .pi)
        try host.send(CtrlStep.Message(.position, node: node, value: Float(start + 2e-3 * Double(tick)), flag: true))
      }
      channel.now += 0.002
      log += try host.bytes()
      for q in channel.arm.position { withUnsafeBytes(of: q.bitPattern) { log += $0 } }
    }
    return log
  }

  @Test func theSameSeedGivesTheSameLogByteForByte() throws {
    let first = try log(seed: 42, flips: 0.01)
    #expect(try log(seed: 42, flips: 0.01) == first)
    #expect(try log(seed: 43, flips: 0.01) != first)
    #expect(try log(seed: 42, flips: 0) == log(seed: 43, flips: 0))
  }

  @Test func flippedBytesAreAboutAsManyAsAskedFor() throws {
    var faults = LineFaults(flipToArm: 0.01, seed: 7)
    var bytes = [UInt8](repeating: 0, count: 100_000)
    bytes.withUnsafeMutableBytes { faults.strike($0, probability: 0.01) }
    let struck = bytes.filter { $0 != 0 }
    #expect((850...1150).contains(struck.count))
    #expect(struck.allSatisfy { $0.nonzeroBitCount == 1 })
  }

  @Test func anUnpluggedLineThrowsUntilItIsBackAndOpenedAgain() throws {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm(), name: "arm")
    let host = try channel.startHost()
    channel.unplug()
    let gone = BusError.disconnected(bus: "arm", reason: "it was unplugged")
    #expect(throws: gone) { _ = try host.bytes() }
    #expect(throws: gone) { try host.send("V\r") }
    #expect(throws: gone) { try channel.waitForInput(atMost: 1) }
    #expect(throws: BusError.cannotOpen(port: "arm", reason: "it is unplugged")) { try channel.open() }
    channel.replug()
    #expect(throws: BusError.disconnected(bus: "arm", reason: "it is closed")) { _ = try host.bytes() }
    try channel.open()
    // The adapter has forgotten that it was open.
    try host.send("t1230\r")
    channel.now += 0.01
    #expect(try host.text() == "\u{7}")
    try host.send("S8\rO\r")
    channel.now += 0.01
    #expect(try host.text() == "\r\r")
  }

  @Test func drivesGoOnWhileTheLineIsUnplugged() throws {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm(at: SimulatedModels.home))
    let host = try channel.startHost()
    try host.send(CtrlStep.Message(.limitedPosition, node: 1, value: 4, second: 4))
    channel.now += 0.2
    channel.unplug()
    channel.now += 2
    let expected = -4 * 2 * Double.pi / 50
    #expect(abs(channel.arm.position[0] - expected) < 1e-3)
  }

  @Test(arguments: [LockstepChannel.Stall.cable, .emulator])
  func aStallHoldsAllBytesAndThenLetsThemGo(kind: LockstepChannel.Stall) throws {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm(at: SimulatedModels.home))
    let host = try channel.startHost()
    let velocity = 2 * 2 * Double.pi / 50
    try host.send(CtrlStep.Message(.velocity, node: 1, value: -2))
    channel.now += 0.5
    _ = try host.bytes()
    let before = channel.arm.position[0]
    channel.stall(kind, for: 0.3)
    try host.send("V\r")
    channel.now += 0.29
    #expect(try host.text() == "")
    let moved = channel.arm.position[0] - before
    let expected = kind == .cable ? velocity * 0.29 : 0
    #expect(abs(moved - expected) < (kind == .cable ? 1e-3 : 1e-15))
    let endless = [UInt8](repeating: 0x0D, count: 20_000)
    let taken = try endless.withUnsafeBytes { try channel.write($0) }
    #expect(taken == LockstepChannel.bufferCapacity - 2)
    channel.now += 0.02
    #expect(try host.text() == "V1013\r")
    #expect(abs(channel.arm.velocity[0] - velocity) < 1e-2)
    let stood = kind == .emulator ? 0.3 : 0
    #expect(abs(channel.now - channel.armTime - stood) < 1e-9)
  }

  @Test func waitingLetsTimePassUntilSomethingIsThere() throws {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm())
    try channel.open()
    let host = SLCANHost(channel)
    try channel.waitForInput(atMost: 0.5)
    #expect(channel.now == 0.5)
    try host.send("V\r")
    try channel.waitForInput(atMost: 0.5)
    #expect(abs(channel.now - 0.5002) < 1e-6)
    #expect(try host.text() == "V1013\r")
  }
}
