internal import ArgumentParser
internal import Foundation

/// `armctl check`: reads an arm's two files, and says what is wrong with them or what the arm can do.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check an arm's files and show what the arm can do.",
    discussion: """
      Reads arm.yaml and the URDF that it names. What is wrong is shown with line and column; an arm that is right is \
      shown joint by joint, with what its motors must do at worst against what they can, how far it reaches, how its \
      inverse kinematics is solved, where it is singular, what stands for it where collisions are checked, and what is near \
      it or touches it in its poses, among the things of a scene, if there is one. What cannot be, such as a motor too weak \
      to hold its joint, ends with exit status 1.

      Examples:
        armctl check --arm dummy
        armctl check --arm dummy --workspace dummy.svg
        armctl check --arm dummy --scene Examples/table.yaml
        armctl check --arm Robots/dummy/arm.yaml --json | jq .kinematics.singularities
        armctl check --keys
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml.")
  var arm: String?
  @Flag(help: "Print the figures as one JSON object, SI throughout.")
  var json = false
  @Option(help: ArgumentHelp("Draw what the tool reaches, from the side and from above, as an SVG file.", valueName: "file.svg"))
  var workspace: String?
  @Option(help: ArgumentHelp("What is around the arm, in YAML or JSON. Default: the arm file's.", valueName: "file"))
  var scene: String?
  @Flag(help: "Print every key of arm.yaml with its range, default and meaning (Markdown).")
  var keys = false

  func validate() throws {
    if arm == nil && !keys { throw ValidationError("Say which arm: --arm NAME or --arm FILE.") }
    if arm == nil && workspace != nil { throw ValidationError("--workspace goes with --arm.") }
    if arm == nil && scene != nil { throw ValidationError("--scene goes with --arm.") }
    try picture?.validate()
  }

  func run() throws {
    if keys {
      print(ConfigurationReference.tables.map { "## \($0.section)\n\n\($0.markdown)" }.joined(separator: "\n\n"))
    }
    guard let arm else { return }
    try CommandFailure.reporting {
      let report = try report(of: try CommandFailure.loadArm(arm))
      if json { print(report.json) } else { print(report.text) }
      if let picture {
        try picture.write(report.kinematics.picture(of: report.arm))
        if !json { print("\nworkspace: drawn to \(picture.path)") }
      }
      if let error = report.errors.first {
        let more = report.errors.count - 1
        throw CommandFailure(error.sentence + (more > 0 ? "; and \(more) more" : ""), suggestion: error.suggestion)
      }
    }
  }

  private func report(of arm: ArmConfiguration) throws(CommandFailure) -> CapabilityReport {
    let collision: ArmCollision?
    do throws(ConfigurationError) { collision = try arm.armCollision() } catch { throw CommandFailure(error) }
    // What is wrong with the arm itself is told first.
    guard collision != nil || scene ?? arm.scene != nil else { return CapabilityReport(arm, collision: collision) }
    let world = collision == nil && !arm.fences.isEmpty ? nil : try ArmWorld(of: arm, model: collision?.model, scene: scene)
    return CapabilityReport(arm, collision: collision, surroundings: world?.surroundings)
  }

  private var picture: OutputFile? { workspace.map { OutputFile(kind: .picture, path: $0, option: "--workspace") } }
}

extension CommandFailure {
  init(_ error: ConfigurationError) {
    self.init([error.description, error.excerpt].compactMap(\.self).joined(separator: "\n"), suggestion: error.suggestion)
  }

  init(_ error: ArmNotFound) { self.init(error.description, suggestion: error.suggestion) }

  /// The arm of that name or file, read and checked.
  static func loadArm(_ nameOrFile: String) throws(CommandFailure) -> ArmConfiguration {
    let file: String
    do throws(ArmNotFound) { file = try ArmLibrary.locate(nameOrFile) } catch { throw CommandFailure(error) }
    do throws(ConfigurationError) { return try ArmConfiguration.load(file) } catch { throw CommandFailure(error) }
  }
}
