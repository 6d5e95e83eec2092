internal import Control
internal import Kinematics
internal import Planner

/// Makes a report: the sweep, the hours in which nothing happens, all else that may, and the same knocks answered in other ways.
struct KnockReportRun {
  let scene: KnockScene
  /// Of the sweep; all of it, or a sample.
  let cases: [KnockCase]
  /// Of free motion, for each of a right and a wrong model.
  var hours = 1.0
  /// Knocks of the ablation.
  var ablationCount = 60

  /// - Parameter progress: Is told what is being done, and how much of it is, 0…1.
  func report(progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }) throws -> KnockReport {
    let compliance = scene.controlSettings.compliance, name = scene.configuration.name
    var summary = KnockSummary(findings: try KnockSweep(scene: scene, cases: cases).run(progress: told("knocks", cases.count, progress)))
    summary.leastDetected = compliance?.hardware == .torque ? 0.5 : 1
    if hours > 0 { summary.freeMotion = try freeMotion(progress) }
    var report = KnockReport(
      arm: name, hardware: compliance?.hardware ?? .open, summary: summary, tank: compliance?.tank ?? 0,
      yieldStiffness: compliance?.yieldStiffness ?? 0)
    let sweep = KnockSweep(scene: scene, cases: [])
    let scenarios = KnockScenario.all(
      of: scene, conditions: scene.stands.indices.map(sweep.conditions(at:)), yieldStiffness: report.yieldStiffness)
    report.scenarios = try KnockScenario.findings(
      of: scenarios, progress: told("scenarios", scenarios.reduce(0) { $0 + $1.trials.count }, progress))
    report.ablation = try ablation(progress)
    return report
  }

  private func told(_ what: String, _ count: Int, _ progress: @escaping @Sendable (String, Double) -> Void) -> @Sendable (Int) -> Void {
    { progress(what, Double($0) / Double(max(1, count))) }
  }

  private func freeMotion(_ progress: @escaping @Sendable (String, Double) -> Void) throws -> [KnockSummary.FreeMotionFigure] {
    var wrong = KnockConditions()
    wrong.modelSeed = 100
    return try [("with the right model", KnockConditions(), 0.0), ("with a wrong model", wrong, 1.0)].map { name, conditions, allowed in
      let stretches = max(1, Int((hours * 3600 / FreeMotion.stretch).rounded()))
      let found = try FreeMotion(scene: scene, conditions: conditions)
        .run(hours: hours, progress: told("free motion \(name)", stretches, progress))
      return KnockSummary.FreeMotionFigure(name: name, alarms: found.alarms, hours: found.time / 3600, allowed: allowed, faults: found.faults.count)
    }
  }

  /// Some strong knocks, answered as other arms do.
  private func ablation(_ progress: @escaping @Sendable (String, Double) -> Void) throws -> [(name: String, summary: KnockSummary)] {
    let strong = KnockCase.all.filter { $0.impulse == KnockSummary.judgedImpulse }
    let cases = KnockCase.sample(ablationCount, of: strong)
    return try Self.answers.map { name, reaction in
      var sweep = KnockSweep(scene: scene, cases: cases)
      sweep.conditions.reaction = reaction
      return (name, KnockSummary(findings: try sweep.run(progress: told("answered by: \(name)", cases.count, progress))))
    }
  }

  /// Names for people; ours comes last.
  static let answers: [(name: String, reaction: Reaction)] = [
    ("no reflex", .none), ("stiff and stop", .stop), ("rebound", .retract), ("float only", .float), ("yield and return", .yield),
  ]

  /// One knock with all answers beside each other, the arm's own first: what the plot shows.
  func plot(of knock: KnockCase) throws -> KnockPlot {
    let colours = [Reaction.yield: "#2f8199", .stop: "#d9541e", .retract: "#b3904a", .float: "#93c6d2", .none: "#9fb2bb"]
    let runs = try parallelMap(Self.answers.reversed().map(\.reaction)) { reaction in
      var conditions = KnockSweep(scene: scene, cases: []).conditions(at: knock.stand)
      conditions.reaction = reaction
      var trial = KnockTrial(knock, scene: scene, conditions: conditions)
      (trial.patience, trial.afterwards) = (2, 2)
      return try trial.run()
    }
    let named = zip(Self.answers.reversed(), runs).map { KnockPlot.Run(name: $0.name, outcome: $1, colour: colours[$0.reaction] ?? "#000") }
    let job = scene.job(knock.motion, at: scene.stands[knock.stand])
    let title =
      "\(scene.configuration.name): \(JSONValue.number(knock.impulse)) N·s on the \(knock.place.rawValue)"
      + (job.map { ", in the middle of a job at \(($0.toolSpeed * 100).rounded() / 100) m/s" } ?? "")
    return KnockPlot(title: title, runs: named, jobDuration: job?.trajectory.duration)
  }
}
