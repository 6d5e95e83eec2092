internal import Kinematics

extension MethodTable {
  static let protocolVersion = 1
  static let topics = ["state", "job", "event", "look", "gaze"]

  /// What reads, and what is sent unasked.
  static func sessionMethods(for arm: ArmDescription) -> [Method] {
    [
      Method(
        name: "hello", summary: "Says who the client is, and answers with what the arm is. Not needed before other methods.",
        parameters: [
          .required("protocol", .number(1...1), "the version of these rules: 1"),
          .required("client", .string, "a name for events and for other clients' error messages"),
          .optional("role", .string, "what the client is for, such as `terminal`, `script`, `gaze` or `viewer`"),
        ],
        result: "`{server, protocol, arm, joints, rate, state}`: names of the server, the arm and its joints; ticks in a second; the state"
      ) { call throws(RPCError) in
        let name = call.parameters.string("client") ?? ""
        guard !name.isEmpty, name.utf8.count <= 64 else {
          throw .parameter(
            "client", "`client` must be 1 to 64 bytes long, not \(name.utf8.count).", value: Double(name.utf8.count), limit: 64,
            suggestion: "`client`: a short name")
        }
        call.client.name = name
        let arm = call.hub.arm
        let state = call.hub.service.state()
        call.reply.succeed { writer in
          writer.raw("{\"server\":")
          writer.string(call.hub.settings.serverName)
          writer.raw(",\"protocol\":")
          writer.integer(protocolVersion)
          writer.raw(",\"arm\":")
          writer.string(arm.name)
          writer.raw(",\"joints\":")
          writer.value(JSONValue(strings: arm.jointNames))
          writer.raw(",\"rate\":")
          writer.number(arm.rate)
          writer.raw(",\"state\":")
          writer.state(state)
          writer.byte("}")
        }
      },
      Method(
        name: "auth",
        summary: "Shows the token: on TCP the first request of all. On the Unix socket there is nothing to show.",
        parameters: [.required("token", .string, "what stands in the token file that `armctl serve --tcp` names")], result: "`{}`"
      ) { call throws(RPCError) in call.reply.succeed([:]) },
      Method(
        name: "state", summary: "The arm's state at the latest tick.", parameters: [],
        result: "`{time, tick, mode, position, velocity, effort, external, setpoint, pose, fault, homed, speed, hindrance}`"
      ) { call throws(RPCError) in
        let state = call.hub.stateText()
        call.reply.succeed { $0.raw(state) }
      },
      Method(
        name: "config.get", summary: "The arm's limits, named poses, inputs and gripper.", parameters: [],
        result: "`{name, rate, joints:[{name, type, lower, upper, velocity, acceleration, jerk, effort}], poses:{name:[…]}, inputs:[names], "
          + "gripper:{duration}}`; null is no limit, and no gripper"
      ) { call throws(RPCError) in call.reply.succeed(configuration(of: call.hub.arm)) },
      Method(
        name: "subscribe", summary: "Asks for notifications from now on. A second request changes the rate and fields and adds topics.",
        parameters: [
          .required("topics", .choices(topics), "what to be told of"),
          .optional("rate", .number(0...arm.rate, excludesLower: true), "states in a second [Hz], at most the loop's rate; 10 if not given"),
          .optional("fields", .choices(["time", "tick"] + StateFields.names.map(\.name)), "members of `state` to send; all if not given"),
        ],
        result: "`{topics, rate, fields}` as they are now"
      ) { call throws(RPCError) in
        let subscription = StateSubscription(
          rate: call.parameters.number("rate") ?? min(10, call.hub.arm.rate),
          fields: call.parameters.strings("fields").map(StateFields.init(names:)) ?? .all)
        call.hub.subscribe(call.client, topics: call.parameters.strings("topics") ?? [], state: subscription)
        call.reply.succeed(subscriptions(of: call.client))
      },
      Method(
        name: "unsubscribe", summary: "Ends notifications.",
        parameters: [.optional("topics", .choices(topics), "which; all if not given")],
        result: "`{topics, rate?, fields?}` that are left"
      ) { call throws(RPCError) in
        call.hub.unsubscribe(call.client, topics: call.parameters.strings("topics") ?? topics)
        call.reply.succeed(subscriptions(of: call.client))
      },
    ]
  }

  private static func subscriptions(of client: ClientConnection) -> JSONValue {
    let topics = [
      ("state", client.stateSubscription != nil), ("job", client.wantsJobs), ("event", client.wantsEvents), ("look", client.wantsLooks),
      ("gaze", client.wantsBeliefs),
    ]
    var result: JSONObject = ["topics": JSONValue(strings: topics.filter(\.1).map(\.0))]
    if let subscription = client.stateSubscription {
      result.append("rate", .number(subscription.rate))
      let fields = StateFields.names.filter { subscription.fields.contains($0.field) }.map(\.name)
      result.append("fields", JSONValue(strings: ["time", "tick"] + fields))
    }
    return .object(result)
  }

  private static func configuration(of arm: ArmDescription) -> JSONValue {
    let limits = arm.limits
    let columns: [(String, JointVector)] = [
      ("lower", limits.lower), ("upper", limits.upper), ("velocity", limits.velocity), ("acceleration", limits.acceleration),
      ("jerk", limits.jerk), ("effort", limits.effort),
    ]
    let joints = arm.jointNames.enumerated().map { index, name -> JSONValue in
      var joint: JSONObject = ["name": .string(name), "type": arm.prismaticJoints.contains(name) ? "prismatic" : "revolute"]
      for (column, values) in columns { joint.append(column, values[index].isFinite ? .number(values[index]) : .null) }
      return .object(joint)
    }
    var poses = JSONObject()
    for (name, position) in arm.poses { poses[name] = JSONValue(numbers: position) }
    return [
      "name": .string(arm.name), "rate": .number(arm.rate), "joints": .array(joints), "poses": .object(poses),
      "inputs": JSONValue(strings: arm.inputNames), "gripper": arm.gripperDuration.map { ["duration": .number($0)] } ?? .null,
    ]
  }
}
