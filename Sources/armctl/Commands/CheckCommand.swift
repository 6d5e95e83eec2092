internal import ArgumentParser
internal import Foundation

/// `armctl check`: reads an arm's two files, and says what is wrong with them or what the arm can do.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check an arm's files and show what the arm can do.",
    discussion: """
      Reads arm.yaml and the URDF that it names. What is wrong is shown with line and column; an arm that is right is \
      shown joint by joint, with what its motors must do at worst against what they can, how far it reaches, how its \
      inverse kinematics is solved, where it is singular, and what stands for it where collisions are checked. What cannot \
      be, such as a motor too weak to hold its joint, ends with exit status 1.

      Examples:
        armctl check --arm dummy
        armctl check --arm dummy --workspace dummy.svg
        armctl check --arm Robots/dummy/arm.yaml --json | jq .kinematics.singularities
        armctl check --keys
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml.")
  var arm: String?
  @Flag(help: "Print the figures as one JSON object, SI throughout.")
  var json = false
  @Option(help: ArgumentHelp("Draw what the tool reaches, from the side and from above, as an SVG file.", valueName: "file.svg"))
  var workspace: String?
  @Flag(help: "Print every key of arm.yaml with its range, default and meaning (Markdown).")
  var keys = false

  func validate() throws {
    if arm == nil && !keys { throw ValidationError("Say which arm: --arm NAME or --arm FILE.") }
    if arm == nil && workspace != nil { throw ValidationError("--workspace goes with --arm.") }
  }

  func run() throws {
    if keys {
      print(ConfigurationReference.tables.map { "## \($0.section)\n\n\($0.markdown)" }.joined(separator: "\n\n"))
    }
    guard let arm else { return }
    try CommandFailure.reporting {
      let report = try CommandFailure.report(of: try CommandFailure.loadArm(arm))
      if json { print(report.json) } else { print(report.text) }
      if let workspace { try draw(report, to: workspace) }
      if let error = report.errors.first {
        let more = report.errors.count - 1
        throw CommandFailure(error.sentence + (more > 0 ? "; and \(more) more" : ""), suggestion: error.suggestion)
      }
    }
  }

  private func draw(_ report: CapabilityReport, to path: String) throws(CommandFailure) {
    do { try Data(report.kinematics.picture(of: report.arm).utf8).write(to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(
        "The picture \(path) cannot be written: \(error.localizedDescription)", suggestion: "--workspace with a path in a folder of yours")
    }
    if !json { print("\nworkspace: drawn to \(path)") }
  }
}

extension CommandFailure {
  fileprivate static func report(of arm: ArmConfiguration) throws(CommandFailure) -> CapabilityReport {
    do throws(ConfigurationError) { return CapabilityReport(arm, collision: try arm.armCollision()) } catch { throw CommandFailure(error) }
  }

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
