/// CAN frames as lines of text on a serial port, as Lawicel adapters and their many descendants speak it.
///
/// A line ends with a carriage return. Host and adapter share the form of frames, so one `Line` serves both ends.
/// - Source: Lawicel AB, *CAN232 manual*; canable2-fw README; can-utils `slcanpty.c`.
public enum SLCAN {
  /// The longest line: an extended frame of eight bytes with a time stamp, and its carriage return.
  public static let maximumLineLength = 1 + 8 + 1 + 16 + 4 + 1

  /// What one line says, whichever end wrote it.
  public enum Line: Sendable, Equatable {
    /// `tIIILDD…`, `TIIIIIIIILDD…`, `rIIIL`, `RIIIIIIIIL`; an adapter may append its 16-bit time [ms, 0…59999].
    case frame(CANFrame, timestamp: UInt16? = nil)
    /// A lone carriage return: the adapter did as it was told.
    case acknowledge
    /// `z`: a standard frame was sent. Some adapters answer ``acknowledge`` instead.
    case sentStandard
    /// `Z`: an extended frame was sent.
    case sentExtended
    /// BEL, the one message without a carriage return: the adapter refuses.
    case refusal
    /// `O`, `L`, `C`: open the CAN side, open it without ever sending, close it.
    case open, listen, close
    /// `S0`…`S8`: the CAN side's bit rate, see ``bitRates``. Only while closed.
    case bitRate(Int)
    /// `Z0`, `Z1`: whether received frames bear the adapter's time.
    case timestamps(Bool)
    /// `V`, `v`, `N`, `F`: ask for version, firmware version, serial number, status flags.
    case query(Query)
    /// The answer to a query: its letter and up to eight characters, the first in the highest byte that is not zero.
    case answer(Query, characters: UInt64)
    /// Not a line of this protocol: damaged, cut short, overlong, or of another dialect.
    case malformed
  }

  public enum Query: UInt8, Sendable, CaseIterable {
    case version = 0x56  // V
    case firmware = 0x76  // v
    case serialNumber = 0x4E  // N
    case status = 0x46  // F
  }

  /// [bit/s] for `S0`…`S8`.
  public static let bitRates = [10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000]
}

extension SLCAN {
  static let carriageReturn: UInt8 = 0x0D
  static let bell: UInt8 = 0x07

  /// Writes `line` at the start of `buffer`, and returns how many bytes it took: at most ``maximumLineLength``.
  ///
  /// Hex digits are upper case. ``Line/malformed`` has no form and takes none.
  /// - Precondition: The buffer has room for the line.
  /// - Real-time: does not allocate.
  public static func encode(_ line: Line, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var text = Text(buffer)
    switch line {
    case .frame(let frame, let timestamp):
      let letter: UInt8 = frame.isRemote ? 0x72 : 0x74  // r, t
      text.put(frame.isExtended ? letter - 0x20 : letter)
      text.put(hex: UInt64(frame.identifier), digits: frame.isExtended ? 8 : 3)
      text.put(hex: UInt64(frame.count), digits: 1)
      if !frame.isRemote {
        for index in 0..<frame.count { text.put(hex: UInt64(frame[index]), digits: 2) }
      }
      if let timestamp { text.put(hex: UInt64(timestamp), digits: 4) }
    case .acknowledge: break
    case .sentStandard: text.put(0x7A)  // z
    case .sentExtended: text.put(0x5A)  // Z
    case .refusal:
      text.put(bell)
      return text.count
    case .open: text.put(0x4F)  // O
    case .listen: text.put(0x4C)  // L
    case .close: text.put(0x43)  // C
    case .bitRate(let index):
      text.put(0x53)  // S
      text.put(0x30 + UInt8(index))
    case .timestamps(let on):
      text.put(0x5A)  // Z
      text.put(on ? 0x31 : 0x30)
    case .query(let query): text.put(query.rawValue)
    case .answer(let query, let characters):
      text.put(query.rawValue)
      for shift in stride(from: 56, through: 0, by: -8) {
        let character = UInt8(truncatingIfNeeded: characters >> UInt64(shift))
        if character != 0 { text.put(character) }
      }
    case .malformed: return 0
    }
    text.put(carriageReturn)
    return text.count
  }

  /// The bytes of `line`. For connecting and tests; the loop encodes into its own buffer.
  public static func bytes(of line: Line) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: maximumLineLength) { buffer, count in
      count = encode(line, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private struct Text {
    let buffer: UnsafeMutableRawBufferPointer
    var count = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    mutating func put(_ byte: UInt8) {
      buffer[count] = byte
      count += 1
    }

    mutating func put(hex value: UInt64, digits: Int) {
      for place in stride(from: 4 * (digits - 1), through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: value >> UInt64(place)) & 15
        put(digit < 10 ? 0x30 + digit : 0x37 + digit)
      }
    }
  }
}
