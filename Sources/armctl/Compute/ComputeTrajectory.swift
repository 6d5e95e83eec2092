internal import ArgumentParser
internal import Kinematics
internal import Planner

/// `armctl compute trajectory`: the online generator.
struct ComputeTrajectory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trajectory",
    abstract: "Time-optimal, jerk-limited motion: {\"start\",\"target\",\"limits\"} to {\"duration\",\"jointDurations\",\"samples\"}.",
    discussion: """
      "start" and "target" hold "position", "velocity" and "acceleration", one number a joint (velocity and acceleration default to 0); "limits" \
      "velocity", "acceleration", "jerk" (null: unlimited) and, where they differ downward, "minVelocity" and "minAcceleration". "interface" is \
      "position" (default) or "velocity", "synchronization" "time" (default), "phase" or "none"; "minimumDuration" lengthens the whole; \
      "sample" is a number of even instants or an array of times. A joint that begins in the moving state it is to end in comes back to it.

      Example: echo '{"start":{"position":[0]},"target":{"position":[1]},"limits":{"velocity":[1],"acceleration":[5],"jerk":[50]}}' | \
      armctl compute trajectory
      """)

  @OptionGroup var timing: TimingOptions

  func run() throws {
    try filterLines { request throws(ComputeError) in .object(try Self.answer(request, timing: timing)) }
  }

  static func answer(_ request: ComputeRequest, timing: TimingOptions) throws(ComputeError) -> JSONObject {
    try request.expect(needed, optional: ["interface", "synchronization", "minimumDuration", "sample"])
    let limits = try request.object("limits", known: ["velocity", "acceleration", "jerk", "minVelocity", "minAcceleration"])
    let count = limits.members["velocity"]?.array?.count ?? 0
    guard (1...JointVector.capacity).contains(count) else {
      throw ComputeError(kind: "wrong-length", message: "\"velocity\" must hold one limit a joint, for 1 to \(JointVector.capacity) joints")
    }
    let motionLimits = try limits.motionLimits(count: count)
    let start = try request.object("start", known: stateKeys).setpoint(count: count)
    let target = try target(request, count: count)
    let synchronization: Synchronization = try request.choice("synchronization") ?? .time
    let minimumDuration = try request.number("minimumDuration") ?? 0
    guard minimumDuration >= 0 else {
      throw ComputeError(kind: "out-of-range", message: "\"minimumDuration\" must be 0 or more, not \(JSONValue.number(minimumDuration))")
    }

    let (outcome, nanoseconds) = timing.measured {
      solved(start, target, motionLimits, synchronization: synchronization, minimumDuration: minimumDuration)
    }
    let trajectory: OnlineTrajectory
    switch outcome {
    case .success(let found): trajectory = found
    case .failure(let refusal): throw ComputeError(kind: "refused", message: "\(refusal)")
    }
    var output: JSONObject = ["duration": .number(trajectory.duration), "jointDurations": JSONValue(numbers: trajectory.jointDurations)]
    if let times = try request.sampleTimes(duration: trajectory.duration) {
      output["samples"] = .array(times.map { json(trajectory.setpoint(at: $0)) })
    }
    if timing.time { output["ns"] = .number(nanoseconds) }
    return output
  }

  private static let needed = [
    NeededKey(name: "start", example: #"{"position":[0]}"#), NeededKey(name: "target", example: #"{"position":[1]}"#),
    NeededKey(name: "limits", example: #"{"velocity":[1],"acceleration":[5]}"#),
  ]
  private static let stateKeys = ["position", "velocity", "acceleration"]

  private static func solved(
    _ start: JointSetpoint, _ target: MotionTarget, _ limits: MotionLimits, synchronization: Synchronization, minimumDuration: Double
  ) -> Result<OnlineTrajectory, MotionRefusal> {
    Result { () throws(MotionRefusal) in
      try OnlineTrajectory(
        from: start, to: target, limits: limits, synchronization: synchronization, minimumDuration: minimumDuration, comesBack: true)
    }
  }

  private static func target(_ request: ComputeRequest, count: Int) throws(ComputeError) -> MotionTarget {
    let object = try request.object("target", known: Self.stateKeys)
    switch try request.choice("interface") ?? Interface.position {
    case .position: return .state(try object.setpoint(count: count))
    case .velocity:
      return .velocity(try object.vector("velocity", count: count), acceleration: try object.optionalVector("acceleration", count: count))
    }
  }

  private enum Interface: String, CaseIterable { case position, velocity }

  private static func json(_ setpoint: JointSetpoint) -> JSONValue {
    [
      "position": JSONValue(numbers: setpoint.position), "velocity": JSONValue(numbers: setpoint.velocity),
      "acceleration": JSONValue(numbers: setpoint.acceleration),
    ]
  }
}

extension ComputeRequest {
  fileprivate func setpoint(count: Int) throws(ComputeError) -> JointSetpoint {
    JointSetpoint(
      position: try vector("position", count: count), velocity: try optionalVector("velocity", count: count),
      acceleration: try optionalVector("acceleration", count: count))
  }

  /// Zero where not given.
  fileprivate func optionalVector(_ name: String, count: Int) throws(ComputeError) -> JointVector {
    has(name) ? try vector(name, count: count) : JointVector(count: count)
  }

  fileprivate func motionLimits(count: Int) throws(ComputeError) -> MotionLimits {
    let unlimited = JointVector(repeating: .infinity, count: count)
    var limits = MotionLimits(
      velocity: try limit("velocity", count: count), acceleration: try limit("acceleration", count: count),
      jerk: has("jerk") ? try limit("jerk", count: count) : unlimited)
    if has("minVelocity") { limits.minVelocity = try limit("minVelocity", count: count) }
    if has("minAcceleration") { limits.minAcceleration = try limit("minAcceleration", count: count) }
    return limits
  }

  /// Limits so far beyond anything that moves that products of them would be no numbers any more are refused.
  private func limit(_ name: String, count: Int) throws(ComputeError) -> JointVector {
    let limits = try vector(name, count: count)
    guard limits.maximumMagnitude <= 1e12 else {
      throw ComputeError(kind: "out-of-range", message: "\"\(name)\" holds a limit beyond 1e12; leave \"jerk\" out for none")
    }
    return limits
  }
}
