/// The events of one tick, in order. A value of fixed size, so that the tick never allocates.
///
/// A tick and the requests of ``ControlCore/canAccept`` always fit; what a caller beyond that loses is counted.
public struct EventQueue: Sendable {
  public static let capacity = 16
  private var events: InlineArray<16, ControlEvent?> = InlineArray(repeating: nil)
  public private(set) var count = 0
  public private(set) var dropped = 0

  public init() {}

  public mutating func append(_ event: ControlEvent) {
    guard count < Self.capacity else {
      dropped += 1
      return
    }
    events[count] = event
    count += 1
  }

  public subscript(position: Int) -> ControlEvent { events[position]! }

  public mutating func removeAll() { count = 0 }
}
