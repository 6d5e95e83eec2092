internal import Foundation

/// Why the core gave up on its task. Holds facts only, so that the tick can make one without allocating; the sentence is made elsewhere.
public enum ControlFault: Error, Sendable, Equatable, BitwiseCopyable {
  /// A motor did not answer for `seconds`.
  case busSilent(joint: Int, seconds: Double)
  /// The channel to the motors of bus `index` is gone.
  case busLost(index: Int)
  /// Too large a share of the bus's replies were lost or damaged.
  case busNoise(index: Int, share: Double, limit: Double)
  /// The joint is not where it should be [rad].
  case followingError(joint: Int, value: Double, limit: Double)
  /// The joint passed a limit, measured or about to be commanded.
  case limit(Quantity, joint: Int, value: Double, limit: Double)
  /// The motor reports a fault of its own.
  case motor(joint: Int, Problem)
  case emergencyStop
  /// A safety input or output does not answer.
  case safetyLine

  public enum Quantity: String, Sendable, BitwiseCopyable { case position, velocity, acceleration, effort }
  public enum Problem: String, Sendable, BitwiseCopyable {
    case referenceLost, stalled, overTemperature, overVoltage, underVoltage, overCurrent, overload, sensor, parameter, communicationLost, switchedOff

    /// The motor has let go of its joint.
    var isWithoutTorque: Bool { self != .referenceLost && self != .stalled }
  }
}

extension ControlFault {
  /// The stable name on the socket and in logs.
  public var kind: String {
    switch self {
    case .busSilent: "bus.silent"
    case .busLost: "bus.lost"
    case .busNoise: "bus.noise"
    case .followingError: "following-error"
    case .limit(let quantity, _, _, _): "limit.\(quantity.rawValue)"
    case .motor(_, let problem): "motor.\(problem.kind)"
    case .emergencyStop: "emergency-stop"
    case .safetyLine: "safety-line"
    }
  }

  /// The joint concerned, if it is one joint's fault.
  public var joint: Int? {
    switch self {
    case .busSilent(let joint, _), .followingError(let joint, _, _), .limit(_, let joint, _, _), .motor(let joint, _): joint
    case .busLost, .busNoise, .emergencyStop, .safetyLine: nil
    }
  }

  /// What was measured and what it may be, where the fault is about a number.
  public var figures: (value: Double, limit: Double)? {
    switch self {
    case .busNoise(_, let value, let limit), .followingError(_, let value, let limit), .limit(_, _, let value, let limit): (value, limit)
    case .busSilent, .busLost, .motor, .emergencyStop, .safetyLine: nil
    }
  }

  /// One sentence for people.
  ///
  /// - Parameters:
  ///   - joints: The joints' names, in the model's order.
  ///   - buses: The buses' names, in the loop's order.
  public func sentence(joints: [String], buses: [String]) -> String {
    switch self {
    case .busSilent(let joint, let seconds):
      "The motor of \(joints[joint]) has not answered for \(milliseconds(seconds)) ms."
    case .busLost(let index):
      "The connection to bus \(buses[index]) is gone."
    case .busNoise(let index, let share, let limit):
      "\(fixed(share * 100, 1)) % of the replies on bus \(buses[index]) were lost or damaged; more than \(percent(limit)) % is not safe to drive on."
    case .followingError(let joint, let value, let limit):
      "\(capitalized(joints[joint])) is \(fixed(value, 3)) rad from its setpoint; \(fixed(limit, 3)) rad is allowed."
    case .limit(let quantity, let joint, let value, let limit):
      "\(capitalized(joints[joint])) passed its \(quantity.rawValue) limit: \(fixed(value, 3)) against \(fixed(limit, 3)) \(quantity.unit)."
    case .motor(let joint, let problem):
      "The motor of \(joints[joint]) \(problem.sentence)."
    case .emergencyStop:
      "The emergency stop is pressed."
    case .safetyLine:
      "A safety line does not answer, so nothing may move."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .busSilent: "check the motor's power and bus cable, then `armctl reset`"
    case .busLost: "plug the adapter in again, then `armctl reset`"
    case .busNoise: "check the cable, its shield and the bus's two terminators, then `armctl reset`"
    case .followingError: "look for an obstacle or a loose coupling, then `armctl reset`"
    case .limit(.effort, _, _, _): "take away what the arm pushes against or carries, then `armctl reset`"
    case .limit: "`armctl reset` holds the arm where it is; then move back inside"
    case .motor(_, .referenceLost): "`armctl reset` goes on from the continued position; check the zero before trusting it"
    case .motor(_, .overVoltage), .motor(_, .underVoltage): "measure the supply at the motor under load, then `armctl reset`"
    case .motor(_, .sensor), .motor(_, .parameter): "switch the motor's power off and on; if it comes back, calibrate or replace the motor"
    case .motor(_, .communicationLost): "check the bus cable and what else this computer does, then `armctl reset`"
    case .motor(_, .switchedOff): "check the motor's power and plugs, then `armctl reset`, which gives it its settings again"
    case .motor: "let the motor cool or free it, then `armctl reset`"
    case .emergencyStop: "release the emergency stop, then `armctl reset`"
    case .safetyLine: "check the lines under `gpio` in the arm file with `gpioinfo`, then `armctl reset`"
    }
  }
}

extension ControlFault.Quantity {
  var unit: String {
    switch self {
    case .position: "rad"
    case .velocity: "rad/s"
    case .acceleration: "rad/s²"
    case .effort: "N·m"
    }
  }
}

extension ControlFault.Problem {
  var kind: String {
    switch self {
    case .referenceLost: "reference-lost"
    case .stalled: "stalled"
    case .overTemperature: "over-temperature"
    case .overVoltage: "over-voltage"
    case .underVoltage: "under-voltage"
    case .overCurrent: "over-current"
    case .overload: "overload"
    case .sensor: "sensor"
    case .parameter: "parameter"
    case .communicationLost: "communication-lost"
    case .switchedOff: "switched-off"
    }
  }

  var sentence: String {
    switch self {
    case .referenceLost: "changed its zero by itself"
    case .stalled: "stalled"
    case .overTemperature: "is too hot"
    case .overVoltage: "has too high a supply voltage"
    case .underVoltage: "has too low a supply voltage"
    case .overCurrent: "drew too much current"
    case .overload: "is overloaded"
    case .sensor: "cannot read its position sensor"
    case .parameter: "cannot read its own settings"
    case .communicationLost: "was told nothing for its watchdog's time and has let go"
    case .switchedOff: "is off, though nobody switched it off"
    }
  }
}

private func milliseconds(_ seconds: Double) -> String { fixed(seconds * 1000, 0) }
private func percent(_ share: Double) -> String { fixed(share * 100, 0) }
private func capitalized(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

/// `value` with `digits` decimals.
func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
