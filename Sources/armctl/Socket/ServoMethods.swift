internal import Control
internal import Kinematics

extension MethodTable {
  private static let mayTouch = ParameterSpecification.optional(
    "mayTouch", .boolean, "whether the scene's things, and the arm's own links, do not hold the arm back; false if not given")

  /// Streams of commands. Each is the latest wish and replaces the one before; after 100 ms without one the arm comes to rest.
  static func servoMethods() -> [Method] {
    [
      Method(
        name: "servo.joints", summary: "Streams joint positions or joint rates.",
        parameters: [
          .optional("position", .joints, "where the joints should be [rad; m]; this or `velocity`"),
          .optional("velocity", .joints, "how the joints should move [rad/s; m/s]"), mayTouch, leaseToken,
        ],
        result: "`{}`", needsLease: true
      ) { call throws(RPCError) in
        switch (call.parameters.joints("position"), call.parameters.joints("velocity")) {
        case (let position?, nil): try servo(.position(position), call)
        case (nil, let velocity?): try servo(.rates(velocity), call)
        default:
          throw .parameter(
            "position", "`servo.joints` needs one of `position` and `velocity`.", suggestion: #""velocity":[0.1,0,0,0,0,0]"#)
        }
      },
      Method(
        name: "servo.twist", summary: "Streams a velocity of the tool.",
        parameters: [
          .optional("linear", .vector, "of the tool centre point [m/s]; 0 if not given"),
          .optional("angular", .vector, "of the tool [rad/s]; 0 if not given"),
          .optional("frame", .choice(["base", "tool"]), "whose axes these are along; base if not given"), mayTouch, leaseToken,
        ],
        result: "`{}`", needsLease: true
      ) { call throws(RPCError) in
        let twist = Twist(linear: call.parameters.vector("linear") ?? .zero, angular: call.parameters.vector("angular") ?? .zero)
        try servo(.twist(twist, call.parameters.string("frame") == "tool" ? .tool : .base), call)
      },
      Method(
        name: "servo.pose", summary: "Streams a pose of the tool; the arm keeps its posture.",
        parameters: [.required("pose", .pose, "of the tool in the base [m]"), mayTouch, leaseToken], result: "`{}`", needsLease: true
      ) { call throws(RPCError) in
        guard let pose = call.parameters.pose("pose") else { throw .internalError }
        try servo(.pose(Pose(pose)), call)
      },
    ]
  }

  private static func servo(_ target: ServoTarget, _ call: Call) throws(RPCError) {
    do throws(ServiceError) { try call.hub.service.servo(target, mayTouch: call.parameters.bool("mayTouch") ?? false) } catch {
      throw RPCError(
        error.kind == .busy && !call.hub.isHeld ? .movedAlready(by: call.hub.jobs.underWay?.client, mode: call.hub.service.state().mode) : error)
    }
    call.reply.succeed([:])
  }
}

extension ServiceError {
  /// A stream comes while something else moves the arm.
  ///
  /// - Parameter client: Whose job it is; nil where none is under way any more.
  fileprivate static func movedAlready(by client: String?, mode: ArmMode) -> ServiceError {
    if mode == .yield || mode == .recover {
      return ServiceError(.busy, "The arm was knocked, and gives way.", suggestion: "again when it has recovered, by itself; or `stop`")
    }
    guard let client else { return ServiceError(.busy, "The arm is about to come to rest.", suggestion: "again in a moment") }
    return ServiceError(.busy, "The arm is on a motion of \(client).", suggestion: "`stop` ends it; or again when it has ended")
  }
}
