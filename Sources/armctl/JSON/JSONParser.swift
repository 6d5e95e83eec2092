/// Reads one JSON text (RFC 8259). Strict: no comments, no trailing commas, no NaN, no lone surrogates, no member named twice, no more
/// than ``maximumDepth`` levels. Foundation's parser would accept a member twice, lose the members' order and mix up `true` and `1`.
struct JSONParser {
  static let maximumDepth = 64

  /// What is wrong, and at which byte (counted from 0).
  struct Failure: Error, Equatable, CustomStringConvertible {
    var problem: String
    var offset: Int

    var description: String { "\(problem) at byte \(offset)" }
  }

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  static func value(of text: UnsafeRawBufferPointer) throws(Failure) -> JSONValue {
    var parser = JSONParser(text)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.offset < text.count { throw parser.failure("nothing may follow the value, but \(parser.found) does") }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth < Self.maximumDepth else { throw failure("more than \(Self.maximumDepth) levels") }
    guard let first = peek else { throw failure("expected a value, found the end") }
    switch first {
    case UInt8(ascii: "{"): return try .object(object(depth: depth))
    case UInt8(ascii: "["): return try .array(array(depth: depth))
    case UInt8(ascii: "\""): return try .string(string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try .number(number())
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default: throw notFinite(at: offset) ?? failure("expected a value, found \(found)")
    }
  }

  /// What to say where NaN or an infinity stands for a number, which JSON cannot write.
  private func notFinite(at start: Int) -> Failure? {
    let word = bytes[start...].prefix(9).prefix { $0 == UInt8(ascii: "-") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
    let text = String(decoding: word, as: UTF8.self)
    let isNone = ["nan", "inf", "infinity"].contains(text.drop { $0 == "-" }.lowercased())
    return isNone ? Failure(problem: "expected a finite number, found \(text)", offset: start) : nil
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONObject {
    var object = JSONObject()
    var seen: Set<String> = []
    offset += 1
    skipSpace()
    if skip("}") { return object }
    while true {
      let nameOffset = offset
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a member's name in quotes, found \(found)") }
      let name = try string()
      // Few members are compared one by one; many would make that quadratic.
      if object.count == 16 { seen = Set(object.names) }
      let isRepeated = object.count < 16 ? object[name] != nil : !seen.insert(name).inserted
      guard !isRepeated else { throw Failure(problem: "\"\(name)\" is given twice", offset: nameOffset) }
      skipSpace()
      guard skip(":") else { throw failure("expected ':', found \(found)") }
      skipSpace()
      object.append(name, try value(depth: depth + 1))
      skipSpace()
      if skip("}") { return object }
      guard skip(",") else { throw failure("expected ',' or '}', found \(found)") }
      skipSpace()
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> [JSONValue] {
    var elements: [JSONValue] = []
    offset += 1
    skipSpace()
    if skip("]") { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if skip("]") { return elements }
      guard skip(",") else { throw failure("expected ',' or ']', found \(found)") }
      skipSpace()
    }
  }

  private mutating func literal(_ word: StaticString) throws(Failure) {
    let start = offset
    for index in 0..<word.utf8CodeUnitCount {
      guard peek == word.utf8Start[index] else { throw notFinite(at: start) ?? Failure(problem: "expected '\(word)'", offset: start) }
      offset += 1
    }
  }

  // MARK: Numbers

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Correctly rounded. Up to 2^53 · 10^±22 one exact division or product does; the rest goes through the standard library.
  private mutating func number() throws(Failure) -> Double {
    let start = offset
    let isNegative = skip("-")
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0

    let firstDigit = offset
    digits += skipDigits(into: &mantissa)
    guard digits > 0 else { throw notFinite(at: start) ?? failure("expected a digit, found \(found)") }
    if digits > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw Failure(problem: "a number may not begin with 0", offset: start) }
    if skip(".") {
      let fraction = skipDigits(into: &mantissa)
      guard fraction > 0 else { throw failure("expected a digit, found \(found)") }
      digits += fraction
      exponent -= fraction
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      let isExponentNegative = peek == UInt8(ascii: "-")
      if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") { offset += 1 }
      var written: UInt64 = 0
      let count = skipDigits(into: &written)
      guard count > 0 else { throw failure("expected a digit, found \(found)") }
      let size = count > 6 ? 999_999 : Int(written)
      exponent += isExponentNegative ? -size : size
    }

    if digits <= 19, mantissa <= 1 << 53, exponent.magnitude <= 22 {
      let scale = Self.powersOfTen[Int(exponent.magnitude)]
      let magnitude = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
      return isNegative ? -magnitude : magnitude
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw Failure(problem: "the number is too large for a double", offset: start) }
    return value
  }

  private mutating func skipDigits(into value: inout UInt64) -> Int {
    let start = offset
    while let digit = peek, digit &- UInt8(ascii: "0") < 10 {
      value = value &* 10 &+ UInt64(digit &- UInt8(ascii: "0"))
      offset += 1
    }
    return offset - start
  }

  // MARK: Strings

  private mutating func string() throws(Failure) -> String {
    let opening = offset
    offset += 1
    let start = offset
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return try text(of: bytes[start..<offset - 1], startingAt: opening)
      case UInt8(ascii: "\\"): return try escapedString(opening: opening)
      case 0..<0x20: throw failure("a control character must be written as \\u00\(hexadecimal(byte))")
      default: offset += 1
      }
    }
    throw Failure(problem: "the string does not end", offset: opening)
  }

  /// A string with at least one escape: from `offset`, the first backslash, on.
  private mutating func escapedString(opening: Int) throws(Failure) -> String {
    var content = Array(bytes[opening + 1..<offset])
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return try content.withUnsafeBufferPointer { content throws(Failure) in
          try text(of: UnsafeRawBufferPointer(content)[...], startingAt: opening)
        }
      case UInt8(ascii: "\\"):
        let scalar = try escape()
        content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      case 0..<0x20: throw failure("a control character must be written as \\u00\(hexadecimal(byte))")
      default:
        content.append(byte)
        offset += 1
      }
    }
    throw Failure(problem: "the string does not end", offset: opening)
  }

  private func text(of content: Slice<UnsafeRawBufferPointer>, startingAt opening: Int) throws(Failure) -> String {
    guard let text = String(validating: content, as: UTF8.self) else { throw Failure(problem: "the string is not UTF-8", offset: opening) }
    return text
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    let start = offset
    offset += 1
    guard let letter = peek else { throw Failure(problem: "the string does not end", offset: start) }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimalUnit(escapeStart: start)
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, skip("\\"), skip("u"), case let second = try hexadecimalUnit(escapeStart: start), 0xDC00...0xDFFF ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw Failure(problem: "half a surrogate pair", offset: start) }
      return scalar
    default: throw Failure(problem: "unknown escape", offset: start)
    }
  }

  private mutating func hexadecimalUnit(escapeStart: Int) throws(Failure) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let letter = peek, let digit = Character(Unicode.Scalar(letter)).hexDigitValue else {
        throw Failure(problem: "\\u needs four hexadecimal digits", offset: escapeStart)
      }
      unit = unit << 4 | UInt32(digit)
      offset += 1
    }
    return unit
  }

  // MARK: Bytes

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private func failure(_ problem: String) -> Failure { Failure(problem: problem, offset: offset) }

  /// What stands at `offset`, for messages.
  private var found: String {
    guard let byte = peek else { return "the end" }
    return 0x21...0x7E ~= byte ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(hexadecimal(byte))"
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0" + digits : digits
  }
}

extension JSONValue {
  init(parsing text: UnsafeRawBufferPointer) throws(JSONParser.Failure) { self = try JSONParser.value(of: text) }

  init(parsing text: [UInt8]) throws(JSONParser.Failure) {
    self = try text.withUnsafeBufferPointer { bytes throws(JSONParser.Failure) in
      try JSONParser.value(of: UnsafeRawBufferPointer(bytes))
    }
  }

  init(parsing text: String) throws(JSONParser.Failure) { try self.init(parsing: Array(text.utf8)) }
}
