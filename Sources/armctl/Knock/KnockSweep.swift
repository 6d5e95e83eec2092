internal import Kinematics

/// Many knocks of one arm, each on a rig of its own, on all cores. The same cases give the same figures, whatever the number of cores.
struct KnockSweep {
  let scene: KnockScene
  let cases: [KnockCase]
  var conditions = KnockConditions()
  /// Whether the controller's model is wrong, differently at each stand.
  var isPerturbed = true

  struct Finding: Sendable {
    let knock: KnockCase
    let result: KnockResult
  }

  /// What each stand's controller believes.
  func conditions(at stand: Int) -> KnockConditions {
    var conditions = self.conditions
    if isPerturbed { conditions.modelSeed = UInt64(100 + stand) }
    return conditions
  }

  /// - Parameter progress: Is told how many knocks are done.
  func run(progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> [Finding] {
    let references = try self.references()
    let scene = scene, cases = cases, conditions = (0..<scene.stands.count).map(conditions(at:))
    return try parallelMap(cases, progress: progress) { knock in
      let way = references[Job(stand: knock.stand, motion: knock.motion)]
      return Finding(knock: knock, result: try KnockTrial(knock, scene: scene, conditions: conditions[knock.stand], reference: way).run().result)
    }
  }

  private struct Job: Hashable, Sendable {
    let stand: Int
    let motion: KnockCase.Motion
  }

  /// Each job's way without a knock, once.
  private func references() throws -> [Job: KnockReference] {
    let jobs = Array(Set(cases.map { Job(stand: $0.stand, motion: $0.motion) }))
    let scene = scene, conditions = (0..<scene.stands.count).map(conditions(at:))
    let ways = try parallelMap(jobs) { job in
      var trial = KnockTrial(scene: scene, stand: scene.stands[job.stand], motion: job.motion) { _, _ in [] }
      trial.conditions = conditions[job.stand]
      return try trial.undisturbed()
    }
    return Dictionary(uniqueKeysWithValues: zip(jobs, ways).compactMap { job, way in way.map { (job, $0) } })
  }
}
