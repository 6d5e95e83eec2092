internal import Control
internal import Kinematics
internal import MotorDrivers
internal import Planner
internal import Simulator

/// One arm, somewhere, doing something, and what happens to it meanwhile.
struct KnockTrial: Sendable {
  let scene: KnockScene
  let stand: KnockStand
  let motion: KnockCase.Motion
  var conditions = KnockConditions()
  /// Of what is left to chance.
  var seed: UInt64 = 0
  var place = KnockPlace.tool
  /// What touches the arm; `onset` [s] is when.
  var contacts: @Sendable (_ onset: Double, _ point: ContactPoint) -> [any Contact]
  /// Between the onset and the end of the contact that counts [s].
  var contactDuration = KnockTrial.blowDuration
  /// From one blow to the next where there are two [s].
  var gap: Double?
  /// For how long the arm is watched at most [s], and, once it is back, how much longer.
  var patience = 3.0, afterwards = 0.35
  /// A drive that fails at this time after the onset [s].
  var failure: (joint: Int, time: Double)?
  /// The undisturbed job, where it is known already.
  var reference: KnockReference?

  /// [s]
  static let blowDuration = 0.02
  /// From where the arm has settled until it is knocked [s].
  private static let pause = 0.05
  private static let jobNumber = 1

  struct Outcome: Sendable {
    let result: KnockResult
    let trace: KnockTrace
    let reference: KnockReference
    /// Of the force, on the trace's clock [s].
    let onset: Double
  }

  /// A plain knock of a sweep.
  init(_ knock: KnockCase, scene: KnockScene, conditions: KnockConditions = KnockConditions(), reference: KnockReference? = nil) {
    self.init(scene: scene, stand: scene.stands[knock.stand], motion: knock.motion) { onset, point in
      [KnockForce(at: point, impulse: knock.impulse, along: knock.direction.vector, start: onset, duration: Self.blowDuration)]
    }
    self.conditions = conditions
    self.reference = reference
    seed = UInt64(knock.number)
    place = knock.place
  }

  init(
    scene: KnockScene, stand: KnockStand, motion: KnockCase.Motion,
    contacts: @escaping @Sendable (_ onset: Double, _ point: ContactPoint) -> [any Contact]
  ) {
    (self.scene, self.stand, self.motion, self.contacts) = (scene, stand, motion, contacts)
  }

  /// The way that the job takes without a knock; nil where the arm holds.
  func undisturbed() throws -> KnockReference? {
    guard let job = scene.job(motion, at: stand) else { return nil }
    let rig = try self.rig(at: job.trajectory.start)
    start(job, on: rig)
    var positions: [JointVector] = [], energy = 0.0
    rig.run(job.trajectory.duration + 0.3) {
      positions.append(rig.truth.position)
      energy = max(energy, rig.truth.plant.kineticEnergy)
      return false
    }
    return KnockReference(along: positions, kineticEnergy: energy, model: scene.model)
  }

  func run() throws -> Outcome {
    guard let point = scene.points[place] else { throw NoSuchPlace() }
    let job = scene.job(motion, at: stand)
    let rig = try self.rig(at: job?.trajectory.start ?? stand.position)
    if let job { start(job, on: rig) }
    // Not always at the same moment of the loop's period.
    var draws = SplitMix64(seed: seed)
    let onset = rig.time + (job?.passingTime ?? Self.pause) + .random(in: 0...scene.configuration.period, using: &draws)
    rig.run(onset - rig.time - scene.configuration.period)
    let path = try job.map { _ in try reference ?? undisturbed() } ?? nil
    let settled = path ?? KnockReference(at: rig.truth.position, model: scene.model)
    let bound = bound(rig, point: point, onset: onset, begin: onset)
    let (trace, later) = record(rig, point: point, reference: settled, onset: onset, job: job)
    var measurement = KnockMeasurement(
      trace: trace, scene: scene, place: place, reference: settled, touchedReference: touchedWay(point, path: path, at: rig, trace: trace),
      onset: onset, contactEnd: onset + contactDuration)
    measurement.job = job.map { _ in Self.jobNumber }
    if let failure { measurement.excused = [failure.joint] }
    var result = measurement.result
    let limits = scene.configuration.limits, margin = measurement.limits.margin
    if result.crossesLimit, !result.touchesItself {
      let bounds = [bound] + (later.map { [$0] } ?? [])
      result.fate = KnockBound.fate(
        of: result.crossings, bounds, limits: limits, margin: margin, tank: scene.controlSettings.compliance?.tank ?? 0,
        felt: result.detectionDelay.map { onset + $0 })
    }
    if let knock = contacts(onset, point).first as? KnockForce {
      let position = trace.samples.first?.position ?? stand.position
      result.isDetectable = scene.isDetectable(knock, at: position)
      result.predictedTravel = scene.controlSettings.compliance.flatMap {
        scene.predictedTravel(knock, at: position, stiffness: $0.yieldStiffness)
      }
    }
    if let job, let end = trace.events.last(where: { $0.event == .finished(job: Self.jobNumber) }) {
      result.timeLost = end.time - (onset - job.passingTime) - job.trajectory.duration
    }
    return Outcome(result: result, trace: trace, reference: settled, onset: onset)
  }

  private func rig(at position: JointVector) throws(BusError) -> KnockRig {
    let rig = try KnockRig(scene, at: position, conditions: conditions, seed: seed)
    rig.hold()
    return rig
  }

  private func start(_ job: KnockJob, on rig: KnockRig) {
    // From where the setpoint is: what was measured when the motors came on differs by a sensor's step.
    guard
      let way = try? Trajectory.jointMove(
        from: rig.snapshot.setpoint, to: job.trajectory.end, limits: scene.configuration.limits, speed: job.share)
    else { return }
    rig.keep(way)
    rig.request(.follow(way, job: Self.jobNumber))
  }

  /// What motors could have done at best, from where the arm is now, shortly before the force of `begin`.
  private func bound(_ rig: KnockRig, point: ContactPoint, onset: Double, begin: Double) -> KnockBound {
    KnockBound(
      plant: rig.truth.plant, contacts: contacts(onset, point), held: rig.motorEffort, rated: scene.configuration.ratedEffort,
      answer: begin + scene.configuration.period + conditions.roundTrip, contactEnd: begin + contactDuration, armature: scene.armature)
  }

  /// - Returns: What happened, and what motors could have done at best about the second blow where there is one.
  private func record(
    _ rig: KnockRig, point: ContactPoint, reference: KnockReference, onset: Double, job: KnockJob?
  ) -> (trace: KnockTrace, later: KnockBound?) {
    var trace = KnockTrace(), backSince: Double?, failure = failure, later: KnockBound?
    for contact in contacts(onset, point) { rig.touch(with: contact) }
    let patience = patience + (job?.trajectory.duration ?? 0)
    rig.run(patience + contactDuration) {
      if let gap, later == nil, rig.time >= onset + gap - scene.configuration.period {
        later = bound(rig, point: point, onset: onset, begin: onset + gap)
      }
      if let due = failure, rig.time >= onset + due.time {
        rig.failMotor(due.joint)
        failure = nil
      }
      trace.note(rig, touched: point)
      guard let sample = trace.samples.last, sample.time > onset + contactDuration + 0.1 else { return false }
      let isDone = sample.mode == .hold && rig.snapshot.job == nil && reference.isBack(sample.tool)
      backSince = isDone ? backSince ?? sample.time : nil
      return backSince.map { sample.time - $0 >= afterwards } ?? false
    }
    trace.events = rig.events
    return (trace, later)
  }

  private func touchedWay(_ point: ContactPoint, path: KnockReference?, at rig: KnockRig, trace: KnockTrace) -> [SIMD3<Double>] {
    guard place == .elbow else { return [] }
    return path?.points(point) ?? [trace.samples.first?.touched ?? .zero]
  }

  struct NoSuchPlace: Error, CustomStringConvertible {
    var description: String { "an arm with joints that follow others can be knocked at its tool only" }
  }
}
