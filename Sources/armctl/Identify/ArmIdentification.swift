internal import Control
internal import Kinematics
internal import MotorDrivers

/// From a recorded motion to what the arm's file should say.
struct ArmIdentification: Sendable {
  let configuration: ArmConfiguration
  var subject = EffortIdentification.Subject.arm

  struct Outcome: Sendable {
    let subject: EffortIdentification.Subject
    let finding: EffortIdentification.Finding
    /// The arm as it was found.
    let model: RobotModel
    /// One a joint, on top of the model's own file.
    let corrections: [MassCorrection]
    /// nil where the payload was sought.
    let thresholds: ContactThresholds?
    /// What joints may suddenly speed up by without having been hit [rad/s²]; nil where the payload was sought, or blows are not felt by it.
    let jolt: JointVector?
    /// What was sought, where the payload was; nil where there is none that can be told from nothing.
    let payload: Payload?
  }

  /// The arm was held, or hit, while nothing should have touched it.
  struct Touched: Error, Equatable {
    /// Since the beginning of the motion [s].
    let time: Double
    let joint: String
  }

  private var settings: ControlSettings { configuration.controlSettings }
  /// - Parameter fold: Which part of a cross-validation a leg belongs to.
  /// - Throws: ``EffortIdentification/Failure`` or ``Touched``.
  func outcome(of recording: EffortRecording, fold: (Int) -> Int) throws -> Outcome {
    let model = configuration.model, instants = instants(of: recording)
    let own = (0..<model.jointCount).map { model.ownBody(of: $0) }
    var identification = EffortIdentification(
      model: model, rotorInertia: settings.rotorInertia, friction: configuration.frictions, subject: subject, bodies: own,
      errorLength: Self.errorTime / EffortRecording.period)
    for instant in instants {
      guard let leg = instant.leg else { continue }
      identification.add(
        instant.position, velocity: instant.velocity, acceleration: instant.acceleration, effort: instant.effort, fold: fold(leg),
        isSliding: instant.isSliding)
    }
    let finding = try identification.finding()
    var found = model, payload: Payload?
    switch subject {
    case .arm: found = model.corrected(by: finding.corrections)
    case .payload:
      let load = finding.corrections[model.bodyCount - 1]
      if load.mass > Self.leastLoad * finding.massDeviation { payload = try? model.payload(of: load) }
      payload = payload.map { (try? Payload(mass: $0.mass, center: $0.center, inertia: model.payload?.inertia ?? .zero)) ?? $0 }
      found.payload = payload
    }
    try checkFree(instants, model: found, friction: finding.friction)
    let fit = subject == .arm ? thresholdFit(recording, instants, model: found, friction: finding.friction) : nil
    return Outcome(
      subject: subject, finding: finding, model: found,
      corrections: zip(configuration.joints, own).map { joint, body in
        let more = subject == .arm ? finding.corrections[body] : .zero
        return MassCorrection(mass: joint.correction.mass + more.mass, firstMoment: joint.correction.firstMoment + more.firstMoment)
      },
      thresholds: fit?.thresholds, jolt: configuration.complianceClass == .torque ? fit?.jolt : nil, payload: payload)
  }

  /// The motion, smoothed, with the efforts that the motors gave on average.
  ///
  /// A motor that hangs its joint on a spring is told where to every period, and tells its torque just before: what the spring has come down to
  /// meanwhile. On average it was half a period's way more. And its code is cut off downwards: on average by half a code.
  func instants(of recording: EffortRecording) -> [EffortRecording.Instant] {
    var instants = recording.instants(), slack = JointVector(count: configuration.joints.count), cut = slack
    for (index, joint) in configuration.joints.enumerated() {
      guard let motor = joint.motor.damiao else { continue }
      let ratio = joint.transmission.ratio
      slack[index] = 0.5 * configuration.period * min(motor.stiffness, Damiao.stiffness.range.upperBound * ratio * ratio)
      cut[index] = 0.5 * Damiao.Scale(position: motor.pMax, velocity: motor.vMax, torque: motor.tMax).torque.resolution * ratio
      if joint.transmission.isReversed { cut[index] = -cut[index] }
    }
    for index in instants.indices { instants[index].effort += slack.scaled(by: instants[index].velocity) + cut }
    return instants
  }

  /// What a model has wrong in one posture it has wrong in the next: for so long [s].
  private static let errorTime = 0.25
  /// A load that is lighter than so many of its own deviations is none.
  private static let leastLoad = 3.0

  /// What a model of the arm leaves unexplained of the efforts at an instant [N·m; N].
  func remainder(_ instant: EffortRecording.Instant, model: RobotModel, friction: [EffortIdentification.Friction]) -> JointVector {
    var rest =
      instant.effort - model.inverseDynamics(at: instant.position, velocity: instant.velocity, acceleration: instant.acceleration)
      - settings.rotorInertia.scaled(by: instant.acceleration)
    for (joint, friction) in friction.enumerated() {
      rest[joint] -= friction.coulomb * (instant.velocity[joint] < 0 ? -1 : 1) + friction.viscous * instant.velocity[joint]
    }
    return rest
  }

  // MARK: Whether it was free

  /// How long a touch lasts at least [s], how much it exceeds what is usual, and a joint's effort limit's share that is never a touch.
  private static let touchTime = 0.1, touchRatio = 8.0, leastTouch = 0.05

  private func checkFree(_ instants: [EffortRecording.Instant], model: RobotModel, friction: [EffortIdentification.Friction]) throws(Touched) {
    let rests = instants.map { remainder($0, model: model, friction: friction) }
    for joint in configuration.joints.indices {
      let sliding = instants.indices.filter { instants[$0].isSliding[joint] }
      guard !sliding.isEmpty else { continue }
      // Of sizes the median: a touch does not raise it.
      let usual = sliding.map { abs(rests[$0][joint]) }.sorted()[sliding.count / 2]
      let most = max(Self.touchRatio * usual / 0.6745, Self.leastTouch * min(configuration.limits.effort[joint], 1e6))
      var begun: Double?, last = -Double.infinity
      for index in sliding {
        let time = instants[index].time
        if abs(rests[index][joint]) < most || time > last + 2 * EffortRecording.period { begun = nil }
        last = time
        guard abs(rests[index][joint]) >= most else { continue }
        begun = begun ?? time
        guard let begun, time - begun >= Self.touchTime else { continue }
        throw Touched(time: begun - instants[0].time, joint: configuration.joints[joint].name)
      }
    }
  }

  // MARK: Thresholds

  private func thresholdFit(
    _ recording: EffortRecording, _ instants: [EffortRecording.Instant], model: RobotModel, friction: [EffortIdentification.Friction]
  ) -> ThresholdFit {
    let derived = derivedSettings(model: model, friction: friction)
    return ThresholdFit(
      felt(recording, instants, model: model, friction: friction), derived: derived.compliance.thresholds, derivedJolt: derived.compliance.jolt)
  }

  /// What the arm would have felt on a motion, as it was found.
  func felt(
    _ recording: EffortRecording, _ instants: [EffortRecording.Instant], model: RobotModel, friction: [EffortIdentification.Friction]
  ) -> [ContactReplay.Feeling] {
    let (settings, compliance) = derivedSettings(model: model, friction: friction)
    var replay = ContactReplay(model: model, settings: settings, compliance: compliance)
    var felt: [ContactReplay.Feeling] = [], next = 0
    for sample in recording.samples {
      while next + 1 < instants.count, abs(instants[next + 1].time - sample.time) <= abs(instants[next].time - sample.time) { next += 1 }
      let acceleration = next < instants.count ? instants[next].acceleration : JointVector(count: model.jointCount)
      let feeling = replay.feel(
        at: sample.time, position: sample.position, velocity: sample.velocity, acceleration: acceleration, effort: sample.effort)
      if let feeling { felt.append(feeling) }
    }
    return felt
  }

  /// What follows from the arm as it was found, whatever its file says about feeling.
  private func derivedSettings(
    model: RobotModel, friction: [EffortIdentification.Friction]
  ) -> (settings: ControlSettings, compliance: ComplianceSettings) {
    var settings = settings
    settings.coulombFriction = JointVector(friction.map(\.coulomb))
    settings.viscousFriction = JointVector(friction.map(\.viscous))
    var compliance = configuration.complianceSettings(settings, isTuned: false)
    compliance.thresholds = ContactThresholds(
      model: model, rotorInertia: settings.rotorInertia, coulomb: settings.coulombFriction, viscous: settings.viscousFriction,
      effort: compliance.effort, observerGain: compliance.observerGain, hardware: compliance.hardware)
    return (settings, compliance)
  }
}

extension ArmConfiguration {
  /// Of each joint, as the file has it.
  var frictions: [EffortIdentification.Friction] {
    joints.map { .init(coulomb: $0.transmission.coulomb, viscous: $0.transmission.viscous) }
  }
}
