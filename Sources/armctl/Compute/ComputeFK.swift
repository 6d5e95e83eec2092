internal import ArgumentParser
internal import Kinematics

/// `armctl compute fk`: pose and Jacobian of the tip.
struct ComputeFK: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fk",
    abstract: "Forward kinematics: {\"q\":[…]} to {\"position\",\"quaternion\",\"jacobian\"}.",
    discussion: "Example: echo '{\"q\":[0,0,1.571,0,0,0]}' | armctl compute fk --urdf Robots/dummy/dummy.urdf --tip flange")

  @OptionGroup var arm: ArmOptions
  @OptionGroup var timing: TimingOptions

  func run() throws {
    let model = try arm.model()
    try filterLines { request throws(ComputeError) in
      try request.expect([.numbers("q", count: model.jointCount)])
      let q = try request.jointVector("q", joints: model.jointNames)
      let (answer, nanoseconds) = timing.measured { model.poseAndJacobian(at: q) }
      let columns = (0..<model.jointCount).map { answer.jacobian[$0] }
      let rows = (0..<3).map { row in columns.map { $0.linear[row] } } + (0..<3).map { row in columns.map { $0.angular[row] } }
      var output: JSONObject = [
        "position": JSONValue(answer.pose.translation), "quaternion": JSONValue(answer.pose.rotation.quaternion),
        "jacobian": .array(rows.map { JSONValue(numbers: $0) }),
      ]
      if timing.time { output["ns"] = .number(nanoseconds) }
      return .object(output)
    }
  }
}
