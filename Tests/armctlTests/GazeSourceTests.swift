import Foundation
import Gaze
import TestSupport
import Testing

@testable import armctl

@Suite struct GazeSourceTests {
  @Test(arguments: [
    ("-", GazeAddress.lines), ("udp://127.0.0.1:5005", .datagrams(host: "127.0.0.1", port: 5005)),
    ("udp://:5005", .datagrams(host: "127.0.0.1", port: 5005)),
    ("udp://[::1]:5005", .datagrams(host: "::1", port: 5005)), ("gazepoint://eyes.local", .openGaze(host: "eyes.local", port: 4242)),
    ("gazepoint:", .openGaze(host: "127.0.0.1", port: 4242)), ("opentrack://0.0.0.0:4300", .opentrack(host: "0.0.0.0", port: 4300)),
    ("pupil://127.0.0.1/table", .pupil(host: "127.0.0.1", port: 50020, surface: "table")), ("mouse:", .mouse),
  ]) func addresses(_ text: String, _ address: GazeAddress) throws { #expect(try GazeAddress(text) == address) }

  @Test func aSyntheticEyeHasDials() throws {
    guard case .synthetic(let settings) = try GazeAddress("synthetic:noise=2,rate=250,seed=9,blinks=0") else {
      Issue.record("no eye")
      return
    }
    #expect(abs(settings.noise - 2 * .pi / 180) < 1e-12)
    #expect(settings.rate == 250 && settings.seed == 9 && settings.blinkRate == 0)
  }

  @Test(arguments: [
    ("udp", "The gaze source udp has no place that can be read."), ("upd:", "There is no gaze source \"upd\"; did you mean \"udp\"?"),
    ("udp:", "The gaze source udp: has no place that can be read."),
    ("udp://host:99999", "The gaze source udp://host:99999 has no place that can be read."),
    ("synthetic:noise=x", "\"noise=x\" in synthetic:noise=x is no NAME=NUMBER."),
    ("synthetic:nose=1", "A synthetic eye has no \"nose\"; did you mean \"noise\"?"),
  ]) func addressesThatAreNone(_ text: String, _ sentence: String) {
    do throws(GazeAddress.Failure) {
      _ = try GazeAddress(text)
      Issue.record("\(text) was understood")
    } catch {
      #expect(error.sentence == sentence)
      #expect(!error.suggestion.isEmpty)
    }
  }

  // MARK: Lines

  static let line = #"{"t":8231456000000,"x":0.5,"y":0.25,"conf":0.9,"valid":true}"#

  @Test(arguments: [
    (line, GazeSample(time: 8231.456, look: .screen(SIMD2(0.5, 0.25)), confidence: 0.9)),
    (#"{"x":0,"y":1}"#, GazeSample(time: 7, look: .screen(SIMD2(0, 1)))),
    (#"{"x":0,"y":1,"valid":false,"pupil":3.1}"#, GazeSample(time: 7, look: .screen(SIMD2(0, 1)), isValid: false)),
    (#"{"valid":false}"#, GazeSample(time: 7, look: .screen(.zero), confidence: 0, isValid: false)),
    (
      #"{"t":1e9,"origin":[0,0,0.6],"direction":[0,0.5,1]}"#,
      GazeSample(time: 1, look: .ray(origin: SIMD3(0, 0, 0.6), direction: SIMD3(0, 0.5, 1)))
    ),
  ]) func lines(_ text: String, _ sample: GazeSample) { #expect(GazeLine.sample(Array(text.utf8), time: 7) == sample) }

  @Test(arguments: [
    "", "{}", "[]", "{\"x\":0.5}", "{\"x\":\"0.5\",\"y\":0}", "{\"x\":NaN,\"y\":0}", "{\"x\":1e999,\"y\":0}", "{\"x\":0,\"y\":0,\"valid\":1}",
    "{\"x\":0,\"y\":0,\"t\":\"now\"}", "{\"origin\":[0,0],\"direction\":[0,0,1]}", "{\"x\":0,\"y\":0", "{\"x\":0,\"x\":1,\"y\":0}",
  ]) func linesThatAreNone(_ text: String) { #expect(GazeLine.sample(Array(text.utf8), time: 7) == nil) }

  // MARK: Wires

  /// Reads until something comes.
  static func read(_ input: GazeInput, count: Int = 1) -> [GazeSample] {
    var samples: [GazeSample] = []
    for _ in 0..<2000 {
      var waiting = pollfd(fd: input.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, 5)
      samples += input.read(at: 7)
      if samples.count >= count || input.ending != nil { break }
    }
    return samples
  }

  static func send(_ bytes: [UInt8], to port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, 0, address, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
  }

  /// A port that nobody uses.
  static func freePort(_ type: Int32) -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, type, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(descriptor, address, length)
        _ = getsockname(descriptor, address, &length)
      }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  @Test func datagramsOfJSON() throws {
    let (probe, port) = Self.freePort(Int32(SOCK_DGRAM.rawValue))
    close(probe)
    let input = try #require(try GazeInput(.datagrams(host: "127.0.0.1", port: port)))
    // Half a frame, nothing, and letters that mean nothing end nothing.
    for text in ["{\"x\":0.5,", "", "hello", Self.line] { Self.send(Array(text.utf8), to: port) }
    #expect(Self.read(input) == [GazeSample(time: 8231.456, look: .screen(SIMD2(0.5, 0.25)), confidence: 0.9)])
    #expect(input.malformed == 2)
    #expect(input.ending == nil)
  }

  @Test func datagramsOfOpentrack() throws {
    let (probe, port) = Self.freePort(Int32(SOCK_DGRAM.rawValue))
    close(probe)
    let input = try #require(try GazeInput(.opentrack(host: "127.0.0.1", port: port)))
    Self.send([1, 2, 3], to: port)
    Self.send([Double](repeating: 0, count: 6).flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }, to: port)
    #expect(Self.read(input) == [GazeSample(time: 7, look: .ray(origin: .zero, direction: SIMD3(0, 0, 1)))])
    #expect(input.malformed == 1)
  }

  @Test func gazepointIsAskedAndHeard() throws {
    let (listener, port) = Self.freePort(Int32(SOCK_STREAM.rawValue))
    defer { close(listener) }
    listen(listener, 1)
    let input = try #require(try GazeInput(.openGaze(host: "127.0.0.1", port: port)))
    let server = accept(listener, nil, nil)
    var (watches, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
    getsockopt(input.descriptor, SOL_SOCKET, SO_KEEPALIVE, &watches, &size)
    #expect(watches == 1, "a tracker's machine that was switched off is found out")
    _ = Self.read(input, count: 0)
    var buffer = [UInt8](repeating: 0, count: 1000)
    let count = recv(server, &buffer, buffer.count, 0)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == OpenGazeRecord.requests)
    let text = "<ACK ID=\"ENABLE_SEND_DATA\" STATE=\"1\" />\r\n<REC TIME=\"3\" BPOGX=\"0.1\" BPOGY=\"0.2\" BPOGV=\"1\" />\r\n<REC TI"
    _ = text.withCString { Foundation.send(server, $0, strlen($0), 0) }
    #expect(Self.read(input) == [GazeSample(time: 3, look: .screen(SIMD2(0.1, 0.2)))])
    close(server)
    _ = Self.read(input)
    #expect(input.ending == "The tracker is gone: the connection was closed.")
  }

  @Test func linesThroughAPipe() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let input = try #require(try GazeInput(.lines, standardInput: ends[0]))
    let text = Self.line + "\n{\"x\":\n"
    _ = text.withCString { write(ends[1], $0, strlen($0)) }
    #expect(Self.read(input).count == 1)
    #expect(input.malformed == 1)
    close(ends[1])
    _ = Self.read(input)
    #expect(input.ending == "Standard input has ended.")
    close(ends[0])
  }

  @Test func aTrackerThatIsNotThere() {
    #expect(throws: GazeInput.Failure.self) { try GazeInput(.openGaze(host: "no.such.host.invalid", port: 4242)) }
  }

  // MARK: The pointer

  @Test func pointerReportsAreTakenOutOfTheKeys() {
    var mouse = MouseReports()
    let (reports, rest) = mouse.feed(Array("q\u{1B}[<35;10;5M\u{1B}[A\u{1B}[<0;1;1Mx\u{1B}[<0;".utf8))
    #expect(reports == [.init(column: 9, row: 4, isPress: false), .init(column: 0, row: 0, isPress: true)])
    #expect(rest == Array("q\u{1B}[Ax".utf8))
    #expect(mouse.feed(Array("7;8m".utf8)).reports == [.init(column: 6, row: 7, isPress: false)])
    #expect(mouse.feed([0x1B]).rest == [0x1B])
  }

  /// Any letters may be broken: what is no report reaches the keys, and nothing gets stuck.
  @Test func brokenPointerReports() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<caseCount(500) {
      var mouse = MouseReports()
      var bytes = Array("\u{1B}[<35;10;5M".utf8)
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = mouse.feed(bytes)
      #expect(mouse.feed(Array("\u{1B}[<0;zzzzzzzzzzzzzzzzzzzzzzzz".utf8)).rest.last == UInt8(ascii: "z"))
    }
  }
}
