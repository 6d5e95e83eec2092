/// One packet of classic CAN, held inline so that frames can be made and passed on without allocating.
public struct CANFrame: Sendable, Hashable {
  /// 11 bits, or 29 where `isExtended`. Lower values win the wire.
  public let identifier: UInt32
  public let isExtended: Bool
  /// A request for data: it has a length but carries no bytes.
  public let isRemote: Bool
  /// Data bytes, 0…8; of a remote frame the number asked for.
  public let count: Int
  /// The data, byte 0 in the lowest eight bits; bits beyond `count` bytes are zero.
  public let bits: UInt64

  /// A data frame.
  ///
  /// - Precondition: `identifier` fits its 11 or 29 bits, and `count` is 0…8.
  public init(_ identifier: UInt32, isExtended: Bool = false, bits: UInt64 = 0, count: Int = 8) {
    precondition(Self.isValid(identifier, isExtended: isExtended) && 0...8 ~= count)
    self.identifier = identifier
    self.isExtended = isExtended
    self.isRemote = false
    self.count = count
    self.bits = count == 8 ? bits : bits & ((1 << UInt64(8 * count)) - 1)
  }

  /// A remote frame, which asks for `count` bytes.
  public init(remote identifier: UInt32, isExtended: Bool = false, count: Int = 0) {
    precondition(Self.isValid(identifier, isExtended: isExtended) && 0...8 ~= count)
    self.identifier = identifier
    self.isExtended = isExtended
    self.isRemote = true
    self.count = count
    self.bits = 0
  }

  /// Data byte `index`, 0…7; 0 beyond `count`.
  public subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)) }

  static func isValid(_ identifier: UInt32, isExtended: Bool) -> Bool { identifier <= (isExtended ? 0x1FFF_FFFF : 0x7FF) }

  /// How many bit times the frame takes on the wire with the space behind it, if half of the stuff bits that could be needed are.
  ///
  /// A standard frame has 34 bits that can be stuffed beside its data, 13 that cannot; an extended one 54 and 13. One stuff bit
  /// follows at worst each fourth bit.
  /// - Source: Bosch, *CAN Specification 2.0* (1991), §3.1 and §5.
  public var wireBits: Double {
    let stuffable = (isExtended ? 54 : 34) + (isRemote ? 0 : 8 * count)
    return Double(stuffable + 13) + Double((stuffable - 1) / 4) / 2
  }
}
