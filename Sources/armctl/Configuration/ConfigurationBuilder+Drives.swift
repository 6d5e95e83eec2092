internal import Kinematics

/// What `joints.JOINT.motor` has to hold for each driver.
extension ConfigurationBuilder {
  /// Keys that only one driver has: those that it cannot do without, and the others.
  private static let driveKeys: [(driver: ArmConfiguration.Driver, required: [String], optional: [String])] = [
    (.ctrlStep, ["currentLimit"], ["velocityLimit", "accelerationLimit"]),
    (.damiao, ["pMax", "vMax", "tMax", "timeout"], ["masterId", "stiffness", "damping"]),
  ]

  private var motors: [(joint: String, section: ConfigurationSection)] {
    let joints = top.section("joints")
    return joints.names.map { ($0.name, joints.section($0.name).section("motor")) }
  }

  /// Each motor has its driver's keys, and no other driver's.
  func checkDrives() throws(ConfigurationError) {
    for (_, motor) in motors {
      let own = motor.text("driver"), names = motor.names.map(\.name)
      for (driver, required, optional) in Self.driveKeys {
        if driver.rawValue == own {
          for key in required where !names.contains(key) {
            throw error(
              at: motor.mark, "\(motor.path) lacks the key \"\(key)\", which a \(own) drive needs; it has \(names.joined(separator: ", "))",
              suggestion: "add \(key): \(ConfigurationTable.keys(in: motor.pattern).first { $0.name == key }?.example ?? "…")")
          }
        } else if let key = (required + optional).first(where: names.contains) {
          throw error(
            at: motor.mark(of: key), "\(motor.path).\(key) is for \(driver.rawValue) drives, and this is a \(own) drive", suggestion: "remove it")
        }
      }
    }
    try checkBusDrivers()
  }

  /// A bus speaks one protocol.
  private func checkBusDrivers() throws(ConfigurationError) {
    var first: [String: (joint: String, driver: String)] = [:]
    for (joint, motor) in motors {
      let bus = motor.text("bus"), driver = motor.text("driver")
      guard let other = first[bus] else {
        first[bus] = (joint, driver)
        continue
      }
      guard other.driver != driver else { continue }
      throw error(
        at: motor.valueMark(of: "driver"),
        "joints.\(joint).motor.driver is \(driver), where the bus \(bus) speaks \(other.driver) with the motor of \(other.joint)",
        suggestion: "put the motor on a bus of its own")
    }
  }

  /// The most that a drive can make of its motor [N·m].
  func largestTorque(_ motor: ConfigurationSection, torqueConstant: Double) -> Double {
    motor.optionalNumber("tMax") ?? torqueConstant * motor.number("currentLimit")
  }

  // MARK: Damiao

  /// - Precondition: The motor has its driver's keys.
  func damiao(
    _ motor: ConfigurationSection, joint: Int, transmission: ArmConfiguration.Transmission, model: RobotModel
  ) throws(ConfigurationError) -> ArmConfiguration.Motor.Damiao {
    let ratio = transmission.ratio, id = Int(motor.number("id"))
    let pMax = motor.number("pMax"), vMax = motor.number("vMax"), tMax = motor.number("tMax"), timeout = motor.number("timeout")
    let travel = [model.limits.lower[joint], model.limits.upper[joint]].map { abs($0 - transmission.offset) * ratio }.max() ?? 0
    guard travel.isFinite else {
      throw error(
        at: motor.valueMark(of: "pMax"), "\(motor.path) is for a joint that turns without end, where the motor's positions end at ± pMax",
        suggestion: "give the joint limits.position")
    }
    try check(motor, "pMax", pMax, reaches: travel, what: "the joint's travel", unit: "rad")
    try check(motor, "vMax", vMax, reaches: model.limits.velocity[joint] * ratio, what: "the joint's limit × ratio", unit: "rad/s")
    let least = 5 / top.number("rate")
    guard timeout >= least - 1e-9 else {
      throw error(
        at: motor.valueMark(of: "timeout"),
        "\(motor.path).timeout is \(plain(timeout)) s, less than five ticks at \(plain(top.number("rate"))) Hz;"
          + " a few late frames would let the arm go",
        suggestion: "write timeout: \(plain(max(0.05, least)))")
    }
    let masterId = motor.optionalNumber("masterId").map { Int($0) } ?? 16 + id
    try checkMaster(motor, masterId: masterId)
    let stiffness = motor.optionalNumber("stiffness") ?? 4 * tMax * ratio
    return .init(
      masterId: masterId, pMax: pMax, vMax: vMax, tMax: tMax, timeout: timeout, stiffness: stiffness,
      damping: motor.optionalNumber("damping") ?? usualDamping(joint, stiffness: stiffness, transmission: transmission, model: model))
  }

  private func check(
    _ motor: ConfigurationSection, _ key: String, _ value: Double, reaches needed: Double, what: String, unit: String
  ) throws(ConfigurationError) {
    guard value < needed else { return }
    throw error(
      at: motor.valueMark(of: key),
      "\(motor.path).\(key) is \(plain(value)) \(unit), less than \(what), \(plain(needed)) \(unit): the motor could not say it",
      suggestion: "lower the joint's limit, or give the motor another range")
  }

  private func checkMaster(_ motor: ConfigurationSection, masterId: Int) throws(ConfigurationError) {
    for (joint, other) in motors where other.path != motor.path && other.text("bus") == motor.text("bus") {
      let id = Int(other.number("id")), master = other.optionalNumber("masterId").map { Int($0) } ?? 16 + id
      guard masterId == id || masterId == master else { continue }
      throw error(
        at: motor.valueMark(of: "masterId"), "\(motor.path).masterId is \(masterId), which on its bus belongs to the motor of \(joint) already",
        suggestion: "give each motor of a bus identifiers of its own, such as 16 + its id")
    }
    guard masterId == Int(motor.number("id")) else { return }
    throw error(
      at: motor.valueMark(of: "masterId"), "\(motor.path).masterId is the motor's own id, \(masterId); it would hear its own answers",
      suggestion: "write masterId: \(16 + masterId)")
  }

  /// At the joint [N·m·s/rad], 0.7 of critical for its inertia in the middle of the limits; no more than the motor itself can damp.
  private func usualDamping(_ joint: Int, stiffness: Double, transmission: ArmConfiguration.Transmission, model: RobotModel) -> Double {
    let middle = JointVector(
      zip(model.limits.lower, model.limits.upper).map { $0.isFinite && $1.isFinite ? 0.5 * ($0 + $1) : 0 })
    let gear = transmission.ratio * transmission.ratio
    let inertia = model.massMatrix(at: middle)[joint, joint] + gear * transmission.rotorInertia
    return min(1.4 * (stiffness * inertia).squareRoot(), 5 * gear)
  }
}
