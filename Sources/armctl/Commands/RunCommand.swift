internal import ArgumentParser
internal import Foundation

/// `armctl run`: a script, motion by motion.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out a script: one motion a line.",
    discussion: """
      The script is read as a whole before anything moves. Ctrl-C stops the arm.

      Examples:
        armctl run Examples/pick-and-place.arm
        armctl run Examples/pick-and-place.arm --dry-run
      """)

  @Argument(help: "The script's file.")
  var script: String
  @Flag(help: "Plan every motion and print the table, but do not move.")
  var dryRun = false
  @Flag(help: "Print the outcome as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    let interruption = Interruption()
    try CommandFailure.reporting {
      let text = try Self.text(of: script)
      let client = try server.connect()
      let steps = try Self.steps(of: text, file: script, client)
      client.interruption = interruption.descriptor
      var outcomes: [ScriptRunner.Outcome] = []
      let line = ProgressLine(isShown: !json && Terminal.isTerminal(STDERR_FILENO) && Terminal.isTerminal(STDOUT_FILENO))
      do {
        try ScriptRunner(client: client).run(
          steps, isDryRun: dryRun, progress: { step, share in line.show(state: step.text, share: share, duration: 0) }
        ) { outcome in
          line.clear()
          outcomes.append(outcome)
          if line.isShown, !dryRun { print("\(outcome.step.text): \(String(format: "%.2f s", outcome.duration))") }
        }
      } catch CommandClient.Failure.interrupted {
        client.interruption = nil
        line.clear()
        try client.call("stop")
        throw CommandFailure("Interrupted; the arm was told to stop.", suggestion: "armctl status")
      }
      show(outcomes)
      if !json, !dryRun, !outcomes.isEmpty {
        let error = MotionSummary.error(of: try client.call("state"), joints: try client.call("config.get")["joints"]?.array ?? [])
        print(Self.summary(of: outcomes) + (error.map { " · \($0)" } ?? ""))
      }
    }
  }

  /// "16 motions in 15.1 s · at most 100 % of the limits"
  private static func summary(of outcomes: [ScriptRunner.Outcome]) -> String {
    let time = (outcomes.last?.endTime ?? 0) - (outcomes.first?.startTime ?? 0), peak = outcomes.map(\.peakShare).max() ?? 0
    return String(format: "%d motion%@ in %.1f s · at most %.0f %% of the limits", outcomes.count, outcomes.count == 1 ? "" : "s", time, 100 * peak)
  }

  private func show(_ outcomes: [ScriptRunner.Outcome]) {
    let total = outcomes.reduce(0) { $0 + $1.duration }
    if json {
      let motions = outcomes.map { outcome -> JSONValue in
        [
          "line": .number(Double(outcome.step.place.line)), "text": .string(outcome.step.text), "duration": .number(outcome.duration),
          "peakShare": .number(outcome.peakShare), "end": JSONValue(numbers: outcome.end),
        ]
      }
      return print(JSONValue.object(["motions": .array(motions), "duration": .number(total), "dryRun": .bool(dryRun)]))
    }
    guard dryRun else { return }
    var table = TextTable(head: ["motion", "line", "takes [s]", "peak [%]"])
    for outcome in outcomes {
      table.append([
        outcome.step.text, "\(outcome.step.place.line)", String(format: "%.2f", outcome.duration), String(format: "%.0f", outcome.peakShare * 100),
      ])
    }
    print(table.lines.joined(separator: "\n"))
    print(String(format: "%d motions, %.1f s", outcomes.count, total))
  }

  /// - Throws: ``CommandFailure`` where the file cannot be read.
  static func text(of path: String) throws -> String {
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw CommandFailure(
        "The script \(path) cannot be read: \(error.localizedDescription)", suggestion: "a path such as Examples/pick-and-place.arm")
    }
  }

  /// Reads a script for the arm behind `client`.
  static func steps(of text: String, file: String, _ client: CommandClient) throws -> [ScriptStep] {
    let arm = try client.call("config.get")
    let poses = if case .object(let members)? = arm["poses"] { members.names } else { [String]() }
    do throws(ScriptError) {
      return try Script(parsing: text, file: file, arm: ScriptArm(poseNames: poses, jointCount: arm["joints"]?.array?.count ?? 0)).steps
    } catch {
      throw CommandFailure("\(error)\n\(error.excerpt)", suggestion: error.suggestion)
    }
  }
}
