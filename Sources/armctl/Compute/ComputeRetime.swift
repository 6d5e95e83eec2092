internal import ArgumentParser
internal import Kinematics
internal import Planner

/// `armctl compute retime`: the fastest motion along a spline through waypoints.
struct ComputeRetime: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retime",
    abstract: "The fastest way along a path: {\"waypoints\",\"knots\",\"boundary\",\"limits\"} to {\"duration\",\"samples\"}.",
    discussion: """
      The path is the cubic spline through the waypoints at the knots (path parameters, rising); "boundary" says how it ends: "natural", "clamped", \
      "not-a-knot" or, for two waypoints, "line". "limits" are "velocity", "acceleration" and, if wanted, "jerk", one number a joint. \
      "startPathVelocity" and "endPathVelocity" [knots/s] are 0 where not given. "sample" is a list of times or how many even ones.

      Example: echo '{"waypoints":[[0,0],[1,0.5]],"knots":[0,1],"boundary":"line","limits":{"velocity":[1,1],"acceleration":[4,4]}}' | \
      armctl compute retime
      """)

  @OptionGroup var timing: TimingOptions

  func run() throws {
    try filterLines { request throws(ComputeError) in
      try request.expect(Self.needed, optional: ["startPathVelocity", "endPathVelocity", "sample"])
      let waypoints = try request.waypoints()
      let knots = try request.knots(count: waypoints.count)
      let ends = try request.ends(waypoints: waypoints.count)
      let limits = try request.limits(count: waypoints[0].count)
      let start = try request.number("startPathVelocity") ?? 0
      let end = try request.number("endPathVelocity") ?? 0
      let (outcome, nanoseconds) = timing.measured {
        Self.retimed(.spline(through: waypoints, knots: knots, ends: ends), limits: limits, start: start, end: end)
      }
      let trajectory = try outcome.get()
      var output: JSONObject = ["duration": .number(trajectory.duration)]
      if let times = try request.sampleTimes(duration: trajectory.duration) {
        output["samples"] = .array(times.map { Self.json(trajectory.setpoint(at: $0)) })
      }
      if timing.time { output["ns"] = .number(nanoseconds) }
      return .object(output)
    }
  }

  private static let needed = [
    NeededKey(name: "waypoints", example: "[[0],[1]]"), NeededKey(name: "knots", example: "[0,1]"),
    NeededKey(name: "boundary", example: "\"natural\""), NeededKey(name: "limits", example: #"{"velocity":[1],"acceleration":[5]}"#),
  ]

  private static func retimed(
    _ path: JointPath, limits: JointLimits, start: Double, end: Double
  ) -> Result<Trajectory, ComputeError> {
    do throws(RetimingRefusal) {
      return .success(
        try .timeOptimal(along: path, limits: RetimingLimits(joints: limits), startPathVelocity: start, endPathVelocity: end))
    } catch {
      return .failure(ComputeError(kind: "refused", message: "\(error.description.dropLast()); try: \(error.suggestion)"))
    }
  }

  private static func json(_ setpoint: JointSetpoint) -> JSONValue {
    [
      "position": JSONValue(numbers: setpoint.position), "velocity": JSONValue(numbers: setpoint.velocity),
      "acceleration": JSONValue(numbers: setpoint.acceleration),
    ]
  }
}

extension ComputeRequest {
  fileprivate func waypoints() throws(ComputeError) -> [JointVector] {
    guard let rows = members["waypoints"]?.array, rows.count >= 2 else {
      throw ComputeError(kind: "not-waypoints", message: "\"waypoints\" must be an array of two or more arrays of joint positions")
    }
    let count = rows[0].numbers?.count ?? 0
    guard count >= 1, count <= JointVector.capacity else {
      throw ComputeError(kind: "wrong-length", message: "the first waypoint must hold 1 to \(JointVector.capacity) numbers")
    }
    var waypoints: [JointVector] = []
    for (index, row) in rows.enumerated() {
      guard let numbers = row.numbers, numbers.count == count, numbers.allSatisfy(\.isFinite) else {
        throw ComputeError(kind: "wrong-length", message: "waypoint \(index) must hold \(Self.counted(count)), as the first does")
      }
      waypoints.append(JointVector(numbers))
    }
    return waypoints
  }

  fileprivate func knots(count: Int) throws(ComputeError) -> [Double] {
    let knots = try numbers("knots", count: count)
    for index in 1..<count where !(knots[index] > knots[index - 1]) {
      throw ComputeError(kind: "not-rising", message: "\"knots\" must rise, but \(knots[index]) follows \(knots[index - 1])")
    }
    return knots
  }

  fileprivate func ends(waypoints: Int) throws(ComputeError) -> SplineEnds {
    let names = SplineEnds.allCases.map(\.rawValue) + ["line"]
    guard let name = members["boundary"]?.string, names.contains(name) else {
      throw ComputeError(kind: "unknown-name", message: "\"boundary\" must be one of \(names.joined(separator: ", "))")
    }
    guard let ends = SplineEnds(rawValue: name) else {
      guard waypoints == 2 else {
        throw ComputeError(kind: "wrong-length", message: "a line has 2 waypoints, not \(waypoints): it would have to stop at the corners")
      }
      return .natural
    }
    return ends
  }

  fileprivate func limits(count: Int) throws(ComputeError) -> JointLimits {
    guard let object = members["limits"]?.object else {
      throw ComputeError(kind: "missing-key", message: "\"limits\" must be an object with \"velocity\" and \"acceleration\"")
    }
    let request = ComputeRequest(members: object)
    try request.expectOnly(["velocity", "acceleration", "jerk"])
    var limits = JointLimits(unlimited: count)
    limits.velocity = try request.vector("velocity", count: count)
    limits.acceleration = try request.vector("acceleration", count: count)
    if request.has("jerk") { limits.jerk = try request.vector("jerk", count: count) }
    return limits
  }
}
