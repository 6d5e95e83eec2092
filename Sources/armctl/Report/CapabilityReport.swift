internal import Foundation
internal import Kinematics

/// What an arm is and can do, as tables for people and as JSON for programs.
struct CapabilityReport {
  let arm: ArmConfiguration
  let capability: ArmCapability
  let kinematics: KinematicsReport
  /// Nil where nothing is checked.
  let collisions: CollisionReport?
  /// Nil where nothing stands for the arm.
  let surroundings: SurroundingsReport?

  init(_ arm: ArmConfiguration, collision: ArmCollision? = nil, surroundings: Surroundings? = nil) {
    self.arm = arm
    self.surroundings = surroundings.map { SurroundingsReport($0, poses: arm.poses) }
    collisions = collision.map(CollisionReport.init)
    capability = ArmCapability(arm)
    kinematics = KinematicsReport(arm)
  }

  /// Beyond this share of what a motor can do with everything at once, less than 30 % is in hand.
  static let peakWithMargin = 1 / 1.3
  /// On a busier bus the frames of a tick no longer fit into it if every bit that may need stuffing does: 135 bit times a frame instead of 123.
  static let busLoadWithMargin = 0.9
  /// No small motor turns faster [rad/s]: 20,000 turns a minute.
  static let fastestMotor = 2094.0

  // MARK: For people

  var text: String {
    let parts = [
      [headline], [""], limitTable.lines, [""], motorTable.lines, [""], notes, [""], kinematics.lines, collisionLines,
      surroundings.map { [""] + $0.lines } ?? [],
      warnings.isEmpty ? [] : [""] + warnings,
    ]
    return parts.flatMap { $0 }.joined(separator: "\n")
  }

  private var collisionLines: [String] {
    [""] + (collisions?.lines ?? ["collisions: not checked, as the arm file has no spheres for it (collision.spheres: auto)"])
  }

  private var headline: String {
    let count = arm.joints.count
    return [
      arm.name, "\(count) joint\(count == 1 ? "" : "s") from \(arm.model.baseName) to \(arm.model.tipName)",
      "reach \(Self.round(kinematics.reach.farthestFromBase, 3)) m", "\(Self.round(arm.mass, 2)) kg\(payload)", "\(plain(arm.rate)) Hz",
    ].joined(separator: " · ")
  }

  private var payload: String { arm.model.payload.map { " and \(Self.round($0.mass, 2)) kg payload" } ?? "" }

  /// What each joint may do.
  private var limitTable: TextTable {
    var table = TextTable(head: ["joint", "position", "velocity", "acceleration", "jerk", "drive", "node", "resolution"])
    for (index, joint) in arm.joints.enumerated() {
      let isSliding = arm.model.isPrismatic[index]
      let scale = isSliding ? 1000 : 180 / Double.pi, unit = isSliding ? " mm" : "°"
      let lower = arm.limits.lower[index] * scale, upper = arm.limits.upper[index] * scale
      table.append([
        joint.name, lower.isFinite ? "\(Self.round(lower, 0)) … \(Self.round(upper, 0))\(unit)" : "turns without end",
        "\(Self.round(arm.limits.velocity[index] * scale, 0))\(unit)/s", "\(Self.round(arm.limits.acceleration[index] * scale, 0))\(unit)/s²",
        "\(Self.round(arm.limits.jerk[index] * scale, 0))\(unit)/s³", joint.motor.driver.rawValue,
        "\(joint.motor.node)@\(arm.buses[joint.motor.bus].name)", "\(Self.round(joint.resolution * scale, 4))\(unit)",
      ])
    }
    return table
  }

  /// What each motor must do at worst.
  private var motorTable: TextTable {
    var table = TextTable(head: ["motor of", "ratio", "turns/min", "gravity", "everything", "can do", "holding", "at most"])
    for (index, joint) in arm.joints.enumerated() {
      let unit = arm.model.isPrismatic[index] ? " N" : " N·m"
      table.append([
        joint.name, plain(joint.transmission.isReversed ? -joint.transmission.ratio : joint.transmission.ratio),
        Self.round(arm.limits.velocity[index] * joint.transmission.ratio * 30 / .pi, 0), Self.round(capability.gravity[index], 2) + unit,
        Self.round(capability.peak[index], 2) + unit, Self.round(capability.available[index], 2) + unit,
        Self.percent(capability.holdingShare(index)), Self.percent(capability.peakShare(index)),
      ])
    }
    return table
  }

  private var notes: [String] {
    var notes = ["gravity: at the worst pose. everything: that, with all joints at full velocity and acceleration, and friction."]
    for (index, bus) in arm.buses.enumerated() {
      let count = bus.joints.count
      notes.append(
        "bus \(bus.name): \(bus.kind.rawValue) on \(bus.port), \(count) motor\(count == 1 ? "" : "s"), "
          + "\(arm.framesPerTick(onBus: index)) frames a tick, "
          + "\(Self.percent(arm.load(ofBus: index))) of \(plain(Double(bus.bitrate) / 1000)) kbit/s")
    }
    if capability.play > 0 { notes.append("play: backlash lets the tool move by up to \(Self.round(capability.play * 1000, 2)) mm") }
    if capability.windUp > 0 {
      notes.append("wind-up: gravity bends the reducers by up to \(Self.round(capability.windUp * 1000, 2)) mm at the tool")
    }
    if !arm.poses.isEmpty { notes.append("poses: \(arm.poses.map(\.name).joined(separator: ", "))") }
    let singular = arm.poses.filter { kinematics.isSingular(at: $0.position) }.map(\.name)
    if !singular.isEmpty { notes.append("singular poses, where straight lines of the tool hardly begin: \(singular.joined(separator: ", "))") }
    if arm.gpio.emergencyStop == nil { notes.append("no emergency stop is wired to a GPIO line; have one that cuts the motors' power") }
    return notes
  }

  /// What cannot be, or cannot work; an arm with any of these is refused.
  var errors: [CommandFailure] {
    var errors: [CommandFailure] = []
    if collisions == nil, !arm.fences.isEmpty { errors.append(.fencesWithoutShape) }
    for (index, joint) in arm.joints.enumerated() where capability.holdingShare(index) > 1 {
      let unit = arm.model.isPrismatic[index] ? "N" : "N·m"
      errors.append(
        CommandFailure(
          "\(joint.name) cannot hold itself: gravity takes \(Self.round(capability.gravity[index], 2)) \(unit) at the worst pose, and motor, "
            + "current limit, reducer and effort limit allow \(Self.round(capability.available[index], 2)) \(unit)",
          suggestion: "a lighter arm, a stronger motor, more ratio, or limits of position that leave the worst poses out"))
    }
    return errors
  }

  /// Whether all that moves with each joint is together a body that can be: a light link whose file is wrong by more than it weighs does no harm
  /// then.
  private var hasPossibleBodies: Bool { arm.model.bodyInertias.allSatisfy { $0.isOfABody(tolerance: ImpossibleInertia.tolerance) } }

  private var impossibleLinks: [String] {
    arm.links.filter { !$0.inertial.inertia.isOfABody(tolerance: ImpossibleInertia.tolerance) }.map { link in
      "\(arm.modelFile):\(link.inertiaPlace.line):\(link.inertiaPlace.column ?? 1): the inertia of link \"\(link.name)\" "
        + ImpossibleInertia.sentence(link.inertial.inertia)
    }
  }

  /// Where masses or inertias are missing.
  private var massWarnings: [String] {
    let model = arm.model, massless = model.jointsWithoutMass, idle = model.jointsWithoutInertia.filter { !massless.contains($0) }
    let remedy =
      arm.links.isEmpty
      ? "give the rows in \(arm.modelFile) their mass, center and inertia" : "give the links in \(arm.modelFile) their <inertial>"
    func names(_ joints: [Int]) -> String {
      let names = joints.map { model.jointNames[$0] }
      return names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
    guard model.movingMass > 0 else {
      return [
        "warning: no link that moves has a mass: gravity is not made up for, compliance takes the arm's weight for a push, and what the motors must "
          + "do is told too low; \(remedy)"
      ]
    }
    var warnings: [String] = []
    if !massless.isEmpty {
      warnings.append(
        "warning: no link right behind \(names(massless)) has a mass: gravity on it is not made up for, and what the motors must do is told too low; "
          + remedy)
    }
    if !idle.isEmpty {
      warnings.append(
        "warning: no inertia resists \(names(idle)): the masses behind it are on its axis, or the joints behind can keep them still; what the motors "
          + "must do is told too low; \(remedy)")
    }
    return warnings
  }

  /// What a maker should change, or know.
  var warnings: [String] {
    let consequence = hasPossibleBodies ? "what it is fixed to makes up for it" : "the model's efforts are as wrong"
    var warnings = impossibleLinks.map { "warning: \($0); \(consequence)" }
    warnings += massWarnings
    for (index, joint) in arm.joints.enumerated() {
      let speed = arm.limits.velocity[index] * joint.transmission.ratio
      guard speed > Self.fastestMotor else { continue }
      warnings.append(
        "warning: \(joint.name) would turn its motor at \(Self.round(speed * 30 / .pi, 0)) turns/min; look at its ratio and its limit of velocity")
    }
    for (index, joint) in arm.joints.enumerated() where capability.peakShare(index) > Self.peakWithMargin && capability.holdingShare(index) <= 1 {
      let peak = capability.peakShare(index)
      warnings.append(
        capability.holdingShare(index) > Self.peakWithMargin
          ? "warning: \(joint.name) has less than 30 % in hand against gravity alone; lighten the arm, or give it a stronger motor or more ratio"
          : "warning: \(joint.name) \(peak > 1 ? "needs \(Self.percent(peak)) of what it can do" : "has less than 30 % in hand")"
            + " with everything at once; lower its limits of acceleration or velocity")
    }
    for (index, bus) in arm.buses.enumerated() where arm.load(ofBus: index) > Self.busLoadWithMargin {
      let load = arm.load(ofBus: index), rate = (arm.rate / load * Self.busLoadWithMargin / 10).rounded(.down) * 10
      warnings.append(
        load > 1
          ? "warning: the bus \(bus.name) cannot carry \(plain(arm.rate)) Hz; lower the rate to \(plain(rate))"
          : "warning: the bus \(bus.name) is \(Self.percent(load)) busy, and at worst a tick's frames take longer than it;"
            + " lower the rate to \(plain(rate))"
      )
    }
    return warnings + (surroundings?.warnings ?? [])
  }

  // MARK: For programs

  var json: JSONValue {
    [
      "arm": .string(arm.name), "file": .string(arm.file), "model": .string(arm.modelFile), "base": .string(arm.model.baseName),
      "tip": .string(arm.model.tipName), "degreesOfFreedom": .number(Double(kinematics.freedom.rank)),
      "reach": .number(kinematics.reach.farthestFromBase), "mass": .number(arm.mass),
      "payload": arm.model.payload.map { ["mass": .number($0.mass), "center": JSONValue(numbers: [$0.center.x, $0.center.y, $0.center.z])] } ?? .null,
      "kinematics": kinematics.json, "collisions": collisions?.json ?? .null, "surroundings": surroundings?.json ?? .null,
      "rate": .number(arm.rate), "play": .number(capability.play), "windUp": .number(capability.windUp),
      "joints": .array(arm.joints.indices.map(json(ofJoint:))), "buses": .array(arm.buses.indices.map(json(ofBus:))),
      "poses": .array(arm.poses.map { ["name": .string($0.name), "position": .array($0.position.map(JSONValue.number))] }),
      "errors": .array(errors.map { ["message": .string($0.sentence), "try": .string($0.suggestion)] }),
      "warnings": .array(warnings.map(JSONValue.string)),
    ]
  }

  private func json(ofJoint index: Int) -> JSONValue {
    let joint = arm.joints[index], limits = arm.limits
    let isBounded = limits.lower[index].isFinite && limits.upper[index].isFinite
    return [
      "name": .string(joint.name), "type": arm.model.isPrismatic[index] ? "prismatic" : arm.model.isContinuous[index] ? "continuous" : "revolute",
      "position": isBounded ? .array([.number(limits.lower[index]), .number(limits.upper[index])]) : .null,
      "velocity": .number(limits.velocity[index]), "acceleration": .number(limits.acceleration[index]), "jerk": .number(limits.jerk[index]),
      "effort": .number(limits.effort[index]), "driver": .string(joint.motor.driver.rawValue), "bus": .string(arm.buses[joint.motor.bus].name),
      "node": .number(Double(joint.motor.node)), "resolution": .number(joint.resolution), "gravity": .number(capability.gravity[index]),
      "peak": .number(capability.peak[index]), "available": .number(capability.available[index]),
      "holdingShare": .number(capability.holdingShare(index)), "peakShare": .number(capability.peakShare(index)),
    ]
  }

  private func json(ofBus index: Int) -> JSONValue {
    let bus = arm.buses[index]
    return [
      "name": .string(bus.name), "type": .string(bus.kind.rawValue), "port": .string(bus.port), "bitrate": .number(Double(bus.bitrate)),
      "framesPerTick": .number(Double(arm.framesPerTick(onBus: index))), "load": .number(arm.load(ofBus: index)),
    ]
  }

  // MARK: Numbers

  private static func round(_ number: Double, _ digits: Int) -> String {
    let text = String(format: "%.\(digits)f", number)
    return Double(text) == 0 && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
}

extension ArmConfiguration.Joint {
  /// One count of the encoder, at the joint [rad; m for prismatic].
  var resolution: Double { 2 * .pi / motor.driver.encoderCounts / transmission.ratio }
}
