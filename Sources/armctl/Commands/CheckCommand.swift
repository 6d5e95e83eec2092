internal import ArgumentParser
internal import Foundation

/// `armctl check`: reads an arm's two files, and says what is wrong with them or what the arm can do.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check an arm's files and show what the arm can do.",
    discussion: """
      Reads arm.yaml and the URDF that it names. What is wrong is shown with line and column; an arm that is right is
      shown joint by joint, with what its motors must do at worst against what they can.

      Example:
        armctl check --arm dummy
        armctl check --arm Robots/dummy/arm.yaml --json | jq .joints
        armctl check --keys
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml.")
  var arm: String?
  @Flag(help: "Print the figures as one JSON object, SI throughout.")
  var json = false
  @Flag(help: "Print every key of arm.yaml with its range, default and meaning (Markdown).")
  var keys = false

  func validate() throws {
    if arm == nil && !keys { throw ValidationError("Say which arm: --arm NAME or --arm FILE.") }
  }

  func run() throws {
    if keys {
      print(ConfigurationReference.tables.map { "## \($0.section)\n\n\($0.markdown)" }.joined(separator: "\n\n"))
    }
    guard let arm else { return }
    try CommandFailure.reporting {
      let report = CapabilityReport(try CommandFailure.loadArm(arm))
      if json { print(report.json) } else { print(report.text) }
    }
  }
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
