internal import Kinematics

extension MethodTable {
  private static let lists: [ParameterSpecification] = [
    .optional("spheres", .objects, "`name`, `center` [m], `radius` [m]"),
    .optional("boxes", .objects, "`name`, `center`, `quaternion`, `halfExtents`: half the sides' lengths [m]"),
    .optional("cylinders", .objects, "`name`, `center`, `quaternion`, `radius`, `length` along its z"),
    .optional("capsules", .objects, "the same; the half spheres at the ends come on top of `length`"),
    .optional("halfSpaces", .objects, "`name`, `center`, `quaternion`: all that is below their own xy plane"),
    .optional("clouds", .objects, "`name`, `center`, `quaternion`, `file` (PLY or XYZ, by the server's paths), `radius` of each point"),
  ]

  private static let edited = "`{objects}`: how many there are now"

  /// What is around the arm, and what it carries.
  static func sceneMethods() -> [Method] {
    [
      Method(
        name: "scene.get", summary: "What is around the arm, and what it carries.", parameters: [],
        result: "lists as `scene.set` takes them; of clouds the number of `points`"
      ) { call throws(RPCError) in call.reply.succeed(call.hub.service.scene()) },
      Method(
        name: "scene.set",
        summary: "Puts these things around the arm in place of all that were there. The motion under way is checked against them at once.",
        parameters: lists, result: edited
      ) { call throws(RPCError) in edit(call) { () throws(ServiceError) in .set(try items(of: call)) } },
      Method(
        name: "scene.add",
        summary:
          "Puts more things around the arm. With `frame`, the tool (`\"tool\"`) or a link carries the thing, and `center` and `quaternion` are "
          + "in its frame; `mayTouch` names links that it may touch.",
        parameters: lists, result: edited
      ) { call throws(RPCError) in edit(call) { () throws(ServiceError) in .add(try items(of: call)) } },
      Method(
        name: "scene.remove", summary: "Takes things away.", parameters: [.required("names", .names, "what to take away")], result: edited
      ) { call throws(RPCError) in
        let names = call.parameters.strings("names") ?? []
        edit(call) { () throws(ServiceError) in .remove(names) }
      },
      Method(
        name: "scene.attach", summary: "From now on the arm carries a thing, from where it is now: it was grasped.",
        parameters: [
          .required("name", .string, "of the thing"), .optional("frame", .string, "what carries it: a link; the tool if not given"),
          .optional("mayTouch", .names, "links that it may touch although what carries it must not"),
        ], result: edited
      ) { call throws(RPCError) in
        let (name, frame) = (call.parameters.string("name") ?? "", SceneItem.Frame(call.parameters.string("frame") ?? "tool"))
        let mayTouch = call.parameters.strings("mayTouch") ?? []
        edit(call) { () throws(ServiceError) in .attach(name, to: frame, mayTouch: mayTouch) }
      },
      Method(
        name: "scene.detach", summary: "From now on a thing stands where it is now: it was let go.",
        parameters: [.required("name", .string, "of the thing")], result: edited
      ) { call throws(RPCError) in
        let name = call.parameters.string("name") ?? ""
        edit(call) { () throws(ServiceError) in .detach(name) }
      },
    ]
  }

  private static func items(of call: Call) throws(ServiceError) -> [SceneItem] {
    do throws(ComputeError) {
      return try ComputeRequest(members: call.parameters.members).sceneItems(folder: nil)
    } catch {
      throw ServiceError(.parameter, error.message.capitalizedSentence, suggestion: "what docs/Command-socket.md says of `scene.set`")
    }
  }

  private static func edit(_ call: Call, _ edit: @escaping @Sendable () throws(ServiceError) -> SceneEdit) {
    let (hub, reply) = (call.hub, call.reply)
    hub.service.editScene(edit) { result in
      hub.hop { _ in
        switch result {
        case .success(let count): reply.succeed(["objects": .number(Double(count))])
        case .failure(let error): reply.fail(error)
        }
      }
    }
  }
}
