internal import Foundation

// The header, and the numbers on the left.

extension TeleopView {
  /// With one decimal, and without a zero that is negative.
  private static func decimal(_ value: Double) -> String { String(format: "%.1f", abs(value) < 0.05 ? 0 : value) }

  func drawHeader(_ teleop: Teleoperation, _ layout: TeleopLayout, at time: Double, on screen: inout Screen) {
    let mode = teleop.isServerSilent(at: time) ? "no answer" : teleop.reading?.mode ?? "…"
    let ink: Ink =
      switch mode {
      case "fault", "no answer": .alarm
      case "off", "stopped", "yield", "recover": .warning
      case "move", "servo": .good
      default: .accent
      }
    var x = screen.write(teleop.arm.name, x: 1, y: layout.header, .strong) + 2
    x = screen.write("● ", x: x, y: layout.header, ink)
    x = screen.write(mode, x: x, y: layout.header, ink) + 3
    let holder = teleop.token != nil ? "you lead" : teleop.leaseHolder.map { "led by \($0)" } ?? "nobody leads"
    let leadInk: Ink = teleop.token == nil && teleop.leaseHolder != nil ? .warning : .faint
    x = screen.write(Self.cut(holder, to: screen.width - 1 - x), x: x, y: layout.header, leadInk)
    guard let health = teleop.health else { return }
    let lost = health.busErrors > 0.0005 ? String(format: "lost %.1f %%", health.busErrors * 100) : ""
    let bus = String(format: "bus %.0f %%", health.busLoad * 100) + (lost.isEmpty ? "" : ", ") + lost
    // Who leads goes before; in a narrow window the rest says less.
    let texts = [bus + String(format: "  tick %.0f µs", health.tick * 1e6), bus, lost]
    guard let text = texts.first(where: { x + 2 + $0.count < screen.width }) else { return }
    let isIll = health.busErrors > 0.02
    screen.write(text, endingBefore: screen.width - 1, y: layout.header, isIll ? .warning : .faint)
  }

  /// At most so many characters, the last an ellipsis where some are missing.
  private static func cut(_ text: String, to length: Int) -> String { text.count <= length ? text : text.prefix(max(0, length - 1)) + "…" }

  func drawJoints(_ teleop: Teleoperation, _ layout: TeleopLayout, on screen: inout Screen) {
    guard let reading = teleop.reading, reading.position.count == teleop.arm.joints.count else { return }
    let isTarget = teleop.settings.target == .joints, end = layout.panelWidth - 1
    let barStart = 14, barEnd = end - (layout.panelWidth >= 42 ? 17 : 8)
    for (index, joint) in teleop.arm.joints.enumerated() {
      let y = layout.joints + index, isChosen = isTarget && index == teleop.settings.joint
      if isTarget {
        screen.write("\(TeleopKeys.upper[index])\(TeleopKeys.lower[index])", x: 1, y: y, .accent)
        if isChosen { screen.write("›", x: 3, y: y, .accent) }
      }
      screen.write(teleop.arm.shortName(of: joint), x: 4, y: y, isChosen ? .strong : .plain, limit: 9)
      let value = reading.position[index], scale = joint.isSliding ? 1000 : 180 / Double.pi
      drawBar(joint, value, teleop.ghost != nil ? teleop.proposal?.end?[index] : nil, x: barStart..<barEnd, y: y, on: &screen)
      let isNear = joint.nearness(value) > 0.97
      screen.write(
        Self.decimal(value * scale) + (joint.isSliding ? " mm" : "°"), endingBefore: barEnd + 8, y: y, isNear ? .warning : .plain)
      if layout.panelWidth >= 42, let external = reading.external[index] {
        screen.write(Self.decimal(external), endingBefore: end - 4, y: y, .faint)
        screen.write(joint.isSliding ? " N" : " N·m", x: end - 4, y: y, .faint)
      }
    }
  }

  /// "├───●──┼──○──┤": where a joint is between its limits, and where it is meant to go.
  private func drawBar(_ joint: TeleopArm.Joint, _ value: Double, _ meant: Double?, x: Range<Int>, y: Int, on screen: inout Screen) {
    guard x.count > 3 else { return }
    let (lower, upper) = (joint.lower ?? -.pi, joint.upper ?? .pi)
    func column(_ value: Double) -> Int {
      let share = upper > lower ? min(max((value - lower) / (upper - lower), 0), 1) : 0.5
      return x.lowerBound + Int((share * Double(x.count - 1)).rounded())
    }
    for column in x { screen.write("─", x: column, y: y, .faint) }
    if joint.lower != nil { screen.write("├", x: x.lowerBound, y: y, .faint) }
    if joint.upper != nil { screen.write("┤", x: x.upperBound - 1, y: y, .faint) }
    if lower < 0, upper > 0 { screen.write("┼", x: column(0), y: y, .faint) }
    if let meant { screen.write("○", x: column(meant), y: y, .ghost) }
    let nearness = joint.nearness(value)
    screen.write("●", x: column(value), y: y, nearness > 0.995 ? .alarm : nearness > 0.97 ? .warning : .arm)
  }

  func drawTool(_ teleop: Teleoperation, _ layout: TeleopLayout, on screen: inout Screen) {
    guard let reading = teleop.reading else { return }
    let isTarget = teleop.settings.target == .tool, names = ["x", "y", "z", "roll", "pitch", "yaw"]
    let turn = ToolAngles(quaternion: reading.quaternion), middle = layout.panelWidth >= 42 ? 21 : 16
    for axis in 0..<6 {
      let x = axis < 3 ? 1 : middle, y = layout.tool + axis % 3
      if isTarget { screen.write("\(TeleopKeys.upper[axis])\(TeleopKeys.lower[axis])", x: x, y: y, .accent) }
      screen.write(names[axis], x: x + 3, y: y, .plain)
      if axis < 3 {
        screen.write(Self.decimal(reading.place[axis] * 1000), endingBefore: x + 11, y: y)
        screen.write("mm", x: x + 12, y: y, .faint)
      } else {
        screen.write(Self.decimal(turn[axis - 3]) + "°", endingBefore: x + 15, y: y)
      }
    }
  }

  func drawJog(_ teleop: Teleoperation, _ layout: TeleopLayout, at time: Double, on screen: inout Screen) {
    let settings = teleop.settings
    let what = settings.target == .joints ? "joints" : "tool along the \(settings.frame.rawValue)'s axes"
    var x = screen.write("jog ", x: 1, y: layout.jog, .faint)
    screen.write(what, x: x, y: layout.jog, .strong)

    x = screen.write(settings.isStepwise ? "step " : "hold ", x: 1, y: layout.jog + 1, .faint)
    x = screen.write(Self.pace(of: settings), x: x, y: layout.jog + 1)
    if settings.mayTouch, !settings.isStepwise { screen.write("may touch", x: x + 2, y: layout.jog + 1, .warning, limit: layout.panelWidth - x - 2) }

    x = screen.write("feel ", x: 1, y: layout.jog + 2, .faint)
    screen.write(Self.felt(teleop), x: x, y: layout.jog + 2, limit: layout.panelWidth - x - 1)

    x = screen.write("way  ", x: 1, y: layout.jog + 3, .faint)
    if let since = teleop.lesson.recordingSince {
      screen.write(String(format: "● recording %.0f s", time - since), x: x, y: layout.jog + 3, .alarm)
    } else if teleop.lesson.steps.count == 1, let path = teleop.lesson.paths.first {
      screen.write(String(format: "path of %.1f s, %d points", path.duration, path.points.count), x: x, y: layout.jog + 3)
    } else {
      screen.write(teleop.lesson.contents ?? "no waypoints", x: x, y: layout.jog + 3, teleop.lesson.isEmpty ? .faint : .plain)
    }
  }

  /// "20 %  50 mm/s  12 °/s", "5 mm  1°  at 20 %"
  static func pace(of settings: JogSettings) -> String {
    let percent = String(format: "%.0f %%", settings.speed * 100)
    let step = settings.step, angle = String(format: "%g°", (step.angle * 1800 / .pi).rounded() / 10)
    if settings.isStepwise {
      return (settings.target == .tool ? String(format: "%g mm  ", step.length * 1000) : "") + "\(angle)  at \(percent)"
    }
    guard settings.target == .tool else { return "\(percent) of each joint's speed" }
    let linear = settings.speed * JogSettings.toolSpeed.linear * 1000, angular = settings.speed * JogSettings.toolSpeed.angular * 180 / .pi
    return percent + String(format: "  %.3g mm/s  %.0f °/s", linear, angular)
  }

  /// The joint that feels most, in words.
  static func felt(_ teleop: Teleoperation) -> String {
    let efforts = teleop.reading?.external ?? []
    guard let most = efforts.indices.filter({ efforts[$0] != nil }).max(by: { abs(efforts[$0] ?? 0) < abs(efforts[$1] ?? 0) }),
      let effort = efforts[most], most < teleop.arm.joints.count
    else { return "nothing: no drive tells" }
    let joint = teleop.arm.joints[most]
    return "\(teleop.arm.shortName(of: joint)) \(decimal(effort)) \(joint.isSliding ? "N" : "N·m")"
  }
}

extension TeleopArm.Joint {
  /// How near a joint is to a limit, from 0 in the middle to 1 at it.
  func nearness(_ value: Double) -> Double {
    guard let lower, let upper, upper > lower else { return 0 }
    return min(1, abs(2 * (value - lower) / (upper - lower) - 1))
  }
}

/// How a tool is turned, as roll, pitch and yaw about the base's x, y and z [°].
struct ToolAngles {
  private let angles: SIMD3<Double>

  /// - Parameter q: x, y, z, w; of unit length.
  init(quaternion q: SIMD4<Double>) {
    let roll = atan2(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y))
    let pitch = asin(min(max(2 * (q.w * q.y - q.z * q.x), -1), 1))
    let yaw = atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z))
    let degrees = SIMD3(roll, pitch, yaw) * 180 / .pi
    // Not -180 here and 180 there.
    angles = SIMD3((0..<3).map { degrees[$0] <= -179.95 ? 180 : degrees[$0] })
  }

  subscript(axis: Int) -> Double { angles[axis] }
}
