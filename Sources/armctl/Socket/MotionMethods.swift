internal import Kinematics

extension MethodTable {
  /// Of every request that moves the arm.
  static let leaseToken = ParameterSpecification.optional(
    "token", .string, "the lease's token; not needed while nobody holds the lease")

  private static let motionParameters: [ParameterSpecification] = [
    .optional("speed", .number(0.001...1), "share of the joint limits to use; 1 if not given"),
    .optional("acceleration", .number(0.001...1), "share of the accelerations to use; 1 if not given"),
    .optional("dryRun", .boolean, "plan and report, but do not move; false if not given"),
    .optional(
      "plan", .boolean,
      "go round what is in the scene, or refuse a given path that touches something; if not given, true where there is anything to run into"),
    .optional(
      "retarget", .boolean, "begin in the midst of what the arm does now, without stopping, and give that up; not for lines; false if not given"),
    .optional(
      "mayTouch", .names, "things of the scene that the arm may touch on this motion, such as what it is about to grasp or has just let go"),
    .optional("from", .joints, "where a dry run begins [rad; m]; where the arm will be at rest if not given"),
    .optional(
      "onExpiry", .choice(JobBook.OnExpiry.allCases.map(\.rawValue)),
      "what becomes of the job when its lease expires: a jerk-limited `stop` (if not given), or `finish`"),
    leaseToken,
  ]

  private static let toolSpeed = ParameterSpecification.optional(
    "toolSpeed", .number(0.0001...10), "of the tool centre point at most [m/s]; as `tool.limits` of the arm file says if not given")

  private static let lineParameters: [ParameterSpecification] = [
    .optional("pose", .pose, "of the tool in the base [m]; this, or one of the next four"),
    .optional("name", .string, "of a pose in the arm file"),
    .optional("position", .joints, "joint positions whose tool pose is the target [rad; m]"),
    .optional("point", .vector, "of the tool centre point in the base [m]; the tool keeps its rotation"),
    .optional("by", .vector, "an offset of the tool centre point [m]; the tool keeps its rotation"),
    .optional("frame", .choice(["base", "tool"]), "whose axes `by` is along; base if not given"), toolSpeed,
  ]

  private static let motionResult =
    "`{job, duration, end, peakShares}`: the job's number, the motion's time [s], its last configuration, and how "
    + "much of any joint's limits it uses (`velocity`, `acceleration`, `jerk`); of a dry run instead of `job` its `path`, an array of "
    + "configurations, and, where there are obstacles, `clearance`: the nearest that the arm comes to one, "
    + "`{link, obstacle, distance, after}` [m], [s]"

  static func motionMethods() -> [Method] {
    [
      motion(
        "move.joints", "Moves all joints to a configuration; they start and end together.",
        [.required("position", .joints, "joint positions [rad; m]")]
      ) { call throws(RPCError) in (.joints(call.parameters.joints("position") ?? []), .jointMove) },
      motion(
        "move.pose", "Moves the tool to a pose, the joints by the shortest way.",
        [
          .required("pose", .pose, "of the tool in the base [m]"),
          .optional(
            "free", .choice(InverseKinematics.FreeAxes.allCases.map(\.rawValue)),
            "what of the pose does not matter: `none`, `axis` (the turn about the tool's z), `position` (all of its orientation), `plane` (the "
              + "turn about its z and the place in the pose's xy plane); as the arm file says if not given"),
        ]
      ) { call throws(RPCError) in (.pose(try pose(call)), .jointMove) },
      motion(
        "move.linear", "Moves the tool to a pose in a straight line.",
        lineParameters
      ) { call throws(RPCError) in (try lineGoal(call), .line) },
      motion(
        "move.to", "Moves all joints to a named pose of the arm file.", [.required("name", .string, "of a pose in the arm file")]
      ) { call throws(RPCError) in (.named(try known(call.parameters.string("name") ?? "", call)), .jointMove) },
      motion(
        "move.circular", "Moves the tool along the circle through a point to a pose.",
        [.required("via", .vector, "a point of the circle in the base, between start and end [m]")] + lineParameters
      ) { call throws(RPCError) in (try lineGoal(call), .arc(via: call.parameters.vector("via") ?? .zero)) },
      motion(
        "move.path",
        "Moves through waypoints, without a stop where a blend radius rounds the corner: the joints if every waypoint is one of joints, "
          + "else the tool.",
        [
          .required("waypoints", .waypoints, "in their order; `blend` [m], of joints [rad], is how far from the waypoint its corner may begin"),
          .optional("blend", .number(0...10), "of the waypoints that do not say it; 0, a stop, if not given"), toolSpeed,
        ]
      ) { call throws(RPCError) in try pathGoal(call) },
    ]
  }

  private static func lineGoal(_ call: Call) throws(RPCError) -> MotionRequest.Goal {
    try goal(of: call.parameters, place: nil, call)
  }

  /// - Parameter place: What errors call the object that the parameters are of; nil: the request itself.
  static func goal(of parameters: Parameters, place: String?, _ call: Call) throws(RPCError) -> MotionRequest.Goal {
    var goals: [MotionRequest.Goal] = []
    if let pose = parameters.pose("pose") { goals.append(.pose(pose)) }
    if let name = parameters.string("name") { goals.append(.named(try known(name, call))) }
    if let position = parameters.joints("position") { goals.append(.joints(position)) }
    if let point = parameters.vector("point") { goals.append(.point(point)) }
    if let offset = parameters.vector("by") { goals.append(.offset(offset, inTool: parameters.string("frame") == "tool")) }
    let prefix = place.map { "\($0)." } ?? ""
    guard goals.count == 1 else {
      throw .parameter(
        "\(prefix)pose",
        "`\(place ?? call.method)` needs one of `pose`, `name`, `position`, `point` and `by`, not \(goals.isEmpty ? "none" : "\(goals.count)").",
        suggestion: #""pose":{"position":[0.3,0,0.2],"quaternion":[0,0,0,1]}"#)
    }
    if parameters.string("frame") != nil, parameters.vector("by") == nil {
      throw .parameter("\(prefix)frame", "`frame` goes with `by`.", suggestion: #""by":[0,0,0.05],"frame":"tool""#)
    }
    return goals[0]
  }

  private static func motion(
    _ name: String, _ summary: String, _ parameters: [ParameterSpecification],
    target: @escaping @Sendable (Call) throws(RPCError) -> (MotionRequest.Goal, MotionRequest.Path)
  ) -> Method {
    @Sendable func request(_ call: Call) throws(RPCError) -> MotionRequest {
      let (goal, path) = try target(call)
      var request = MotionRequest(
        goal: goal, path: path, free: call.parameters.string("free").flatMap(InverseKinematics.FreeAxes.init(rawValue:)),
        speed: call.parameters.number("speed") ?? 1, isDryRun: call.parameters.bool("dryRun") ?? false,
        start: call.parameters.joints("from"), client: call.client.name)
      request.acceleration = call.parameters.number("acceleration") ?? 1
      request.toolSpeed = call.parameters.number("toolSpeed")
      if case .jointPath = path, request.toolSpeed != nil {
        throw .parameter(
          "toolSpeed", "`toolSpeed` is for paths of the tool, and these waypoints are all of joints.", suggestion: #""speed":0.5"#)
      }
      request.plan = call.parameters.bool("plan")
      request.mayTouch = call.parameters.strings("mayTouch") ?? []
      request.isRetarget = call.parameters.bool("retarget") ?? false
      if request.isRetarget, path != .jointMove || request.isDryRun || request.acceleration != 1 {
        throw .parameter(
          "retarget", "`retarget` goes with `move.joints`, `move.pose` and `move.to` that do move, and not with `acceleration`.",
          suggestion: "`retarget` left out")
      }
      if request.start != nil, !request.isDryRun {
        throw .parameter("from", "`from` is for dry runs; a motion begins where the arm is.", suggestion: #""dryRun":true"#)
      }
      return request
    }
    return Method(name: name, summary: summary, parameters: parameters + motionParameters, result: motionResult, needsLease: true) {
      call throws(RPCError) in
      let motion = try request(call)
      let onExpiry = call.parameters.string("onExpiry").flatMap(JobBook.OnExpiry.init(rawValue:)) ?? .stop
      let isDryRun = motion.isDryRun
      call.hub.submit(motion, of: call, onExpiry: onExpiry) { result in
        switch result {
        case .success(let plan):
          var answer = JSONObject()
          if let job = plan.job { answer.append("job", .number(Double(job))) }
          answer.append("duration", .number(plan.duration))
          answer.append("end", JSONValue(numbers: plan.end))
          answer.append(
            "peakShares",
            ["velocity": .number(plan.peakShares.x), "acceleration": .number(plan.peakShares.y), "jerk": .number(plan.peakShares.z)])
          if let clearance = plan.clearance { answer.append("clearance", .object(clearance.members)) }
          if isDryRun { answer.append("path", .array(plan.path.map { JSONValue(numbers: $0) })) }
          call.reply.succeed(.object(answer))
        case .failure(let error): call.reply.fail(error)
        }
      }
    } check: { call throws(RPCError) in
      _ = try request(call)
    }
  }

  private static func pose(_ call: Call) throws(RPCError) -> ToolPose {
    guard let pose = call.parameters.pose("pose") else { throw .internalError }
    return pose
  }

  private static func known(_ name: String, _ call: Call) throws(RPCError) -> String {
    let names = call.hub.arm.poses.map(\.name)
    if names.contains(name) { return name }
    let nearest = Suggestion.nearest(to: name, among: names)
    throw .parameter(
      "name", "\(call.hub.arm.name) has no pose \"\(excerpt(name))\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "."),
      nearest: nearest, suggestion: names.isEmpty ? "a pose in the arm file" : "one of: " + names.joined(separator: ", "))
  }

  static func jobMethods() -> [Method] {
    [
      Method(
        name: "job.get", summary: "The job that moves the arm or pauses now, and whose it is.", parameters: [],
        result: "`{job, client, state, time, tick, progress?, knocks?, pausedBy?}`: `knocks` is how often the arm was knocked on its way, `pausedBy` "
          + "who let it pause; `job` alone, null, where none is under way"
      ) { call throws(RPCError) in
        guard let (update, client) = call.hub.jobs.underWay else { return call.reply.succeed(["job": nil]) }
        call.reply.succeed { $0.job(update, client: client) }
      },
      Method(
        name: "job.wait", summary: "Answers when a job has ended.",
        parameters: [
          .required("job", .job, "the number that the move answered with"),
          .optional("timeout", .number(0...86_400), "how long to wait [s]; for ever if not given"),
        ],
        result: "`{job, state, time, tick, progress?, knocks?, reason?}`: `state` is `done`, `cancelled` or `failed`; `knocks` is how often the arm "
          + "was knocked on its way, if it was; `reason` says why"
      ) { call throws(RPCError) in
        do throws(ServiceError) {
          try call.hub.wait(
            for: call.parameters.integer("job") ?? 0, timeout: call.parameters.number("timeout"), reply: call.reply)
        } catch { throw RPCError(error) }
      },
      Method(
        name: "job.cancel", summary: "Ends a job: a waiting one is dropped, a running one brakes on its path. Needs no lease.",
        parameters: [.required("job", .job, "the number that the move answered with")],
        result: "`{job, state}`: the state it had"
      ) { call throws(RPCError) in
        do throws(ServiceError) {
          let update = try call.hub.update(of: call.parameters.integer("job") ?? 0)
          if !update.state.isFinal { call.hub.service.cancel(update.job) }
          call.reply.succeed(["job": .number(Double(update.job)), "state": .string(update.state.rawValue)])
        } catch { throw RPCError(error) }
      },
      Method(
        name: "request.cancel",
        summary:
          "Ends the planning that a request of this connection has asked for, which has no job yet; that request is answered with `cancelled`.",
        parameters: [.required("id", .requestID, "the request's id")],
        result: "`{planning}`: whether anything was being planned for it. Where its motion began meanwhile, its job is cancelled"
      ) { call throws(RPCError) in
        let id = call.parameters.members["id"] ?? .null
        call.reply.succeed(["planning": .bool(call.hub.callOff(request: id, of: call.client))])
      },
      Method(
        name: "stop",
        summary: "Brakes at once, limited by jerk, and cancels every job and plan but dry runs. Needs no lease, waits for nothing, always works.",
        parameters: [.optional("client", .string, "who stops, where `hello` has not said it")],
        result: "`{time, tick}`: the tick that was the latest when the arm was told"
      ) { call throws(RPCError) in
        if let name = call.parameters.string("client") { call.client.name = String(name.prefix(64)) }
        call.hub.stop(for: call.client)
        let state = call.hub.service.state()
        call.reply.succeed { writer in
          writer.byte("{")
          writer.stateMembers(state, fields: [])
          writer.byte("}")
        }
      },
    ]
  }

  static func modeMethods() -> [Method] {
    [
      Method(
        name: "mode.set", summary: "Enables the drives and holds, gives way in one of several manners, or switches the drives off.",
        parameters: [.required("mode", .choice(RequestedMode.allCases.map(\.rawValue)), "the mode to change to"), leaseToken],
        result: "`{mode}`", needsLease: true
      ) { call throws(RPCError) in
        guard let mode = call.parameters.string("mode").flatMap(RequestedMode.init(rawValue:)) else { throw .internalError }
        let (hub, reply) = (call.hub, call.reply)
        hub.service.setMode(mode) { result in
          hub.hop { _ in reply.answer(result) { ["mode": .string(mode.rawValue)] } }
        }
      },
      Method(
        name: "home",
        summary: "Makes sure that every joint's absolute position is known. No motion finds it: encoders tell it, or where the arm was switched on.",
        parameters: [], result: "`{homed}`: true; else the error is `not-homed`"
      ) { call throws(RPCError) in
        guard call.hub.service.state().isHomed else { throw RPCError(.notHomed) }
        call.reply.succeed(["homed": true])
      },
      Method(
        name: "fault.reset", summary: "Leaves the mode `fault` when its cause is gone.", parameters: [leaseToken], result: "`{mode}`",
        needsLease: true
      ) { call throws(RPCError) in
        let (hub, reply) = (call.hub, call.reply)
        hub.service.resetFault { result in
          hub.hop { hub in reply.answer(result) { ["mode": .string(hub.service.state().mode.rawValue)] } }
        }
      },
    ]
  }
}

extension Reply {
  func answer(_ result: Result<Void, ServiceError>, value: () -> JSONValue) {
    switch result {
    case .success: succeed(value())
    case .failure(let error): fail(error)
    }
  }
}

extension ServiceError {
  fileprivate static let notHomed = ServiceError(
    .notHomed, "Where the joints are is not known: a motor has not told, or the arm was switched on elsewhere than its file says.",
    suggestion: "switch it off, lead it by hand to where its motors report zero, and switch it on")
}
