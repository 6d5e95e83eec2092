import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite("JSON") struct SocketJSONTests {
  struct Refused: Sendable { var text: String, sentence: String }

  @Test(arguments: [
    // Structure
    Refused(text: "", sentence: "expected a value, found the end at byte 0"),
    Refused(text: "{", sentence: "expected a member's name in quotes, found the end at byte 1"),
    Refused(text: "{\"a\"}", sentence: "expected ':', found '}' at byte 4"),
    Refused(text: "{\"a\":1,}", sentence: "expected a member's name in quotes, found '}' at byte 7"),
    Refused(text: "{\"a\":1 \"b\":2}", sentence: "expected ',' or '}', found '\"' at byte 7"),
    Refused(text: "[1,]", sentence: "expected a value, found ']' at byte 3"),
    Refused(text: "[1 2]", sentence: "expected ',' or ']', found '2' at byte 3"),
    Refused(text: "1 2", sentence: "nothing may follow the value, but '2' does at byte 2"),
    Refused(text: "{\"a\":1,\"a\":2}", sentence: "\"a\" is given twice at byte 7"),
    Refused(text: "nul", sentence: "expected 'null' at byte 0"),
    Refused(text: "NaN", sentence: "expected a finite number, found NaN at byte 0"),
    Refused(text: "-Infinity", sentence: "expected a finite number, found -Infinity at byte 0"),
    Refused(text: "[0, nan]", sentence: "expected a finite number, found nan at byte 4"),
    Refused(text: "No", sentence: "expected a value, found 'N' at byte 0"),
    Refused(text: String(repeating: "[", count: 100_000), sentence: "more than 64 levels at byte 64"),
    // Numbers
    Refused(text: "01", sentence: "a number may not begin with 0 at byte 0"),
    Refused(text: "-", sentence: "expected a digit, found the end at byte 1"),
    Refused(text: "1.", sentence: "expected a digit, found the end at byte 2"),
    Refused(text: "1e", sentence: "expected a digit, found the end at byte 2"),
    Refused(text: "+1", sentence: "expected a value, found '+' at byte 0"),
    Refused(text: "[1e400]", sentence: "the number is too large for a double at byte 1"),
    Refused(text: "1e99999999999999999999", sentence: "the number is too large for a double at byte 0"),
    // Strings
    Refused(text: "\"a", sentence: "the string does not end at byte 0"),
    Refused(text: "\"a\u{1}\"", sentence: "a control character must be written as \\u0001 at byte 2"),
    Refused(text: "\"\\x\"", sentence: "unknown escape at byte 1"),
    Refused(text: "\"\\u12g4\"", sentence: "\\u needs four hexadecimal digits at byte 1"),
    Refused(text: "\"\\ud800\"", sentence: "half a surrogate pair at byte 1"),
    Refused(text: "\"\\udc00\\ud800\"", sentence: "half a surrogate pair at byte 1"),
  ])
  func refuses(_ refused: Refused) {
    let failure = #expect(throws: JSONParser.Failure.self) { try JSONValue(parsing: refused.text) }
    #expect(failure?.description == refused.sentence)
  }

  @Test(arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22]] as [[UInt8]])
  func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
    let failure = #expect(throws: JSONParser.Failure.self) { try JSONValue(parsing: bytes) }
    #expect(failure?.description == "the string is not UTF-8 at byte 0")
  }

  @Test func keepsTypesOrderAndText() throws {
    let text = #"{"z":1,"a":true,"m":[null,false,"ä€😀\n\"\\",-0.5],"":{}}"#
    let value = try JSONValue(parsing: text)
    #expect(value["z"] == 1)
    #expect(value["a"] == true)
    #expect(value["m"]?.array?[2] == "ä€😀\n\"\\")
    #expect(value.description == text)
    #expect(try JSONValue(parsing: "\"\\u00e4\\u20AC\\uD83D\\uDE00\\n\\/\\b\\f\\r\\t\"") == "ä€😀\n/\u{8}\u{C}\r\t")
    #expect(JSONValue.string("\u{1}\u{1f}").description == "\"\\u0001\\u001f\"")
  }

  struct Number: Sendable { var value: Double, text: String }

  @Test(arguments: [
    Number(value: 0, text: "0"), Number(value: -0.0, text: "-0"), Number(value: 1, text: "1"), Number(value: -42, text: "-42"),
    Number(value: 1.5, text: "1.5"), Number(value: 0.1, text: "0.1"), Number(value: 1e-7, text: "1e-07"),
    Number(value: 9_007_199_254_740_991, text: "9007199254740991"), Number(value: .leastNonzeroMagnitude, text: "5e-324"),
    Number(value: .greatestFiniteMagnitude, text: "1.7976931348623157e+308"), Number(value: .infinity, text: "null"),
    Number(value: .nan, text: "null"),
  ])
  func writesTheShortestNumber(_ number: Number) { #expect(JSONValue.number(number.value).description == number.text) }

  @Test func everyDoubleReadsBackExactly() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<caseCount(5_000) {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let text = JSONValue.number(value).description
      let parsed = try JSONValue(parsing: text).number
      #expect(parsed?.bitPattern == value.bitPattern, "\(text)")
    }
  }

  /// Decimal texts of any length are rounded as the C library rounds them.
  @Test func numbersAreRoundedCorrectly() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<caseCount(5_000) {
      let digits = String((0..<Int.random(in: 1...24, using: &random)).map { _ in "0123456789".randomElement(using: &random) ?? "0" })
      let trimmed = digits.drop { $0 == "0" }
      let text = "\(trimmed.isEmpty ? "0" : trimmed).\(UInt32.random(in: 0...UInt32.max, using: &random))e\(Int.random(in: -40...40, using: &random))"
      #expect(try JSONValue(parsing: text).number?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  /// What we accept, Foundation's parser accepts too, and understands in the same way.
  @Test func agreesWithFoundation() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(1_500) {
      var bytes = randomValue(depth: 0, using: &random).bytes
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let spoiler = Array("{}[],:\"\\0123456789eE+-.tfn \u{1}".utf8).randomElement(using: &random)
        bytes[Int.random(in: bytes.indices, using: &random)] = spoiler ?? 0
      }
      guard let ours = try? JSONValue(parsing: bytes) else { continue }
      let theirs = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      #expect(Self.isSame(ours, theirs), "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  private func randomValue(depth: Int, using random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0...(depth < 4 ? 6 : 3), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .number(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1024)
    case 3: return .string(String((0..<Int.random(in: 0...8, using: &random)).map { _ in "ab\"\\\nä€😀\u{7}".randomElement(using: &random) ?? "x" }))
    case 4:
      return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(depth: depth + 1, using: &random) })
    default:
      var object = JSONObject()
      for index in 0..<Int.random(in: 0...20, using: &random) { object["k\(index)"] = randomValue(depth: depth + 2, using: &random) }
      return .object(object)
    }
  }

  private static func isSame(_ ours: JSONValue, _ theirs: Any) -> Bool {
    switch (ours, theirs) {
    case (.null, is NSNull): true
    case (.bool(let a), let b as Bool): a == b
    case (.number(let a), let b as Double): a == b
    case (.string(let a), let b as String): a == b
    case (.array(let a), let b as [Any]): a.count == b.count && zip(a, b).allSatisfy(isSame)
    case (.object(let a), let b as [String: Any]):
      a.count == b.count && a.members.allSatisfy { b[$0.name].map { [value = $0.value] in isSame(value, $0) } ?? false }
    default: false
    }
  }
}
