internal import Kinematics
internal import Yams

/// Puts the checked sections together, and checks what one key means for another.
struct ConfigurationBuilder {
  let document: ConfigurationDocument
  let top: ConfigurationSection

  func build() throws(ConfigurationError) -> ArmConfiguration {
    let source = try robot()
    var model = source.model
    let modelLimits = model.limits
    let rate = top.number("rate")
    try checkJointNames(model, others: source.urdf?.joints ?? [])
    try checkDrives()
    model.limits = try limits(model)
    let corrections = try corrections(model)
    model = model.corrected(byJoint: corrections)
    let joints = try joints(model, corrections)
    return ArmConfiguration(
      file: document.file, name: top.text("name"), modelFile: source.urdf?.file ?? document.file, model: model, modelLimits: modelLimits,
      links: source.urdf?.links ?? [], mass: source.mass + corrections.reduce(0) { $0 + $1.mass }, freeAxes: freeAxes(model),
      toolLimits: toolLimits(), rate: rate, joints: joints,
      buses: try buses(joints), poses: try poses(model), gpio: try gpio(), gripper: gripper(), homing: try homing(joints, limits: model.limits),
      safety: try safety(rate: rate), compliance: try compliance(jointCount: model.jointCount),
      collision: try collision(hasURDF: source.urdf != nil), scene: try scene())
  }

  func error(at mark: Mark?, _ sentence: String, suggestion: String) -> ConfigurationError {
    document.error(at: mark, sentence, suggestion: suggestion)
  }

  /// Encoders that know one turn of the motor do not know where a joint is that takes more of them.
  private func homing(_ joints: [ArmConfiguration.Joint], limits: JointLimits) throws(ConfigurationError) -> ArmConfiguration.Homing {
    guard let homing = ArmConfiguration.Homing(rawValue: top.text("homing")), homing == .absolute else { return .powerOn }
    for (index, joint) in joints.enumerated() {
      let turns = (limits.upper[index] - limits.lower[index]) * joint.transmission.ratio / (2 * .pi)
      guard turns > joint.motor.driver.absoluteTurns else { continue }
      let travel = turns.isFinite ? "takes \(plain((turns * 10).rounded() / 10)) turns of its motor" : "turns without end"
      throw error(
        at: top.valueMark(of: "homing"),
        "homing is absolute, but \(joint.name) \(travel), and a \(joint.motor.driver.rawValue) drive knows its place within one",
        suggestion: "write homing: power-on, and switch the arm on where each motor reports zero")
    }
    return .absolute
  }

  private func poses(_ model: RobotModel) throws(ConfigurationError) -> [(name: String, position: JointVector)] {
    let section = top.section("poses")
    var poses: [(name: String, position: JointVector)] = []
    for (name, _) in section.names {
      let numbers = section.optionalNumbers(name) ?? []
      guard numbers.count == model.jointCount else {
        throw error(
          at: section.valueMark(of: name),
          "poses.\(name) has \(numbers.count) position\(numbers.count == 1 ? "" : "s"), where the arm has "
            + "\(model.jointCount) joint\(model.jointCount == 1 ? "" : "s"): "
            + model.jointNames.joined(separator: ", "),
          suggestion: "write one position per joint, from base to tip")
      }
      for (joint, number) in numbers.enumerated() { try checkPose(name, joint: joint, number.value, at: number.mark, model: model) }
      poses.append((name, JointVector(numbers.map(\.value))))
    }
    return poses
  }

  private func checkPose(_ pose: String, joint: Int, _ value: Double, at mark: Mark?, model: RobotModel) throws(ConfigurationError) {
    let lower = model.limits.lower[joint], upper = model.limits.upper[joint]
    guard value < lower || value > upper else { return }
    let unit = model.isPrismatic[joint] ? "m" : "rad"
    let radians = value * .pi / 180
    let isDegrees = !model.isPrismatic[joint] && abs(value) > 2 * .pi && radians >= lower && radians <= upper
    throw error(
      at: mark,
      "poses.\(pose) has \(model.jointNames[joint]) at \(plain(value)) \(unit), outside its limits \(plain(lower)) … \(plain(upper)) \(unit)"
        + (isDegrees ? "; it looks like degrees" : ""),
      suggestion: isDegrees ? "write \(plain(radians))" : "write a position within the limits")
  }

  private func safety(rate: Double) throws(ConfigurationError) -> ArmConfiguration.Safety {
    let section = top.section("safety")
    let silence = section.optionalNumber("busSilence") ?? max(0.02, 3 / rate)
    guard silence * rate >= 3 - 1e-9 else {
      throw error(
        at: section.valueMark(of: "busSilence"),
        "safety.busSilence is \(plain(silence)) s, less than three ticks at \(plain(rate)) Hz; one late answer would stop the arm",
        suggestion: "write busSilence: \(plain(max(0.02, 3 / rate)))")
    }
    return .init(followingError: section.number("followingError"), busSilence: silence, busNoise: section.number("busNoise"), fences: try fences())
  }
}
