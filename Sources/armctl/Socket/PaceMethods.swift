internal import Control

extension MethodTable {
  /// How the job under way goes on.
  static func paceMethods() -> [Method] {
    [
      Method(
        name: "pause",
        summary:
          "The job under way comes to rest on its path and waits there. Where none is, who leads the arm waits: nothing begins until `resume`, "
          + "or a `stop`. Needs no lease.",
        parameters: [], result: "`{state}`: `paused`"
      ) { call throws(RPCError) in
        let reply = call.reply
        call.hub.setCourse(.paused, for: call.client) { result in reply.answer(result) { ["state": .string(JobState.paused.rawValue)] } }
      },
      Method(
        name: "resume",
        summary: "A paused job goes on, or back along its path to where it began; then it is `cancelled`. For who has paused it, and who may move "
          + "the arm.",
        parameters: [.optional("direction", .choice(["forward", "back"]), "which way; forward if not given"), leaseToken],
        result: "`{state}`: the job's, now `progress`"
      ) { call throws(RPCError) in
        let direction: Course = call.parameters.string("direction") == "back" ? .back : .forward, reply = call.reply
        do throws(ServiceError) {
          try call.hub.checkResume(by: call.client, token: call.parameters.string("token"), direction: direction)
        } catch { throw RPCError(error) }
        call.hub.setCourse(direction, for: call.client) { result in
          reply.answer(result) { ["state": .string(JobState.progress.rawValue)] }
        }
      },
      Method(
        name: "speed.set",
        summary: "How fast motions run from now on, whoever asks for them, the one under way included. Beyond 1 as far as every joint's limits "
          + "allow. Anyone may make the arm slower, and as fast again as it was; else, where somebody holds the lease, only the holder makes it "
          + "faster.",
        parameters: [.required("speed", .number(0...2), "share of what was planned, 0 to 2"), leaseToken], result: "`{speed}`"
      ) { call throws(RPCError) in
        let speed = call.parameters.number("speed") ?? 1
        do throws(ServiceError) { try call.hub.setSpeed(speed, for: call.client, token: call.parameters.string("token")) } catch {
          throw RPCError(error)
        }
        call.reply.succeed(["speed": .number(speed)])
      },
    ]
  }
}

extension ServiceError {
  /// Something would begin while somebody has paused who leads.
  static let held = ServiceError(.busy, "The arm is paused.", suggestion: "`resume` lets it go on, `stop` ends the pause")

  /// Somebody who does not hold the lease wants the arm to go faster.
  static func tooFastForOthers(_ held: ServiceError, speed: Double, most: Double) -> ServiceError {
    var error = held
    error.message += " Others may make the arm no faster than \(JSONValue.number((100 * most).rounded())) %."
    (error.value, error.limit) = (speed, most)
    return error
  }

  /// Somebody who may not move the arm wants to let it go on after another's pause.
  func pausedByOther(_ pauser: String) -> ServiceError {
    var error = self
    error.message += " The arm was paused by \(pauser), who may let it go on, too."
    error.lead?.pauser = pauser
    return error
  }
}
