internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Kinematics
internal import Planner

/// `armctl plan`: a way round obstacles, found and drawn without any drive.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Plan a way round obstacles, and draw it.",
    discussion: """
      Plans the motion that `armctl move` would carry out among the things of a scene: says how long it takes, how near the arm \
      comes to what, and draws arm, obstacles and way from the side and from above. Nothing moves. Where there is no way, \
      it says why, and the picture shows what is in the way. \
      The scene is a file as `armctl serve --scene` reads it. What the arm stands on may touch its links that never move. \
      Angles are in radians, with --degrees or the suffix 'deg' in degrees.

      Examples:
        armctl plan --arm dummy --to home --scene Examples/table.yaml --svg way.svg
        armctl plan --arm dummy --from -0.4,35deg,1.2,0,0.5,0 --to 1.6,0.6,1.4,0,0.5,0 --scene Examples/table.yaml
        armctl plan --arm dummy --from home --pose 0.25,0.1,0.2 --json
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml.")
  var arm: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where it starts: a pose of the arm file, or positions of all joints with commas between.", valueName: "pose"))
  var from = "rest"
  @Option(parsing: .unconditional, help: ArgumentHelp("Where it goes, likewise.", valueName: "pose"))
  var to: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where the tool goes: x,y,z in the base, and then a quaternion, or roll,pitch,yaw, or nothing.", valueName: "numbers"))
  var pose: String?
  @Flag(help: "Angles are in degrees.")
  var degrees = false
  @Option(help: ArgumentHelp("What is around the arm, in YAML or JSON. Default: the arm file's.", valueName: "file"))
  var scene: String?
  @Option(help: ArgumentHelp("Draw the way to an SVG file.", valueName: "file.svg"))
  var svg: String?
  @Option(help: "The same seed finds the same way.")
  var seed = 1
  @Option(help: "Seconds that the search may take at most.")
  var timeout = 5.0
  @Flag(help: "Print the way as one JSON object, SI throughout.")
  var json = false

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout must be more than 0 and at most 3600 s, not \(timeout).") }
    guard (to == nil) != (pose == nil) else { throw ValidationError("Give one of --to and --pose.") }
    _ = try toolPose
    try svgFile?.validate()
  }

  func run() throws {
    try CommandFailure.reporting(asJSON: json) {
      let arm = try CommandFailure.loadArm(arm), start = try position(from, of: "--from", arm)
      var planner = MotionPlanner(arm)
      planner.seed = seed
      let motion = MotionRequest(goal: try goal(arm), path: .jointMove), surroundings = try surroundings(of: arm)
      let way: PlannedWay
      do throws(ServiceError) {
        way = try PlannedWay(motion, from: start, planner, in: surroundings, timeout: timeout)
      } catch {
        let goal = (try? planner.target(of: motion, near: start)) ?? error.closest?.joints
        try draw(PlanPicture(error, from: start, to: goal, of: arm, title: title, in: surroundings))
        // Nothing moves here, with or without a plan.
        throw CommandFailure(error, suggestion: error.why == "start-in-collision" ? "another --from, or another scene" : nil)
      }
      try draw(PlanPicture(way, of: arm, title: title, in: surroundings))
      print(json ? "\(way.json)" : way.text)
    }
  }

  // MARK: What is asked

  private var title: String { "\(from) to \(to ?? pose ?? "")" }

  private var toolPose: WrittenPose? {
    get throws { try pose.map { try WrittenPose($0, of: "--pose", areDegrees: degrees) } }
  }

  private func goal(_ arm: ArmConfiguration) throws -> MotionRequest.Goal {
    guard let pose = try toolPose else { return .joints(try position(to ?? "", of: "--to", arm)) }
    return pose.quaternion.map { .pose(ToolPose(position: pose.position, quaternion: SIMD4($0))) } ?? .point(pose.position)
  }

  private func position(_ words: String, of option: String, _ arm: ArmConfiguration) throws -> JointVector {
    if let pose = arm.pose(words) { return pose }
    guard let numbers = try? WrittenNumbers.parse(words, of: option, angles: 0..., areDegrees: degrees) else {
      let names = arm.poses.map(\.name)
      throw CommandFailure(
        "The arm has no pose \"\(words)\"; \(Suggestion.phrase(for: words, among: names))", suggestion: "a pose of the arm file, or positions")
    }
    guard numbers.count == arm.model.jointCount else {
      throw CommandFailure(
        "\(option) has \(numbers.count) positions, where the arm has \(arm.model.jointCount) joints.", suggestion: "one for each joint")
    }
    let position = JointVector(numbers), limits = arm.limits
    if option == "--from", let joint = position.indices.first(where: { !(limits.lower[$0]...limits.upper[$0] ~= position[$0]) }) {
      let (value, lower, upper) = (position[joint], limits.lower[joint], limits.upper[joint])
      throw CommandFailure(
        ServiceError(RouteFailure.outsideLimits(.start, joint: arm.joints[joint].name, value: value, lower: lower, upper: upper)))
    }
    return position
  }

  private func surroundings(of arm: ArmConfiguration) throws(CommandFailure) -> Surroundings {
    let model: CollisionModel?
    do throws(ConfigurationError) { model = try arm.collisionModel() } catch { throw CommandFailure(error) }
    guard let model, let surroundings = try ArmWorld(of: arm, model: model, scene: scene).surroundings else {
      throw CommandFailure("\(arm.file) does not say what stands for the arm where collisions are checked.", suggestion: "collision: {spheres: auto}")
    }
    return surroundings
  }

  // MARK: What is answered

  private var svgFile: OutputFile? { svg.map { OutputFile(kind: .picture, path: $0, option: "--svg") } }

  private func draw(_ picture: PlanPicture) throws(CommandFailure) {
    try svgFile?.write(picture.svg)
  }
}

extension CommandFailure {
  /// - Parameter suggestion: In place of the error's own.
  fileprivate init(_ error: ServiceError, suggestion: String? = nil) {
    self.init(error.message, suggestion: suggestion ?? error.suggestion, kind: error.why ?? error.kind.rawValue)
  }
}
