internal import Control
internal import Kinematics
internal import Simulator

/// Reads a knock's figures off what truly happened.
struct KnockMeasurement {
  let trace: KnockTrace
  let scene: KnockScene
  let place: KnockPlace
  let reference: KnockReference
  /// Where the point that was touched would have been; the tool's own way where the tool counts.
  let touchedReference: [SIMD3<Double>]
  /// Of the force [s].
  let onset, contactEnd: Double
  var job: Int?
  var limits = KnockResult.Limits()
  /// Joints that nobody asks of where they go: those whose drives have failed.
  var excused: Set<Int> = []

  private var samples: [KnockTrace.Sample] { trace.samples }

  var result: KnockResult {
    var result = KnockResult()
    guard let first = samples.firstIndex(where: { $0.time > onset }), let last = samples.last else { return result }
    let deviations = samples[first...].map { reference.deviation(of: $0.tool) }
    readEvents(into: &result)
    readLimits(from: first, into: &result)
    readTravel(from: first, deviations: deviations, into: &result)
    readReturn(from: first, deviations: deviations, into: &result)
    readEnergy(from: first, into: &result)
    result.finalMode = last.mode
    return result
  }

  private func readEvents(into result: inout KnockResult) {
    for event in trace.events {
      if event.event.isKnocked {
        if event.time < onset { result.isFalseAlarm = true }
        if event.time >= onset, result.detectionDelay == nil { result.detectionDelay = event.time - onset }
      }
      if let job, case .finished(job) = event.event { result.hasResumed = true }
    }
    if job == nil { result.hasResumed = samples.last?.mode == .hold }
  }

  private func readLimits(from first: Int, into result: inout KnockResult) {
    let bounds = scene.configuration.limits, start = samples[first].position
    for joint in start.indices where !excused.contains(joint) {
      for isUpper in [false, true] {
        func left(_ q: JointVector) -> Double { isUpper ? bounds.upper[joint] - q[joint] : q[joint] - bounds.lower[joint] }
        let least = samples[first...].reduce(Double.infinity) { min($0, left($1.position)) }
        result.limitMargin = min(result.limitMargin, least)
        // One that stood nearer than the margin when it was knocked may stay there.
        if least < min(limits.margin, left(start) - 1e-3) { result.crossings.insert(.init(joint: joint, isUpper: isUpper)) }
      }
    }
    result.demandShare = samples[first...].reduce(0) { max($0, $1.demandShare) }
    // Every fifth tick: nothing gets through anything else in a hundredth of a second.
    let places = samples[first...].enumerated().filter { $0.offset % 5 == 0 }.map(\.element.position)
    result.touchesItself = !scene.touchesItself(at: [start]) && scene.touchesItself(at: places)
  }

  /// From the undisturbed way, at the point that counts.
  private func excursion(_ sample: KnockTrace.Sample, _ deviation: SIMD3<Double>) -> SIMD3<Double> {
    guard place == .elbow else { return deviation }
    return touchedReference.map { sample.touched - $0 }.min { dot($0, $0) < dot($1, $1) } ?? .zero
  }

  private func readTravel(from first: Int, deviations: [(offset: SIMD3<Double>, angle: Double)], into result: inout KnockResult) {
    let excursions = zip(samples[first...], deviations).map { excursion($0, $1.offset) }
    guard let peak = excursions.indices.max(by: { excursions[$0].length < excursions[$1].length }), excursions[peak].length > 0 else { return }
    result.travel = excursions[peak].length
    let way = excursions[peak] / result.travel
    result.overshoot = excursions[peak...].reduce(0) { max($0, -dot($1, way)) } / result.travel
    guard job == nil else { return }
    result.opposingForce = opposingForce(samples[first...(first + peak)], along: way)
  }

  /// What the motors do on average at the point against its going along `way`, beyond holding the arm's weight: the force at the point that would
  /// accelerate it as the motors do.
  ///
  ///     F = −Λ wᵀJ M⁻¹ (τ_m − g),      Λ = 1 / (wᵀJ M⁻¹Jᵀw)
  private func opposingForce(_ samples: ArraySlice<KnockTrace.Sample>, along way: SIMD3<Double>) -> Double? {
    guard let point = scene.points[place] else { return nil }
    var sum = 0.0
    for sample in samples {
      let motion = point.motion(at: sample.position, velocity: sample.velocity), pull = motion.effort(of: way)
      guard let inverse = scene.model.inverseMassMatrix(at: sample.position, armature: scene.armature) else { return nil }
      let moved = inverse * pull, mobility = moved.dot(pull)
      guard mobility > 1e-9 else { continue }
      sum -= moved.dot(sample.motorEffort - scene.model.gravityEffort(at: sample.position)) / mobility
    }
    return sum / Double(max(1, samples.count))
  }

  private func readReturn(from first: Int, deviations: [(offset: SIMD3<Double>, angle: Double)], into result: inout KnockResult) {
    let isAway = deviations.map { $0.offset.length > limits.place || $0.angle > limits.angle }
    let peak = deviations.indices.max { deviations[$0].offset.length < deviations[$1].offset.length } ?? 0
    let speed = scene.configuration.limits.velocity
    for sample in samples[(first + peak)...] where sample.time > contactEnd {
      for joint in speed.indices where !excused.contains(joint) {
        result.returnSpeedShare = max(result.returnSpeedShare, abs(sample.velocity[joint]) / speed[joint])
      }
    }
    guard let lastAway = isAway.lastIndex(of: true) else { return result.recovery = 0 }
    guard lastAway + 1 < isAway.count else { return }
    let back = samples[first + lastAway + 1].time - onset
    result.recovery = back
    guard job != nil else { return }
    let settled = zip(samples[first...], deviations).filter { $0.0.time - onset > back + limits.rejoining && $0.0.mode == .move }
    result.pathDeviation = settled.map(\.1.offset.length).max()
  }

  private func readEnergy(from first: Int, into result: inout KnockResult) {
    let after = samples[first...].filter { $0.time >= contactEnd }
    guard let end = after.first?.kineticEnergy else { return }
    result.energyExcess = max(0, (after.map(\.kineticEnergy).max() ?? 0) - max(end, reference.kineticEnergy))
  }
}

extension ControlEvent {
  /// Whether the controller has felt something touch the arm.
  var isKnocked: Bool { if case .knocked = self { true } else { false } }
}
