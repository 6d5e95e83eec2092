/// Appends compact JSON to a byte array. What is hot writes its own text with these; the rest goes through ``JSONValue``.
struct JSONWriter {
  private(set) var bytes: [UInt8]

  init(reservingCapacity capacity: Int = 128) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Text that is already JSON.
  mutating func raw(_ text: StaticString) { bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

  mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

  /// Characters that need no escape.
  mutating func text(_ plain: String) { bytes.append(contentsOf: plain.utf8) }

  mutating func byte(_ character: Unicode.Scalar) { bytes.append(UInt8(ascii: character)) }

  mutating func integer(_ value: some BinaryInteger) {
    if let small = UInt64(exactly: value) { return unsigned(small) }
    bytes.append(contentsOf: String(value).utf8)
  }

  /// The shortest text that reads back as the same double; whole numbers without `.0`. What is not finite becomes `null`.
  mutating func number(_ value: Double) {
    guard value.isFinite else { return raw("null") }
    let whole = Int64(wholeNumber: value)
    if let whole, !(whole == 0 && value.sign == .minus) {
      if whole < 0 { byte("-") }
      return unsigned(whole.magnitude)
    }
    var text = value.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    bytes.append(contentsOf: text.utf8)
  }

  /// An array of numbers.
  mutating func numbers(_ values: some Sequence<Double>) {
    byte("[")
    var isFirst = true
    for value in values {
      if !isFirst { byte(",") }
      isFirst = false
      number(value)
    }
    byte("]")
  }

  mutating func string(_ text: String) {
    byte("\"")
    for unit in text.utf8 {
      switch unit {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case 0..<0x20:
        raw(unit < 0x10 ? "\\u000" : "\\u001")
        bytes.append(contentsOf: String(unit & 0xF, radix: 16).utf8)
      default: bytes.append(unit)
      }
    }
    byte("\"")
  }

  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let isTrue): raw(isTrue ? "true" : "false")
    case .number(let number): self.number(number)
    case .string(let text): string(text)
    case .array(let elements):
      byte("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { byte(",") }
        self.value(element)
      }
      byte("]")
    case .object(let object): self.object(object)
    }
  }

  mutating func object(_ object: JSONObject) {
    byte("{")
    for (index, member) in object.members.enumerated() {
      if index > 0 { byte(",") }
      string(member.name)
      byte(":")
      value(member.value)
    }
    byte("}")
  }

  private mutating func unsigned(_ value: UInt64) {
    if value < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
    let start = bytes.count
    var rest = value
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(UInt8(ascii: "0") + UInt8(digit))
      rest = quotient
    }
    bytes[start...].reverse()
  }
}

extension Int64 {
  /// The number as an integer if it is one below 2^53 in magnitude.
  fileprivate init?(wholeNumber value: Double) {
    guard value.magnitude < 0x1p53, value == value.rounded(.towardZero) else { return nil }
    self = Int64(value)
  }
}

extension JSONValue: CustomStringConvertible {
  /// Compact UTF-8, without a newline.
  var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  var description: String { String(decoding: bytes, as: UTF8.self) }
}
