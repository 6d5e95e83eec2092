internal import Foundation

/// What became of a task, or would.
struct ScriptOutcome {
  var task: ScriptTask
  /// As planned [s].
  var duration: Double
  /// The most of any joint's velocity, acceleration and jerk limits that the motion uses, 0…1; 0 of a wait.
  var peakShare = 0.0
  /// How near the arm comes to what it must not touch, as the server says it; nil where it does not.
  var clearance: JSONValue?
  /// The configuration at its end [rad; m].
  var end: [Double] = []
  /// When it began and ended, CLOCK_MONOTONIC [s]; zero of a dry run.
  var startTime = 0.0
  var endTime = 0.0

  init(_ task: ScriptTask, plan: JSONValue) {
    self.task = task
    duration = plan["duration"]?.number ?? 0
    peakShare = ["velocity", "acceleration", "jerk"].compactMap { plan["peakShares"]?[$0]?.number }.max() ?? 0
    clearance = plan["clearance"]
    end = plan["end"]?.numbers ?? []
  }

  /// "31 table": millimetres, and to what.
  var clearanceText: String? {
    guard let clearance, let distance = clearance["distance"]?.number else { return nil }
    return String(format: "%.0f", distance * 1e3) + ((clearance["obstacle"] ?? clearance["otherLink"])?.string.map { " \($0)" } ?? "")
  }

  init(_ task: ScriptTask, waiting seconds: Double, end: [Double]) {
    self.task = task
    duration = seconds
    self.end = end
  }
}

/// A script planned from its beginning to its end, each motion from where the one before it ends. Nothing moves.
struct ScriptPlan {
  var outcomes: [ScriptOutcome] = []
  /// Whether every task has been planned.
  var isComplete = true

  /// [s]
  var duration: Double { outcomes.reduce(0) { $0 + $1.duration } }

  /// - Parameters:
  ///   - most: Distinct motions to plan at most.
  ///   - progress: Told after each task.
  /// - Throws: ``CommandFailure`` at the first line that cannot be done.
  init(_ tasks: [ScriptTask], session: ScriptSession, most: Int = .max, progress: (ScriptTask, Double) throws -> Void = { _, _ in }) throws {
    var position: [Double]?
    var known: [String: JSONValue] = [:]
    for (index, task) in tasks.enumerated() {
      switch task.first.action {
      case .wait(let seconds): outcomes.append(ScriptOutcome(task, waiting: seconds, end: position ?? []))
      case .gripper(_, let duration): outcomes.append(ScriptOutcome(task, waiting: duration, end: position ?? []))
      case .waitForContact, .waitForInput: outcomes.append(ScriptOutcome(task, waiting: 0, end: position ?? []))
      case .motion:
        guard let (method, request) = task.request else { continue }
        var parameters = request
        parameters.append("dryRun", true)
        if let position { parameters.append("from", JSONValue(numbers: position)) }
        // What was planned once from the same place is as it was: most scripts repeat themselves.
        let key = "\(method) \(JSONValue.object(parameters))"
        if known[key] == nil, known.count >= most {
          isComplete = false
          return
        }
        let plan = try known[key] ?? task.explaining { try session.ask(method, parameters) }
        known[key] = plan
        let outcome = ScriptOutcome(task, plan: plan)
        position = outcome.end
        outcomes.append(outcome)
      }
      try progress(task, Double(index + 1) / Double(tasks.count))
    }
  }
}

extension ScriptTask {
  /// Runs what the task asks of the server; a refusal is reported with the task's line.
  func explaining<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch CommandClient.Failure.refused(let error) {
      if let lead = Lead(error.data) { throw failure(lead.sentence, suggestion: lead.suggestion) }
      throw failure(error.message, suggestion: suggestion(for: error))
    }
  }

  /// What to do about a refusal, in the words of scripts: the server says it for the command line.
  private func suggestion(for error: RPCError) -> String {
    guard let given = error.data["try"]?.string else { return "armctl status" }
    if let advice = given.firstMatch(of: /end the line (before|after) ([0-9.]+) mm(?: at most)?/), let most = Double(advice.2),
      let line = shortened(to: advice.1 == "before" ? most.rounded(.up) - 1 : most)
    {
      return given.replacing(advice.0, with: "write \(line)")
    }
    if given.contains("--degrees") { return "deg behind the bracket, as in [0, 20, 90] deg" }
    guard let option = given.range(of: "--joints ") else { return given }
    return given[..<option.lowerBound] + "move [" + given[option.upperBound...].replacing(",", with: ", ") + "]"
  }

  /// The line by an offset, so many millimetres long; nil of other tasks.
  private func shortened(to length: Double) -> String? {
    guard isLine, length >= 1, case .offset(let offset, _)? = first.motion?.goal else { return nil }
    let share = length / (1000 * (offset * offset).sum().squareRoot())
    // Rounded towards nothing, so that it does not become longer.
    let row = [offset.x, offset.y, offset.z].map { plain((1e4 * share * $0 * (1 + 1e-12)).rounded(.towardZero) / 10) }
    let clauses = first.text.firstMatch(of: /\s(?:in|at|blend)\b.*/).map { String($0.0) } ?? ""
    return "line by \(row.joined(separator: " ")) mm\(clauses)"
  }

  /// A failure at the task's line.
  func failure(_ sentence: String, suggestion: String) -> CommandFailure {
    CommandFailure("\(first.place): \(sentence)\n\(first.place.excerpt)", suggestion: suggestion)
  }
}
