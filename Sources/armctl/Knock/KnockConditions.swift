internal import Control
internal import Kinematics
internal import Simulator

/// How awkward the emulated arm is, and how wrong the controller is about it.
struct KnockConditions: Sendable {
  /// What the controller does when it is knocked; nil: what the arm file says.
  var reaction: Reaction?
  /// Draws what masses, centres and friction the controller believes in; nil: the right ones.
  var modelSeed: UInt64?
  /// Every mass is this much more than the controller believes, as a share.
  var extraMass = 0.0
  /// The line's latency each way and what comes on top at random [s]: with the wire's own time, positions are 1 to 4 ms old when they are used.
  var hostLatency = 0.2e-3, hostJitter = 1e-3
  /// There and back, on average [s].
  var roundTrip: Double { 2 * hostLatency + hostJitter }
  /// How late the loop wakes up at most [s].
  var wakeUpJitter = 0.2e-3
  /// Share of the wake-ups that come much later, as the machine has other things to do, and how late they are at most [s].
  var lateShare = 0.0, longestLate = 8e-3
  /// Steps of a shaft's sensor on a turn, where the drive has not its own.
  var encoderCounts: Double? = 16_384
  var stribeck: Stribeck? = Stribeck()
  /// Share of frames that are lost on the bus.
  var lossShare = 0.0

  /// Everything right, prompt and smooth.
  static let ideal: KnockConditions = {
    var conditions = KnockConditions()
    (conditions.hostLatency, conditions.hostJitter, conditions.wakeUpJitter) = (0.1e-3, 0, 0)
    (conditions.encoderCounts, conditions.stribeck) = (nil, nil)
    return conditions
  }()

  /// The model that the controller has of an arm.
  func believed(_ model: RobotModel) -> RobotModel {
    let drawn = modelSeed.map { ModelDraw(seed: $0).model(of: model) } ?? model
    guard extraMass != 0 else { return drawn }
    return drawn.misjudged(by: Array(repeating: InertialError(massShare: 1 / (1 + extraMass)), count: model.jointCount))
  }

  /// The control settings with what the controller believes of friction, and with the reaction that is wanted.
  func believed(_ settings: ControlSettings) -> ControlSettings {
    var settings = settings
    if let modelSeed {
      let draw = ModelDraw(seed: modelSeed)
      settings.coulombFriction = draw.friction(of: settings.coulombFriction)
      settings.viscousFriction = draw.friction(of: settings.viscousFriction)
    }
    if let reaction { settings.compliance?.reaction = reaction }
    return settings
  }
}
