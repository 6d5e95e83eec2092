extension MethodTable {
  private static let token = ParameterSpecification.required("token", .string, "what `lease.acquire` answered with")

  static func leaseMethods() -> [Method] {
    [
      Method(
        name: "lease.acquire",
        summary: "Takes the right to move the arm, also from a holder of lower priority. The holder itself keeps its token.",
        parameters: [
          .required("priority", .choice(LeaseTable.Priority.allCases.reversed().map(\.name)), "highest first"),
          .optional(
            "ttl", .number(0...3600, excludesLower: true),
            "how long the lease lives after the holder's last message [s]; 0.5 if not given"),
        ],
        result: "`{token, priority, ttl, from?}`: `from` is whom it was taken from"
      ) { call throws(RPCError) in
        guard let priority = call.parameters.string("priority").flatMap(LeaseTable.Priority.init(name:)) else { throw .internalError }
        do throws(ServiceError) {
          let (lease, displaced) = try call.hub.acquireLease(call.client, priority: priority, lifetime: call.parameters.number("ttl") ?? 0.5)
          var answer: JSONObject = ["token": .string(lease.token), "priority": .string(priority.name), "ttl": .number(lease.lifetime)]
          answer["from"] = displaced.map { .string($0.holder) }
          call.reply.succeed(.object(answer))
        } catch { throw RPCError(error) }
      },
      Method(
        name: "lease.get", summary: "Who may move the arm.", parameters: [],
        result: "`{holder, priority, held, pausedBy?}`: `held` is for how long [s]; all null where nobody holds the lease and anyone may; `pausedBy` "
          + "who has paused the holder between two motions"
      ) { call throws(RPCError) in
        call.reply.succeed(.object(call.hub.lead?.members ?? ["holder": nil, "priority": nil, "held": nil]))
      },
      Method(
        name: "lease.renew", summary: "Keeps the lease alive. So does every other message of the holder.",
        parameters: [token], result: "`{ttl}`"
      ) { call throws(RPCError) in
        do throws(ServiceError) { try call.hub.leases.check(call.parameters.string("token"), now: call.hub.now) } catch { throw RPCError(error) }
        call.reply.succeed(["ttl": .number(call.hub.leases.lease?.lifetime ?? 0)])
      },
      Method(
        name: "lease.release", summary: "Gives the lease back. Jobs under way go on.", parameters: [token], result: "`{}`"
      ) { call throws(RPCError) in
        do throws(ServiceError) { try call.hub.releaseLease(call.parameters.string("token") ?? "") } catch { throw RPCError(error) }
        call.reply.succeed([:])
      },
    ]
  }
}
