/// Finds the lines of ``SLCAN`` in a stream of bytes that may come in any pieces and with damage.
///
/// Each byte ends at most one line. After damage the next line is found again: at a carriage return, and also at a letter that
/// can only begin a frame (`t`, `T`, `r`, `R`), so that noise before a frame, or in place of the last one's carriage return, never
/// costs that frame. The price: a serial number with one of these letters reads as damage.
/// - Real-time: does not allocate.
public struct SLCANDecoder: Sendable {
  /// A line without its carriage return, and room for one byte more to tell that it was too long.
  private var text = InlineArray<32, UInt8>(repeating: 0)
  private var count = 0
  /// Something in the present line was no part of any line.
  private var isDamaged = false

  public init() {}

  /// Forgets a line half read.
  public mutating func reset() {
    count = 0
    isDamaged = false
  }

  /// Takes in one byte, and returns the line that it completes, if it does.
  public mutating func decode(_ byte: UInt8) -> SLCAN.Line? {
    switch byte {
    case SLCAN.carriageReturn:
      let line = isDamaged ? .malformed : parsed()
      reset()
      return line
    case SLCAN.bell where count == 0 && !isDamaged:
      return .refusal
    case 0x74, 0x54, 0x72, 0x52:  // t T r R
      let isCutShort = count > 0 || isDamaged
      text[0] = byte
      count = 1
      isDamaged = false
      return isCutShort ? .malformed : nil
    case 0x21...0x7E where count < SLCAN.maximumLineLength - 1:
      text[count] = byte
      count += 1
      return nil
    default:
      isDamaged = true
      return nil
    }
  }

  /// Takes in `bytes`, and hands each line that they complete to `body`.
  public mutating func decode(_ bytes: UnsafeRawBufferPointer, _ body: (SLCAN.Line) -> Void) {
    for byte in bytes {
      if let line = decode(byte) { body(line) }
    }
  }

  private func parsed() -> SLCAN.Line {
    guard count > 0 else { return .acknowledge }
    switch (text[0], count) {
    case (0x74, _): return frame(isExtended: false, isRemote: false)  // t
    case (0x54, _): return frame(isExtended: true, isRemote: false)  // T
    case (0x72, _): return frame(isExtended: false, isRemote: true)  // r
    case (0x52, _): return frame(isExtended: true, isRemote: true)  // R
    case (0x7A, 1): return .sentStandard  // z
    case (0x5A, 1): return .sentExtended  // Z
    case (0x5A, 2) where text[1] == 0x30 || text[1] == 0x31: return .timestamps(text[1] == 0x31)
    case (0x4F, 1): return .open  // O
    case (0x4C, 1): return .listen  // L
    case (0x43, 1): return .close  // C
    case (0x53, 2) where 0x30...0x38 ~= text[1]: return .bitRate(Int(text[1] - 0x30))  // S
    default: return exchange()
    }
  }

  private func exchange() -> SLCAN.Line {
    guard let query = SLCAN.Query(rawValue: text[0]), count <= 9 else { return .malformed }
    guard count > 1 else { return .query(query) }
    var characters: UInt64 = 0
    for index in 1..<count { characters = characters << 8 | UInt64(text[index]) }
    return .answer(query, characters: characters)
  }

  private func frame(isExtended: Bool, isRemote: Bool) -> SLCAN.Line {
    let data = isExtended ? 10 : 5
    guard count >= data, let identifier = hex(from: 1, digits: data - 2), let length = hex(from: data - 1, digits: 1),
      length <= 8, CANFrame.isValid(UInt32(identifier), isExtended: isExtended)
    else { return .malformed }
    let end = data + (isRemote ? 0 : 2 * Int(length))
    var timestamp: UInt16?
    if count == end + 4 {
      guard let value = hex(from: end, digits: 4) else { return .malformed }
      timestamp = UInt16(value)
    } else if count != end {
      return .malformed
    }
    if isRemote {
      return .frame(CANFrame(remote: UInt32(identifier), isExtended: isExtended, count: Int(length)), timestamp: timestamp)
    }
    guard let bigEndian = hex(from: data, digits: 2 * Int(length)) else { return .malformed }
    let bits = length == 0 ? 0 : (bigEndian << UInt64(64 - 8 * length)).byteSwapped
    return .frame(CANFrame(UInt32(identifier), isExtended: isExtended, bits: bits, count: Int(length)), timestamp: timestamp)
  }

  /// The number that `digits` hex digits spell, at most 16; nil where one is no digit.
  private func hex(from start: Int, digits: Int) -> UInt64? {
    var value: UInt64 = 0
    for index in start..<start + digits {
      let character = text[index]
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x41...0x46: digit = character - 0x37
      case 0x61...0x66: digit = character - 0x57
      default: return nil
      }
      value = value << 4 | UInt64(digit)
    }
    return value
  }
}
