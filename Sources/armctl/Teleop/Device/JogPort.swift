/// Where a gamepad or a 3D mouse is plugged in, and plugged in again.
struct JogPort {
  enum Choice: Equatable, Sendable {
    /// The first that there is.
    case any
    case path(String)
    case none
  }

  enum News {
    case nothing
    case found(JogDevice, name: String)
    case events([InputEvent])
    case gone
  }

  private let choice: Choice
  private var reader: DeviceReader?
  private var isTold = false
  private var nextSearch = -Double.infinity

  /// Between two looks for a device that is not there [s].
  private static let searchPeriod = 2.0

  /// - Throws: ``CommandFailure`` where a device that is named cannot be read.
  init(_ choice: Choice) throws(CommandFailure) {
    self.choice = choice
    if case .path(let path) = choice { reader = try DeviceReader(path: path) }
  }

  var descriptors: [Int32] { reader.map { [$0.descriptor] } ?? [] }
  /// When there is something to do without anybody's telling [s].
  var deadline: Double { reader == nil && choice != .none ? nextSearch : .infinity }

  mutating func news(at time: Double) -> News {
    if let reader {
      guard isTold else {
        isTold = true
        let map = reader.map ?? .gamepad
        return .found(JogDevice(map, ranges: reader.ranges(of: map)), name: reader.name)
      }
      let events = reader.read()
      guard reader.isGone else { return events.isEmpty ? .nothing : .events(events) }
      (self.reader, isTold, nextSearch) = (nil, false, time + Self.searchPeriod)
      return .gone
    }
    guard choice != .none, time >= nextSearch else { return .nothing }
    nextSearch = time + Self.searchPeriod
    switch choice {
    case .any: reader = DeviceReader.find()
    case .path(let path): reader = try? DeviceReader(path: path)
    case .none: break
    }
    return .nothing
  }
}
