internal import Kinematics

extension MethodTable {
  /// Where the arm's parts are, and the recording of motions.
  static func teachingMethods() -> [Method] {
    [
      Method(
        name: "model.places", summary: "Where the joints and the tool are, for pictures.",
        parameters: [.optional("position", .joints, "joint positions [rad; m]; where the arm is if not given")],
        result: "`{joints, pose}`: the joints' places from base to tip and the tool's pose, in the base [m]"
      ) { call throws(RPCError) in
        let places = call.hub.service.places(at: call.parameters.joints("position"))
        call.reply.succeed { writer in
          writer.raw("{\"joints\":[")
          for (index, joint) in places.joints.enumerated() {
            if index > 0 { writer.byte(",") }
            writer.numbers([joint.x, joint.y, joint.z])
          }
          writer.byte("]")
          writer.pose(",\"pose\":", places.tool)
          writer.byte("}")
        }
      },
      Method(
        name: "record.start",
        summary:
          "From now on the joints' positions are recorded at every tick; what was recorded before is forgotten. "
          + "Of the last ten minutes all is kept.",
        parameters: [], result: "`{}`"
      ) { call throws(RPCError) in
        call.hub.service.startRecording()
        call.reply.succeed([:])
      },
      Method(
        name: "record.stop", summary: "Ends the recording.", parameters: [],
        result: "`{duration, samples}`: how long it is [s], and how many ticks"
      ) { call throws(RPCError) in
        do throws(ServiceError) {
          let (duration, samples) = try call.hub.service.stopRecording()
          call.reply.succeed(["duration": .number(duration), "samples": .number(Double(samples))])
        } catch { throw RPCError(error) }
      },
      Method(
        name: "record.get", summary: "What was recorded, as a path for `move.path` and as a script.",
        parameters: [
          .optional("tolerance", .number(1e-5...0.5), "how far a joint may have been from the path [rad; m]; 0.005 if not given"),
          .optional("name", .string, "for the script's first line; `path` if not given"),
        ],
        result: "`{waypoints, blend, duration, script}`: joint positions, how far from each a corner may be rounded, how long the recording was [s]; "
          + "one waypoint is an arm that has not moved"
      ) { call throws(RPCError) in
        let (hub, reply, name) = (call.hub, call.reply, call.parameters.string("name") ?? "path")
        guard name.utf8.count <= 64, !name.contains(where: \.isNewline) else {
          throw .parameter("name", "`name` must be one line of at most 64 bytes.", suggestion: "`name`: a short name")
        }
        hub.service.recordedPath(tolerance: call.parameters.number("tolerance") ?? 0.005) { result in
          hub.hop { hub in
            switch result {
            case .success(let path): reply.succeed(answer(path, named: name, arm: hub.arm))
            case .failure(let error): reply.fail(error)
            }
          }
        }
      },
    ]
  }

  private static func answer(_ path: RecordedPath, named name: String, arm: ArmDescription) -> JSONValue {
    let joints = arm.jointNames.enumerated().map { index, joint in
      LessonScript.Joint(
        name: joint, isSliding: arm.prismaticJoints.contains(joint), lower: arm.limits.lower[index], upper: arm.limits.upper[index])
    }
    let script = LessonScript(
      name: name, arm: arm.name, joints: joints, pieces: [LessonScript.Piece(points: path.waypoints.map { Array($0) }, blend: path.blend)], speed: 0.3
    )
    return [
      "waypoints": .array(path.waypoints.map { JSONValue(numbers: $0) }), "blend": .number(path.blend), "duration": .number(path.duration),
      "script": .string(script.text),
    ]
  }
}
