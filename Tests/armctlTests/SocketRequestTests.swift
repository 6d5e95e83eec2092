import Kinematics
import Testing

@testable import armctl

/// What each wrong request is answered with, word by word.
@Suite("Requests") struct SocketRequestTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var request: String, code: Int, message: String, data: String

    var testDescription: String { String(request.prefix(60)) }
  }

  private static let motion = "position, speed, acceleration, dryRun, plan, retarget, mayTouch, from, onExpiry, token"

  private static let bad: [Bad] = [
    // Not JSON
    Bad(
      request: "hello", code: -32700, message: "The line is not JSON: expected a value, found 'h' at byte 0.",
      data: #"{"kind":"json","try":"one JSON object on one line, such as {\"id\":1,\"method\":\"state\"}"}"#),
    Bad(
      request: #"{"id":1,"method":"state"}}"#, code: -32700, message: "The line is not JSON: nothing may follow the value, but '}' does at byte 25.",
      data: #"{"kind":"json","try":"one JSON object on one line, such as {\"id\":1,\"method\":\"state\"}"}"#),
    // No request
    Bad(
      request: "42", code: -32600, message: "A request is an object, not a number.",
      data: #"{"kind":"request","try":"{\"id\":1,\"method\":\"state\"}"}"#),
    Bad(
      request: "[]", code: -32600, message: "A batch may not be empty.",
      data: #"{"kind":"request","try":"[{\"id\":1,\"method\":\"state\"}]"}"#),
    Bad(
      request: #"{"id":1}"#, code: -32600, message: "A request needs `method`, a string.",
      data: #"{"kind":"request","try":"{\"id\":1,\"method\":\"state\"}"}"#),
    Bad(
      request: #"{"id":[1],"method":"state"}"#, code: -32600, message: "`id` must be a string or a number within ±2^53.",
      data: #"{"kind":"request","try":"a string, such as \"id\":\"42\""}"#),
    Bad(
      request: #"{"id":1e17,"method":"state"}"#, code: -32600, message: "`id` must be a string or a number within ±2^53.",
      data: #"{"kind":"request","try":"a string, such as \"id\":\"42\""}"#),
    Bad(
      request: #"{"jsonrpc":"1.0","id":1,"method":"state"}"#, code: -32600, message: #"`jsonrpc` must be "2.0"."#,
      data: #"{"kind":"request","try":"\"jsonrpc\":\"2.0\", or leave it out"}"#),
    Bad(
      request: #"{"id":1,"method":"state","parms":{}}"#, code: -32600, message: "A request has no member `parms`; did you mean `params`?",
      data: #"{"kind":"request","try":"members: jsonrpc, id, method, params"}"#),
    // No such method
    Bad(
      request: #"{"id":1,"method":"move.joint"}"#, code: -32601, message: "There is no method `move.joint`; did you mean `move.joints`?",
      data: #"{"kind":"method","nearest":"move.joints","try":"move.joints"}"#),
    Bad(
      request: #"{"id":1,"method":"dance"}"#, code: -32601, message: "There is no method `dance`.",
      data: #"""
        {"kind":"method","try":"one of: hello, auth, state, config.get, subscribe, unsubscribe, health, lease.acquire, lease.get, lease.renew, \#
        lease.release, move.joints, move.pose, move.linear, move.to, move.circular, move.path, servo.joints, servo.twist, servo.pose, \#
        job.get, job.wait, job.cancel, request.cancel, stop, pause, resume, speed.set, mode.set, home, fault.reset, gripper.set, \#
        gripper.get, input.get, scene.get, scene.set, scene.add, scene.remove, scene.attach, scene.detach, \#
        model.places, record.start, record.stop, record.get, gaze.look, gaze.confirm, gaze.tell, gaze.get"}
        """#),
    // Parameters
    Bad(
      request: #"{"id":1,"method":"state","params":[1]}"#, code: -32602,
      message: "`params` must be an object, not an array: parameters go by name.",
      data: #"{"kind":"parameter","field":"params","try":"\"params\":{\"name\":\"home\"}"}"#),
    Bad(
      request: #"{"id":1,"method":"state","params":{"verbose":true}}"#, code: -32602, message: "`state` has no parameter `verbose`.",
      data: #"{"kind":"parameter","field":"verbose","try":"`state` takes no parameters"}"#),
    Bad(
      request: #"{"id":1,"method":"move.joints","params":{"position":[0,0,0,0,0,0],"sped":0.5}}"#, code: -32602,
      message: "`move.joints` has no parameter `sped`; did you mean `speed`?",
      data: #"{"kind":"parameter","field":"sped","nearest":"speed","try":"parameters of `move.joints`: \#(motion)"}"#),
    Bad(
      request: #"{"id":1,"method":"move.joints"}"#, code: -32602,
      message: "`move.joints` needs `position`: an array of 6 numbers, one for each joint.",
      data: #"{"kind":"parameter","field":"position","try":"parameters of `move.joints`: \#(motion)"}"#),
    Bad(
      request: #"{"id":1,"method":"move.joints","params":{"position":[0,0,0,0,0]}}"#, code: -32602,
      message: "`position` must be an array of 6 numbers, one for each joint, not 5.",
      data: #"{"kind":"parameter","field":"position","try":"`position`: joint positions [rad; m]"}"#),
    Bad(
      request: #"{"id":1,"method":"move.joints","params":{"position":[0,0,0,0,0,null]}}"#, code: -32602,
      message: "`position` must be an array of 6 numbers, one for each joint, not an array with something else in it.",
      data: #"{"kind":"parameter","field":"position","try":"`position`: joint positions [rad; m]"}"#),
    Bad(
      request: #"{"id":1,"method":"move.joints","params":{"position":"home"}}"#, code: -32602,
      message: #"`position` must be an array of 6 numbers, one for each joint, not "home"."#,
      data: #"{"kind":"parameter","field":"position","try":"`position`: joint positions [rad; m]"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","speed":0}}"#, code: -32602,
      message: "`speed` must be a number from 0.001 to 1, not 0.",
      data: #"{"kind":"parameter","field":"speed","value":0,"limit":0.001,"try":"`speed`: share of the joint limits to use; 1 if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","speed":1.5}}"#, code: -32602,
      message: "`speed` must be a number from 0.001 to 1, not 1.5.",
      data: #"{"kind":"parameter","field":"speed","value":1.5,"limit":1,"try":"`speed`: share of the joint limits to use; 1 if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","speed":true}}"#, code: -32602,
      message: "`speed` must be a number from 0.001 to 1, not a boolean.",
      data: #"{"kind":"parameter","field":"speed","try":"`speed`: share of the joint limits to use; 1 if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"hom"}}"#, code: -32602,
      message: #"fake has no pose "hom"; did you mean "home"?"#,
      data: #"{"kind":"parameter","field":"name","nearest":"home","try":"one of: home, rest"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear"}"#, code: -32602,
      message: "`move.linear` needs one of `pose`, `name`, `position`, `point` and `by`, not none.",
      data: #"{"kind":"parameter","field":"pose","try":"\"pose\":{\"position\":[0.3,0,0.2],\"quaternion\":[0,0,0,1]}"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"point":[0.3,0,0.2],"name":"home"}}"#, code: -32602,
      message: "`move.linear` needs one of `pose`, `name`, `position`, `point` and `by`, not 2.",
      data: #"{"kind":"parameter","field":"pose","try":"\"pose\":{\"position\":[0.3,0,0.2],\"quaternion\":[0,0,0,1]}"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"by":[0,0]}}"#, code: -32602,
      message: "`by` must be an array of 3 numbers, not 2.",
      data: #"{"kind":"parameter","field":"by","try":"`by`: an offset of the tool centre point [m]; the tool keeps its rotation"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"point":[0.3,0,0.2],"frame":"tool"}}"#, code: -32602,
      message: "`frame` goes with `by`.", data: #"{"kind":"parameter","field":"frame","try":"\"by\":[0,0,0.05],\"frame\":\"tool\""}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"by":[0,0,0.05],"frame":"tol"}}"#, code: -32602,
      message: #"`frame` must be one of "base", "tool", not "tol"; did you mean "tool"?"#,
      data: #"{"kind":"parameter","field":"frame","nearest":"tool","try":"`frame`: whose axes `by` is along; base if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"by":[0,0,0.05],"frame":1}}"#, code: -32602,
      message: #"`frame` must be one of "base", "tool", not 1."#,
      data: #"{"kind":"parameter","field":"frame","value":1,"try":"`frame`: whose axes `by` is along; base if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"pose":{"position":[0,0,0],"quaternion":[0,0,0,1]},"by":[0,0,0.05]}}"#, code: -32602,
      message: "`move.linear` needs one of `pose`, `name`, `position`, `point` and `by`, not 2.",
      data: #"{"kind":"parameter","field":"pose","try":"\"pose\":{\"position\":[0.3,0,0.2],\"quaternion\":[0,0,0,1]}"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"point":[0.3,0,0.2,1]}}"#, code: -32602,
      message: "`point` must be an array of 3 numbers, not 4.",
      data: #"{"kind":"parameter","field":"point","try":"`point`: of the tool centre point in the base [m]; the tool keeps its rotation"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"point":[0.3,0,null]}}"#, code: -32602,
      message: "`point` must be an array of 3 numbers, not an array with something else in it.",
      data: #"{"kind":"parameter","field":"point","try":"`point`: of the tool centre point in the base [m]; the tool keeps its rotation"}"#),
    Bad(
      request: #"{"id":1,"method":"move.linear","params":{"position":[0,0,1]}}"#, code: -32602,
      message: "`position` must be an array of 6 numbers, one for each joint, not 3.",
      data: #"{"kind":"parameter","field":"position","try":"`position`: joint positions whose tool pose is the target [rad; m]"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","dryRun":true,"from":[0,0]}}"#, code: -32602,
      message: "`from` must be an array of 6 numbers, one for each joint, not 2.",
      data: #"""
        {"kind":"parameter","field":"from","try":"`from`: where a dry run begins [rad; m]; where the arm will be at rest if not \#
        given"}
        """#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","dryRun":false,"from":[0,0,0,0,0,0]}}"#, code: -32602,
      message: "`from` is for dry runs; a motion begins where the arm is.", data: #"{"kind":"parameter","field":"from","try":"\"dryRun\":true"}"#),
    Bad(
      request: #"{"id":1,"method":"health","params":{"reset":1}}"#, code: -32602, message: "`reset` must be true or false, not 1.",
      data: #"{"kind":"parameter","field":"reset","value":1,"try":"`reset`: measure `wakeUp` and `tick` anew after answering; false if not given"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","from":[0,0,0,0,0,0]}}"#, code: -32602,
      message: "`from` is for dry runs; a motion begins where the arm is.", data: #"{"kind":"parameter","field":"from","try":"\"dryRun\":true"}"#),
    Bad(
      request: #"{"id":1,"method":"move.pose","params":{"pose":{"position":[0,0,0],"quaternio":[0,0,0,1]}}}"#, code: -32602,
      message: "`pose` has no member `quaternio`; did you mean `quaternion`?",
      data: #"""
        {"kind":"parameter","field":"pose.quaternio","nearest":"pose.quaternion","try":"`pose`: an object with `position` (3 numbers) \#
        and `quaternion` (4 numbers: x, y, z, w; of length 1)"}
        """#),
    Bad(
      request: #"{"id":1,"method":"move.pose","params":{"pose":{"position":[0,0,0],"quaternion":[0,0,0,2]}}}"#, code: -32602,
      message: "`pose.quaternion` must have length 1, not 2.",
      data: #"""
        {"kind":"parameter","field":"pose.quaternion","value":2,"limit":1,"try":"x, y, z, w divided by their length; \#
        [0,0,0,1] is no rotation"}
        """#),
    Bad(
      request: #"{"id":1,"method":"subscribe","params":{"topics":["stat"]}}"#, code: -32602,
      message: #"`topics` must be an array of "state", "job", "event", "look", "gaze", not "stat"; did you mean "state"?"#,
      data: #"{"kind":"parameter","field":"topics","nearest":"state","try":"`topics`: what to be told of"}"#),
    Bad(
      request: #"{"id":1,"method":"subscribe","params":{"topics":["state"],"rate":501}}"#, code: -32602,
      message: "`rate` must be a number above 0 and at most 500, not 501.",
      data: #"""
        {"kind":"parameter","field":"rate","value":501,"limit":500,"try":"`rate`: states in a second [Hz], at most the loop's rate; \#
        10 if not given"}
        """#),
    Bad(
      request: #"{"id":1,"method":"mode.set","params":{"mode":"hodl"}}"#, code: -32602,
      message: #"`mode` must be one of "hold", "comply", "float", "off", not "hodl"; did you mean "hold"?"#,
      data: #"{"kind":"parameter","field":"mode","nearest":"hold","try":"`mode`: the mode to change to"}"#),
    Bad(
      request: #"{"id":1,"method":"job.wait","params":{"job":1.5}}"#, code: -32602, message: "`job` must be a job's number, not 1.5.",
      data: #"{"kind":"parameter","field":"job","value":1.5,"try":"`job`: the number that the move answered with"}"#),
    Bad(
      request: #"{"id":1,"method":"hello","params":{"protocol":2,"client":"x"}}"#, code: -32602,
      message: "`protocol` must be the number 1, not 2.",
      data: #"{"kind":"parameter","field":"protocol","value":2,"limit":1,"try":"`protocol`: the version of these rules: 1"}"#),
    // Refused by the arm
    Bad(
      request: #"{"id":1,"method":"job.wait","params":{"job":7}}"#, code: -32043, message: "There is no job 7, or it ended long ago.",
      data: #"{"kind":"job.unknown","value":7,"try":"the number that a move answered with"}"#),
    Bad(
      request: #"{"id":1,"method":"move.to","params":{"name":"home","token":"abc"}}"#, code: -32001,
      message: "The lease of this token has ended.",
      data: #"{"kind":"lease.ended","try":"lease.acquire, and renew it within its ttl"}"#),
    Bad(
      request: #"{"id":1,"method":"fault.reset"}"#, code: -32003, message: "The emergency stop is pressed.",
      data: #"{"kind":"emergency-stop","try":"turn the button to release it"}"#),
  ]

  @Test(arguments: bad) func isRefusedInSoManyWords(_ bad: Bad) throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    client.send(line: bad.request)
    let answer = try client.answer()
    #expect(answer?["error"]?["code"] == .number(Double(bad.code)))
    #expect(answer?["error"]?["message"]?.string == bad.message)
    #expect(answer?["error"]?["data"]?.description == bad.data)
    #expect(answer?["id"] == (bad.code == -32700 || bad.request.hasPrefix("[") || bad.request == "42" || bad.message.hasPrefix("`id`") ? .null : 1))
    // The connection lives on.
    client.send(line: #"{"id":2,"method":"state"}"#)
    #expect(try client.answer()?["result"]?["mode"] == "hold")
  }

  @Test func theArmsRefusalCarriesItsFacts() throws {
    let refusal = ServiceError(
      .positionLimit, "Joint joint3 would pass its limit.", joint: "joint3", value: 1.94, limit: 1.92, why: "0.83 s after the start",
      suggestion: "a lower target")
    let client = try SocketHarness(FakeArm(refusal: refusal)).keptClient { client in
      let failure = #expect(throws: CommandClient.Failure.self) { try client.call("move.to", ["name": "rest"]) }
      #expect(
        failure
          == .refused(
            RPCError(
              code: -32010, message: "Joint joint3 would pass its limit.",
              data: [
                "kind": "limit.position", "joint": "joint3", "value": 1.94, "limit": 1.92, "why": "0.83 s after the start",
                "try": "a lower target",
              ])))
    }
    _ = client
  }

  @Test func idsComeBackAsTheyWere() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    for id in [#""a \" b""#, "0", "-1", "9007199254740991", "1.5", "null"] {
      client.send(line: #"{"jsonrpc":"2.0","id":\#(id),"method":"lease.release","params":{"token":"x"}}"#)
      #expect(client.line()?.hasPrefix(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32001,"#) == true)
    }
  }

  @Test func notificationsAreNotAnswered() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    client.send(line: #"{"method":"state"}"#)
    client.send(line: #"{"method":"nonsense"}"#)
    client.send(line: #"[{"method":"state"},{"method":"stop"}]"#)
    client.send(line: #"{"id":9,"method":"state"}"#)
    #expect(try client.answer()?["id"] == 9)
    #expect(harness.arm.stops.count == 1)
  }

  @Test func batchesAreAnsweredInOneLine() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    client.send(
      line:
        #"[{"id":1,"method":"move.to","params":{"name":"home","dryRun":true}},{"method":"state"},7,{"id":2,"method":"stat"},"#
        + #"{"id":3,"method":"stop"}]"#
    )
    let answers = try client.answer()?.array
    #expect(answers?.map { $0["id"] ?? "none" } == [1, .null, 2, 3])
    #expect(answers?.first?["result"]?["duration"] == 1.25)
    #expect(answers?[1]["error"]?["code"] == -32600)
    #expect(answers?[2]["error"]?["code"] == -32601)

    client.send(line: "[" + Array(repeating: #"{"id":1,"method":"state"}"#, count: 65).joined(separator: ",") + "]")
    #expect(try client.answer()?["error"]?["message"] == "A batch may hold at most 64 requests.")
  }

  @Test func parametersReachTheArm() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    try client.call("hello", ["protocol": 1, "client": "tester", "role": "script"])
    try client.call("move.joints", ["position": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "speed": 0.25])
    try client.call(
      "move.pose", ["pose": ["position": [0.3, 0, 0.2], "quaternion": [0, 0, 0, 1.0005]], "dryRun": true, "from": [1, 0, 0, 0, 0, 0]])
    try client.call("move.linear", ["name": "rest"])
    try client.call("move.linear", ["position": [0, 0, 1, 0, 0, 0]])
    try client.call("move.linear", ["point": [0.3, 0, 0.2]])
    try client.call("move.linear", ["by": [0, 0, -0.05]])
    try client.call("move.linear", ["by": [0, 0, -0.05], "frame": "base"])
    try client.call("move.linear", ["by": [0, 0, -0.05], "frame": "tool", "dryRun": true, "from": [1, 0, 0, 0, 0, 0]])
    #expect(
      harness.arm.motions == [
        MotionRequest(goal: .joints([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), path: .jointMove, speed: 0.25, client: "tester"),
        MotionRequest(
          goal: .pose(ToolPose(position: [0.3, 0, 0.2], quaternion: [0, 0, 0, 1])), path: .jointMove, isDryRun: true,
          start: [1, 0, 0, 0, 0, 0], client: "tester"),
        MotionRequest(goal: .named("rest"), path: .line, client: "tester"),
        MotionRequest(goal: .joints([0, 0, 1, 0, 0, 0]), path: .line, client: "tester"),
        MotionRequest(goal: .point([0.3, 0, 0.2]), path: .line, client: "tester"),
        MotionRequest(goal: .offset([0, 0, -0.05], inTool: false), path: .line, client: "tester"),
        MotionRequest(goal: .offset([0, 0, -0.05], inTool: false), path: .line, client: "tester"),
        MotionRequest(goal: .offset([0, 0, -0.05], inTool: true), path: .line, isDryRun: true, start: [1, 0, 0, 0, 0, 0], client: "tester"),
      ])
    try client.call("mode.set", ["mode": "float"])
    #expect(harness.arm.modes == [.float])
  }

  @Test func healthIsMeasuredAnewOnRequestOnly() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    #expect(try client.call("health").object?.names == ["ticks", "missedTicks", "wakeUp", "tick", "bus", "realTime"])
    #expect(try client.call("health", ["reset": false])["wakeUp"]?["max"] == 0.0004)
    #expect(harness.arm.resets == 0)
    try client.call("health", ["reset": true])
    #expect(harness.arm.resets == 1)
  }

  @Test func theStateHasAllThatIsPromised() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    let hello = try client.call("hello", ["protocol": 1, "client": "tester"])
    #expect(hello.object?.names == ["server", "protocol", "arm", "joints", "rate", "state"])
    let state = try client.call("state")
    #expect(
      state.object?.names == [
        "time", "tick", "mode", "position", "velocity", "effort", "external", "setpoint", "pose", "fault", "homed", "speed", "hindrance",
      ])
    #expect(state["effort"]?.description == "[0,1.5,null,0,0,0]")
    #expect(state["pose"]?.description == #"{"position":[0.3,0,0.25],"quaternion":[0,0,0,1]}"#)
    let configuration = try client.call("config.get")
    #expect(
      configuration["joints"]?.array?.first?.description
        == #"{"name":"joint1","type":"revolute","lower":null,"upper":1.5,"velocity":2,"acceleration":null,"jerk":null,"effort":null}"#)
    #expect(configuration["poses"]?["home"]?.description == "[0,0,1.571,0,0,0]")
  }
}

extension SocketHarness {
  /// Keeps the server for as long as the client is used.
  func keptClient(_ body: (CommandClient) throws -> Void) throws -> SocketHarness {
    try body(client())
    return self
  }
}
