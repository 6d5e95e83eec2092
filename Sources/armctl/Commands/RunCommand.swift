internal import ArgumentParser
internal import Foundation

/// `armctl run`: a script, line by line.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out a script.",
    discussion: """
      The script is read and planned as a whole before anything moves. While it runs on a terminal, + and - change the speed, and Ctrl-C lets the \
      arm rest on its path and asks what is to become of it: resume, park, motors off, or stop. In a pipe, Ctrl-C stops the arm. \
      docs/Scripts.md has the language; `armctl format` writes scripts neatly.

      Examples:
        armctl run Examples/pick-and-place.arm
        armctl run Examples/pick-and-place.arm --dry-run
        armctl run Examples/pick-and-place.arm --step
        armctl run Examples/pick-and-place.arm --take      (from another script, which ends)
      """)

  /// Before a script runs, so many distinct motions of it are planned at most; the others are planned when it is their turn.
  private static let mostPlanned = 2000

  @Argument(help: "The script's file, or - for standard input.")
  var script: String
  @Flag(help: "Plan every motion and print the table, but do not move.")
  var dryRun = false
  @Flag(help: "Ask before each line. No corner is rounded then.")
  var step = false
  @OptionGroup var lead: LeadOptions
  @Flag(help: "Print the outcome as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    guard !(step && dryRun) else { throw ValidationError("--step and --dry-run exclude each other.") }
    guard !(lead.take && dryRun) else { throw ValidationError("--dry-run moves nothing, and needs no --take.") }
    guard !step || Terminal.isTerminal(STDIN_FILENO) else { throw ValidationError("--step asks at a terminal, and here is none.") }
  }

  func run() throws {
    let interruption = Interruption()
    try CommandFailure.reporting {
      let text = try Self.text(of: script)
      let client = try server.connect(as: self.script == "-" ? "armctl run" : (self.script as NSString).lastPathComponent)
      let arm = ScriptArm(configuration: try client.call("config.get"))
      let script = try Self.script(text, file: script, arm: arm)
      let isShown = !json && Terminal.isTerminal(STDERR_FILENO) && Terminal.isTerminal(STDOUT_FILENO)
      let console: any RunConsole = isShown ? TerminalConsole(interruption: interruption) : SilentConsole(interruption: interruption)
      let session = ScriptSession(client)
      if !dryRun { try session.begin(taking: lead.take) }
      defer { session.end() }
      let tasks = ScriptTask.tasks(of: script.steps, isStepwise: step)
      let plan = try ScriptPlan(tasks, session: session, most: dryRun ? .max : Self.mostPlanned) { task, share in
        if let wish = console.nextWish(), wish == .interrupt || wish == .end {
          throw CommandFailure("Interrupted while the script was planned; nothing has moved.", suggestion: "the script again")
        }
        if isShown { console.show(RunProgress(task: task, remark: "planning", share: share, speed: 1)) }
      }
      console.clear()
      if dryRun { return show(plan.outcomes) }
      let runner = ScriptRunner(session, console: console, arm: arm, answers: script.answers)
      var outcomes: [ScriptOutcome] = []
      do {
        try runner.run(tasks, plan: plan, isStepwise: step) { outcome in
          outcomes.append(outcome)
          guard isShown else { return }
          console.clear()
          print("\(outcome.task.text): \(String(format: "%.2f s", outcome.duration))")
        }
      } catch {
        console.clear()
        if !json, let sentence = runner.knocks.sentence { print(sentence) }
        throw error
      }
      if json { return show(outcomes, knocks: runner.knocks) }
      let motions = outcomes.filter { $0.task.first.motion != nil }
      if !motions.isEmpty {
        let error = MotionSummary.error(of: try client.call("state"), joints: try client.call("config.get")["joints"]?.array ?? [])
        print(Terminal.joined(Self.summary(of: motions) + [error].compactMap(\.self), width: Terminal.width(of: STDOUT_FILENO)))
      }
      if let sentence = runner.knocks.sentence { print(sentence + (runner.answerCount == 0 ? ", went on by itself" : ", went on")) }
    }
  }

  /// "16 motions in 15.1 s", "at most 100 % of the limits"
  private static func summary(of outcomes: [ScriptOutcome]) -> [String] {
    let time = (outcomes.last?.endTime ?? 0) - (outcomes.first?.startTime ?? 0), peak = outcomes.map(\.peakShare).max() ?? 0
    return [
      String(format: "%d motion%@ in %.1f s", outcomes.count, outcomes.count == 1 ? "" : "s", time),
      String(format: "at most %.0f %% of the limits", 100 * peak),
    ]
  }

  private func show(_ outcomes: [ScriptOutcome], knocks: [ScriptKnock] = []) {
    let motions = outcomes.filter { $0.task.first.motion != nil }
    let total = outcomes.reduce(0) { $0 + $1.duration }
    if json {
      let rows = motions.map { outcome -> JSONValue in
        var row: JSONObject = [
          "line": .number(Double(outcome.task.first.place.line)), "text": .string(outcome.task.text), "duration": .number(outcome.duration),
          "peakShare": .number(outcome.peakShare), "end": JSONValue(numbers: outcome.end),
        ]
        if let clearance = outcome.clearance { row.append("clearance", clearance) }
        return .object(row)
      }
      return print(
        JSONValue.object(["motions": .array(rows), "duration": .number(total), "dryRun": .bool(dryRun), "knocks": .array(knocks.map(\.json))]))
    }
    print(Self.table(of: outcomes).joined(separator: "\n"))
    print(String(format: "%d motion%@, %.1f s", motions.count, motions.count == 1 ? "" : "s", total))
  }

  /// A row for every motion and wait; with the clearance where the server tells one.
  static func table(of outcomes: [ScriptOutcome]) -> [String] {
    let hasClearance = outcomes.contains { $0.clearanceText != nil }
    var table = TextTable(head: ["what", "line", "takes [s]", "peak [%]"] + (hasClearance ? ["clear [mm]"] : []))
    for outcome in outcomes {
      let isMotion = outcome.task.first.motion != nil
      table.append(
        [
          outcome.task.text, outcome.task.lineNumbers, String(format: "%.2f", outcome.duration),
          isMotion ? String(format: "%.0f", outcome.peakShare * 100) : "",
        ] + (hasClearance ? [outcome.clearanceText ?? ""] : []))
    }
    return table.lines
  }

  /// The text of a script's file, or of standard input where that is said to be `-`.
  ///
  /// - Throws: ``CommandFailure`` where it cannot be read.
  static func text(of path: String) throws -> String {
    if path == "-" {
      guard let text = String(data: FileHandle.standardInput.readDataToEndOfFile(), encoding: .utf8) else {
        throw CommandFailure("Standard input is not UTF-8 text.", suggestion: "a script's text")
      }
      return text
    }
    do { return try Script.text(of: path) } catch {
      throw CommandFailure(
        "The script \(path) cannot be read: \(ScriptExpander.reason(of: error)).", suggestion: "a path such as Examples/pick-and-place.arm")
    }
  }

  /// Reads a script for an arm; what is wrong with it is a failure with its line and what to do.
  static func script(_ text: String, file: String, arm: ScriptArm) throws -> Script {
    do throws(ScriptError) { return try Script(parsing: text, file: file, arm: arm) } catch {
      throw CommandFailure("\(error)\n\(error.excerpt)", suggestion: Script.advice(on: error, in: text, file: file, arm: arm))
    }
  }
}
