import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct WireTests {
  // MARK: opentrack

  @Test func opentrackPointsAhead() throws {
    func datagram(_ numbers: [Double]) -> [UInt8] { numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init) } }
    // struct.pack("<6d", 10, -5, 60, 30, 0, 0) of Python.
    let packed = "000000000000244000000000000014c00000000000004e400000000000003e4000000000000000000000000000000000"
    let sample = try #require(OpentrackDatagram.sample(Self.bytes(packed), time: 4))
    guard case .ray(let origin, let direction) = sample.look else {
      Issue.record("no ray")
      return
    }
    #expect((origin - SIMD3(0.1, -0.05, 0.6)).length < 1e-12)
    #expect((direction - SIMD3(0.5, 0, 0.75.squareRoot())).length < 1e-12)
    #expect(OpentrackDatagram.sample(datagram([0, 0, 0, 0, 0]), time: 0) == nil)
    let wild = try #require(OpentrackDatagram.sample(datagram([0, 0, .infinity, 0, 0, 0]), time: 0))
    #expect(!wild.look.isFinite)
    var generator = SeededGenerator(seed: 1)
    var gate = SampleGate()
    for step in 0..<caseCount(2000) {
      let bytes = (0..<Int.random(in: 40...56, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
      guard let sample = OpentrackDatagram.sample(bytes, time: Double(step) * 0.01) else { continue }
      if case .accepted = gate.admit(sample, arrival: Double(step) * 0.01), case .ray(let origin, _) = sample.look { #expect(origin.length <= 10) }
    }
  }

  // MARK: OpenGaze

  static let record = "<REC TIME=\"12.345\" BPOGX=\"0.25000\" BPOGY=\"0.75000\" BPOGV=\"1\" />"

  @Test(arguments: [
    (record, OpenGazeRecord.Line.sample(GazeSample(time: 12.345, look: .screen(SIMD2(0.25, 0.75))))),
    (
      record.replacingOccurrences(of: "V=\"1\"", with: "V=\"0\""), .sample(GazeSample(time: 12.345, look: .screen(SIMD2(0.25, 0.75)), isValid: false))
    ),
    ("<REC BPOGX=\"1\" BPOGY=\"0\" BPOGV=\"1\" />", .sample(GazeSample(time: 9, look: .screen(SIMD2(1, 0))))),
    (
      // All that a server sends whom another program has asked for more.
      "<REC CNT=\"8164\" TIME=\"54.41262\" TIME_TICK=\"4727430607263\" FPOGX=\"0.41352\" FPOGY=\"0.80682\" FPOGS=\"54.36427\" FPOGD=\"0.04835\" "
        + "FPOGID=\"93\" FPOGV=\"1\" BPOGX=\"0.43750\" BPOGY=\"-0.06250\" BPOGV=\"1\" LPCX=\"0.24446\" LPV=\"1\" CX=\"0.625521\" CS=\"0\" KB=\" \" "
        + "TTL0=\"-1\" USER=\"1,0,0,1920,1080\" />",
      .sample(GazeSample(time: 54.41262, look: .screen(SIMD2(0.4375, -0.0625))))
    ),
    ("<ACK ID=\"ENABLE_SEND_DATA\" STATE=\"1\" />", .other), ("<REC CNT=\"5\" />", .other),
    ("<REC TIME=\"x\" BPOGX=\"1\" BPOGY=\"0\" BPOGV=\"1\" />", .malformed), ("<REC TIME=\"1\" BPOGX=\"one\" BPOGY=\"0\" BPOGV=\"1\" />", .malformed),
    ("<REC BPOGX=\"1\" BPOGX=\"2\" BPOGY=\"0\" BPOGV=\"1\" />", .malformed), ("<REC BPOGX=\"1\" BPOGY=\"0\" BPOGV=\"2\" />", .malformed),
    ("<REC BPOGX=\"1\"BPOGY=\"0\" BPOGV=\"1\" />", .malformed), ("REC", .malformed), ("", .malformed), ("<REC", .malformed), ("</>", .malformed),
    ("<DOCTYPE X=\"1\" />", .malformed),
  ]) func openGazeLines(_ text: String, _ line: OpenGazeRecord.Line) { #expect(OpenGazeRecord.line(Array(text.utf8), time: 9) == line) }

  @Test func openGazeAsksForTimeAndGaze() {
    #expect(OpenGazeRecord.requests.hasPrefix("<SET ID=\"ENABLE_SEND_TIME\" STATE=\"1\" />\r\n<SET ID=\"ENABLE_SEND_POG_BEST\""))
    #expect(OpenGazeRecord.requests.hasSuffix("<SET ID=\"ENABLE_SEND_DATA\" STATE=\"1\" />\r\n"))
  }

  /// Any letter may be wrong, missing or doubled; what comes out is a sample, nothing, or "malformed", and never a wild look that is let in.
  @Test func openGazeWithBrokenLetters() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<caseCount(3000) {
      var bytes = Array(Self.record.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) { bytes.breakLetter(using: &generator) }
      guard case .sample(let sample) = OpenGazeRecord.line(bytes, time: 1) else { continue }
      var gate = SampleGate()
      if case .accepted = gate.admit(sample, arrival: 1), case .screen(let share) = sample.look { #expect(share.length <= 15) }
    }
  }

  // MARK: MessagePack and Pupil

  /// Packed by msgpack for Python 1.2.4.
  @Test(arguments: [
    ("c0", MessagePack.null), ("c3", .bool(true)), ("7f", .number(127)), ("e0", .number(-32)), ("cc80", .number(128)), ("d180ff", .number(-32513)),
    ("cf0000000100000000", .number(4_294_967_296)), ("d3ffffffff00000000", .number(-4_294_967_296)), ("cb3ff8000000000000", .number(1.5)),
    ("ca3fc00000", .number(1.5)), ("a3616263", .text("abc")), ("d90178", .text("x")), ("c4020102", .bytes([1, 2])),
    ("93010203", .array([.number(1), .number(2), .number(3)])), ("81a16b92c0c2", .map(["k": .array([.null, .bool(false)])])),
    ("dc000101", .array([.number(1)])), ("de0001a16101", .map(["a": .number(1)])), ("820001ff02", .map(["0": .number(1), "-1": .number(2)])),
  ]) func messagePackValues(_ hex: String, _ value: MessagePack) throws { #expect(try MessagePack(reading: Self.bytes(hex)) == value) }

  @Test(arguments: [
    ("", MessagePack.Failure.Problem.cutOff, 0), ("cb3ff8", .cutOff, 1), ("a36162", .cutOff, 1), ("9301", .cutOff, 1),
    ("c1", .unknownFormat(0xC1), 0),
    ("d40100", .unknownFormat(0xD4), 0), ("0101", .excess, 1), ("81c301", .keyIsNoText, 2),
    ("81cb3ff800000000000001", .keyIsNoText, 10), ("a2c328", .badText, 3), ("ddffffffff00", .cutOff, 5),
    ("dbffffffff00", .cutOff, 5), (String(repeating: "91", count: 40) + "01", .tooDeep, 33),
  ]) func messagePackFailures(_ hex: String, _ problem: MessagePack.Failure.Problem, _ offset: Int) {
    #expect(throws: MessagePack.Failure(problem: problem, offset: offset)) { try MessagePack(reading: Self.bytes(hex)) }
  }

  /// `{"topic": "gaze.3d.0.", "norm_pos": [0.25, 0.75], "confidence": 0.9, "timestamp": 123.5}`, packed by msgpack for Python.
  static let gaze =
    "84a5746f706963aa67617a652e33642e302ea86e6f726d5f706f7392cb3fd0000000000000cb3fe8000000000000"
    + "aa636f6e666964656e6365cb3feccccccccccccda974696d657374616d70cb405ee00000000000"

  /// Of both eyes, as Pupil sent it before version 3, with numbers for the eyes' names: `"eye_centers_3d": {0: …, 1: …}`. Packed by msgpack for
  /// Python.
  static let binocular =
    "86a5746f706963ab67617a652e33642e30312ea86e6f726d5f706f7392cb3fd0000000000000cb3fe8000000000000aa636f6e666964656e6365cb3feccccccccc"
    + "cccda974696d657374616d70cb405ee00000000000ae6579655f63656e746572735f3364820093cb4034000000000000cb4025000000000000cbc0340000000000"
    + "000193cbc044000000000000cb4025000000000000cbc034000000000000af67617a655f6e6f726d616c735f3364820093cb0000000000000000cb000000000000"
    + "0000cb3ff00000000000000193cb0000000000000000cb0000000000000000cb3ff0000000000000"

  /// Two looks at a surface, of which the second saw no pupil: `"confidence": 0.0`. Packed by msgpack for Python.
  static let onSurface =
    "86a5746f706963ae73757266616365732e7461626c65a46e616d65a57461626c65b067617a655f6f6e5f73757266616365739286a5746f706963bd67617a652e33"
    + "642e30312e5f6f6e5f73757266616365732e7461626c65a86e6f726d5f706f7392cb3fd0000000000000cb3fe8000000000000aa636f6e666964656e6365cb3fec"
    + "cccccccccccda76f6e5f73757266c3a9626173655f6461746192ab67617a652e33642e30312ecb405ee00000000000a974696d657374616d70cb405ee000000000"
    + "0086a5746f706963bd67617a652e33642e30312e5f6f6e5f73757266616365732e7461626c65a86e6f726d5f706f7392cb3fd0000000000000cb3fe80000000000"
    + "00aa636f6e666964656e6365cb0000000000000000a76f6e5f73757266c3a9626173655f6461746192ab67617a652e33642e30312ecb405ee083126e978da97469"
    + "6d657374616d70cb405ee083126e978db56669786174696f6e735f6f6e5f737572666163657390a974696d657374616d70cb405ee0a3d70a3d71a663616d657261"
    + "a5776f726c64"

  @Test func pupilSeesBothEyesAndClosedOnes() throws {
    let look = GazeSample.Look.screen(SIMD2(0.25, 0.25))
    #expect(try PupilMessage.samples(Self.bytes(Self.binocular)) == [GazeSample(time: 123.5, look: look, confidence: 0.9)])
    #expect(
      try PupilMessage.samples(Self.bytes(Self.onSurface)) == [
        GazeSample(time: 123.5, look: look, confidence: 0.9), GazeSample(time: 123.508, look: look, confidence: 0, isValid: false),
      ])
  }

  @Test func pupilsOriginIsBelow() throws {
    #expect(
      try PupilMessage.samples(Self.bytes(Self.gaze)) == [GazeSample(time: 123.5, look: .screen(SIMD2(0.25, 0.25)), confidence: 0.9)])
    #expect(PupilMessage.topic(surface: nil) == "gaze.")
    #expect(PupilMessage.topic(surface: "table") == "surfaces.table")
  }

  @Test func pupilWithBrokenLetters() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(3000) {
      var bytes = Self.bytes(Self.gaze)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { bytes.breakLetter(using: &generator) }
      for sample in (try? PupilMessage.samples(bytes)) ?? [] {
        var gate = SampleGate()
        if case .accepted = gate.admit(sample, arrival: 1), case .screen(let share) = sample.look { #expect(share.length <= 15) }
      }
    }
  }

  static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)! }
  }
}

extension [UInt8] {
  /// Changes, drops, doubles or cuts off at a byte.
  mutating func breakLetter(using generator: inout SeededGenerator) {
    guard let index = indices.randomElement(using: &generator) else { return }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: self[index] = UInt8.random(in: 0...255, using: &generator)
    case 1: remove(at: index)
    case 2: insert(self[index], at: index)
    default: removeSubrange(index...)
    }
  }
}
