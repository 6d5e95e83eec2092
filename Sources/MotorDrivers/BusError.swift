/// Why a bus cannot be used. `description` is one sentence; `suggestion` says what to do about it.
public enum BusError: Error, Equatable, Sendable {
  /// The port could not be opened.
  case cannotOpen(port: String, reason: String)
  /// Another program holds the port.
  case portBusy(port: String)
  /// This user may not open the port.
  case portDenied(port: String)
  /// The far end hung up. `bus` is the path of the channel.
  case disconnected(bus: String, reason: String)
  /// The adapter on the port does not answer.
  case noAdapter(bus: String)
  /// A motor does not answer.
  case noReply(bus: String, motor: Int)
  /// A motor codes a quantity over another range than the arm's file says.
  case rangeDiffers(bus: String, motor: Int, register: String, file: Double, motorHas: Double)
  /// A motor does not keep the watchdog time that it is given; `motorHas` [s] is 0 for none.
  case noWatchdog(bus: String, motor: Int, wanted: Double, motorHas: Double)
  /// A motor stays in another control mode than it is told.
  case wrongMode(bus: String, motor: Int, mode: Int)
}

extension BusError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let port, let reason): "cannot open \(port): \(reason)"
    case .portBusy(let port): "another program holds \(port)"
    case .portDenied(let port): "this user may not open \(port)"
    case .disconnected(let bus, let reason): "\(bus) is gone: \(reason)"
    case .noAdapter(let bus): "no SLCAN adapter answers on \(bus)"
    case .noReply(let bus, let motor): "motor \(motor) on \(bus) does not answer"
    case .rangeDiffers(let bus, let motor, let register, let file, let motorHas):
      "motor \(motor) on \(bus) has \(register) = \(motorHas), where the arm's file says \(file); every figure would be wrong by that"
    case .noWatchdog(let bus, let motor, let wanted, let motorHas):
      "motor \(motor) on \(bus) has a watchdog time of \(motorHas) s, and does not take the \(wanted) s that it is given"
    case .wrongMode(let bus, let motor, let mode):
      "motor \(motor) on \(bus) stays in its control mode \(mode), and does not take mode 1, MIT"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .cannotOpen: "plug the adapter in, find its port with `ls /dev/serial/by-id`, and give that path"
    case .portBusy(let port): "end the other program; `fuser \(port)` names it"
    case .portDenied: "`sudo usermod -aG dialout $USER`, and log in again"
    case .disconnected: "see to the cable and the adapter's power, then reset"
    case .noAdapter: "check that the port is the adapter's, and that its firmware speaks SLCAN"
    case .rangeDiffers(_, _, let register, _, let motorHas):
      "write \(Self.keys[register] ?? register): \(motorHas) in the arm's file, or set the motor's register with the maker's tool"
    case .noWatchdog: "update the motor's firmware; without its watchdog it would go on pushing when this computer falls silent"
    case .wrongMode: "set the control mode to MIT with the maker's tool, and save it"
    case .noReply: "check the motor's power, its node number, and the CAN wires with a resistor of 120 Ω at either end"
    }
  }

  /// The arm file's names of registers.
  private static let keys = ["PMAX": "pMax", "VMAX": "vMax", "TMAX": "tMax"]
}
