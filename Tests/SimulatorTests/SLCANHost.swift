import Kinematics
import MotorDrivers
import Simulator

/// The least host there can be: writes lines to a channel and sorts what comes back.
struct SLCANHost {
  let channel: any ByteChannel
  private var decoder = SLCANDecoder()

  init(_ channel: any ByteChannel) { self.channel = channel }

  func send(_ text: String) throws {
    var text = text
    _ = try text.withUTF8 { try channel.write(UnsafeRawBufferPointer($0)) }
  }

  func send(_ message: CtrlStep.Message) throws {
    let line = SLCAN.bytes(of: .frame(message.frame))
    _ = try line.withUnsafeBytes { try channel.write($0) }
  }

  /// All bytes that can be read now.
  func bytes() throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 512)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
      guard count > 0 else { return all }
      all += buffer[..<count]
    }
  }

  func text() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

  /// All drive messages that can be read now.
  mutating func messages() throws -> [CtrlStep.Message] {
    var messages: [CtrlStep.Message] = []
    for byte in try bytes() {
      if case .frame(let frame, timestamp: _) = decoder.decode(byte), let message = CtrlStep.Message(frame) { messages.append(message) }
    }
    return messages
  }
}

extension LockstepChannel {
  /// Opens the line and the adapter, and gives the drives the settings that the arm's firmware recommends.
  func startHost() throws -> SLCANHost {
    try open()
    var host = SLCANHost(self)
    try host.send("C\rS8\rO\r")
    for node in 1...arm.drives.count {
      for message: CtrlStep.Message in [
        .init(.setCurrentLimit, node: node, value: 2), .init(.setKp, node: node, word: node == 3 ? 1500 : 1000),
        .init(.setKv, node: node, word: 80), .init(.setKi, node: node, word: 200), .init(.setKd, node: node, word: node == 2 ? 200 : 250),
        .init(.setAccelerationLimit, node: node, value: 1000),
      ] {
        try host.send(message)
      }
      now += 0.005
    }
    _ = try host.messages()
    return host
  }
}
