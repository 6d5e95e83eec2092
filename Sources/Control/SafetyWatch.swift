internal import Foundation
internal import Kinematics
internal import Planner

/// Judges each tick's input and setpoint; finds the first thing that is not as it must be.
struct SafetyWatch: Sendable {
  private let settings: ControlSettings
  /// How far outside its position limits each joint may be: a little, or as far as it was found when the motors were switched on [rad].
  private var allowance: JointVector
  private var overEffort: JointVector
  private var overSpeedTicks = 0
  private var followingTicks = 0

  /// A single bad sample passes; this many ticks in a row do not.
  private static let patience = 3
  /// Joints are often parked on their end stops, and encoders have noise [rad].
  private static let positionMargin = 0.05

  init(settings: ControlSettings) {
    self.settings = settings
    let count = settings.limits.lower.count
    allowance = JointVector(repeating: Self.positionMargin, count: count)
    overEffort = JointVector(count: count)
  }

  /// Switching on at `position`, which may lie outside the limits: the arm must be able to come back.
  mutating func begin(at position: JointVector) {
    let limits = settings.limits
    for joint in position.indices {
      let outside = max(0, position[joint] - limits.upper[joint], limits.lower[joint] - position[joint])
      allowance[joint] = outside + Self.positionMargin
    }
  }

  /// The first joint that was not heard of within the time allowed.
  func silentJoint(in input: ControlInput, time: Double) -> Int? {
    input.sampleTime.firstIndex { time - $0 > settings.busSilence }
  }

  /// What is wrong with what the wire told, if anything.
  ///
  /// - Real-time: does not allocate. O(joints).
  mutating func fault(
    in input: ControlInput, setpoint: JointSetpoint, velocity: JointVector, isPowered: Bool, time: Double
  ) -> ControlFault? {
    if input.isEmergencyStopPressed { return .emergencyStop }
    if input.isSafetyLineDead { return .safetyLine }
    if let bus = input.lostBus { return .busLost(index: bus) }
    if let joint = silentJoint(in: input, time: time) {
      let silence = time - input.sampleTime[joint]
      return .busSilent(joint: joint, seconds: silence.isFinite ? silence : settings.busSilence)
    }
    if let fault = input.motorFault { return fault }
    if input.noiseShare > settings.busNoise {
      return .busNoise(index: input.noisiestBus, share: input.noiseShare, limit: settings.busNoise)
    }
    guard isPowered else { return nil }
    return measuredLimit(input, velocity: velocity) ?? followingError(input, setpoint: setpoint, time: time)
  }

  private mutating func measuredLimit(_ input: ControlInput, velocity: JointVector) -> ControlFault? {
    let limits = settings.limits
    var isTooFast = false
    for joint in input.position.indices {
      let position = input.position[joint]
      let beyond = position > limits.upper[joint] + allowance[joint] || position < limits.lower[joint] - allowance[joint]
      if beyond {
        let limit = position > limits.upper[joint] ? limits.upper[joint] : limits.lower[joint]
        return .limit(.position, joint: joint, value: position, limit: limit)
      }
      let effort = input.effort[joint].magnitude
      overEffort[joint] = effort > limits.effort[joint] ? overEffort[joint] + settings.period : 0
      if overEffort[joint] > settings.effortPatience {
        return .limit(.effort, joint: joint, value: effort, limit: limits.effort[joint])
      }
      // A joint is over its speed when neither the noise of the estimate nor a correction of the drive explains it.
      let speed = velocity[joint].magnitude
      guard speed > 1.5 * limits.velocity[joint] + 0.2 else { continue }
      isTooFast = true
      if overSpeedTicks >= Self.patience {
        return .limit(.velocity, joint: joint, value: speed, limit: limits.velocity[joint])
      }
    }
    overSpeedTicks = isTooFast ? overSpeedTicks + 1 : 0
    return nil
  }

  /// Compares each position with the setpoint of the time when it was measured.
  private mutating func followingError(_ input: ControlInput, setpoint: JointSetpoint, time: Double) -> ControlFault? {
    var isFar = false
    for joint in input.position.indices {
      let age = min(time - input.sampleTime[joint], settings.busSilence)
      let error = (setpoint.position[joint] - setpoint.velocity[joint] * age - input.position[joint]).magnitude
      guard error > settings.followingError[joint] else { continue }
      isFar = true
      if followingTicks >= Self.patience {
        return .followingError(joint: joint, value: error, limit: settings.followingError[joint])
      }
    }
    followingTicks = isFar ? followingTicks + 1 : 0
    return nil
  }

  /// The limit that the step from one setpoint to the next would pass. Outside its limits a joint may rest or come back, never go further out.
  ///
  /// - Real-time: does not allocate. O(joints).
  func passedLimit(from setpoint: JointSetpoint, to next: JointSetpoint) -> ControlFault? {
    let limits = settings.limits
    for joint in next.position.indices {
      let position = next.position[joint]
      guard position.isFinite else { return .limit(.position, joint: joint, value: position, limit: limits.upper[joint]) }
      if position > limits.upper[joint] + 1e-6, position > setpoint.position[joint] + 1e-9 {
        return .limit(.position, joint: joint, value: position, limit: limits.upper[joint])
      }
      if position < limits.lower[joint] - 1e-6, position < setpoint.position[joint] - 1e-9 {
        return .limit(.position, joint: joint, value: position, limit: limits.lower[joint])
      }
      let speed = next.velocity[joint].magnitude
      if speed > limits.velocity[joint] * 1.001 + 1e-6, speed > setpoint.velocity[joint].magnitude {
        return .limit(.velocity, joint: joint, value: speed, limit: limits.velocity[joint])
      }
      let acceleration = next.acceleration[joint].magnitude
      if acceleration > limits.acceleration[joint] * 1.01 + 1e-6, acceleration > setpoint.acceleration[joint].magnitude {
        return .limit(.acceleration, joint: joint, value: acceleration, limit: limits.acceleration[joint])
      }
    }
    return nil
  }
}
