internal import ArgumentParser
internal import Kinematics

/// `armctl compute dynamics`: efforts from accelerations, or accelerations from efforts.
struct ComputeDynamics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dynamics",
    abstract: "Dynamics: {\"q\",\"qd\",\"qdd\"} to {\"effort\",\"gravity\",\"massMatrix\"}, or {\"q\",\"qd\",\"effort\"} to {\"qdd\"}.",
    discussion: """
      Gravity is (0, 0, -9.81) in the base; no friction, no rotor inertia. An arm whose links have no masses is answered with an error.

      Example: echo '{"q":[0,0,1.571,0,0,0],"qd":[0,0,0,0,0,0],"qdd":[0,0,0,0,0,0]}' | \
      armctl compute dynamics --urdf Robots/dummy/dummy.urdf --tip flange
      """)

  @OptionGroup var arm: ArmOptions
  @OptionGroup var timing: TimingOptions

  func run() throws {
    let model = try arm.model(), joints = model.jointNames, count = joints.count, massless = Self.massless(model)
    try filterLines { request throws(ComputeError) in
      if let massless { throw massless }
      try request.expect([.numbers("q", count: count), .numbers("qd", count: count), .numbers("qdd", count: count, or: "effort")])
      guard !(request.has("qdd") && request.has("effort")) else {
        throw ComputeError(
          kind: "ambiguous", message: "give \"qdd\" for efforts or \"effort\" for accelerations, not both",
          suggestion: "one of the two")
      }
      let q = try request.jointVector("q", joints: joints), qd = try request.jointVector("qd", joints: joints)
      var output: JSONObject
      if request.has("effort") {
        let effort = try request.jointVector("effort", joints: joints)
        let (qdd, nanoseconds) = timing.measured { model.forwardDynamics(at: q, velocity: qd, effort: effort) }
        guard qdd.isFinite else { throw Self.unresisted(model) }
        output = ["qdd": JSONValue(numbers: qdd)]
        if timing.time { output["ns"] = .number(nanoseconds) }
      } else {
        let qdd = try request.jointVector("qdd", joints: joints)
        let effort = timing.measured { model.inverseDynamics(at: q, velocity: qd, acceleration: qdd) }
        let gravity = timing.measured { model.gravityEffort(at: q) }
        let matrix = timing.measured { model.massMatrix(at: q) }
        let rows = (0..<count).map { row in JSONValue(numbers: (0..<count).map { matrix.result[row, $0] }) }
        output = ["effort": JSONValue(numbers: effort.result), "gravity": JSONValue(numbers: gravity.result), "massMatrix": .array(rows)]
        if timing.time {
          output["ns"] = [
            "effort": .number(effort.nanoseconds), "gravity": .number(gravity.nanoseconds), "massMatrix": .number(matrix.nanoseconds),
          ]
        }
      }
      return .object(output)
    }
  }

  /// What to answer where nothing that moves has a mass, and all efforts would be zero.
  static func massless(_ model: RobotModel) -> ComputeError? {
    guard model.bodyMasses.allSatisfy({ $0 == 0 }) else { return nil }
    return ComputeError(
      kind: "massless", message: "no link that moves has a mass, so that no motion takes an effort and no acceleration answers one",
      suggestion: giveMasses)
  }

  /// What to answer where some motion moves no mass.
  static func unresisted(_ model: RobotModel) -> ComputeError {
    let names = model.jointsWithoutInertia.map { "\"\(model.jointNames[$0])\"" }.joined(separator: ", ")
    return ComputeError(
      kind: "massless",
      message: "no inertia resists \(names.isEmpty ? "some motion in this posture" : names), so that no acceleration answers the effort",
      suggestion: giveMasses)
  }

  private static let giveMasses = "give the links in the URDF their <inertial>, or the arm file its tool's payload"
}
