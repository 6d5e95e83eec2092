import MotorDrivers

/// Motors that are where they are told to be at once, but for a limit of their speed. What goes wrong on a real wire is set from outside.
///
/// Keeps all its memory, so that a tick can be shown not to allocate.
final class IdealBus: MotorBus {
  let name: String
  let motorCount: Int
  private(set) var statistics = BusStatistics()

  /// Logical time [s], set by the test before each tick.
  var now = 0.0
  /// How many ticks a sample is old when it is read.
  var delay = 1
  /// Motors whose replies are lost; what they are told still arrives.
  var mute: Set<Int> = []
  /// Motors that do not move whatever they are told.
  var blocked: Set<Int> = []
  /// The far end hung up: everything throws until the next `connect`.
  var isCut = false
  /// `connect` fails too.
  var isUnplugged = false
  var errorRate = 0.0
  var faults: [MotorFaults]
  /// Torque of each rotor [N·m]; nil where the motor does not tell.
  var efforts: [Double?]
  /// Rotor angles [rad].
  var positions: [Double]
  /// What each motor was told last.
  private(set) var commands: [MotorCommand]
  private(set) var connections = 0
  private(set) var clearings = 0
  /// Told after each `send`.
  var afterSend: () -> Void = {}

  private struct Sample { var position = 0.0, time = -Double.infinity }
  private var history: [[Sample]]
  private var next = 0
  private static let depth = 8
  /// A rotor's way in one tick, at most: 13 turns a second [rad].
  private static let stride = 0.17

  init(name: String, positions: [Double]) {
    self.name = name
    self.positions = positions
    motorCount = positions.count
    faults = Array(repeating: [], count: positions.count)
    efforts = Array(repeating: 0, count: positions.count)
    commands = Array(repeating: .off, count: positions.count)
    history = Array(repeating: Array(repeating: Sample(), count: positions.count), count: Self.depth)
  }

  func connect() throws(BusError) {
    if isUnplugged { throw .cannotOpen(port: name, reason: "no such file") }
    isCut = false
    connections += 1
    // Reads every motor; all that was under way on the old connection is gone.
    for slot in 0..<Self.depth { measure(into: slot) }
  }

  func disconnect() { for motor in commands.indices { commands[motor] = .off } }

  private func measure(into slot: Int) {
    for motor in 0..<motorCount { history[slot][motor] = Sample(position: positions[motor], time: now) }
  }

  func receive(into states: inout [MotorState], time: Double) throws(BusError) {
    if isCut { throw .disconnected(bus: name, reason: "hung up") }
    statistics.errorRate = errorRate
    let slot = (next + Self.depth - delay) % Self.depth
    for motor in 0..<motorCount where !mute.contains(motor) {
      states[motor].position = history[slot][motor].position
      states[motor].sampleTime = history[slot][motor].time
      states[motor].effort = efforts[motor]
      states[motor].faults = faults[motor]
    }
  }

  func clearFaults() {
    clearings += 1
    errorRate = 0
  }

  func send(_ newCommands: [MotorCommand], time: Double) throws(BusError) {
    if isCut { throw .disconnected(bus: name, reason: "hung up") }
    for motor in 0..<motorCount {
      commands[motor] = newCommands[motor]
      if case .position(let position, _) = newCommands[motor], !blocked.contains(motor) {
        positions[motor] += min(max(position - positions[motor], -Self.stride), Self.stride)
      }
    }
    measure(into: next)
    next = (next + 1) % Self.depth
    afterSend()
  }
}
