internal import Kinematics
internal import Yams

extension ConfigurationBuilder {
  /// Where the arm must not go, or not go fast.
  func fences() throws(ConfigurationError) -> [ArmConfiguration.Fence] {
    let section = top.section("safety").section("fences")
    var fences: [ArmConfiguration.Fence] = []
    for (name, _) in section.names { fences.append(try fence(name, section.section(name))) }
    return fences
  }

  private func fence(_ name: String, _ section: ConfigurationSection) throws(ConfigurationError) -> ArmConfiguration.Fence {
    let center = section.optionalNumbers("center")?.map(\.value) ?? [0, 0, 0], angles = section.optionalNumbers("rpy") ?? []
    for angle in angles { try checkAngle(angle.value, of: "\(section.path).rpy", at: angle.mark) }
    let turn = angles.isEmpty ? .identity : Rotation(roll: angles[0].value, pitch: angles[1].value, yaw: angles[2].value)
    let half = section.optionalNumbers("halfExtents").map { SIMD3($0.map(\.value)) }
    let rule: ArmConfiguration.Fence.Rule
    switch (section.text("rule"), section.optionalNumber("speed"), half) {
    case ("slow", let speed?, _): rule = .slow(speed)
    case ("slow", nil, _): throw section.lacks("speed", document: document)
    case (_, .some, _):
      throw error(
        at: section.mark(of: "speed"), "\(section.path) has a speed, which only fences with rule: slow have", suggestion: "write rule: slow")
    case ("keep-in", nil, let half?): rule = .keepIn(half)
    case ("keep-in", nil, nil): throw section.lacks("halfExtents", document: document)
    default: rule = .keepOut
    }
    return ArmConfiguration.Fence(name: name, rule: rule, baseFromFence: Pose(rotation: turn, translation: SIMD3(center)), halfExtents: half)
  }
}
