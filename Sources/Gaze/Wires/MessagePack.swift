/// A value of MessagePack, as far as eye trackers send it: maps are read with text for keys, and with whole numbers, of which the digits are the
/// key; extension types are refused.
///
/// - Source: the MessagePack specification, "Formats".
public enum MessagePack: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case bytes([UInt8])
  case array([MessagePack])
  case map([String: MessagePack])

  /// What cannot be read, and at which byte.
  public struct Failure: Error, Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
      /// The message ends in the midst of a value.
      case cutOff
      /// More bytes follow the value.
      case excess
      case unknownFormat(UInt8)
      case keyIsNoText
      case tooDeep
      case badText
    }
    public var problem: Problem
    public var offset: Int
  }

  /// - Throws: ``Failure``, if the bytes are not one value and nothing besides.
  public init(reading bytes: [UInt8]) throws(Failure) {
    var reader = Reader(bytes: bytes)
    self = try reader.value(depth: 0)
    if reader.offset < bytes.count { throw reader.failure(.excess) }
  }

  public subscript(key: String) -> MessagePack? { if case .map(let members) = self { members[key] } else { nil } }
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  public var text: String? { if case .text(let value) = self { value } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var elements: [MessagePack]? { if case .array(let values) = self { values } else { nil } }
  /// The elements of an array that holds nothing but numbers.
  public var numbers: [Double]? {
    guard let elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }

  private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    static let deepest = 32

    func failure(_ problem: Failure.Problem) -> Failure { Failure(problem: problem, offset: offset) }

    mutating func value(depth: Int) throws(Failure) -> MessagePack {
      guard depth <= Self.deepest else { throw failure(.tooDeep) }
      let format = UInt8(try unsigned(1))
      switch format {
      case 0x00...0x7F: return .number(Double(format))
      case 0x80...0x8F: return try map(Int(format & 0x0F), depth)
      case 0x90...0x9F: return try array(Int(format & 0x0F), depth)
      case 0xA0...0xBF: return try text(Int(format & 0x1F))
      case 0xC0: return .null
      case 0xC2, 0xC3: return .bool(format == 0xC3)
      case 0xC4, 0xC5, 0xC6: return .bytes(try take(try length(1 << Int(format - 0xC4))))
      case 0xCA: return .number(Double(Float(bitPattern: UInt32(try unsigned(4)))))
      case 0xCB: return .number(Double(bitPattern: try unsigned(8)))
      case 0xCC...0xCF: return .number(Double(try unsigned(1 << Int(format - 0xCC))))
      case 0xD0...0xD3: return .number(Double(try signed(1 << Int(format - 0xD0))))
      case 0xD9, 0xDA, 0xDB: return try text(try length(1 << Int(format - 0xD9)))
      case 0xDC, 0xDD: return try array(try length(2 << Int(format - 0xDC)), depth)
      case 0xDE, 0xDF: return try map(try length(2 << Int(format - 0xDE)), depth)
      case 0xE0...0xFF: return .number(Double(Int8(bitPattern: format)))
      default:
        offset -= 1
        throw failure(.unknownFormat(format))
      }
    }

    private mutating func map(_ count: Int, _ depth: Int) throws(Failure) -> MessagePack {
      guard count <= (bytes.count - offset) / 2 else { throw failure(.cutOff) }
      var members: [String: MessagePack] = [:]
      for _ in 0..<count {
        members[try key(depth)] = try value(depth: depth + 1)
      }
      return .map(members)
    }

    private mutating func key(_ depth: Int) throws(Failure) -> String {
      switch try value(depth: depth + 1) {
      case .text(let key): return key
      case .number(let number):
        guard let whole = Int(exactly: number) else { throw failure(.keyIsNoText) }
        return "\(whole)"
      default: throw failure(.keyIsNoText)
      }
    }

    private mutating func array(_ count: Int, _ depth: Int) throws(Failure) -> MessagePack {
      guard count <= bytes.count - offset else { throw failure(.cutOff) }
      var elements: [MessagePack] = []
      for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
      return .array(elements)
    }

    private mutating func text(_ count: Int) throws(Failure) -> MessagePack {
      guard let text = String(validating: try take(count), as: UTF8.self) else { throw failure(.badText) }
      return .text(text)
    }

    private mutating func length(_ size: Int) throws(Failure) -> Int { Int(clamping: try unsigned(size)) }

    private mutating func take(_ count: Int) throws(Failure) -> [UInt8] {
      guard count <= bytes.count - offset else { throw failure(.cutOff) }
      defer { offset += count }
      return Array(bytes[offset..<offset + count])
    }

    /// Big-endian.
    private mutating func unsigned(_ size: Int) throws(Failure) -> UInt64 {
      try take(size).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func signed(_ size: Int) throws(Failure) -> Int64 {
      let unused = Int64(64 - 8 * size)
      return (Int64(bitPattern: try unsigned(size)) << unused) >> unused
    }
  }
}
