internal import NIOCore

/// Looks on their way from a tracker's program to who directs the arm by them, and what that one believes on its way to whoever wants to see it. The
/// server itself makes nothing of either.
struct GazeExchange {
  /// What was told last, by whom.
  private(set) var belief: JSONValue?
  private(set) var teller: String?

  mutating func take(_ belief: JSONValue, from name: String) { (self.belief, teller) = (belief, name) }

  /// Nobody directs the arm any more.
  mutating func forget(_ name: String) { if teller == name { (belief, teller) = (nil, nil) } }
}

extension MethodTable {
  /// Gaze, of which the server is only the meeting place.
  static func gazeMethods() -> [Method] {
    [
      Method(
        name: "gaze.look",
        summary: "Passes samples of an eye tracker on to who directs the arm by looking (`armctl gaze --source socket:`).",
        parameters: [
          .required(
            "samples", .objects,
            "each `{t?, x, y, conf?, valid?}`, shares of the screen from its upper left corner, or `{t?, origin, direction, conf?, valid?}`, a sight "
              + "line; `t` [ns] of any clock that runs evenly")
        ],
        result: "`{listeners}`: how many clients heard them"
      ) { call throws(RPCError) in
        let samples = call.parameters.members["samples"] ?? .array([])
        let count = call.hub.pass(JSONWriter.gazeNotification("look", ["samples": samples]), to: \.wantsLooks)
        call.reply.succeed(["listeners": .number(Double(count))])
      },
      Method(
        name: "gaze.confirm",
        summary: "Confirms what is chosen, as a key does: for switches and pedals that are another program's.", parameters: [],
        result: "`{listeners}`: how many clients heard it"
      ) { call throws(RPCError) in
        let count = call.hub.pass(JSONWriter.gazeNotification("confirm", ["client": .string(call.client.name)]), to: \.wantsLooks)
        call.reply.succeed(["listeners": .number(Double(count))])
      },
      Method(
        name: "gaze.tell", summary: "Tells everybody who listens what is made of the looks: from who directs the arm by them.",
        parameters: [.required("belief", .object, "what is believed")], result: "`{listeners}`: how many clients heard it"
      ) { call throws(RPCError) in
        let belief = call.parameters.members["belief"] ?? .null
        call.hub.gaze.take(belief, from: call.client.name)
        let count = call.hub.pass(JSONWriter.gazeNotification("gaze", belief.object ?? [:]), to: \.wantsBeliefs)
        call.reply.succeed(["listeners": .number(Double(count))])
      },
      Method(
        name: "gaze.get", summary: "What is made of the looks now.", parameters: [],
        result: "`{belief, client}`: both null while nobody directs the arm by looking"
      ) { call throws(RPCError) in
        call.reply.succeed(["belief": call.hub.gaze.belief ?? .null, "client": call.hub.gaze.teller.map(JSONValue.string) ?? .null])
      },
    ]
  }
}

extension JSONWriter {
  /// A notification of gaze: of an old one nobody wants to know when there is a newer one.
  static func gazeNotification(_ method: StaticString, _ members: JSONObject) -> NotificationQueue.Entry {
    notification(method, isState: true) { writer in
      for (index, (name, value)) in members.members.enumerated() {
        if index > 0 { writer.byte(",") }
        writer.string(name)
        writer.byte(":")
        writer.value(value)
      }
    }
  }
}
