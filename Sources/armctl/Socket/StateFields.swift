/// Which members of a state somebody wants. `time` and `tick` always belong to it.
struct StateFields: OptionSet, Hashable, Sendable {
  let rawValue: UInt16

  static let mode = StateFields(rawValue: 1 << 0)
  static let position = StateFields(rawValue: 1 << 1)
  static let velocity = StateFields(rawValue: 1 << 2)
  static let effort = StateFields(rawValue: 1 << 3)
  static let external = StateFields(rawValue: 1 << 4)
  static let setpoint = StateFields(rawValue: 1 << 5)
  static let pose = StateFields(rawValue: 1 << 6)
  static let fault = StateFields(rawValue: 1 << 7)
  static let homed = StateFields(rawValue: 1 << 8)
  static let speed = StateFields(rawValue: 1 << 9)
  static let hindrance = StateFields(rawValue: 1 << 10)
  static let all = StateFields(rawValue: 1 << 11 - 1)

  /// In the order of the wire.
  static let names: [(name: String, field: StateFields)] = [
    ("mode", .mode), ("position", .position), ("velocity", .velocity), ("effort", .effort), ("external", .external),
    ("setpoint", .setpoint), ("pose", .pose), ("fault", .fault), ("homed", .homed), ("speed", .speed), ("hindrance", .hindrance),
  ]

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Names that are no fields, such as `time`, add nothing.
  init(names: [String]) {
    self = Self.names.reduce(into: []) { fields, entry in if names.contains(entry.name) { fields.insert(entry.field) } }
  }
}

extension JSONWriter {
  /// A state as one JSON object, written by hand: this runs for every tick that somebody watches.
  mutating func state(_ state: ArmState, fields: StateFields = .all) {
    byte("{")
    stateMembers(state, fields: fields)
    byte("}")
  }

  mutating func stateMembers(_ state: ArmState, fields: StateFields) {
    raw("\"time\":")
    integer(state.time)
    raw(",\"tick\":")
    integer(state.tick)
    if fields.contains(.mode) {
      raw(",\"mode\":\"")
      text(state.mode.rawValue)
      byte("\"")
    }
    if fields.contains(.position) { numbers(",\"position\":", state.position) }
    if fields.contains(.velocity) { numbers(",\"velocity\":", state.velocity) }
    if fields.contains(.effort) { numbers(",\"effort\":", state.effort) }
    if fields.contains(.external) { numbers(",\"external\":", state.external) }
    if fields.contains(.setpoint) { numbers(",\"setpoint\":", state.setpoint) }
    if fields.contains(.pose) { pose(",\"pose\":", state.pose) }
    if fields.contains(.fault) {
      raw(",\"fault\":")
      value(state.fault?.json ?? .null)
    }
    if fields.contains(.homed) { raw(state.isHomed ? ",\"homed\":true" : ",\"homed\":false") }
    if fields.contains(.speed) {
      raw(",\"speed\":")
      number(state.speed)
    }
    if fields.contains(.hindrance) {
      raw(",\"hindrance\":")
      value(state.hindrance?.json ?? .null)
    }
  }
}
