internal import Foundation
internal import Kinematics

/// Carries a script out on paper: looks names up, reckons values, and writes every repetition and routine out as steps.
struct ScriptExpander {
  static let mostSteps = 100_000
  /// Lines carried out, those that move nothing included.
  static let mostWork = 1_000_000
  static let deepestInclude = 16

  private(set) var steps: [ScriptStep] = []
  /// The steps of routines that answer a knock or a fault.
  private(set) var answers: [String: [ScriptStep]] = [:]

  let arm: ScriptArm
  let read: (String) throws -> String
  var scope = ScriptScope()
  /// Of the motions that follow; of lines and arcs the tool's, too [m/s].
  private var speed: (share: Double, ofTool: Double?) = (1, nil)
  /// The radius at corners of the tool's path [m] and of the joints' [rad].
  private var toolBlend = 0.0
  private var jointBlend = 0.0
  private var reactions = ScriptReactions()
  private var work = 0
  /// The statement that everything now belongs to: the outermost repetition or call.
  private var outermost: SourcePlace?
  private var calls: [String] = []
  /// Files from the script itself to the one that is being read.
  private var openFiles: [String]
  private var readFiles: Set<String>

  init(arm: ScriptArm, file: String, read: @escaping (String) throws -> String) {
    self.arm = arm
    self.read = read
    openFiles = [file]
    readFiles = [Self.resolved(file)]
  }

  /// A whole file. Its routines may be called before the line that defines them.
  mutating func expand(_ statements: [ScriptStatement]) throws(ScriptError) {
    let outer = scope.announced
    defer { scope.announced = outer }
    scope.announced = [:]
    for statement in statements {
      switch statement.action {
      case .routine(let name, let parameters, let body):
        try scope.define(name, .routine(ScriptScope.Routine(parameters: parameters, body: body)), arm: arm)
      case .pose(let name, _): scope.announce(name, "pose")
      case .place(let name, _): scope.announce(name, "place")
      case .constant(let name, _): scope.announce(name, "value")
      default: break
      }
    }
    try carryOut(statements)
  }

  private mutating func carryOut(_ statements: [ScriptStatement]) throws(ScriptError) {
    for statement in statements {
      work += 1
      guard work <= Self.mostWork else {
        throw ScriptError(place: outermost ?? statement.place, problem: .tooMuchWork(limit: Self.mostWork))
      }
      try carryOut(statement)
    }
  }

  private mutating func carryOut(_ statement: ScriptStatement) throws(ScriptError) {
    let place = statement.place
    switch statement.action {
    case .motion(let motion): try append(.motion(try resolved(motion)), at: place)
    case .speed(let share): speed = try scope.speed(share)
    case .blend(let radius):
      let blend = try scope.blend(radius)
      if blend.isOfJoints { jointBlend = blend.radius } else { toolBlend = blend.radius }
    case .wait(let time): try append(.wait(try scope.duration(time)), at: place)
    case .waitForContact(let limit):
      try append(.waitForContact(atMost: try limit.map { time throws(ScriptError) in try scope.duration(time) }), at: place)
    case .waitForInput(let name, let isOn, let limit):
      guard arm.inputNames.contains(name.text) else { throw ScriptError(place: name.place, problem: .noInput(name.text, known: arm.inputNames)) }
      let limit = try limit.map { time throws(ScriptError) in try scope.duration(time) }
      try append(.waitForInput(name.text, isOn: isOn, atMost: limit), at: place)
    case .gripper(let gripper):
      guard let duration = arm.gripperDuration else { throw ScriptError(place: place, problem: .noGripper) }
      try append(.gripper(opening: try opening(gripper), duration: duration), at: place)
    case .constant(let name, let expression):
      try scope.define(name, .value(try scope.value(of: expression)), arm: arm)
    case .pose(let name, let joints):
      try scope.define(name, .pose(try scope.positions(joints, of: arm)), arm: arm)
    case .place(let name, let target): try scope.define(name, .place(try self.place(target)), arm: arm)
    case .repetition(let count, let counter, let body): try `repeat`(try scope.count(count), counter, body, at: place)
    case .condition(let branches, let otherwise):
      for branch in branches where try scope.truth(branch.condition) { return try block(branch.body) }
      try block(otherwise)
    case .routine: break
    case .call(let name, let arguments): try call(name, arguments, at: place)
    case .reaction(let trigger, let reaction): try react(to: trigger, with: reaction)
    case .include(let path): try include(path)
    }
  }

  private func opening(_ gripper: ScriptStatement.Gripper) throws(ScriptError) -> Double {
    switch gripper {
    case .open: return 1
    case .close: return 0
    case .to(let share):
      let opening = try scope.opening(share)
      guard opening == 0 || opening == 1 else { throw ScriptError(place: share.place, problem: .gripperOnlyOpensAndCloses) }
      return opening
    }
  }

  private mutating func append(_ action: ScriptStep.Action, at place: SourcePlace) throws(ScriptError) {
    guard steps.count < Self.mostSteps else { throw ScriptError(place: outermost ?? place, problem: .tooManySteps(limit: Self.mostSteps)) }
    steps.append(ScriptStep(action: action, reactions: reactions, place: place))
  }
}

// MARK: - Blocks

extension ScriptExpander {
  private mutating func block(_ body: [ScriptStatement]) throws(ScriptError) {
    scope.enter()
    defer { scope.leave() }
    try carryOut(body)
  }

  private mutating func `repeat`(
    _ count: Int, _ counter: ScriptName?, _ body: [ScriptStatement], at place: SourcePlace
  ) throws(ScriptError) {
    let isOutermost = outermost == nil
    if isOutermost { outermost = place }
    defer { if isOutermost { outermost = nil } }
    for turn in 1...count {
      scope.enter()
      defer { scope.leave() }
      if let counter { try scope.define(counter, .value(.quantity(Quantity(value: Double(turn)))), arm: arm) }
      try carryOut(body)
    }
  }

  private mutating func call(_ name: ScriptName, _ arguments: [ScriptExpression], at place: SourcePlace) throws(ScriptError) {
    let routine = try routine(name)
    guard arguments.count == routine.parameters.count else {
      throw ScriptError(
        place: name.place, problem: .wrongArgumentCount(routine: name.text, given: arguments.count, expected: routine.parameters.count))
    }
    guard !calls.contains(name.text) else { throw ScriptError(place: name.place, problem: .callsItself(calls + [name.text])) }
    var values: [ScriptValue] = []
    for argument in arguments { values.append(try scope.value(of: argument)) }
    let isOutermost = outermost == nil
    if isOutermost { outermost = place }
    calls.append(name.text)
    let saved = scope.enterRoutine()
    defer {
      scope.restore(saved)
      calls.removeLast()
      if isOutermost { outermost = nil }
    }
    for (parameter, value) in zip(routine.parameters, values) { try scope.define(parameter, .value(value), arm: arm) }
    try carryOut(routine.body)
  }

  private func routine(_ name: ScriptName) throws(ScriptError) -> ScriptScope.Routine {
    switch scope[name.text] {
    case .routine(let routine)?: return routine
    case let other?: throw ScriptError(place: name.place, problem: .wrongKind(name.text, isA: other.article, wanted: "a routine"))
    case nil:
      if arm.poseNames.contains(name.text) {
        throw ScriptError(place: name.place, problem: .wrongKind(name.text, isA: "a pose", wanted: "a routine"))
      }
      let known = scope.names { if case .routine = $0 { true } else { false } }
      throw ScriptError(place: name.place, problem: .unknownName(name.text, wanted: "routine", known: known))
    }
  }

  private mutating func react(to trigger: ScriptStatement.Trigger, with reaction: ScriptStatement.Reaction) throws(ScriptError) {
    let resolved: ScriptReactions.Reaction
    switch reaction {
    case .resume: resolved = .resume
    case .stop: resolved = .stop
    case .routine(let name):
      if answers[name.text] == nil {
        let before = steps
        steps = []
        answers[name.text] = []
        try call(name, [], at: name.place)
        answers[name.text] = steps
        steps = before
      }
      resolved = .routine(name.text)
    }
    switch trigger {
    case .knock: reactions.toKnock = resolved
    case .fault: reactions.toFault = resolved
    }
  }

  private mutating func include(_ path: ScriptName) throws(ScriptError) {
    let folder = (openFiles[openFiles.count - 1] as NSString).deletingLastPathComponent
    let file = path.text.hasPrefix("/") || folder.isEmpty ? path.text : folder + "/" + path.text
    let identity = Self.resolved(file)
    if openFiles.contains(where: { Self.resolved($0) == identity }) {
      throw ScriptError(place: path.place, problem: .includesItself((openFiles + [file]).map { ($0 as NSString).lastPathComponent }))
    }
    guard openFiles.count <= Self.deepestInclude else {
      throw ScriptError(place: path.place, problem: .includedTooDeep(limit: Self.deepestInclude))
    }
    guard readFiles.insert(identity).inserted else { return }
    let text: String
    do { text = try read(file) } catch {
      throw ScriptError(place: path.place, problem: .cannotRead(file, reason: Self.reason(of: error)))
    }
    let statements = try ScriptParser.statements(of: text, file: file)
    for statement in statements where !statement.action.isDefinition {
      throw ScriptError(place: statement.place, problem: .includesAction(statement.place.excerptText))
    }
    openFiles.append(file)
    defer { openFiles.removeLast() }
    try expand(statements)
  }

  private static func resolved(_ file: String) -> String { URL(fileURLWithPath: file).standardizedFileURL.resolvingSymlinksInPath().path }

  /// Why a file could not be read, behind a colon.
  static func reason(of error: any Error) -> String {
    let code = (error as? CocoaError)?.code
    if code == .fileReadNoSuchFile || code == .fileNoSuchFile { return "there is no such file" }
    if code == .fileReadNoPermission { return "this user may not read it" }
    if code == .fileReadInapplicableStringEncoding || code == .fileReadCorruptFile { return "it is not UTF-8 text" }
    return code == .fileReadTooLarge ? "it is too large" : "it is no text file"
  }
}

extension ScriptStatement.Action {
  /// Whether it only gives something a name, as all lines of an included file do.
  fileprivate var isDefinition: Bool {
    switch self {
    case .constant, .pose, .place, .routine, .include: true
    default: false
    }
  }
}

// MARK: - Motions

extension ScriptExpander {
  private func resolved(_ motion: ScriptStatement.Motion) throws(ScriptError) -> ScriptMotion {
    let way: ScriptMotion.Way
    switch motion.way {
    case .joints: way = .joints
    case .line: way = .line
    case .arc(let via): way = .arc(via: try place(via).point)
    }
    var resolved = ScriptMotion(
      way: way, goal: try goal(motion.target, way: way), speed: speed.share, toolSpeed: way.isOfTool ? speed.ofTool : nil,
      blend: way.isOfTool ? toolBlend : jointBlend)
    if let own = motion.speed {
      (resolved.speed, resolved.toolSpeed) = try scope.speed(own)
      guard way.isOfTool || resolved.toolSpeed == nil else {
        throw ScriptError(
          place: own.place, problem: .wrongValue(of: "speed of a move", isA: "a velocity", wanted: "a share of the limits such as 50%"))
      }
    }
    if let own = motion.blend { resolved.blend = try scope.blend(own, of: way) }
    return resolved
  }

  private func goal(_ target: ScriptStatement.Target, way: ScriptMotion.Way) throws(ScriptError) -> ScriptMotion.Goal {
    switch target {
    case .joints(let joints): return .joints(try scope.positions(joints, of: arm))
    case .offset(let offset, let inTool): return .offset(try vector(offset), inTool: inTool)
    case .named(let name, above: nil) where scope[name.text] == nil && arm.poseNames.contains(name.text): return .armPose(name.text)
    case .named(let name, above: nil):
      if case .pose(let positions)? = scope[name.text] { return .joints(positions) }
      return try goal(place(target), way: way, said: name)
    case .named(let name, _): return try goal(place(target), way: way, said: name)
    case .point(let triple, _): return try goal(place(target), way: way, said: ScriptName(text: triple.place.excerptText, place: triple.place))
    }
  }

  private func goal(_ place: ScriptPlace, way: ScriptMotion.Way, said name: ScriptName) throws(ScriptError) -> ScriptMotion.Goal {
    if let quaternion = place.quaternion { return .pose(place.point, quaternion: quaternion) }
    guard way.isOfTool else { throw ScriptError(place: name.place, problem: .directionMissing(name.text)) }
    return .point(place.point)
  }

  /// The place that a target names or gives.
  private func place(_ target: ScriptStatement.Target) throws(ScriptError) -> ScriptPlace {
    switch target {
    case .point(let triple, let turned):
      var place = ScriptPlace(point: try vector(triple))
      if let turned {
        let angles = try scope.vector(turned, .angle, example: "an angle such as 90 deg")
        place.quaternion = Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z).quaternion
      }
      return place
    case .named(let name, let height):
      var place = try place(name)
      if let height {
        place.point.z += try scope.amount(height, of: "height", .length, example: "a length such as 60 mm")
      }
      return place
    case .joints(let joints): throw ScriptError(place: joints.place, problem: .expected("a place", found: "joint positions"))
    case .offset(let offset, _): throw ScriptError(place: offset.place, problem: .expected("a place", found: "an offset"))
    }
  }

  private func place(_ name: ScriptName) throws(ScriptError) -> ScriptPlace {
    switch scope[name.text] {
    case .place(let place)?: return place
    case .pose?: throw ScriptError(place: name.place, problem: .notAPlace(name.text))
    case let other?: throw ScriptError(place: name.place, problem: .wrongKind(name.text, isA: other.article, wanted: "a pose or a place"))
    case nil:
      if arm.poseNames.contains(name.text) { throw ScriptError(place: name.place, problem: .notAPlace(name.text)) }
      let known =
        arm.poseNames
        + scope.names { meaning in
          switch meaning {
          case .pose, .place: true
          case .value, .routine: false
          }
        }
      throw scope.unknown(name.text, at: name.place, wanted: "pose or place", known: known)
    }
  }

  private func vector(_ triple: ScriptTriple) throws(ScriptError) -> SIMD3<Double> {
    try scope.vector(triple, .length, example: "a length such as 50 mm")
  }
}
