public import Planner

/// What the rest of the program asks of the control core. Stop is not among them: it has a way of its own that nothing can block.
public enum ControlRequest: Sendable {
  /// Motors on, stiff at the measured position.
  case hold
  /// Motors off.
  case off
  /// Give way to the hand.
  case float
  /// Follow a trajectory that begins at the present setpoint.
  case follow(Trajectory, job: Int)
  /// Brake, if this job is the one under way.
  case cancel(job: Int)
  /// Leave a fault, if its cause is gone.
  case reset
}

/// Why a request was not carried out.
public enum ControlRefusal: Error, Sendable, Equatable {
  /// A fault is latched.
  case faulted
  /// The motors are off.
  case off
  /// Something else is moving the arm.
  case busy
  /// The arm gives way to a hand.
  case floating
  /// The trajectory begins this far [rad] from the present setpoint.
  case startsElsewhere(joint: Int, by: Double)
  /// A motor has not been heard of lately.
  case notHeard(joint: Int)
  /// The emergency stop is still pressed.
  case emergencyStop
  /// The bus is still disconnected.
  case busLost(index: Int)
  /// The job is not, or no longer, under way.
  case noSuchJob

  public var kind: String {
    switch self {
    case .faulted: "fault"
    case .off: "mode.off"
    case .busy: "busy"
    case .floating: "mode.float"
    case .startsElsewhere: "start"
    case .notHeard: "bus.silent"
    case .emergencyStop: "emergency-stop"
    case .busLost: "bus.lost"
    case .noSuchJob: "job.unknown"
    }
  }

  public func sentence(joints: [String], buses: [String]) -> String {
    switch self {
    case .faulted: "A fault is latched."
    case .off: "The motors are off."
    case .busy: "The arm is already moving."
    case .floating: "The arm gives way to a hand, so it cannot follow a motion."
    case .startsElsewhere(let joint, _): "The motion does not begin where \(joints[joint]) is."
    case .notHeard(let joint): "The motor of \(joints[joint]) does not answer."
    case .emergencyStop: "The emergency stop is pressed."
    case .busLost(let index): "The connection to bus \(buses[index]) is gone."
    case .noSuchJob: "The job is not under way."
    }
  }

  public var suggestion: String {
    switch self {
    case .faulted: "`armctl status` tells the fault; `armctl reset` clears it"
    case .off: "`armctl reset`, or `mode.set` with mode `hold`, switches them on"
    case .busy: "wait for the job, or `armctl stop` first"
    case .floating: "mode `hold` first"
    case .startsElsewhere: "plan again from the present state"
    case .notHeard: "check the motor's power and bus cable"
    case .emergencyStop: "release the emergency stop, then `armctl reset`"
    case .busLost: "plug the adapter in again, then `armctl reset`"
    case .noSuchJob: "`armctl status` names the job under way"
    }
  }
}

/// What the core tells the rest of the program, in the order in which it happened.
public enum ControlEvent: Sendable, Equatable {
  case modeChanged(ControlMode)
  case started(job: Int)
  case finished(job: Int)
  case interrupted(job: Int, by: Interruption)
  case refused(Request, ControlRefusal)
  case faulted(ControlFault)
  /// Leaves a fault.
  case cleared

  public enum Interruption: String, Sendable { case stop, cancel, fault, mode }
  /// Which request was refused.
  public enum Request: Sendable, Equatable { case mode(ControlMode), follow(job: Int), cancel(job: Int), reset }
}
