public import Kinematics
public import Planner

/// What the rest of the program asks of the control core. Stop is not among them: it has a way of its own that nothing can block.
public enum ControlRequest: Sendable {
  /// Stiff: motors that are off are switched on where they are measured, an arm that moves is braked.
  case hold
  /// Motors off, once the arm has come to rest.
  case off
  /// Give way to the hand.
  case float
  /// Let a hand stretch the springs that hold the arm where it is.
  case comply
  /// Follow a trajectory that begins at the present setpoint.
  case follow(Trajectory, job: Int)
  /// Go to joint positions from whatever the arm does now, without stopping in between. A job under way is given up.
  ///
  /// - speed: Share of the limits, above 0 and at most 1.
  case goTo(JointVector, speed: Double, job: Int)
  /// Follow a stream of commands, of which this is the latest. When none has come for a while, the arm comes to rest.
  ///
  /// - mayTouch: Whether obstacles and the arm's own links do not hold it back.
  case servo(ServoTarget, mayTouch: Bool = false)
  /// From now on streams keep clear of these things, or of nothing. What they kept clear of before is left in the box, for its owner to let go of.
  case surround(Handover<Proximity>)
  /// Brake on the path, if this job is the one under way.
  case cancel(job: Int)
  /// Stand still on the path, and keep the job.
  case pause
  /// Go on after a pause, or back the way that the arm came.
  case resume(Course)
  /// How fast motions run, as a share of what was planned, 0…2. Beyond 1 as far as every joint's limits allow.
  case setSpeed(Double)
  /// Leave a fault, if its cause is gone. Without a fault there is nothing to do.
  case reset
}

/// Which way along its motion an arm is to go.
public enum Course: Sendable, BitwiseCopyable { case forward, paused, back }

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
  /// The motors take positions only.
  case cannotComply
  /// A motor has not been heard of lately.
  case notHeard(joint: Int)
  /// The emergency stop is still pressed.
  case emergencyStop
  /// The bus is still disconnected.
  case busLost(index: Int)
  /// A safety line does not answer.
  case safetyLine
  /// The motor does not tell its effort, so a hand cannot be felt.
  case noEffort(joint: Int)
  /// A stop came after the request and before the loop took it in.
  case stopped
  /// The job is not, or no longer, under way.
  case noSuchJob
  /// Nothing is under way.
  case idle
  /// The joint is wanted outside its limits [rad; m].
  case outsideLimits(joint: Int, value: Double, limit: Double)

  /// The stable name on the socket and in logs.
  public var kind: String {
    switch self {
    case .faulted: "fault"
    case .off: "mode.off"
    case .busy: "busy"
    case .floating: "mode.float"
    case .cannotComply: "mode.comply"
    case .startsElsewhere: "start"
    case .notHeard: "bus.silent"
    case .emergencyStop: "emergency-stop"
    case .busLost: "bus.lost"
    case .safetyLine: "safety-line"
    case .noEffort: "motor.no-effort"
    case .stopped: "stopped"
    case .noSuchJob: "job.unknown"
    case .idle: "idle"
    case .outsideLimits: "limit.position"
    }
  }

  /// One sentence for people.
  ///
  /// - Parameters:
  ///   - joints: The joints' names, in the model's order.
  ///   - buses: The buses' names, in the loop's order.
  public func sentence(joints: [String], buses: [String]) -> String {
    switch self {
    case .faulted: "A fault is latched."
    case .off: "The motors are off."
    case .busy: "The arm is already moving."
    case .floating: "The arm gives way to a hand, so it cannot follow a motion."
    case .cannotComply: "The motors take positions only, so the arm cannot hang on springs."
    case .startsElsewhere(let joint, let gap): "The motion begins \(fixed(gap.magnitude, 3)) rad away from the setpoint of \(joints[joint])."
    case .notHeard(let joint): "The motor of \(joints[joint]) does not answer."
    case .emergencyStop: "The emergency stop is pressed."
    case .busLost(let index): "The connection to bus \(buses[index]) is gone."
    case .safetyLine: "A safety line does not answer, so nothing may move."
    case .noEffort(let joint): "The motor of \(joints[joint]) does not tell its effort, so the arm cannot feel a hand."
    case .stopped: "The arm was stopped before the motion began."
    case .noSuchJob: "The job is not under way."
    case .idle: "No motion is under way."
    case .outsideLimits(let joint, let value, let limit):
      "\(joints[joint]) cannot go to \(fixed(value, 3)) rad; its limit is \(fixed(limit, 3)) rad."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .faulted: "`armctl status` tells the fault; `armctl reset` clears it"
    case .off: "`armctl serve --enable`, or `mode.set` with mode `hold` on the socket, switches them on"
    case .busy: "wait for the job, or `armctl stop` first"
    case .floating: "mode `hold` first"
    case .cannotComply: "mode `float`"
    case .startsElsewhere: "plan again from the present state"
    case .notHeard: "check the motor's power and bus cable"
    case .emergencyStop: "release the emergency stop, then `armctl reset`"
    case .busLost: "plug the adapter in again, then `armctl reset`"
    case .safetyLine: "check the lines under `gpio` in the arm file with `gpioinfo`, then `armctl reset`"
    case .noEffort: "let the motor report its current, or move the arm with `armctl move`"
    case .stopped: "send the motion again"
    case .noSuchJob: "`armctl status` names the job under way"
    case .idle: "start a motion first"
    case .outsideLimits: "a position within the joint's limits"
    }
  }
}

/// What the core tells the rest of the program, in the order in which it happened.
public enum ControlEvent: Sendable, Equatable {
  case modeChanged(ControlMode)
  /// The motors got torque, or lost it.
  case powerChanged(isOn: Bool)
  case started(job: Int)
  case finished(job: Int)
  case paused(job: Int)
  case resumed(job: Int)
  /// Back where the motion began.
  case returned(job: Int)
  /// No command has come for so long that the arm comes to rest.
  case servoStale
  case interrupted(job: Int, by: Interruption)
  /// Something has touched the arm, on this joint's link or beyond.
  case knocked(Knock)
  /// The arm is back where the last knock met it, or where it was allowed to stay.
  case recovered(Knock)
  /// A fence, by its place among the settings', keeps the arm from where it was to go.
  case fenced(fence: Int)
  case refused(Request, ControlRefusal)
  case faulted(ControlFault)
  /// Leaves a fault.
  case cleared

  public enum Interruption: String, Sendable { case stop, cancel, fault, mode, retarget, fence }
  /// Which request was refused.
  public enum Request: Sendable, Equatable { case mode(ControlMode), follow(job: Int), cancel(job: Int), pause, resume, servo, reset }
}
