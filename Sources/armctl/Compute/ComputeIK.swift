internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Kinematics

/// `armctl compute ik`: joint positions for a pose.
struct ComputeIK: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ik",
    abstract: "Inverse kinematics: {\"position\",\"quaternion\"} to {\"q\",\"method\",\"residual\"}.",
    discussion: """
      "seed" says where to begin (default: the middle of the limits, 0 for continuous joints). "free" leaves a part of the pose \
      free: "position" (only the position binds, and "quaternion" may be left out), "axis" (position and tool z direction) or \
      "plane" (the plane through the pose across the tool z direction, and that direction). Arms of fewer than six joints leave the turn about \
      tool z free, those of fewer than five the whole orientation, unless "free" says otherwise. "all": true gives {"solutions"}, one a branch, \
      where the arm has formulas and nothing is free; with seven joints, whose solutions form families, those at "redundancySamples" even \
      steps of the joint or elbow angle that is left over.

      Where no joint positions reach the pose, the error's "stoppedBy" says why, and "by" how much is missing:
        limits       rad, or m where "joint" slides: how far "joint" would have
                     to pass its limit
        reach        m from the point to the nearest that the arm would reach
                     if its joints turned without end
        orientation  rad: the least turn that is missing at the point, with all
                     joints within their limits
        search       none: a posture should exist, but was not found in time
      "closest" is the nearest pose that was found within the limits: "q", "position", "quaternion" and its "residual", with the least sum of the \
      squares of distance and angle, a radian counting as "metresPerRadian", a quarter of the arm's length. docs/Compute.md has more, and examples.

      Example: echo '{"position":[0.2,0,0.25],"quaternion":[0,1,0,0]}' | armctl compute ik --urdf Robots/dummy/dummy.urdf --tip flange
      """)

  @OptionGroup var arm: ArmOptions
  @OptionGroup var timing: TimingOptions

  @Option(help: "Seconds a pose may take at most.")
  var timeout = 0.05
  @Flag(help: "Step by step even where the arm's axes allow formulas.")
  var numeric = false

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout must be more than 0 and at most 3600 s, not \(timeout).") }
  }

  func run() throws {
    let (model, usualFree) = try arm.load()
    var settings = InverseKinematics.Settings()
    settings.freeAxes = usualFree
    settings.maximumIterations = .max
    settings.usesClosedForm = !numeric
    let solver = InverseKinematics(model: model, settings: settings)
    try filterLines { request throws(ComputeError) in .object(try answer(request, by: solver)) }
  }

  func answer(_ request: ComputeRequest, by solver: InverseKinematics) throws(ComputeError) -> JSONObject {
    let model = solver.model
    let free = try request.choice("free") ?? solver.freeAxes, isAnyTurn = free == .position
    let position = NeededKey.numbers("position", count: 3), optional = ["seed", "all", "free"]
    try request.expect(isAnyTurn ? [position] : [position, .quaternion], optional: isAnyTurn ? ["quaternion"] + optional : optional)
    let goal = try request.pose(isAnyTurn: isAnyTurn)
    let seed = request.has("seed") ? try request.jointVector("seed", joints: model.jointNames) : Self.middle(of: model)
    if try request.bool("all") { return try allSolutions(solver, goal: goal, seed: seed, free: free) }
    let (solution, nanoseconds) = try one(solver, goal: goal, seed: seed, free: free)
    var output: JSONObject = [
      "q": JSONValue(numbers: solution.q), "method": .string(solution.method.rawValue), "residual": Self.json(solution.residual),
    ]
    if free != .none { output["free"] = .string(free.rawValue) }
    if timing.time { output["ns"] = .number(nanoseconds) }
    return output
  }

  private func one(
    _ solver: InverseKinematics, goal: Pose, seed: JointVector, free: InverseKinematics.FreeAxes
  ) throws(ComputeError) -> (solution: InverseKinematics.Solution, nanoseconds: Double) {
    let (outcome, nanoseconds) = timing.measured { solved(solver, goal: goal, seed: seed, free: free) }
    switch outcome {
    case .success(let solution): return (solution, nanoseconds)
    case .failure(.notFinite): throw ComputeError(kind: "not-finite", message: "the pose or the seed is not finite")
    case .failure(.notReached(let closest, let pose)):
      throw failure(closest: closest, pose: pose, obstacle: solver.obstacle(on: goal, free: free, closest: closest), model: solver.model)
    }
  }

  private func failure(
    closest: InverseKinematics.Solution, pose: Pose, obstacle: InverseKinematics.Obstacle, model: RobotModel
  ) -> ComputeError {
    var details: JSONObject = ["stoppedBy": .string(obstacle.name)]
    if let amount = obstacle.amount { details["by"] = .number(amount) }
    if case .limits(let joint, _, _, _, _) = obstacle { details["joint"] = .string(joint) }
    details["closest"] = [
      "q": JSONValue(numbers: closest.q), "position": JSONValue(pose.translation), "quaternion": JSONValue(pose.rotation.quaternion),
      "residual": Self.json(closest.residual), "metresPerRadian": .number(model.typicalLength),
    ]
    return ComputeError(
      kind: "not-reached",
      message: "no configuration reaches the pose: \(obstacle); the closest is \(Self.shown(closest.residual.position)) m and "
        + "\(Self.shown(closest.residual.orientation)) rad away",
      suggestion: Self.suggestion(for: obstacle), details: details)
  }

  private static func suggestion(for obstacle: InverseKinematics.Obstacle) -> String {
    switch obstacle {
    case .reach: "the closest, or a point within reach: armctl check --arm ARM tells how far that is"
    case .orientation: "the closest, or \"free\":\"axis\" or \"free\":\"position\" where the tool need not be turned just so"
    case .limits: "the closest, or a point that the limits leave"
    case .search: "a longer --timeout, or a \"seed\" near the posture that is wanted"
    }
  }

  private func allSolutions(
    _ solver: InverseKinematics, goal: Pose, seed: JointVector, free: InverseKinematics.FreeAxes
  ) throws(ComputeError) -> JSONObject {
    guard free == .none else {
      throw ComputeError(
        kind: "too-many", message: "with axes left free there are infinitely many solutions, so that not all can be listed",
        suggestion: "leave out \"all\", or bind all axes with \"free\":\"none\"")
    }
    guard let closedForm = solver.closedForm else {
      let why = solver.absence?.description ?? ""
      throw ComputeError(
        kind: "no-closed-form", message: "this arm has no closed form, so that not all its solutions can be listed: \(why)",
        suggestion: "leave out \"all\", and ask again with other seeds")
    }
    var solutions: [JointVector] = []
    solutions.reserveCapacity(8 * ClosedFormKinematics.redundancySamples)
    let (_, nanoseconds) = timing.measured {
      solutions.removeAll(keepingCapacity: true)
      closedForm.visitSolutions(for: goal, near: seed) { solutions.append($0) }
    }
    var method = InverseKinematics.Method.closedForm
    if solutions.isEmpty {
      // Where formulas find nothing, numeric steps may still find one, or say what is in the way.
      let solution = try one(solver, goal: goal, seed: seed, free: free).solution
      (solutions, method) = ([solution.q], solution.method)
    }
    var output: JSONObject = ["solutions": .array(solutions.map { JSONValue(numbers: $0) }), "method": .string(method.rawValue)]
    if closedForm.isRedundant { output["redundancySamples"] = .number(Double(ClosedFormKinematics.redundancySamples)) }
    if timing.time { output["ns"] = .number(nanoseconds) }
    return output
  }

  private func solved(
    _ solver: InverseKinematics, goal: Pose, seed: JointVector, free: InverseKinematics.FreeAxes
  ) -> Result<InverseKinematics.Solution, InverseKinematics.Failure> {
    let deadline = DispatchTime.now() + timeout
    do throws(InverseKinematics.Failure) {
      return .success(try solver.solution(for: goal, near: seed, free: free) { DispatchTime.now() >= deadline })
    } catch {
      return .failure(error)
    }
  }

  /// The middle of the limits; 0 where a joint has none.
  private static func middle(of model: RobotModel) -> JointVector {
    JointVector(
      (0..<model.jointCount).map { joint in
        let middle = (model.limits.lower[joint] + model.limits.upper[joint]) / 2
        return middle.isFinite ? middle : 0
      })
  }

  private static func json(_ residual: InverseKinematics.Residual) -> JSONValue {
    ["position": .number(residual.position), "orientation": .number(residual.orientation)]
  }

  /// Three digits are enough for a sentence.
  private static func shown(_ value: Double) -> String { String(format: "%.3g", value) }
}
