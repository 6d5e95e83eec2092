public import Kinematics

/// What an arm would have felt on a motion that was recorded, told by its own observer: what it takes for contacts where nothing touched it is what
/// its thresholds have to bear.
public struct ContactReplay: Sendable {
  /// At one tick.
  public struct Feeling: Sendable {
    /// What counts as touched by [N·m].
    public var residual: JointVector
    /// Measured [rad/s], commanded [rad/s²], measured [N·m].
    public var velocity, acceleration, effort: JointVector
  }

  private let model: RobotModel
  private let settings: ControlSettings
  private var observer: EffortObserver
  private var watch: ContactWatch
  private var lastTime: Double?

  /// After a gap in the recording, or at its beginning, nothing is told for so long [s]: the slow channel learns what the model has wrong.
  private static let learningTime = 1.5
  private var learning = Self.learningTime

  /// - Parameters:
  ///   - settings: With friction and rotors.
  ///   - compliance: As the arm's loop has it.
  public init(model: RobotModel, settings: ControlSettings, compliance: ComplianceSettings) {
    (self.model, self.settings) = (model, settings)
    observer = EffortObserver(gain: compliance.observerGain, jointCount: model.jointCount)
    watch = ContactWatch(thresholds: compliance.thresholds, payload: compliance.payload)
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
      learning = Self.learningTime
    }
    let period = elapsed > 0 && elapsed <= Self.longestGap ? elapsed : settings.period
    let dynamics = ArmDynamics(model: model, settings: settings, position: position, velocity: velocity)
    observer.update(dynamics: dynamics, velocity: velocity, effort: effort, silent: JointSet(), interval: period)
    watch.update(
      residual: observer.residual, position: position, velocity: velocity, acceleration: acceleration, effort: effort,
      weight: model.jacobian(at: position).effort(for: Wrench(force: model.gravity)), following: learning > 0 ? .waking : .slowly,
      period: period)
    learning = max(0, learning - period)
    return learning > 0 ? nil : Feeling(residual: watch.fast, velocity: velocity, acceleration: acceleration, effort: effort)
  }

  /// Ticks farther apart than this are not of one motion [s].
  private static let longestGap = 0.1
}
