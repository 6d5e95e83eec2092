extension MethodTable {
  static func healthMethods() -> [Method] {
    [
      Method(
        name: "health", summary: "How the control loop and the bus are doing since the server began.",
        parameters: [.optional("reset", .boolean, "measure `wakeUp` and `tick` anew after answering; false if not given")],
        result: "`{ticks, missedTicks, wakeUp, tick, bus, realTime}`: `wakeUp` and `tick` are `{p50, p99, max}` of how late ticks begin and how long "
          + "they take [s], null before the first; `bus` is `{load, errorRate}`, shares of the wire's time and of replies; `realTime` is null, "
          + "or what the system refused"
      ) { call throws(RPCError) in
        call.reply.succeed(.object(call.hub.service.health(isResetting: call.parameters.bool("reset") ?? false)))
      }
    ]
  }
}
