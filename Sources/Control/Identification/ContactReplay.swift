public import Kinematics

/// What an arm would have felt on a motion that was recorded, told by its own observer: what it takes for contacts where nothing touched it is what
/// its thresholds have to bear.
public struct ContactReplay: Sendable {
  /// At one tick.
  public struct Feeling: Sendable {
    /// What counts as touched by [N·m].
    public var residual: JointVector
    /// What joints seem to be hit by [rad/s²].
    public var jolt: JointVector
    /// Measured [rad/s], commanded [rad/s²], measured [N·m].
    public var velocity, acceleration, effort: JointVector
  }

  private let model: RobotModel
  private let settings: ControlSettings
  private let payload: Double
  private var observer: EffortObserver
  private var watch: ContactWatch
  private var jolts: JoltWatch
  private var load: ToolLoad
  private var lastTime: Double?
  /// Before the last tick [s]: motors tell what they did when the last tick asked.
  private var interval: Double?
  private var lastSample: (position: JointVector, velocity: JointVector, effort: JointVector)?
  /// For how long each joint has told the same [s].
  private var age: JointVector

  /// After a gap in the recording, or at its beginning, nothing is told for so long [s]: the slow channel learns what the model has wrong.
  private static let learningTime = 1.5
  private var learning = Self.learningTime

  /// - Parameters:
  ///   - settings: With friction and rotors.
  ///   - compliance: As the arm's loop has it.
  public init(model: RobotModel, settings: ControlSettings, compliance: ComplianceSettings) {
    (self.model, self.settings) = (model, settings)
    observer = EffortObserver(gain: compliance.observerGain, jointCount: model.jointCount)
    watch = ContactWatch(thresholds: compliance.thresholds, payload: compliance.payload, observerGain: compliance.observerGain)
    jolts = JoltWatch(threshold: compliance.jolt, period: settings.period)
    load = ToolLoad(jointCount: model.jointCount, period: settings.period)
    payload = compliance.payload
    age = JointVector(count: model.jointCount)
  }

  /// Takes in the next tick.
  ///
  /// - Parameters:
  ///   - time: [s]
  ///   - effort: Of the motors, measured [N·m].
  ///   - acceleration: As commanded [rad/s²].
  /// - Returns: nil while it learns.
  public mutating func feel(
    at time: Double, position: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector
  ) -> Feeling? {
    let elapsed = time - (lastTime ?? time)
    lastTime = time
    if elapsed <= 0 || elapsed > Self.longestGap {
      observer.reset()
      jolts.reset()
      load.reset()
      (lastSample, interval) = (nil, nil)
      learning = Self.learningTime
    }
    let period = elapsed > 0 && elapsed <= Self.longestGap ? elapsed : settings.period
    let dynamics = ArmDynamics(model: model, settings: settings, position: position, velocity: velocity)
    for joint in age.indices {
      let isOld = lastSample.map { ($0.position[joint], $0.velocity[joint], $0.effort[joint]) == (position[joint], velocity[joint], effort[joint]) }
      age[joint] = isOld ?? false ? age[joint] + period : 0
    }
    lastSample = (position, velocity, effort)
    observer.update(
      dynamics: dynamics, velocity: velocity + age.scaled(by: acceleration), effort: effort, silent: JointSet(),
      interval: interval ?? period)
    interval = period
    load.update(model: model, position: position, velocity: velocity, acceleration: acceleration)
    jolts.update(
      acceleration: observer.surprise, accounted: observer.accounted, carried: payload * (dynamics.mobility * load.effort), fresh: observer.fresh,
      isEven: true, conduct: .moving)
    watch.update(
      residual: observer.residual, position: position, velocity: velocity, acceleration: acceleration, effort: effort, load: load,
      following: learning > 0 ? .waking : .slowly,
      period: period)
    learning = max(0, learning - period)
    return learning > 0 ? nil : Feeling(residual: watch.fast, jolt: jolts.jolt, velocity: velocity, acceleration: acceleration, effort: effort)
  }

  /// Ticks farther apart than this are not of one motion [s].
  private static let longestGap = 0.1
}
