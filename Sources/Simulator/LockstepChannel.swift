public import MotorDrivers

/// An emulated arm as a serial port in the same process, on logical time: time passes only where it is told to.
///
/// Tests set `now` before each tick and run hours of control in seconds, the same way each time. `waitForInput` lets time pass by itself, as a
/// real wait does. Faults can be brought about at any moment: flipped bits, a pulled plug, a stalled line, a stopped emulator.
public final class LockstepChannel: ByteChannel {
  /// Who stands still during a stall.
  public enum Stall: Sendable, Equatable {
    /// The cable only: the arm moves on, nothing passes.
    case cable
    /// The emulating process, as by SIGSTOP: for the arm no time passes.
    case emulator
  }

  /// What a pseudo-terminal takes in before it blocks, its far end not reading [byte].
  public static let bufferCapacity = 15_360

  public let name: String
  /// The arm at the far end.
  public var arm: EmulatedArm
  public var faults = LineFaults()

  private var time = 0.0
  private var isOpen = false
  private var isPluggedIn = true
  private var stall: (kind: Stall, endTime: Double)?
  /// Time that has passed for the host but not for the arm [s].
  private var stoppedTime = 0.0
  /// Bytes that wait for a stall to end.
  private var held: [UInt8] = []

  public init(arm: EmulatedArm, name: String = "lockstep") {
    self.arm = arm
    self.name = name
  }

  /// Logical time [s]; set it to let time pass. It never goes back.
  public var now: Double {
    get { time }
    set {
      precondition(newValue >= time, "logical time does not go back")
      pass(to: newValue)
    }
  }

  /// The time of the arm's own clock [s].
  public var armTime: Double { time - stoppedTime }

  /// Pulls the plug: from now on every use of the line throws, until it is put back and the line opened again.
  public func unplug() {
    isPluggedIn = false
    isOpen = false
  }

  /// Puts the plug back: the adapter starts anew, the drives have kept their power.
  public func replug() {
    isPluggedIn = true
    held.removeAll()
    arm.replugAdapter()
  }

  /// Stops the line, or the emulator with it, for `seconds` from now on.
  public func stall(_ kind: Stall, for seconds: Double) {
    endStall(at: time)
    stall = (kind, time + seconds)
  }

  public func open() throws(BusError) {
    guard isPluggedIn else { throw .cannotOpen(port: name, reason: "it is unplugged") }
    isOpen = true
  }

  public func close() { isOpen = false }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(BusError) -> Int {
    try checkLine()
    guard stall == nil else { return 0 }
    let count = arm.drain(into: buffer, upTo: armTime)
    faults.strike(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), probability: faults.flipToHost)
    return count
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(BusError) -> Int {
    try checkLine()
    let count = stall == nil ? bytes.count : min(bytes.count, Self.bufferCapacity - held.count)
    var taken = Array(bytes[..<count])
    taken.withUnsafeMutableBytes { faults.strike($0, probability: faults.flipToArm) }
    if stall == nil { arm.receive(taken, at: armTime) } else { held += taken }
    return count
  }

  public func waitForInput(atMost seconds: Double) throws(BusError) {
    let deadline = time + seconds
    while true {
      try checkLine()
      if stall == nil, let due = arm.nextOutputTime, due <= armTime { return }
      guard time < deadline else { return }
      let event = stall.map { $0.endTime } ?? stoppedTime + min(arm.nextEventTime, arm.nextOutputTime ?? .infinity)
      // At least a nanosecond, so that rounding cannot make it stand still.
      pass(to: min(max(event, time + 1e-9), deadline))
    }
  }

  private func checkLine() throws(BusError) {
    guard isPluggedIn else { throw .disconnected(bus: name, reason: "it was unplugged") }
    guard isOpen else { throw .disconnected(bus: name, reason: "it is closed") }
  }

  private func pass(to newTime: Double) {
    if let stall {
      if stall.kind == .cable { arm.advance(to: min(newTime, stall.endTime) - stoppedTime) }
      guard newTime >= stall.endTime else { return time = newTime }
      time = stall.endTime
      endStall(at: time)
    }
    time = newTime
    arm.advance(to: armTime)
  }

  private func endStall(at endTime: Double) {
    guard let stall else { return }
    if stall.kind == .emulator { stoppedTime = endTime - arm.time }
    self.stall = nil
    arm.receive(held, at: armTime)
    held.removeAll()
  }
}
