@testable import Control
import Testing

/// The words that people read, to the letter.
@Suite struct SentenceTests {
  struct Fault: Sendable {
    let fault: ControlFault
    let kind, sentence, suggestion: String
  }

  @Test(arguments: [
    Fault(
      fault: .busSilent(joint: 2, seconds: 0.0216), kind: "bus.silent", sentence: "The motor of elbow has not answered for 22 ms.",
      suggestion: "check the motor's power and bus cable, then `armctl reset`"),
    Fault(
      fault: .busLost(index: 1), kind: "bus.lost", sentence: "The connection to bus can1 is gone.",
      suggestion: "plug the adapter in again, then `armctl reset`"),
    Fault(
      fault: .busNoise(index: 0, share: 0.1234, limit: 0.1), kind: "bus.noise",
      sentence: "12.3 % of the replies on bus can0 were lost or damaged; more than 10 % is not safe to drive on.",
      suggestion: "check the cable, its shield and the bus's two terminators, then `armctl reset`"),
    Fault(
      fault: .followingError(joint: 1, value: 0.25, limit: 0.2), kind: "following-error",
      sentence: "Shoulder is 0.250 rad from its setpoint; 0.200 rad is allowed.",
      suggestion: "look for an obstacle or a loose coupling, then `armctl reset`"),
    Fault(
      fault: .limit(.position, joint: 5, value: -13, limit: -12.566), kind: "limit.position",
      sentence: "Tool_roll passed its position limit: -13.000 against -12.566 rad.",
      suggestion: "`armctl reset` holds the arm where it is; then move back inside"),
    Fault(
      fault: .limit(.velocity, joint: 0, value: 2.5, limit: 1.25), kind: "limit.velocity",
      sentence: "Waist passed its velocity limit: 2.500 against 1.250 rad/s.",
      suggestion: "`armctl reset` holds the arm where it is; then move back inside"),
    Fault(
      fault: .limit(.acceleration, joint: 0, value: 9, limit: 8), kind: "limit.acceleration",
      sentence: "Waist passed its acceleration limit: 9.000 against 8.000 rad/s².",
      suggestion: "`armctl reset` holds the arm where it is; then move back inside"),
    Fault(
      fault: .limit(.effort, joint: 0, value: 9, limit: 8), kind: "limit.effort",
      sentence: "Waist passed its effort limit: 9.000 against 8.000 N·m.",
      suggestion: "take away what the arm pushes against or carries, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .referenceLost), kind: "motor.reference-lost", sentence: "The motor of wrist changed its zero by itself.",
      suggestion: "`armctl reset` goes on from the continued position; check the zero before trusting it"),
    Fault(
      fault: .motor(joint: 4, .stalled), kind: "motor.stalled", sentence: "The motor of wrist stalled.",
      suggestion: "let the motor cool or free it, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .overTemperature), kind: "motor.over-temperature", sentence: "The motor of wrist is too hot.",
      suggestion: "let the motor cool or free it, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .overVoltage), kind: "motor.over-voltage",
      sentence: "The motor of wrist has too high a supply voltage.",
      suggestion: "measure the supply at the motor under load, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .underVoltage), kind: "motor.under-voltage",
      sentence: "The motor of wrist has too low a supply voltage.",
      suggestion: "measure the supply at the motor under load, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .overCurrent), kind: "motor.over-current",
      sentence: "The motor of wrist drew too much current.",
      suggestion: "let the motor cool or free it, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .overload), kind: "motor.overload",
      sentence: "The motor of wrist is overloaded.",
      suggestion: "let the motor cool or free it, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .sensor), kind: "motor.sensor",
      sentence: "The motor of wrist cannot read its position sensor.",
      suggestion: "switch the motor's power off and on; if it comes back, calibrate or replace the motor"),
    Fault(
      fault: .motor(joint: 4, .parameter), kind: "motor.parameter",
      sentence: "The motor of wrist cannot read its own settings.",
      suggestion: "switch the motor's power off and on; if it comes back, calibrate or replace the motor"),
    Fault(
      fault: .motor(joint: 4, .communicationLost), kind: "motor.communication-lost",
      sentence: "The motor of wrist was told nothing for its watchdog's time and has let go.",
      suggestion: "check the bus cable and what else this computer does, then `armctl reset`"),
    Fault(
      fault: .motor(joint: 4, .switchedOff), kind: "motor.switched-off",
      sentence: "The motor of wrist is off, though nobody switched it off.",
      suggestion: "check the motor's power and plugs, then `armctl reset`, which gives it its settings again"),
    Fault(
      fault: .emergencyStop, kind: "emergency-stop", sentence: "The emergency stop is pressed.",
      suggestion: "release the emergency stop, then `armctl reset`"),
    Fault(
      fault: .safetyLine, kind: "safety-line", sentence: "A safety line does not answer, so nothing may move.",
      suggestion: "check the lines under `gpio` in the arm file with `gpioinfo`, then `armctl reset`"),
  ]) func faultsSayWhatHappened(_ row: Fault) {
    #expect(row.fault.kind == row.kind)
    #expect(TestArm.sentence(row.fault) == row.sentence)
    #expect(row.fault.suggestion == row.suggestion)
  }

  struct Refusal: Sendable {
    let refusal: ControlRefusal
    let kind, sentence, suggestion: String
  }

  @Test(arguments: [
    Refusal(
      refusal: .faulted, kind: "fault", sentence: "A fault is latched.",
      suggestion: "`armctl status` tells the fault; `armctl reset` clears it"),
    Refusal(
      refusal: .off, kind: "mode.off", sentence: "The motors are off.",
      suggestion: "`armctl serve --enable`, or `mode.set` with mode `hold` on the socket, switches them on"),
    Refusal(refusal: .busy, kind: "busy", sentence: "The arm is already moving.", suggestion: "wait for the job, or `armctl stop` first"),
    Refusal(
      refusal: .floating, kind: "mode.float", sentence: "The arm gives way to a hand, so it cannot follow a motion.",
      suggestion: "mode `hold` first"),
    Refusal(
      refusal: .startsElsewhere(joint: 1, by: -0.1), kind: "start", sentence: "The motion begins 0.100 rad away from the setpoint of shoulder.",
      suggestion: "plan again from the present state"),
    Refusal(
      refusal: .notHeard(joint: 0), kind: "bus.silent", sentence: "The motor of waist does not answer.",
      suggestion: "check the motor's power and bus cable"),
    Refusal(
      refusal: .emergencyStop, kind: "emergency-stop", sentence: "The emergency stop is pressed.",
      suggestion: "release the emergency stop, then `armctl reset`"),
    Refusal(
      refusal: .busLost(index: 0), kind: "bus.lost", sentence: "The connection to bus can0 is gone.",
      suggestion: "plug the adapter in again, then `armctl reset`"),
    Refusal(
      refusal: .safetyLine, kind: "safety-line", sentence: "A safety line does not answer, so nothing may move.",
      suggestion: "check the lines under `gpio` in the arm file with `gpioinfo`, then `armctl reset`"),
    Refusal(
      refusal: .noEffort(joint: 3), kind: "motor.no-effort",
      sentence: "The motor of forearm does not tell its effort, so the arm cannot feel a hand.",
      suggestion: "let the motor report its current, or move the arm with `armctl move`"),
    Refusal(
      refusal: .stopped, kind: "stopped", sentence: "The arm was stopped before the motion began.", suggestion: "send the motion again"),
    Refusal(
      refusal: .noSuchJob, kind: "job.unknown", sentence: "The job is not under way.",
      suggestion: "`armctl status` names the job under way"),
  ]) func refusalsSayWhy(_ row: Refusal) {
    #expect(row.refusal.kind == row.kind)
    #expect(TestArm.sentence(row.refusal) == row.sentence)
    #expect(row.refusal.suggestion == row.suggestion)
  }

  @Test func faultsCarryTheirFacts() {
    let limit = ControlFault.limit(.velocity, joint: 3, value: 2, limit: 1)
    #expect(limit.joint == 3 && limit.figures?.value == 2 && limit.figures?.limit == 1)
    #expect(ControlFault.busLost(index: 1).joint == nil && ControlFault.busLost(index: 1).figures == nil)
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)]) func refusedPriorityIsOneSentence(_ priority: Bool, _ memory: Bool) {
    let warning = RealTimeStatus(hasPriority: priority, hasLockedMemory: memory).warning
    #expect((warning == nil) == (priority && memory))
    if let warning { #expect(warning.contains("; try: ") && warning.hasSuffix("limits.conf.")) }
  }
}
