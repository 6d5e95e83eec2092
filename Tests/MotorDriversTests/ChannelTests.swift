import Foundation
import Glibc
import MotorDrivers
import PtyModem
import TestSupport
import Testing

/// Both transports on true pseudo-terminals, whose other end the test holds.
@Suite struct ChannelTests {
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case pseudoTerminal, serialPort
    var testDescription: String { rawValue }

    func channel(on far: FarEnd) -> any ByteChannel {
      switch self {
      case .pseudoTerminal: PseudoTerminal(path: far.path)
      case .serialPort: SerialPort(path: far.serialName, baudRate: 1_000_000)
      }
    }
  }

  @Test(arguments: Kind.allCases) func bytesPassUnchangedBothWays(kind: Kind) throws {
    let far = try FarEnd()
    let channel = kind.channel(on: far)
    try channel.open()
    #expect(try receive(channel) == [], "nothing yet, and no waiting")
    let all = (0...255).map { UInt8($0) }
    #expect(try send(all, on: channel) == 256)
    #expect(far.read() == all)
    far.write(all)
    try channel.waitForInput(atMost: 1)
    #expect(try receive(channel) == all, "raw: no byte means anything to the terminal")
    #expect(try receive(channel) == [])
    if kind == .serialPort { #expect(pty_modem_lent() > 0) }
  }

  @Test(arguments: Kind.allCases) func aHangUpIsAnError(kind: Kind) throws {
    let far = try FarEnd()
    let channel = kind.channel(on: far)
    try channel.open()
    far.write([1, 2, 3])
    try channel.waitForInput(atMost: 1)
    #expect(try receive(channel) == [1, 2, 3])
    far.hangUp()
    try channel.waitForInput(atMost: 1)
    let failure = #expect(throws: BusError.self) { try receive(channel) }
    guard case .disconnected(let path, let reason)? = failure else { throw Unexpected() }
    #expect(path == channel.name)
    #expect(["the far end hung up", "the device was taken away"].contains(reason))
    #expect(throws: BusError.self) { try send([1], on: channel) }
    #expect(throws: BusError.self) { try receive(channel) }
  }

  @Test(arguments: Kind.allCases) func aFullLineTakesNoMoreAndDoesNotBlock(kind: Kind) throws {
    let far = try FarEnd()
    let channel = kind.channel(on: far)
    try channel.open()
    var taken = 0
    for _ in 0..<200 { taken += try send(Array(repeating: 0x55, count: 1_000), on: channel) }
    #expect(taken > 0 && taken < 200_000)
    #expect(far.read().count > 0)
  }

  @Test(arguments: Kind.allCases) func aPortIsForOneProgram(kind: Kind) throws {
    let far = try FarEnd()
    let first = kind.channel(on: far)
    let second = kind.channel(on: far)
    try first.open()
    #expect(throws: BusError.portBusy(port: second.name)) { try second.open() }
    first.close()
    try second.open()
    // Opening again starts afresh.
    try second.open()
    far.write([7])
    try second.waitForInput(atMost: 1)
    #expect(try receive(second) == [7])
  }

  @Test(arguments: Kind.allCases) func aClosedChannelSaysSo(kind: Kind) throws {
    let far = try FarEnd()
    let channel = kind.channel(on: far)
    let closed = BusError.disconnected(bus: channel.name, reason: "it is not open")
    #expect(throws: closed) { try receive(channel) }
    #expect(throws: closed) { try send([1], on: channel) }
    #expect(throws: closed) { try channel.waitForInput(atMost: 0) }
    channel.close()
  }

  @Test func theLibraryRefusesAPseudoTerminalByName() throws {
    let far = try FarEnd()
    #expect(throws: BusError.cannotOpen(port: far.path, reason: "it is no serial port")) { try SerialPort(path: far.path).open() }
  }

  @Test func aPathIsLookedAtAnewAtEachOpen() throws {
    var far = try FarEnd()
    let port = DevicePort(path: far.link)
    try port.open()
    #expect(port.isPseudoTerminal)
    far.hangUp()
    try port.waitForInput(atMost: 1)
    #expect(throws: BusError.disconnected(bus: far.link, reason: "the far end hung up")) { try receive(port) }

    // The emulator is back, on another pseudo-terminal behind the same link.
    let before = far
    far = try FarEnd()
    unlink(before.link)
    #expect(throws: BusError.cannotOpen(port: before.link, reason: "there is no such device")) { try port.open() }
    symlink(far.path, before.link)
    try port.open()
    far.write([9])
    try port.waitForInput(atMost: 1)
    #expect(try receive(port) == [9])
  }

  @Test func whatIsNoTerminalIsRefused() {
    #expect(throws: BusError.cannotOpen(port: "/dev/null", reason: "it is no serial port")) { try DevicePort(path: "/dev/null").open() }
    #expect(throws: BusError.cannotOpen(port: "/dev/ptmx-none", reason: "there is no such device")) { try DevicePort(path: "/dev/ptmx-none").open() }
    #expect(throws: BusError.cannotOpen(port: "/dev/null", reason: "it is no terminal")) { try PseudoTerminal(path: "/dev/null").open() }
  }

  struct ErrorCase: CustomTestStringConvertible {
    let error: BusError
    let sentence: String
    let suggestion: String
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    ErrorCase(
      error: .cannotOpen(port: "/dev/ttyACM0", reason: "there is no such device"), sentence: "cannot open /dev/ttyACM0: there is no such device",
      suggestion: "plug the adapter in, find its port with `ls /dev/serial/by-id`, and give that path"),
    ErrorCase(
      error: .portBusy(port: "/dev/ttyACM0"), sentence: "another program holds /dev/ttyACM0",
      suggestion: "end the other program; `fuser /dev/ttyACM0` names it"),
    ErrorCase(
      error: .portDenied(port: "/dev/ttyACM0"), sentence: "this user may not open /dev/ttyACM0",
      suggestion: "`sudo usermod -aG dialout $USER`, and log in again"),
    ErrorCase(
      error: .disconnected(bus: "/dev/ttyACM0", reason: "the far end hung up"), sentence: "/dev/ttyACM0 is gone: the far end hung up",
      suggestion: "see to the cable and the adapter's power, then reset"),
    ErrorCase(
      error: .noAdapter(bus: "can0"), sentence: "no SLCAN adapter answers on can0",
      suggestion: "check that the port is the adapter's, and that its firmware speaks SLCAN"),
    ErrorCase(
      error: .noReply(bus: "can0", motor: 3), sentence: "motor 3 on can0 does not answer",
      suggestion: "check the motor's power, its node number, and the CAN wires with a resistor of 120 Ω at either end"),
  ])
  func errorsAreSentences(example: ErrorCase) {
    #expect(example.error.description == example.sentence)
    #expect(example.error.suggestion == example.suggestion)
  }

  struct Unexpected: Error {}
}

private func receive(_ channel: any ByteChannel) throws -> [UInt8] {
  try [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in count = try channel.read(into: UnsafeMutableRawBufferPointer(buffer)) }
}

private func send(_ bytes: [UInt8], on channel: any ByteChannel) throws -> Int { try bytes.withUnsafeBytes { try channel.write($0) } }

/// The other end of a pseudo-terminal, with a link to the program's end.
final class FarEnd {
  let path: String
  let link: String
  private var descriptor: Int32
  private let folder: String

  init() throws {
    var near: Int32 = -1
    var far: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&far, &near, &name, nil, nil) == 0 else { throw Failed() }
    // The program opens it by name; held here as well it would never hang up.
    close(near)
    descriptor = far
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    folder = NSTemporaryDirectory() + "armctl-far-end-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    mkdir(folder, 0o700)
    link = folder + "/tty"
    symlink(path, link)
  }

  deinit {
    hangUp()
    unlink(link)
    rmdir(folder)
  }

  /// The link as libserialport takes it for a port: below /dev, and findable in the same way below /sys/class/tty.
  var serialName: String { "/dev/../../.." + link }

  func write(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } }

  /// What has arrived, at least one byte of it.
  func read() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count)) }
  }

  func hangUp() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  struct Failed: Error {}
}
