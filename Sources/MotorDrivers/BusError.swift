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
    case .noReply: "check the motor's power, its node number, and the CAN wires with a resistor of 120 Ω at either end"
    }
  }
}
