internal import Kinematics
internal import Planner
internal import Yams

// Joints, their limits and motors, and the buses that those are on.
extension ConfigurationBuilder {
  private var jointSections: ConfigurationSection { top.section("joints") }

  /// Every movable joint from base to tip is in the file, and nothing else.
  ///
  /// - Parameter others: The URDF's joints.
  func checkJointNames(_ model: RobotModel, others: [URDF.Joint]) throws(ConfigurationError) {
    for (name, mark) in jointSections.names where !model.jointNames.contains(name) {
      if let joint = others.first(where: { $0.name == name }) {
        let reason =
          if let mimic = joint.mimic {
            "follows \(mimic.joint) in the model, and has no motor of its own"
          } else if joint.kind == .fixed {
            "is fixed in the model"
          } else {
            "is not between \(model.baseName) and \(model.tipName)"
          }
        throw error(
          at: mark, "the joint \"\(name)\" \(reason); the arm's joints are \(model.jointNames.joined(separator: ", "))", suggestion: "remove it")
      }
      let nearest = Suggestion.nearest(to: name, among: model.jointNames)
      throw error(
        at: mark, "the joint \"\(name)\" is not in the model; \(Suggestion.phrase(for: name, among: model.jointNames))",
        suggestion: nearest.map { "write \($0)" } ?? "remove it, or use one of the model's joints")
    }
    let names = jointSections.names.map(\.name)
    for name in model.jointNames where !names.contains(name) {
      throw error(
        at: jointSections.mark,
        "joints lacks \"\(name)\", which moves between \(model.baseName) and \(model.tipName); it has "
          + names.joined(separator: ", "),
        suggestion: "add \(name) with motor, transmission and limits")
    }
  }

  // MARK: Limits

  /// The tighter ones of URDF and file.
  func limits(_ model: RobotModel) throws(ConfigurationError) -> JointLimits {
    var limits = model.limits
    for (joint, name) in model.jointNames.enumerated() {
      let section = jointSections.section(name)
      let transmission = section.section("transmission"), own = section.section("limits")
      try tightenPosition(of: joint, own, model: model, limits: &limits)
      limits.velocity[joint] = min(limits.velocity[joint], own.number("velocity"))
      limits.acceleration[joint] = min(limits.acceleration[joint], own.number("acceleration"))
      limits.jerk[joint] = min(limits.jerk[joint], own.number("jerk"))
      let motor = transmission.number("ratio") * largestTorque(section.section("motor"), torqueConstant: transmission.number("torqueConstant"))
      let ratchet = transmission.optionalNumber("ratchetTorque") ?? .infinity
      limits.effort[joint] = min(limits.effort[joint], own.optionalNumber("effort") ?? motor, ratchet)
    }
    return limits
  }

  private func tightenPosition(
    of joint: Int, _ own: ConfigurationSection, model: RobotModel, limits: inout JointLimits
  ) throws(ConfigurationError) {
    let name = model.jointNames[joint], unit = model.isPrismatic[joint] ? "m" : "rad"
    guard let ends = own.optionalNumbers("position") else {
      guard model.isContinuous[joint] || (limits.lower[joint].isFinite && limits.upper[joint].isFinite) else {
        throw error(
          at: own.mark, "joints.\(name).limits lacks the key \"position\", and the model has none either", suggestion: "add position: [-1.0, 1.0]")
      }
      return
    }
    if !model.isPrismatic[joint] {
      for end in ends { try checkAngle(end.value, of: "joints.\(name).limits.position", at: end.mark) }
    }
    let lower = ends[0].value, upper = ends[1].value
    guard lower < upper else {
      throw error(
        at: own.valueMark(of: "position"), "joints.\(name).limits.position is upside down: \(plain(lower)) is not below \(plain(upper))",
        suggestion: "write position: [\(plain(upper)), \(plain(lower))]")
    }
    guard lower < limits.upper[joint], upper > limits.lower[joint] else {
      throw error(
        at: own.valueMark(of: "position"),
        "joints.\(name).limits.position is \(plain(lower)) … \(plain(upper)) \(unit), all outside the model's"
          + " \(plain(limits.lower[joint])) … \(plain(limits.upper[joint])) \(unit)",
        suggestion: "check the signs, or the model's limits")
    }
    limits.lower[joint] = max(limits.lower[joint], lower)
    limits.upper[joint] = min(limits.upper[joint], upper)
  }

  /// Nobody's joint is four turns away from its zero; many a file has degrees.
  func checkAngle(_ angle: Double, of path: String, at mark: Mark?) throws(ConfigurationError) {
    guard abs(angle) > 8 * .pi else { return }
    let turns = (abs(angle) / (2 * .pi) * 10).rounded() / 10
    throw error(
      at: mark, "\(path) has \(plain(angle)) rad, which is \(plain(turns)) turns; it looks like degrees",
      suggestion: "write \(plain(angle * .pi / 180))")
  }

  // MARK: Motors and buses

  func joints(_ model: RobotModel, _ corrections: [MassCorrection]) throws(ConfigurationError) -> [ArmConfiguration.Joint] {
    try checkBusNames()
    try checkNodes()
    let busNames = top.section("buses").names.map(\.name)
    var counts = [Int](repeating: 0, count: busNames.count)
    var joints: [ArmConfiguration.Joint] = []
    for (index, name) in model.jointNames.enumerated() {
      let section = jointSections.section(name), own = section.section("motor")
      let transmission = try transmission(section.section("transmission"), isPrismatic: model.isPrismatic[index])
      guard let bus = busNames.firstIndex(of: own.text("bus")), let driver = ArmConfiguration.Driver(rawValue: own.text("driver")) else { continue }
      let motor = ArmConfiguration.Motor(
        driver: driver, bus: bus, motor: counts[bus], node: Int(own.number("id")),
        currentLimit: largestTorque(own, torqueConstant: transmission.torqueConstant) / transmission.torqueConstant,
        velocityLimit: try driveLimit(
          own, "velocityLimit", unit: "rad/s", least: model.limits.velocity[index] * transmission.ratio, usually: 1.5),
        accelerationLimit: try driveLimit(
          own, "accelerationLimit", unit: "rad/s²", least: model.limits.acceleration[index] * transmission.ratio, usually: 2),
        damiao: driver == .damiao ? try damiao(own, joint: index, transmission: transmission, model: model) : nil)
      counts[bus] += 1
      joints.append(
        ArmConfiguration.Joint(
          name: name, motor: motor, transmission: transmission, vibration: try vibration(section), correction: corrections[index]))
    }
    return joints
  }

  private func vibration(_ joint: ConfigurationSection) throws(ConfigurationError) -> VibrationMode? {
    guard let section = joint.optionalSection("vibration") else { return nil }
    let frequency = section.number("frequency"), rate = top.number("rate")
    guard frequency <= rate / 4 else {
      throw error(
        at: section.valueMark(of: "frequency"),
        "\(section.path).frequency is \(plain(frequency)) Hz, too fast for a rate of \(plain(rate)) Hz, which can shape up to \(plain(rate / 4)) Hz",
        suggestion: "remove vibration, or raise rate")
    }
    let shaper = VibrationMode.Shaper(rawValue: section.text("shaper")) ?? .zeroVibrationDerivative
    return VibrationMode(frequency: frequency, damping: section.number("damping"), shaper: shaper)
  }

  private func driveLimit(
    _ section: ConfigurationSection, _ key: String, unit: String, least: Double, usually factor: Double
  ) throws(ConfigurationError) -> Double {
    guard let limit = section.optionalNumber(key) else { return factor * least }
    guard limit >= least else {
      throw error(
        at: section.valueMark(of: key),
        "\(section.path).\(key) is \(plain(limit)) \(unit), less than the joint's limit × ratio, \(plain(least)) \(unit):"
          + " the motor would stay behind",
        suggestion: "write \(key): \(plain(factor * least)), or lower the joint's limit")
    }
    return limit
  }

  private func checkBusNames() throws(ConfigurationError) {
    let known = top.section("buses").names.map(\.name)
    for (name, _) in jointSections.names {
      let motor = jointSections.section(name).section("motor"), bus = motor.text("bus")
      guard !known.contains(bus) else { continue }
      throw error(
        at: motor.valueMark(of: "bus"),
        "joints.\(name).motor.bus is \"\(bus)\", which is not among buses; \(Suggestion.phrase(for: bus, among: known))",
        suggestion: "write \(Suggestion.nearest(to: bus, among: known) ?? known.joined(separator: " or "))")
    }
  }

  private func checkNodes() throws(ConfigurationError) {
    var owners: [String: String] = [:]
    for (name, _) in jointSections.names {
      let motor = jointSections.section(name).section("motor")
      let bus = motor.text("bus"), node = Int(motor.number("id"))
      if let owner = owners.updateValue(name, forKey: "\(node)@\(bus)") {
        let taken = jointSections.names.map { jointSections.section($0.name).section("motor") }.filter { $0.text("bus") == bus }.map {
          Int($0.number("id"))
        }
        throw error(
          at: motor.valueMark(of: "id"), "joints.\(name).motor.id is \(node), which on the bus \(bus) is the motor of \(owner) already",
          suggestion: "give each drive of a bus its own id"
            + ((1...15).first { !taken.contains($0) }.map { "; \($0) is free" } ?? ""))
      }
    }
  }

  func buses(_ joints: [ArmConfiguration.Joint]) throws(ConfigurationError) -> [ArmConfiguration.Bus] {
    let section = top.section("buses")
    var ports: [String: String] = [:]
    var buses: [ArmConfiguration.Bus] = []
    for (index, entry) in section.names.enumerated() {
      let bus = section.section(entry.name), port = bus.text("port")
      if let other = ports.updateValue(entry.name, forKey: port) {
        throw error(
          at: bus.valueMark(of: "port"), "buses.\(entry.name).port is \(port), which is the bus \(other)'s already",
          suggestion: "give each bus its own port")
      }
      let members = joints.indices.filter { joints[$0].motor.bus == index }
      guard !members.isEmpty else {
        throw error(at: entry.mark, "no motor is on the bus \"\(entry.name)\"", suggestion: "remove it, or name it in a motor")
      }
      buses.append(
        ArmConfiguration.Bus(
          name: entry.name, kind: ArmConfiguration.Bus.Kind(rawValue: bus.text("type")) ?? .slcan, port: port, bitrate: Int(bus.number("bitrate")),
          joints: members))
    }
    return buses
  }

  private func transmission(_ section: ConfigurationSection, isPrismatic: Bool) throws(ConfigurationError) -> ArmConfiguration.Transmission {
    let kind = ArmConfiguration.Transmission.Kind(rawValue: section.text("type")) ?? .rigid
    let friction = section.section("friction")
    let transmission = ArmConfiguration.Transmission(
      kind: kind, ratio: section.number("ratio"), isReversed: section.number("direction") < 0, offset: section.number("offset"),
      stiffness: section.optionalNumber("stiffness"), backlash: section.number("backlash"), coulomb: friction.number("coulomb"),
      viscous: friction.number("viscous"), rotorInertia: section.number("rotorInertia"), torqueConstant: section.number("torqueConstant"),
      ratchetTorque: section.optionalNumber("ratchetTorque"))
    if !isPrismatic { try checkAngle(transmission.offset, of: "\(section.path).offset", at: section.valueMark(of: "offset")) }
    if kind == .direct, transmission.ratio != 1 {
      throw error(
        at: section.valueMark(of: "ratio"), "\(section.path).ratio is \(plain(transmission.ratio)), where a direct drive has 1",
        suggestion: "write ratio: 1, or another type")
    }
    for key in ["stiffness", "backlash"] where [.rigid, .direct].contains(kind) && (section.optionalNumber(key) ?? 0) != 0 {
      throw error(
        at: section.mark(of: key), "\(section.path) is of type \(kind.rawValue), which has no \(key)",
        suggestion: "remove \(key), or use another type")
    }
    return transmission
  }
}
