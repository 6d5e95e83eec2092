import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite("Teleop: gamepads and 3D mice") struct JogDeviceTests {
  private static let trigger = 0x137
  private static let speed = 0.2 * JogSettings.toolSpeed.linear
  /// Sticks of a pad: pushed away is the least number.
  private static let ahead = InputEvent.Kind.absolute(1, -32768), halfAhead = InputEvent.Kind.absolute(1, -16384)
  private static let middle = InputEvent.Kind.absolute(1, 0)

  private static func rig(_ map: DeviceMap = .gamepad) -> TeleopRig {
    var rig = TeleopRig(hasGripper: true)
    rig.plugIn(map)
    return rig
  }

  // MARK: Bytes

  /// As `struct input_event` lies in memory on machines of 64 bits: seconds, microseconds, type, code, value.
  @Test(arguments: [
    ("d2029649000000001e00000000000000 0300 0100 0080ffff", 1234567890.00003, InputEvent.Kind.absolute(1, -32768)),
    ("000000000000000000000000000000000100370101000000", 0, .key(0x137, isDown: true)),
    ("000000000000000000000000000000000100370102000000", 0, .key(0x137, isDown: true)),
    ("000000000000000000000000000000000100370100000000", 0, .key(0x137, isDown: false)),
    ("0100000000000000a086010000000000 0200 0500 a2feffff", 1.1, .relative(5, -350)),
    ("000000000000000000000000000000000000000000000000", 0, .report), ("000000000000000000000000000000000000030000000000", 0, .dropped),
    ("0000000000000000000000000000000004000400 01000900", 0, .other),
  ]) func events(_ hex: String, _ time: Double, _ kind: InputEvent.Kind) {
    let digits = Array(hex.replacingOccurrences(of: " ", with: ""))
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
    let event = InputEvent(bytes)
    #expect(abs(event.time - time) < 1e-6)
    #expect(event.kind == kind)
    if kind != .other, !hex.contains("0102000000") { #expect(event.bytes == bytes) }
  }

  /// A recorded stick, in pieces that end in the midst of an event, through a pipe; its other end closes as when it is unplugged.
  @Test func bytesThroughAPipe() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let reader = try DeviceReader(path: "/proc/self/fd/\(ends[0])")
    close(ends[0])
    let events: [InputEvent] = [
      InputEvent(time: 1, kind: .key(Self.trigger, isDown: true)), InputEvent(time: 1, kind: Self.ahead), InputEvent(time: 1, kind: .report),
      InputEvent(time: 1.01, kind: Self.middle), InputEvent(time: 1.01, kind: .report),
    ]
    let bytes = events.flatMap(\.bytes)
    #expect(reader.read().isEmpty && !reader.isGone)
    var read: [InputEvent] = []
    for piece in [bytes[..<7], bytes[7..<50], bytes[50...]] {
      _ = Array(piece).withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
      read += reader.read()
    }
    #expect(read == events)
    close(ends[1])
    #expect(reader.read().isEmpty && reader.isGone)
  }

  /// What a kernel would answer; the requests' numbers are those that a C compiler makes of linux/input.h.
  private struct Kernel {
    var name: String?
    /// Codes that the device has.
    var keys: [Int] = [], relative: [Int] = [], absolute: [Int] = []
    var ranges: [Int: (Int32, Int32)] = [:]

    func answer(_ request: UInt, _ room: UnsafeMutableRawPointer) -> Int32 {
      func bits(_ codes: [Int]) -> Int32 {
        let bytes = room.assumingMemoryBound(to: UInt8.self)
        for code in codes { bytes[code / 8] |= 1 << UInt8(code % 8) }
        return 96
      }
      switch request {
      case 0x8100_4506:
        guard let name else { return -1 }
        let letters = Array(name.utf8) + [0]
        room.copyMemory(from: letters, byteCount: letters.count)
        return Int32(letters.count)
      case 0x8060_4521: return bits(keys)
      case 0x8060_4522: return bits(relative)
      case 0x8060_4523: return bits(absolute)
      case 0x8018_4540...0x8018_457F:
        guard let (least, most) = ranges[Int(request - 0x8018_4540)] else { return -1 }
        let numbers: [Int32] = [0, least, most, 16, 128, 0]
        room.copyMemory(from: numbers, byteCount: 24)
        return 0
      default: return -1
      }
    }
  }

  @Test func whatTheKernelTellsOfADevice() throws {
    func reader(_ kernel: Kernel) throws -> DeviceReader { try DeviceReader(path: "/dev/null") { _, request, room in kernel.answer(request, room) } }
    let pad = try reader(Kernel(name: "A pad", keys: [0x130, 0x131, 0x137], absolute: [0, 1, 3, 4, 16, 17], ranges: [0: (-128, 127), 16: (-1, 1)]))
    #expect(pad.name == "A pad" && pad.map == .gamepad)
    #expect(pad.ranges(of: .gamepad) == [0: -128...127, 16: -1...1])
    // Six axes about and along, told as places or as ways.
    #expect(try reader(Kernel(absolute: Array(0..<6))).map == .mouse3D)
    #expect(try reader(Kernel(relative: Array(0..<6))).map == .mouse3D)
    // A mouse and a keyboard jog nothing; nor does what cannot be asked.
    #expect(try reader(Kernel(keys: [0x110, 0x111], relative: [0, 1, 8])).map == nil)
    let keyboard = try reader(Kernel(keys: Array(1..<0x80)))
    #expect(keyboard.map == nil && keyboard.name == "/dev/null")
    #expect(try DeviceReader(path: "/dev/null").map == nil)
  }

  @Test func aDeviceThatIsNotThere() {
    #expect(throws: CommandFailure.self) { try JogPort(.path("/dev/input/event999")) }
    #expect(DeviceReader.find(in: "/no/such/folder") == nil)
  }

  // MARK: Moving

  @Test func aStickMovesTheArmWhileItsTriggerIsHeld() throws {
    var rig = Self.rig()
    rig.feel(Self.ahead)
    rig.pass(0.3)
    #expect(rig.methods.isEmpty)
    rig.feel(.key(Self.trigger, isDown: true))
    #expect(rig.methods == ["lease.acquire", "servo.twist"])
    #expect(rig.requests("servo.twist").last?["linear"] == [.number(Self.speed), 0, 0])
    rig.pass(1)
    #expect(rig.requests("servo.twist").count > 45)
    let end = rig.time
    rig.feel(.key(Self.trigger, isDown: false))
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, 0])
    #expect(rig.sent.last?.time == end)
    rig.forget()
    rig.pass(1)
    #expect(rig.requests("servo.twist").isEmpty)
  }

  /// Half way is a quarter of the way beyond the dead zone, squared; a trembling hand is none.
  @Test func deflectionsAreFineAtFirst() throws {
    var rig = Self.rig()
    rig.feel(.key(Self.trigger, isDown: true), Self.halfAhead)
    let part = (0.5 - 0.15) / 0.85
    let speed = try #require(rig.requests("servo.twist").last?["linear"]?.numbers?.first)
    #expect(abs(speed - part * part * Self.speed) < 1e-3 * Self.speed)
    rig.feel(.absolute(1, 4000))
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, 0])
  }

  @Test func everyAxisOfA3DMouse() throws {
    // To the right, towards the hand, down; and turns about them.
    let meanings: [(Int, [Double], [Double])] = [
      (0, [0, -1, 0], [0, 0, 0]), (1, [-1, 0, 0], [0, 0, 0]), (2, [0, 0, -1], [0, 0, 0]), (3, [0, 0, 0], [0, -1, 0]),
      (4, [0, 0, 0], [-1, 0, 0]), (5, [0, 0, 0], [0, 0, -1]),
    ]
    for (code, linear, angular) in meanings {
      var rig = Self.rig(.mouse3D)
      rig.feel(.absolute(code, 350))
      let request = try #require(rig.requests("servo.twist").last)
      for axis in 0..<3 {
        #expect(abs((request["linear"]?.numbers?[axis] ?? .nan) - linear[axis] * Self.speed) < 1e-9)
        #expect(abs((request["angular"]?.numbers?[axis] ?? .nan) - angular[axis] * 0.2 * JogSettings.toolSpeed.angular) < 1e-9)
      }
    }
  }

  /// A mouse that tells deflections as motions goes silent when its cap is back: no news for a tenth of a second is its end.
  @Test func motionsThatAreDeflectionsEndByThemselves() {
    var rig = Self.rig(.mouse3D)
    for _ in 0..<20 {
      rig.feel(.relative(2, -350))
      rig.pass(0.02)
    }
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, .number(Self.speed)])
    let end = rig.time
    rig.pass(0.5)
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, 0])
    #expect((rig.sent.last?.time ?? .infinity) - end <= 0.1)
  }

  // MARK: What stops

  @Test(arguments: [0, 1, 2]) func theArmStops(_ how: Int) {
    var rig = Self.rig()
    rig.feel(.key(Self.trigger, isDown: true), Self.ahead)
    rig.pass(0.5)
    switch how {
    case 0: rig.unplug()
    case 1: rig.feel(.dropped, Self.ahead)
    default: rig.feel(.key(0x131, isDown: true))
    }
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, 0] || rig.methods.last == "stop")
    rig.forget()
    rig.pass(1)
    rig.feel(Self.ahead)
    rig.pass(0.5)
    #expect(rig.requests("servo.twist").isEmpty, "whatever was held must be let go and pressed again")
    #expect(rig.teleop.notice?.text == ["The gamepad is gone.", nil, "Stopped."][how] || rig.teleop.notice == nil || how == 1)
  }

  @Test func whoReachesIntoAMotionEndsIt() {
    var rig = Self.rig()
    rig.type("p")
    rig.press(.enter)
    #expect(rig.teleop.job != nil)
    rig.feel(.key(Self.trigger, isDown: true), Self.ahead)
    #expect(rig.methods.last == "stop")
    #expect(rig.teleop.notice?.text == "Stopped: the gamepad was moved on the way to home.")
    rig.pass(0.2)
    #expect(rig.requests("servo.twist").isEmpty)
  }

  @Test func motorsThatAreOffAreNotMoved() {
    var rig = Self.rig()
    rig.state["mode"] = "off"
    rig.pass(0.1)
    rig.feel(.key(Self.trigger, isDown: true), Self.ahead)
    rig.pass(0.3)
    #expect(rig.requests("servo.twist").isEmpty)
    #expect(rig.teleop.notice?.text == "The motors are off; o switches them on.")
  }

  @Test func buttonsAreKeys() {
    var rig = Self.rig()
    rig.feel(.key(0x130, isDown: true))
    rig.feel(.key(0x133, isDown: true))
    #expect(rig.requests("gripper.set").map { $0["opening"] } == [0, 1])
    rig.feel(.key(0x134, isDown: true))
    #expect(rig.teleop.settings.target == .joints)
  }

  /// Whatever a device tells, the arm is asked for finite velocities within the speed that is shown.
  @Test func liarsAskForNothingWild() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<caseCount(50) {
      var rig = Self.rig(Bool.random(using: &generator) ? .gamepad : .mouse3D)
      for _ in 0..<60 {
        let bytes = (0..<24).map { index in index == 16 ? UInt8.random(in: 0...4, using: &generator) : UInt8.random(in: 0...255, using: &generator) }
        var event = InputEvent(bytes)
        if Bool.random(using: &generator) {
          event.kind = .absolute(Int.random(in: 0...17, using: &generator), Int32.random(in: .min ... .max, using: &generator))
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { event.kind = .key(Self.trigger, isDown: true) }
        rig.teleop.take([event], at: rig.time)
        rig.pass(0.01)
      }
      for request in rig.requests("servo.twist") {
        let numbers = (request["linear"]?.numbers ?? [.nan]) + (request["angular"]?.numbers ?? [.nan])
        #expect(numbers.count == 6 && numbers.allSatisfy { $0.isFinite && abs($0) <= 1.1 })
      }
    }
  }
}
