internal import Foundation

/// One `struct input_event` of Linux' evdev: 24 bytes where `long` has 64 bits.
///
/// - Source: linux/input.h and linux/input-event-codes.h.
struct InputEvent: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// All that came since the last of these belongs to one moment.
    case report
    /// Events were lost: what is held must be asked for again.
    case dropped
    case key(Int, isDown: Bool)
    /// A stick or a trigger is there.
    case absolute(Int, Int32)
    /// A knob has moved so far.
    case relative(Int, Int32)
    case other
  }

  static let size = 24
  /// When it happened, by the device's clock [s].
  var time: Double
  var kind: Kind

  init(time: Double, kind: Kind) { (self.time, self.kind) = (time, kind) }

  /// - Precondition: 24 bytes.
  init(_ bytes: some Collection<UInt8>) {
    precondition(bytes.count == Self.size)
    func number(_ start: Int, _ count: Int) -> UInt64 {
      bytes.dropFirst(start).prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    time = Double(Int64(bitPattern: number(0, 8))) + 1e-6 * Double(Int64(bitPattern: number(8, 8)))
    let code = Int(number(18, 2)), value = Int32(bitPattern: UInt32(number(20, 4)))
    switch number(16, 2) {
    case 0: kind = code == 0 ? .report : code == 3 ? .dropped : .other
    // 2 is a key that repeats.
    case 1: kind = .key(code, isDown: value != 0)
    case 2: kind = .relative(code, value)
    case 3: kind = .absolute(code, value)
    default: kind = .other
    }
  }

  /// As the kernel writes it; for recorded and made-up devices.
  var bytes: [UInt8] {
    func little(_ number: UInt64, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) } }
    let (type, code, value): (Int, Int, Int32) =
      switch kind {
      case .report: (0, 0, 0)
      case .dropped: (0, 3, 0)
      case .key(let code, let isDown): (1, code, isDown ? 1 : 0)
      case .relative(let code, let value): (2, code, value)
      case .absolute(let code, let value): (3, code, value)
      case .other: (4, 4, 0)
      }
    let whole = time.rounded(.down)
    return little(UInt64(bitPattern: Int64(whole)), 8) + little(UInt64(((time - whole) * 1e6).rounded()), 8) + little(UInt64(type), 2)
      + little(UInt64(code), 2) + little(UInt64(UInt32(bitPattern: value)), 4)
  }
}
