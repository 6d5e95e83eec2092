internal import Control
internal import Foundation
internal import Kinematics
internal import Planner
internal import Simulator

/// What else may happen to an arm than one knock in the open: each thing tried several times, and judged by what it asks.
struct KnockScenario: Sendable {
  let name: String
  /// What is asked, in a few words.
  let demand: String
  let trials: [KnockTrial]
  /// Why an outcome is not as it should be; nil where it is.
  let complaint: @Sendable (KnockTrial.Outcome) -> String?

  struct Finding: Sendable {
    let name, demand: String
    let count: Int
    /// Of the trials that were not as they should be.
    let complaints: [String]
    /// Of the trials that were not as they should be, what motors could have done about it.
    var fates: [KnockResult.Fate] = []

    func count(_ fate: KnockResult.Fate) -> Int { fates.count { $0 >= fate } }

    var score: String {
      let thrown = count(.feltTooLate)
      return "\(count - complaints.count) of \(count)" + (thrown > 0 ? "; \(thrown) thrown" : "")
    }
  }

  static func findings(of scenarios: [KnockScenario], progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> [Finding] {
    let work = scenarios.indices.flatMap { scenario in scenarios[scenario].trials.indices.map { (scenario, $0) } }
    let outcomes = try parallelMap(work, progress: progress) { scenario, trial in
      let trial = scenarios[scenario].trials[trial], outcome = try trial.run()
      return (complaint: scenarios[scenario].complaint(outcome).map { "\(trial.stand.name): \($0)" }, result: outcome.result)
    }
    return scenarios.indices.map { index in
      let own = zip(work, outcomes).filter { $0.0.0 == index }.map(\.1), failed = own.filter { $0.complaint != nil }
      return Finding(
        name: scenarios[index].name, demand: scenarios[index].demand, count: own.count, complaints: failed.compactMap(\.complaint),
        fates: failed.map(\.result.fate))
    }
  }

  /// - Parameter conditions: Of each stand's controller.
  static func all(of scene: KnockScene, conditions: [KnockConditions], yieldStiffness: Double) -> [KnockScenario] {
    let base = Base(scene: scene, conditions: conditions)
    return [
      base.hard, base.hand, base.second, base.singular, base.nearLimits, base.lossy, base.heavier, base.failed, base.clamp,
      base.held(yieldStiffness: yieldStiffness),
    ]
  }
}

/// What the scenarios are made from.
private struct Base {
  let scene: KnockScene
  let conditions: [KnockConditions]

  /// Criterion 3, and that the arm is back and goes on.
  private static func survived(_ outcome: KnockTrial.Outcome) -> String? {
    if outcome.result.crossesLimit { return String(format: "%.1f° from a limit", outcome.result.limitMargin * 180 / .pi) }
    if outcome.result.touchesItself { return "touches itself" }
    if outcome.result.demandShare > 1.001 { return String(format: "%.2f of a rated effort asked", outcome.result.demandShare) }
    if outcome.trace.samples.last?.mode == .fault { return "ends in fault" }
    return nil
  }

  private static func survivedAndResumed(_ outcome: KnockTrial.Outcome) -> String? {
    survived(outcome) ?? (outcome.result.recovery == nil ? "not back" : outcome.result.hasResumed ? nil : "does not go on")
  }

  private func tries(
    _ motions: [KnockCase.Motion] = [.holding, .moving(speed: 0.25)], stands: [KnockStand]? = nil, patience: Double = 4,
    _ contacts: @escaping @Sendable (_ onset: Double, _ point: ContactPoint, _ direction: SIMD3<Double>) -> [any Contact]
  ) -> [KnockTrial] {
    let directions = [KnockDirection.all[4], KnockDirection.all[21]].map(\.vector)
    let stands = stands ?? scene.stands
    return stands.indices.flatMap { index in
      motions.flatMap { motion in
        directions.map { direction in
          var trial = KnockTrial(scene: scene, stand: stands[index], motion: motion) { contacts($0, $1, direction) }
          trial.conditions = conditions[index % conditions.count]
          trial.patience = patience
          trial.seed = UInt64(1000 + index)
          return trial
        }
      }
    }
  }

  @Sendable private static func blow(_ impulse: Double, _ onset: Double, _ point: ContactPoint, _ direction: SIMD3<Double>) -> KnockForce {
    KnockForce(at: point, impulse: impulse, along: direction, start: onset, duration: KnockTrial.blowDuration)
  }

  var hard: KnockScenario {
    KnockScenario(
      name: "20 N·s", demand: "no limit crossed, back",
      trials: tries([.holding], patience: 6) { [Self.blow(20, $0, $1, $2)] }, complaint: Self.survivedAndResumed)
  }

  var hand: KnockScenario {
    var trials = tries { onset, point, direction in [HandContact(at: point, speed: 2.5, along: direction, start: onset)] }
    for index in trials.indices { trials[index].contactDuration = 0.03 }
    return KnockScenario(name: "a hand at 2.5 m/s", demand: "no limit crossed, back", trials: trials, complaint: Self.survivedAndResumed)
  }

  var second: KnockScenario {
    let gaps = [0.15, 0.4]
    let trials = gaps.flatMap { gap in
      var trials = tries { onset, point, direction in
        [Self.blow(2, onset, point, direction), Self.blow(2, onset + gap, point, SIMD3(direction.y, -direction.x, -direction.z) + [0, 0, 0.1])]
      }
      for index in trials.indices { trials[index].gap = gap }
      return trials
    }
    return KnockScenario(name: "a second knock on the way", demand: "no limit crossed, back", trials: trials, complaint: Self.survivedAndResumed)
  }

  var singular: KnockScenario {
    KnockScenario(
      name: "in a singular place", demand: "no limit crossed, back",
      trials: tries([.holding], stands: [.singular(of: scene.configuration)]) { [Self.blow(2, $0, $1, $2)] },
      complaint: Self.survivedAndResumed)
  }

  /// Each joint 10° from each of its limits, and knocked towards it.
  var nearLimits: KnockScenario {
    let limits = scene.configuration.limits
    var trials: [KnockTrial] = []
    for joint in limits.lower.indices {
      for upper in [false, true] {
        guard let stand = scene.stands[0].near(limitOf: joint, upper: upper, limits: limits) else { continue }
        var column = scene.model.jacobian(at: stand.position)[joint].linear
        guard column.length > 0.02 else { continue }
        if !upper { column = -column }
        for impulse in [2.0, 4] {
          var trial = KnockTrial(scene: scene, stand: stand, motion: .holding) { [column] in [Self.blow(impulse, $0, $1, column)] }
          trial.conditions = conditions[0]
          trials.append(trial)
        }
      }
    }
    return KnockScenario(name: "10° from a limit", demand: "no limit crossed, back", trials: trials, complaint: Self.survivedAndResumed)
  }

  var lossy: KnockScenario {
    var trials = tries { [Self.blow(2, $0, $1, $2)] }
    for index in trials.indices { trials[index].conditions.lossShare = 0.05 }
    return KnockScenario(name: "5 % of frames lost", demand: "no limit crossed, back", trials: trials, complaint: Self.survivedAndResumed)
  }

  var heavier: KnockScenario {
    var trials = tries { [Self.blow(2, $0, $1, $2)] }
    for index in trials.indices { (trials[index].conditions.modelSeed, trials[index].conditions.extraMass) = (nil, 0.15) }
    return KnockScenario(
      name: "15 % heavier than its model", demand: "no limit crossed, back", trials: trials, complaint: Self.survivedAndResumed)
  }

  /// A drive that fails while the arm gives way.
  var failed: KnockScenario {
    var trials: [KnockTrial] = []
    for joint in scene.configuration.joints.indices {
      for direction in [KnockDirection.all[4], KnockDirection.all[21]] {
        var trial = KnockTrial(scene: scene, stand: scene.stands[0], motion: .holding) { [Self.blow(2, $0, $1, direction.vector)] }
        trial.conditions = conditions[0]
        trial.failure = (joint, 0.05)
        trial.patience = 2
        trials.append(trial)
      }
    }
    return KnockScenario(name: "a drive fails", demand: "the others cross no limit, the mode says so", trials: trials) { outcome in
      let mode = outcome.trace.samples.last?.mode
      if outcome.result.crossesLimit { return String(format: "%.1f° from a limit", outcome.result.limitMargin * 180 / .pi) }
      return mode == .fault || mode == .stopped ? nil : "ends in \(mode?.rawValue ?? "nothing")"
    }
  }

  /// A hand between the moving tool and a wall.
  var clamp: KnockScenario {
    var trials: [KnockTrial] = []
    for index in scene.stands.indices {
      guard let job = scene.job(.moving(speed: 0.25), at: scene.stands[index]) else { continue }
      let middle = job.trajectory.setpoint(at: job.passingTime), model = scene.model
      let way = model.jacobian(at: middle.position).twist(for: middle.velocity).linear, place = model.pose(at: middle.position).translation
      var trial = KnockTrial(scene: scene, stand: scene.stands[index], motion: .moving(speed: 0.25)) { onset, point in
        [WallContact(at: point, place: place, normal: -way, start: onset - 0.1, end: onset + Self.clampDuration)]
      }
      trial.conditions = conditions[index]
      trial.contactDuration = Self.clampDuration
      trials.append(trial)
    }
    return KnockScenario(
      name: "a hand against a wall", demand: "< \(Int(Self.clampForce)) N after 0.5 s, and the job done when it is out", trials: trials
    ) { outcome in
      let pressed =
        outcome.trace.samples.filter {
          $0.time > outcome.onset + 0.5 && $0.time < outcome.onset + Self.clampDuration
        }.map(\.force.length).max() ?? 0
      if pressed > Self.clampForce { return String(format: "%.0f N after 0.5 s", pressed) }
      return outcome.result.crossesLimit ? "crosses a limit" : outcome.result.hasResumed ? nil : "does not go on"
    }
  }

  private static let clampDuration = 2.5
  /// To the face, the most sensitive region [N].
  private static let clampForce = 65.0

  func held(yieldStiffness: Double) -> KnockScenario {
    var trials = tries([.holding], patience: 6) { onset, point, direction in
      [Push(at: point, force: 30 * direction, start: onset, duration: 3, ramp: 0.05)]
    }
    for index in trials.indices { trials[index].contactDuration = 3 }
    return KnockScenario(name: "30 N for 3 s", demand: "not fought: at most K·x; back when let go", trials: trials) { outcome in
      if let complaint = Self.survived(outcome) { return complaint }
      let force = outcome.result.opposingForce ?? 0, allowed = yieldStiffness * outcome.result.travel + 2
      if force > allowed { return String(format: "fought with %.0f N at %.0f mm", force, 1e3 * outcome.result.travel) }
      return outcome.result.recovery == nil ? "not back" : nil
    }
  }
}
