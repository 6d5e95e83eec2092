/// What the runner does in one go: a motion, several that flow into each other, or a wait.
struct ScriptTask: Sendable, Equatable {
  /// The most waypoints of one path.
  static let longestPath = 1000

  /// At least one; more where the arm does not stop between them.
  let steps: [ScriptStep]

  var first: ScriptStep { steps[0] }
  var motions: [ScriptMotion] { steps.compactMap(\.motion) }

  /// The statement, of several the first and how many more there are.
  var text: String { steps.count == 1 ? first.text : "\(first.text) … \(steps.count - 1) more" }

  /// "12", "12–15"
  var lineNumbers: String {
    let last = steps[steps.count - 1].place
    return steps.count == 1 || last.line <= first.place.line ? "\(first.place.line)" : "\(first.place.line)–\(last.line)"
  }

  /// Whether the tool goes in one straight line.
  var isLine: Bool { steps.count == 1 && first.motion?.way == .line }

  /// Joins motions that round the corner between them: those with a blend and the next of the same kind, speed and reactions.
  ///
  /// - Parameter isStepwise: Every step is a task of its own.
  static func tasks(of steps: [ScriptStep], isStepwise: Bool = false) -> [ScriptTask] {
    var tasks: [ScriptTask] = []
    var path: [ScriptStep] = []
    for step in steps {
      if let last = path.last, isStepwise || path.count >= longestPath || !last.flows(into: step) {
        tasks.append(ScriptTask(steps: path))
        path = []
      }
      path.append(step)
    }
    if !path.isEmpty { tasks.append(ScriptTask(steps: path)) }
    return tasks
  }
}

extension ScriptStep {
  /// Whether the arm goes on into the next motion without a stop.
  fileprivate func flows(into next: ScriptStep) -> Bool {
    guard let motion, let after = next.motion, motion.blend > 0 else { return false }
    // The joints can go through joint positions only: where a place must first be reached, they stop.
    let canFlow = motion.way.isOfTool || (motion.goal.isOfJoints && after.goal.isOfJoints)
    return canFlow && motion.way.isOfTool == after.way.isOfTool && motion.speed == after.speed && motion.toolSpeed == after.toolSpeed
      && reactions == next.reactions
  }
}

extension ScriptMotion.Goal {
  fileprivate var isOfJoints: Bool {
    switch self {
    case .armPose, .joints: true
    case .point, .pose, .offset: false
    }
  }
}

// MARK: - On the socket

extension ScriptTask {
  /// The method and parameters that ask for the motion; nil where nothing moves.
  var request: (method: String, parameters: JSONObject)? {
    guard let motion = first.motion else { return nil }
    if steps.count > 1 {
      var parameters: JSONObject = ["waypoints": .array(motions.map { .object($0.waypoint) })]
      motion.addPace(to: &parameters)
      return ("move.path", parameters)
    }
    var parameters = motion.goal.parameters
    if case .arc(let via) = motion.way { parameters.append("via", JSONValue(vector: via)) }
    motion.addPace(to: &parameters)
    return (motion.method, parameters)
  }
}

extension ScriptMotion {
  fileprivate func addPace(to parameters: inout JSONObject) {
    parameters.append("speed", .number(speed))
    if let toolSpeed { parameters.append("toolSpeed", .number(toolSpeed)) }
  }

  fileprivate var method: String {
    switch (way, goal) {
    case (.line, _): "move.linear"
    case (.arc, _): "move.circular"
    case (.joints, .armPose): "move.to"
    case (.joints, .joints): "move.joints"
    case (.joints, .pose), (.joints, .point), (.joints, .offset): "move.pose"
    }
  }

  fileprivate var waypoint: JSONObject {
    var waypoint = goal.parameters
    if case .arc(let via) = way { waypoint.append("via", JSONValue(vector: via)) }
    if blend > 0 { waypoint.append("blend", .number(blend)) }
    return waypoint
  }
}

extension ScriptMotion.Goal {
  fileprivate var parameters: JSONObject {
    switch self {
    case .armPose(let name): ["name": .string(name)]
    case .joints(let position): ["position": JSONValue(numbers: position)]
    case .point(let point): ["point": JSONValue(vector: point)]
    case .pose(let point, let q):
      ["pose": ["position": JSONValue(vector: point), "quaternion": JSONValue(numbers: [q.x, q.y, q.z, q.w])]]
    case .offset(let offset, inTool: true): ["by": JSONValue(vector: offset), "frame": "tool"]
    case .offset(let offset, inTool: false): ["by": JSONValue(vector: offset)]
    }
  }
}

extension JSONValue {
  fileprivate init(vector v: SIMD3<Double>) { self.init(numbers: [v.x, v.y, v.z]) }
}
