internal import Kinematics

// The waypoints of `move.path`.

extension ParameterSpecification {
  static let waypointMembers = ["pose", "name", "position", "point", "by", "frame", "via", "blend"]
  static let waypointLimit = 1000

  /// Checks an array of waypoints, each an object whose members are as parameters of `move.linear`, with `via` and `blend`.
  func checkWaypoints(_ elements: [JSONValue], jointCount: Int) throws(RPCError) {
    guard !elements.isEmpty, elements.count <= Self.waypointLimit else {
      throw .parameter(
        name, "`\(name)` must hold 1 to \(Self.waypointLimit) waypoints, not \(elements.count).", value: Double(elements.count),
        suggestion: #""waypoints":[{"point":[0.3,0,0.2],"blend":0.01},{"point":[0.3,0.1,0.2]}]"#)
    }
    for (index, element) in elements.enumerated() {
      let place = "\(name)[\(index)]"
      guard let members = element.object else {
        throw .parameter(
          place, "`\(place)` must be an object, not \(element.kindName).", suggestion: #"{"point":[0.3,0,0.2],"blend":0.01}"#)
      }
      for member in members.names {
        guard let value = members[member], let kind = Self.kind(ofMember: member) else {
          let nearest = Suggestion.nearest(to: member, among: Self.waypointMembers)
          throw .parameter(
            "\(place).\(member)", "`\(place)` has no member `\(excerpt(member))`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
            nearest: nearest, suggestion: "members: " + Self.waypointMembers.joined(separator: ", "))
        }
        try Self.optional("\(place).\(member)", kind, "of a waypoint").check(value, jointCount: jointCount)
      }
    }
  }

  private static func kind(ofMember name: String) -> Kind? {
    switch name {
    case "pose": .pose
    case "name": .string
    case "position": .joints
    case "point", "by", "via": .vector
    case "frame": .choice(["base", "tool"])
    case "blend": .number(0...10)
    default: nil
    }
  }
}

extension MethodTable {
  /// The legs of a path: of the joints where every waypoint gives joint positions, else of the tool.
  static func pathGoal(_ call: Call) throws(RPCError) -> (MotionRequest.Goal, MotionRequest.Path) {
    var legs: [MotionRequest.Leg] = []
    var isJointPath = true
    for (index, waypoint) in call.parameters.objects("waypoints").enumerated() {
      let goal = try goal(of: waypoint, place: "waypoints[\(index)]", call)
      switch goal {
      case .joints, .named: break
      case .pose, .point, .offset: isJointPath = false
      }
      let via = waypoint.vector("via")
      if via != nil { isJointPath = false }
      legs.append(MotionRequest.Leg(goal: goal, via: via, blend: waypoint.number("blend") ?? call.parameters.number("blend") ?? 0))
    }
    return (legs[legs.count - 1].goal, isJointPath ? .jointPath(legs) : .toolPath(legs))
  }
}
