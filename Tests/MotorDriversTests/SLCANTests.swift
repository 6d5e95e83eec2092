import MotorDrivers
import TestSupport
import Testing

@Suite struct SLCANTests {
  @Test(arguments: vectors("slcan")) func linesSayWhatTheVectorsSay(row: [String: String]) throws {
    let wire = bytes(hex: try #require(row["bytes"]))
    let lines = decoded(wire)
    #expect(lines.map(words).joined(separator: "; ") == row["says"])
    if row["encodes"] == "yes" { #expect(lines.flatMap(SLCAN.bytes) == wire) }
  }

  @Test func thereAreVectors() { #expect(vectors("slcan").count >= 35) }

  @Test func whatIsEncodedDecodesToItself() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<caseCount(5_000) {
      let line = randomLine(using: &random)
      #expect(decoded(SLCAN.bytes(of: line)) == [line])
    }
  }

  @Test func piecesMakeNoDifference() {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<caseCount(300) {
      let lines = (0..<Int.random(in: 1...12, using: &random)).map { _ in randomLine(using: &random) }
      var rest = lines.flatMap(SLCAN.bytes)[...]
      var decoder = SLCANDecoder()
      var seen: [SLCAN.Line] = []
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...40, using: &random)))
        piece.withUnsafeBytes { decoder.decode($0) { seen.append($0) } }
        rest = rest.dropFirst(piece.count)
      }
      #expect(seen == lines)
    }
  }

  @Test func noiseNeverCostsTheFrameBehindIt() {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<caseCount(2_000) {
      let frames = (0..<5).map { _ in randomFrame(using: &random) }
      let noise = frames.map { _ in (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) } }
      let wire = zip(noise, frames).flatMap { $0 + SLCAN.bytes(of: .frame($1)) }
      let seen = decoded(wire).compactMap { if case .frame(let frame, _) = $0 { frame } else { nil } }
      var expected = frames[...]
      for frame in seen where frame == expected.first { expected = expected.dropFirst() }
      #expect(expected.isEmpty, "noise \(noise) before \(frames)")
    }
  }

  /// The frames behind a flipped bit come through, whether it hit a digit, the letter or the carriage return.
  @Test func oneFlippedBitCostsAtMostItsOwnFrame() {
    var random = SeededGenerator(seed: 14)
    for _ in 0..<caseCount(2_000) {
      let frames = (0..<3).map { _ in randomFrame(using: &random) }
      var wire = frames.flatMap { SLCAN.bytes(of: .frame($0)) }
      let first = SLCAN.bytes(of: .frame(frames[0])).count
      wire[Int.random(in: 0..<first, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
      #expect(decoded(wire).suffix(2) == [.frame(frames[1]), .frame(frames[2])])
    }
  }

  @Test func randomBytesAreNoDanger() {
    var random = SeededGenerator(seed: 15)
    let alphabet = Array("tTrRzZOCLSVNF0123456789ABCDEFabcdef\r\u{7}".utf8)
    var decoder = SLCANDecoder()
    for round in 0..<caseCount(20_000) {
      for _ in 0..<20 {
        let byte = round % 2 == 0 ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
        guard case .frame(let frame, _)? = decoder.decode(byte) else { continue }
        #expect(frame.count <= 8 && frame.identifier <= (frame.isExtended ? 0x1FFF_FFFF : 0x7FF))
      }
    }
  }

  struct WireCase: CustomTestStringConvertible {
    let frame: CANFrame
    let bits: Double
    var testDescription: String { "\(frame)" }
  }

  /// Bit counts of classic CAN with three bits between frames: 47 + 8n standard and 67 + 8n extended, plus half of the stuff bits at worst.
  @Test(arguments: [
    WireCase(frame: CANFrame(1, count: 0), bits: 47 + 8 / 2),
    WireCase(frame: CANFrame(1, count: 8), bits: 111 + 24 / 2),
    WireCase(frame: CANFrame(remote: 1, count: 8), bits: 47 + 8 / 2),
    WireCase(frame: CANFrame(1, isExtended: true, count: 8), bits: 131 + 29.0 / 2),
  ])
  func framesTakeTheirTimeOnTheWire(example: WireCase) {
    #expect(example.frame.wireBits == example.bits)
  }
}

private func decoded(_ wire: [UInt8]) -> [SLCAN.Line] {
  var decoder = SLCANDecoder()
  return wire.compactMap { decoder.decode($0) }
}

func randomFrame(using random: inout SeededGenerator) -> CANFrame {
  let isExtended = Bool.random(using: &random)
  let identifier = UInt32.random(in: 0...(isExtended ? 0x1FFF_FFFF : 0x7FF), using: &random)
  let count = Int.random(in: 0...8, using: &random)
  return Bool.random(using: &random)
    ? CANFrame(identifier, isExtended: isExtended, bits: random.next(), count: count)
    : CANFrame(remote: identifier, isExtended: isExtended, count: count)
}

private func randomLine(using random: inout SeededGenerator) -> SLCAN.Line {
  switch Int.random(in: 0..<14, using: &random) {
  case 0: .acknowledge
  case 1: .sentStandard
  case 2: .sentExtended
  case 3: .refusal
  case 4: .open
  case 5: .listen
  case 6: .close
  case 7: .bitRate(Int.random(in: 0...8, using: &random))
  case 8: .timestamps(Bool.random(using: &random))
  case 9: .query(SLCAN.Query.allCases.randomElement(using: &random) ?? .version)
  case 10: .answer(.version, characters: 0x3130_3133)
  case 11: .frame(randomFrame(using: &random), timestamp: UInt16.random(in: 0...59_999, using: &random))
  default: .frame(randomFrame(using: &random))
  }
}

/// A line in the words of `slcan.tsv`.
private func words(_ line: SLCAN.Line) -> String {
  switch line {
  case .frame(let frame, let timestamp):
    let width = frame.isExtended ? 8 : 3
    let identifier = String(frame.identifier, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: width - identifier.count) + identifier
    let data = (0..<frame.count).map { String(0x100 + Int(frame[$0]), radix: 16, uppercase: true).dropFirst() }.joined()
    let content = frame.isRemote ? "\(frame.count)" : data.isEmpty ? "-" : data
    return "\(frame.isRemote ? "remote" : "data") \(frame.isExtended ? "ext" : "std") \(padded) \(content)" + (timestamp.map { " @\($0)" } ?? "")
  case .acknowledge: return "ack"
  case .sentStandard: return "sent"
  case .sentExtended: return "sent-ext"
  case .refusal: return "refusal"
  case .open: return "open"
  case .listen: return "listen"
  case .close: return "close"
  case .bitRate(let index): return "bitrate \(index)"
  case .timestamps(let on): return "timestamps \(on ? "on" : "off")"
  case .query(let query): return "query \(Character(UnicodeScalar(query.rawValue)))"
  case .answer(let query, let characters):
    let text = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: characters >> UInt64($0)) }.filter { $0 != 0 }
    return "answer \(Character(UnicodeScalar(query.rawValue))) \(String(decoding: text, as: UTF8.self))"
  case .malformed: return "malformed"
  }
}
