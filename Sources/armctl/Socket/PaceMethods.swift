internal import Control

extension MethodTable {
  /// How the job under way goes on.
  static func paceMethods() -> [Method] {
    [
      Method(
        name: "pause", summary: "The job under way comes to rest on its path and waits there. Needs no lease.", parameters: [],
        result: "`{state}`: the job's, now `paused`"
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
        do throws(ServiceError) { try call.hub.checkResume(by: call.client, token: call.parameters.string("token")) } catch { throw RPCError(error) }
        let reply = call.reply
        call.hub.setCourse(call.parameters.string("direction") == "back" ? .back : .forward, for: call.client) { result in
          reply.answer(result) { ["state": .string(JobState.progress.rawValue)] }
        }
      },
      Method(
        name: "speed.set",
        summary: "How fast motions run from now on, the one under way included. Beyond 1 as far as every joint's limits allow. Anyone may make the "
          + "arm slower; where somebody holds the lease, only the holder makes it faster.",
        parameters: [.required("speed", .number(0...2), "share of what was planned, 0 to 2"), leaseToken], result: "`{speed}`"
      ) { call throws(RPCError) in
        let speed = call.parameters.number("speed") ?? 1, present = call.hub.wantedSpeed ?? call.hub.service.state().speed
        do throws(ServiceError) {
          if speed > present || call.parameters.string("token") != nil {
            try call.hub.leases.check(call.parameters.string("token"), now: call.hub.now)
          }
        } catch  where error.kind == .leaseHeld {
          throw RPCError(.tooFastForOthers(error, speed: speed, present: present))
        } catch {
          throw RPCError(error)
        }
        call.hub.wantedSpeed = speed
        call.hub.service.setSpeed(speed)
        call.reply.succeed(["speed": .number(speed)])
      },
    ]
  }
}

extension ServiceError {
  /// Somebody who does not hold the lease wants the arm to go faster.
  fileprivate static func tooFastForOthers(_ held: ServiceError, speed: Double, present: Double) -> ServiceError {
    var error = held
    error.message += " Others may make the arm slower than it is, at \(JSONValue.number((100 * present).rounded())) %, but not faster."
    (error.value, error.limit) = (speed, present)
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
