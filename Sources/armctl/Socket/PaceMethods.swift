internal import Control

extension MethodTable {
  /// How the job under way goes on.
  static func paceMethods() -> [Method] {
    [
      Method(
        name: "pause", summary: "The job under way comes to rest on its path and waits there. Needs no lease.", parameters: [],
        result: "`{state}`: the job's, now `paused`"
      ) { call throws(RPCError) in setCourse(.paused, call) },
      Method(
        name: "resume", summary: "A paused job goes on, or back along its path to where it began; then it is `cancelled`.",
        parameters: [.optional("direction", .choice(["forward", "back"]), "which way; forward if not given"), leaseToken],
        result: "`{state}`: the job's, now `progress`", needsLease: true
      ) { call throws(RPCError) in setCourse(call.parameters.string("direction") == "back" ? .back : .forward, call) },
      Method(
        name: "speed.set",
        summary: "How fast motions run from now on, the one under way included. Beyond 1 as far as every joint's limits allow.",
        parameters: [.required("speed", .number(0...2), "share of what was planned, 0 to 2"), leaseToken], result: "`{speed}`", needsLease: true
      ) { call throws(RPCError) in
        let speed = call.parameters.number("speed") ?? 1
        call.hub.service.setSpeed(speed)
        call.reply.succeed(["speed": .number(speed)])
      },
    ]
  }

  private static func setCourse(_ course: Course, _ call: Call) {
    let (hub, reply) = (call.hub, call.reply)
    hub.service.setCourse(course) { result in
      hub.hop { _ in reply.answer(result) { ["state": .string((course == .paused ? JobState.paused : .progress).rawValue)] } }
    }
  }
}
