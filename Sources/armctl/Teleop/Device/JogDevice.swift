internal import Foundation

/// What a device for jogging does with its sticks, knobs and buttons.
struct DeviceMap: Equatable, Sendable {
  /// An axis of the device, and what it moves.
  struct Axis: Equatable, Sendable {
    /// Of `EV_ABS`, or of `EV_REL` for devices that tell their deflection so.
    var code: Int
    /// x, y, z, roll, pitch, yaw of the tool.
    var axis: Int
    /// Whether a larger number moves the other way.
    var isReversed = false
  }

  var name: String
  var axes: [Axis]
  var buttons: [Int: TeleopAction]
  /// Buttons of which one must be held for the axes to count; none: deflecting them is enough.
  var deadMan: Set<Int> = []
  /// The most that an axis tells where the device does not say it itself.
  var range: ClosedRange<Int32> = -350...350
  /// Deflections smaller than this share are none: hands tremble, and sticks do not come back quite.
  var deadZone = 0.1
}

extension DeviceMap {
  /// Linux' own names for what most gamepads have, in the places of an Xbox pad: sticks for x, y, z and yaw, the cross for roll and pitch; a
  /// shoulder button is the dead-man.
  static let gamepad = DeviceMap(
    name: "gamepad",
    axes: [
      Axis(code: 1, axis: 0, isReversed: true), Axis(code: 0, axis: 1, isReversed: true), Axis(code: 4, axis: 2, isReversed: true),
      Axis(code: 3, axis: 5, isReversed: true), Axis(code: 16, axis: 3), Axis(code: 17, axis: 4),
    ],
    buttons: [
      0x131: .stop, 0x130: .closeGripper, 0x133: .openGripper, 0x134: .switchTarget, 0x13A: .slower, 0x13B: .faster, 0x13C: .nextFrame,
    ],
    deadMan: [0x136, 0x137], range: -32768...32767, deadZone: 0.15)

  /// A 3D mouse: its axes are to the right, towards the hand and down, so that pushing moves along x.
  static let mouse3D = DeviceMap(
    name: "3D mouse",
    axes: [
      Axis(code: 1, axis: 0, isReversed: true), Axis(code: 0, axis: 1, isReversed: true), Axis(code: 2, axis: 2, isReversed: true),
      Axis(code: 4, axis: 3, isReversed: true), Axis(code: 3, axis: 4, isReversed: true), Axis(code: 5, axis: 5, isReversed: true),
    ], buttons: [0x100: .closeGripper, 0x101: .openGripper], range: -350...350, deadZone: 0.08)
}

/// The state of a gamepad or a 3D mouse: what its events so far make of it. A value without a descriptor or a clock.
struct JogDevice: Equatable, Sendable {
  let map: DeviceMap
  /// What each axis goes from and to, by its code.
  private let ranges: [Int: ClosedRange<Int32>]
  private var deflections: [Int: Deflection] = [:]
  private var held: Set<Int> = []
  /// Events were lost: what comes up to the next report belongs to nothing.
  private var isDisturbed = false

  private struct Deflection: Equatable {
    var share: Double
    /// Devices that tell deflections as motions tell no end of them: until then one lasts [s].
    var end = Double.infinity
  }

  /// So long a deflection lasts that is told as a motion, again and again [s].
  private static let lasting = 0.1

  init(_ map: DeviceMap, ranges: [Int: ClosedRange<Int32>] = [:]) { (self.map, self.ranges) = (map, ranges) }

  /// Deflections of x, y, z, roll, pitch and yaw, −1 to 1; nil where it moves nothing.
  var wish: [Double]? {
    guard map.deadMan.isEmpty || !map.deadMan.isDisjoint(with: held) else { return nil }
    var wish = [Double](repeating: 0, count: 6)
    for axis in map.axes { wish[axis.axis] += (axis.isReversed ? -1 : 1) * (deflections[axis.code]?.share ?? 0) }
    return wish.contains { $0 != 0 } ? wish.map { min(1, max(-1, $0)) } : nil
  }

  /// When something ends by itself [s]; nil where nothing does.
  var deadline: Double? { deflections.values.lazy.map(\.end).filter(\.isFinite).min() }

  mutating func pass(to time: Double) {
    for (code, deflection) in deflections where deflection.end <= time { deflections[code] = nil }
  }

  /// - Parameter time: When it came [s].
  /// - Returns: What a button that goes down is for.
  mutating func take(_ event: InputEvent, at time: Double) -> TeleopAction? {
    if isDisturbed, event.kind != .report { return nil }
    switch event.kind {
    case .key(let code, let isDown):
      guard isDown else {
        held.remove(code)
        return nil
      }
      return held.insert(code).inserted ? map.buttons[code] : nil
    case .absolute(let code, let value): deflect(code, value, until: .infinity)
    case .relative(let code, let value): deflect(code, value, until: time + Self.lasting)
    case .dropped:
      // Whatever is held must be pressed again.
      (deflections, held, isDisturbed) = ([:], [], true)
    case .report: isDisturbed = false
    case .other: break
    }
    return nil
  }

  private mutating func deflect(_ code: Int, _ value: Int32, until end: Double) {
    guard let axis = map.axes.first(where: { $0.code == code }) else { return }
    let share = deflection(value, of: axis)
    deflections[code] = share == 0 ? nil : Deflection(share: share, end: end)
  }

  /// From the edge of the dead zone on, finely at first: the square of how far.
  private func deflection(_ value: Int32, of axis: DeviceMap.Axis) -> Double {
    // A cross tells −1, 0 or 1.
    let range = ranges[axis.code] ?? (axis.code == 16 || axis.code == 17 ? -1...1 : map.range)
    let (lower, upper) = (Double(range.lowerBound), Double(range.upperBound))
    guard upper > lower else { return 0 }
    let share = (Double(value) - lower) / (upper - lower)
    let full = min(1, max(-1, 2 * share - 1))
    let beyond = abs(full) - map.deadZone
    guard beyond > 0 else { return 0 }
    let part = beyond / (1 - map.deadZone)
    return (full < 0 ? -1 : 1) * part * part
  }
}
