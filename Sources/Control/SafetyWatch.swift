internal import Foundation
internal import Kinematics
internal import Planner

/// Judges each tick's input and setpoint; finds the first thing that is not as it must be.
struct SafetyWatch: Sendable {
  private let settings: ControlSettings
  /// Joints with a sample that the last tick had not.
  private(set) var heard = JointSet()
  /// When each joint's last sample was taken [s].
  private var sampleTime: JointVector
  /// For how long each joint was listened to in vain [s].
  private var silence: JointVector
  /// When the tick began [s].
  private var time: Double?
  /// When the last setpoints were sent, the latest first [s].
  private var sendTimes: InlineArray<16, Double> = InlineArray(repeating: -.infinity)
  /// How long after the one before the last setpoint was sent [s].
  private(set) var sendInterval: Double
  /// How far outside its position limits each joint may be: a little, or as far as it was found when the motors were switched on [rad].
  private var allowance: JointVector
  private var overEffort: JointVector
  private var beyond = Streaks(), overSpeed = Streaks(), astray = Streaks()

  /// Joints are often parked on their end stops, and encoders have noise [rad].
  private static let positionMargin = 0.05
  /// What an arm that feels may be fast and astray for until it has felt that it was hit [s].
  private static let feelingTime = 0.02

  init(settings: ControlSettings) {
    self.settings = settings
    let count = settings.limits.lower.count
    sampleTime = JointVector(repeating: -.infinity, count: count)
    silence = JointVector(count: count)
    allowance = JointVector(repeating: Self.positionMargin, count: count)
    overEffort = JointVector(count: count)
    sendInterval = settings.period
    if let compliance = settings.compliance, compliance.hardware != .open {
      overSpeed.patience += UInt8(min(100, Self.feelingTime / settings.period))
      astray.patience = overSpeed.patience
    }
  }

  /// Switching on, or going on after a fault, at `position`, which may lie outside the limits: the arm must be able to come back.
  mutating func begin(at position: JointVector) {
    for joint in position.indices { allowance[joint] = outside(joint, position) + Self.positionMargin }
    forgetMotion()
  }

  /// How far `joint` is outside its position limits [rad].
  private func outside(_ joint: Int, _ position: JointVector) -> Double {
    max(0, position[joint] - settings.limits.upper[joint], settings.limits.lower[joint] - position[joint])
  }
}

// MARK: - Who is heard

extension SafetyWatch {
  /// Notes who has answered since the last tick, and for how long the others have been silent.
  ///
  /// Silence is time spent listening: while the loop itself was away, nobody was asked anything. So one long tick alone is never a fault.
  ///
  /// - Parameters:
  ///   - newTime: When the tick began, monotonic [s].
  /// - Real-time: does not allocate. O(joints).
  mutating func listen(to input: ControlInput, time newTime: Double) {
    let elapsed = min(max(0, newTime - (time ?? newTime)), settings.busSilence / 2)
    if let time {
      if sendTimes[0].isFinite { sendInterval = time - sendTimes[0] }
      for index in stride(from: sendTimes.count - 1, to: 0, by: -1) { sendTimes[index] = sendTimes[index - 1] }
      sendTimes[0] = time
    }
    time = newTime
    heard = JointSet()
    for joint in input.sampleTime.indices {
      if input.sampleTime[joint] > sampleTime[joint] {
        sampleTime[joint] = input.sampleTime[joint]
        silence[joint] = 0
        heard.insert(joint)
      } else {
        silence[joint] += elapsed
      }
    }
  }

  /// Whether some motor has missed more than a few ticks: too early for a fault, time to slow down.
  var isAnyoneOverdue: Bool { silence.maximumMagnitude > 4 * settings.period }

  func isSilent(_ joint: Int) -> Bool { silence[joint] > settings.busSilence + 1e-9 }

  /// How much older a joint's last sample is than the last setpoint [s]; no more than a silence may last.
  func age(of joint: Int) -> Double { min(max(0, sendTimes[0] - sampleTime[joint]), settings.busSilence) }

  /// How far the setpoint has gone since a joint's last sample, in the time of its course [s]: one period a tick, however late the tick came. No more
  /// than a silence may last.
  func setpointAge(of joint: Int) -> Double {
    let taken = sampleTime[joint]
    guard taken < sendTimes[0] else { return 0 }
    var age = 0.0, later = sendTimes[0]
    for index in 1..<sendTimes.count where sendTimes[index].isFinite {
      let earlier = sendTimes[index]
      if taken >= earlier { return min(age + settings.period * (later - taken) / (later - earlier), settings.busSilence) }
      age += settings.period
      later = earlier
    }
    // Before all that is remembered; a joint that was never heard is infinitely long ago.
    return min(age + later - taken, settings.busSilence)
  }

  /// The first joint whose position is not known as of now: silent, never heard, or with an old sample.
  func unheardJoint(in input: ControlInput) -> Int? {
    input.sampleTime.indices.first { isSilent($0) || !((time ?? 0) - input.sampleTime[$0] <= settings.busSilence + 1e-9) }
  }
}

// MARK: - What was measured

extension SafetyWatch {
  /// What is wrong with what the wire told, if anything; what takes the power away comes first.
  ///
  /// - Precondition: ``listen(to:time:)`` has taken in the same input.
  /// - Real-time: does not allocate. O(joints).
  mutating func fault(
    in input: ControlInput, setpoint: JointSetpoint, velocity: JointVector, isPowered: Bool, isYielding: Bool = false
  ) -> ControlFault? {
    if input.isEmergencyStopPressed { return .emergencyStop }
    if input.isSafetyLineDead { return .safetyLine }
    if let bus = input.lostBus { return .busLost(index: bus) }
    if let joint = silence.indices.first(where: isSilent) { return .busSilent(joint: joint, seconds: silence[joint]) }
    // What is knocked goes where it is pushed, as fast as it is pushed.
    if isYielding {
      forgetMotion()
    } else if isPowered {
      if let passed = measuredLimit(input, velocity: velocity) { return passed }
      if let astray = followingError(input, setpoint: setpoint) { return astray }
    }
    if let fault = input.motorFault { return fault }
    guard input.noiseShare > settings.busNoise else { return nil }
    return .busNoise(index: input.noisiestBus, share: input.noiseShare, limit: settings.busNoise)
  }

  private mutating func forgetMotion() {
    overEffort = JointVector(count: overEffort.count)
    beyond.forget()
    overSpeed.forget()
    astray.forget()
  }

  private mutating func measuredLimit(_ input: ControlInput, velocity: JointVector) -> ControlFault? {
    let limits = settings.limits
    for joint in input.position.indices {
      let effort = input.effort[joint].magnitude
      overEffort[joint] = effort > limits.effort[joint] ? overEffort[joint] + settings.period : 0
      if overEffort[joint] > settings.effortPatience + 1e-9 {
        return .limit(.effort, joint: joint, value: effort, limit: limits.effort[joint])
      }
      guard heard.contains(joint) else { continue }
      let position = input.position[joint]
      let outside = outside(joint, input.position)
      if beyond.note(joint, isBad: outside > allowance[joint]) {
        return .limit(.position, joint: joint, value: position, limit: position > limits.upper[joint] ? limits.upper[joint] : limits.lower[joint])
      }
      // What has come back in has no more business outside.
      allowance[joint] = min(allowance[joint], outside + Self.positionMargin)
      // A joint is over its speed when neither the noise of the estimate nor a correction of the drive explains it.
      let speed = velocity[joint].magnitude
      if overSpeed.note(joint, isBad: speed > 1.5 * limits.velocity[joint] + 0.2) {
        return .limit(.velocity, joint: joint, value: speed, limit: limits.velocity[joint])
      }
    }
    return nil
  }

  /// Compares each new position with the setpoint of the time when it was measured.
  ///
  /// To a sample after which the setpoint has gone on for a belongs q − q̇ a.
  private mutating func followingError(_ input: ControlInput, setpoint: JointSetpoint) -> ControlFault? {
    for joint in input.position.indices where heard.contains(joint) {
      let error = (setpoint.position[joint] - setpoint.velocity[joint] * setpointAge(of: joint) - input.position[joint]).magnitude
      if astray.note(joint, isBad: error > settings.followingError[joint]) {
        return .followingError(joint: joint, value: error, limit: settings.followingError[joint])
      }
    }
    return nil
  }
}

// MARK: - What is about to be commanded

extension SafetyWatch {
  /// The limit that the step from one setpoint to the next would pass. Outside its limits a joint may rest or come back, never go further out.
  ///
  /// - Real-time: does not allocate. O(joints).
  func passedLimit(from setpoint: JointSetpoint, to next: JointSetpoint) -> ControlFault? {
    let limits = settings.limits
    for joint in next.position.indices {
      let position = next.position[joint]
      // What is no number compares with nothing, so each test says what is allowed.
      guard position <= limits.upper[joint] + 1e-6 || position <= setpoint.position[joint] + 1e-9 else {
        return .limit(.position, joint: joint, value: position, limit: limits.upper[joint])
      }
      guard position >= limits.lower[joint] - 1e-6 || position >= setpoint.position[joint] - 1e-9 else {
        return .limit(.position, joint: joint, value: position, limit: limits.lower[joint])
      }
      let speed = next.velocity[joint].magnitude
      guard speed <= limits.velocity[joint] * 1.001 + 1e-6 || speed <= setpoint.velocity[joint].magnitude else {
        return .limit(.velocity, joint: joint, value: speed, limit: limits.velocity[joint])
      }
      let acceleration = next.acceleration[joint].magnitude
      guard acceleration <= limits.acceleration[joint] * 1.01 + 1e-6 || acceleration <= setpoint.acceleration[joint].magnitude else {
        return .limit(.acceleration, joint: joint, value: acceleration, limit: limits.acceleration[joint])
      }
    }
    return nil
  }
}

/// How often in a row each joint's samples were bad. A single bad sample passes; `patience` of them do not.
private struct Streaks: Sendable {
  var patience: UInt8 = 3
  private var lengths: InlineArray<8, UInt8> = InlineArray(repeating: 0)

  mutating func forget() { lengths = InlineArray(repeating: 0) }

  /// Counts one sample of a joint; true where its patience is at an end.
  mutating func note(_ joint: Int, isBad: Bool) -> Bool {
    lengths[joint] = isBad ? min(lengths[joint] + 1, patience) : 0
    return lengths[joint] == patience
  }
}
