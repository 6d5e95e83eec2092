internal import Kinematics

extension MethodTable {
  /// The gripper and the inputs.
  static func peripheralMethods() -> [Method] {
    [
      Method(
        name: "gripper.set", summary: "Opens or closes the gripper, and answers when it has had the time for it. A `stop` leaves it as it is.",
        parameters: [.required("opening", .number(0...1), "1 is open, 0 closed"), leaseToken], result: "`{opening}`", needsLease: true
      ) { call throws(RPCError) in
        let opening = call.parameters.number("opening") ?? 1
        let (hub, reply) = (call.hub, call.reply)
        hub.service.setGripper(opening) { result in
          hub.hop { _ in reply.answer(result) { ["opening": .number(opening)] } }
        }
      } check: { call throws(RPCError) in
        if call.hub.arm.gripperDuration == nil { throw RPCError(.noGripper) }
      },
      Method(
        name: "gripper.get", summary: "What the gripper was told last.", parameters: [],
        result: "`{opening, moving}`: `opening` is null before the first command"
      ) { call throws(RPCError) in
        guard call.hub.arm.gripperDuration != nil else { throw RPCError(.noGripper) }
        let state = call.hub.service.gripperState
        call.reply.succeed(["opening": state.opening.map { .number($0) } ?? .null, "moving": .bool(state.isMoving)])
      },
      Method(
        name: "input.get", summary: "Whether the digital inputs are on.",
        parameters: [.optional("name", .string, "of an input in the arm file; all if not given")],
        result: "`{inputs:{name:true|false}}`"
      ) { call throws(RPCError) in
        let names = call.hub.arm.inputNames, wanted = call.parameters.string("name")
        if let wanted, !names.contains(wanted) {
          let nearest = Suggestion.nearest(to: wanted, among: names)
          throw .parameter(
            "name", "\(call.hub.arm.name) has no input \"\(excerpt(wanted))\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "."),
            nearest: nearest, suggestion: names.isEmpty ? "gpio.inputs in the arm file" : "one of: " + names.joined(separator: ", "))
        }
        var inputs = JSONObject()
        for (name, isOn) in zip(names, call.hub.service.inputLevels) where wanted == nil || name == wanted { inputs.append(name, .bool(isOn)) }
        call.reply.succeed(["inputs": .object(inputs)])
      },
    ]
  }
}
