internal import Control
internal import Kinematics
internal import MotorDrivers

extension ArmConfiguration {
  /// How the arm is to feel what touches it, and to give way.
  struct Compliance: Sendable, Equatable {
    var reaction: Reaction
    /// [N/m]
    var yieldStiffness: Double
    var yieldDamping: Double
    /// [m/s]
    var dragSpeed: Double
    /// [J]
    var tank: Double
    /// [rad]
    var margin: Double
    var patience: Int
    /// [1/s]
    var observerGain: Double
    var sensitivity: Double
    /// [kg]
    var payload: Double
    /// Nil where they follow from the model.
    var thresholds: ContactThresholds?
    /// [rad/s²]; nil where it follows from the model.
    var jolt: JointVector?
    var springs: ComplianceSprings
  }

  /// What the arm's motors let the controller promise: the least of them all.
  var complianceClass: ComplianceClass {
    if joints.allSatisfy({ $0.motor.damiao != nil }) { return .torque }
    return joints.allSatisfy { $0.motor.driver == .damiao || $0.motor.driver == .ctrlStep } ? .position : .open
  }

  /// - Parameters:
  ///   - settings: With friction and rotors.
  ///   - isTuned: Whether the arm feels as its file says, and not as follows from its model.
  func complianceSettings(_ settings: ControlSettings, isTuned: Bool = true) -> ComplianceSettings {
    let effort = JointVector(
      zip(joints, limits.effort).map { min($1, ($0.transmission.ratchetTorque ?? .infinity) * ComplianceSettings.ratchetShare) })
    var result = ComplianceSettings(
      hardware: complianceClass, model: model, settings: settings, stiffness: JointVector(joints.map { $0.motor.damiao?.stiffness ?? 0 }),
      damping: JointVector(joints.map { $0.motor.damiao?.damping ?? 0 }), effort: effort,
      velocitySteps: JointVector(joints.map(\.velocityStep)))
    result.reaction = compliance.reaction
    result.yieldStiffness = compliance.yieldStiffness
    result.yieldDamping = compliance.yieldDamping
    result.dragSpeed = compliance.dragSpeed
    result.tank = compliance.tank
    result.margin = compliance.margin
    result.patience = compliance.patience
    result.payload = compliance.payload
    result.observerGain = compliance.observerGain
    result.springs = compliance.springs
    guard isTuned else { return result }
    if let thresholds = compliance.thresholds { result.thresholds = thresholds }
    result.thresholds.scale(by: 1 / compliance.sensitivity)
    if let jolt = compliance.jolt { result.jolt = jolt }
    result.jolt = (1 / compliance.sensitivity) * result.jolt
    return result
  }
}

extension ArmConfiguration.Joint {
  /// In which its speed is told [rad/s].
  fileprivate var velocityStep: Double {
    motor.damiao.map { Damiao.Scale(position: $0.pMax, velocity: $0.vMax, torque: $0.tMax).velocity.resolution / transmission.ratio } ?? 0
  }
}

extension ConfigurationBuilder {
  func compliance(jointCount: Int) throws(ConfigurationError) -> ArmConfiguration.Compliance {
    let section = top.section("compliance")
    var springs = ComplianceSprings.joints(share: section.number("complyShare"))
    if let comply = section.optionalSection("comply") {
      let linear = comply.optionalNumbers("linear")?.map(\.value) ?? [], angular = comply.optionalNumbers("angular")?.map(\.value) ?? []
      springs = .tool(linear: SIMD3(linear), angular: SIMD3(angular))
    }
    return .init(
      reaction: Reaction(rawValue: section.text("reaction")) ?? .yield, yieldStiffness: section.number("yieldStiffness"),
      yieldDamping: section.number("yieldDamping"), dragSpeed: section.number("dragSpeed"), tank: section.number("tank"),
      margin: section.number("margin"), patience: Int(section.number("patience")), observerGain: section.number("observerGain"),
      sensitivity: section.number("sensitivity"), payload: section.number("payload"),
      thresholds: try thresholds(section, jointCount: jointCount),
      jolt: section.optionalNumbers("jolt") == nil ? nil : try perJoint("jolt", section, jointCount), springs: springs)
  }

  private func thresholds(_ section: ConfigurationSection, jointCount: Int) throws(ConfigurationError) -> ContactThresholds? {
    guard let section = section.optionalSection("thresholds") else { return nil }
    return ContactThresholds(
      base: try perJoint("base", section, jointCount), perVelocity: try perJoint("perVelocity", section, jointCount),
      perAcceleration: try perJoint("perAcceleration", section, jointCount), perEffort: try perJoint("perEffort", section, jointCount))
  }

  private func perJoint(_ name: String, _ section: ConfigurationSection, _ jointCount: Int) throws(ConfigurationError) -> JointVector {
    let numbers = section.optionalNumbers(name) ?? []
    guard numbers.count == jointCount else {
      throw error(
        at: section.valueMark(of: name), "\(section.path).\(name) has \(numbers.count) numbers, where the arm has \(jointCount) joints",
        suggestion: "write one number per joint, from base to tip")
    }
    return JointVector(numbers.map(\.value))
  }
}
