internal import Kinematics
internal import NIOCore

extension JSONWriter {
  /// The notification `state`: a whole line.
  static func stateNotification(_ state: ArmState, fields: StateFields) -> NotificationQueue.Entry {
    notification("state", isState: true) { $0.stateMembers(state, fields: fields) }
  }

  /// The notification `job`.
  static func jobNotification(_ update: JobUpdate) -> NotificationQueue.Entry {
    notification("job", isState: false) { $0.jobMembers(update) }
  }

  /// The notification `event`.
  static func eventNotification(_ occurrence: Occurrence) -> NotificationQueue.Entry {
    notification("event", isState: false) { writer in
      writer.raw("\"kind\":")
      writer.string(occurrence.kind)
      writer.raw(",\"time\":")
      writer.integer(occurrence.time)
      writer.raw(",\"tick\":")
      writer.integer(occurrence.tick)
      writer.raw(",\"message\":")
      writer.string(occurrence.message)
      if let joint = occurrence.joint {
        writer.raw(",\"joint\":")
        writer.string(joint)
      }
      for (name, value) in occurrence.details.members {
        writer.byte(",")
        writer.string(name)
        writer.byte(":")
        writer.value(value)
      }
    }
  }

  /// What is known of a job, as one object.
  ///
  /// - Parameter client: Whose it is; nil where nobody asks.
  mutating func job(_ update: JobUpdate, client: String? = nil) {
    byte("{")
    jobMembers(update)
    if let client {
      raw(",\"client\":")
      string(client)
    }
    byte("}")
  }

  private mutating func jobMembers(_ update: JobUpdate) {
    raw("\"job\":")
    integer(update.job)
    raw(",\"state\":")
    string(update.state.rawValue)
    raw(",\"time\":")
    integer(update.time)
    raw(",\"tick\":")
    integer(update.tick)
    if let progress = update.progress {
      raw(",\"progress\":")
      number(progress)
    }
    if let knock = update.knock {
      raw(",\"knock\":")
      integer(knock)
    }
    if update.knocks > 0 {
      raw(",\"knocks\":")
      integer(update.knocks)
    }
    if let pausedBy = update.pausedBy {
      raw(",\"pausedBy\":")
      string(pausedBy)
    }
    if let reason = update.reason {
      raw(",\"reason\":")
      value(reason.json)
    }
  }

  mutating func numbers(_ label: StaticString, _ values: JointVector) {
    raw(label)
    byte("[")
    for joint in 0..<values.count {
      if joint > 0 { byte(",") }
      number(values[joint])
    }
    byte("]")
  }

  mutating func pose(_ label: StaticString, _ pose: ToolPose) {
    raw(label)
    raw("{\"position\":[")
    number(pose.position.x)
    byte(",")
    number(pose.position.y)
    byte(",")
    number(pose.position.z)
    raw("],\"quaternion\":[")
    number(pose.quaternion.x)
    byte(",")
    number(pose.quaternion.y)
    byte(",")
    number(pose.quaternion.z)
    byte(",")
    number(pose.quaternion.w)
    raw("]}")
  }

  static func notification(
    _ method: StaticString, isState: Bool, members: (inout JSONWriter) -> Void
  ) -> NotificationQueue.Entry {
    var writer = JSONWriter(reservingCapacity: isState ? 1024 : 256)
    writer.raw("{\"jsonrpc\":\"2.0\",\"method\":\"")
    writer.raw(method)
    writer.raw("\",\"params\":{")
    let insertionOffset = writer.bytes.count
    members(&writer)
    writer.raw("}}\n")
    return NotificationQueue.Entry(line: ByteBuffer(bytes: writer.bytes), insertionOffset: insertionOffset, isState: isState)
  }
}
