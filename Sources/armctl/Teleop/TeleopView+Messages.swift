internal import Foundation

// What is said below, and what lies over the screen.

extension TeleopView {
  func drawMessage(_ teleop: Teleoperation, _ layout: TeleopLayout, at time: Double, on screen: inout Screen) {
    let (text, ink) = Self.message(teleop, at: time)
    for (row, line) in Screen.wrapped(text, width: screen.width - 2, rows: 2).enumerated() {
      screen.write(line, x: 1, y: layout.message + row, ink, limit: screen.width - 2)
    }
  }

  /// The one thing that a person should know now, and how it looks.
  static func message(_ teleop: Teleoperation, at time: Double) -> (text: String, ink: Ink) {
    if teleop.isServerSilent(at: time) {
      return (String(format: "The server has not answered for %.0f s; the arm rests by itself. Ctrl-C leaves.", time - teleop.readingTime), .alarm)
    }
    switch teleop.panel {
    case .naming(let name):
      let problem = teleop.notice.flatMap { $0.ink == .alarm ? $0.text + " " : nil } ?? ""
      return ("\(problem)Name: \(name)▏  enter saves \(name.isEmpty ? "it" : name + ".arm") here, esc leaves it", .strong)
    case .switchingOff: return ("Switch the motors off? o again does; the arm may sink. Any other key does not.", .warning)
    case .none, .help, .poses: break
    }
    if let fault = teleop.reading?.fault { return ("\(fault) o clears it.", .alarm) }
    if let proposal = teleop.proposal { return message(of: proposal, speed: teleop.settings.speed) }
    if let job = teleop.job, !job.isStep {
      let filled = Int((job.progress * 20).rounded())
      let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: max(0, 20 - filled))
      let title = job.title.prefix(1).uppercased() + job.title.dropFirst(), remark = job.remark.map { "\($0), " } ?? ""
      return ("\(title)  \(bar) \(Int((job.progress * 100).rounded())) %, \(remark)space stops", .good)
    }
    if let hindrance = teleop.reading?.hindrance, teleop.isStreaming, hindrance.share < 0.95 {
      return (hindrance.message, .warning)
    }
    if let notice = teleop.notice { return (notice.text, notice.ink) }
    if let other = teleop.otherJob { return (other.sentence, .warning) }
    if let reading = teleop.reading, !reading.isHomed { return ("Where the joints are is not known for sure: move with care.", .warning) }
    return ("", .plain)
  }

  private static func message(of proposal: Teleoperation.Proposal, speed: Double) -> (text: String, ink: Ink) {
    if let refusal = proposal.refusal { return (refusal, .alarm) }
    guard let duration = proposal.duration else { return ("Planning \(proposal.title) …", .faint) }
    let clear = proposal.clearance.map { String(format: ", %.0f mm clear", $0 * 1000) } ?? ""
    return (String(format: "Go %@? %.1f s at %.0f %%%@.  enter goes, esc leaves it", proposal.title, duration, speed * 100, clear), .strong)
  }

  func drawHints(_ teleop: Teleoperation, _ layout: TeleopLayout, on screen: inout Screen) {
    let isTool = teleop.settings.target == .tool
    let rows = [
      [
        ("space", "stop"), ("tab", isTool ? "joints" : "tool"), ("v", "axes"), ("c", teleop.settings.isStepwise ? "hold" : "step"),
        ("+-", "speed"), ("?", "help"), ("o", "motors"), ("l", "float"),
      ],
      [
        ("p", "poses"), ("m", "mark"), ("b", "path"), ("enter", "play"), ("n", "save"), ("^C", "leave"), ("backspace", "back"),
      ],
    ]
    for (row, hints) in rows.enumerated() { screen.write(hints: hints, y: layout.hints + row) }
  }

  // MARK: Over the screen

  static func drawHelp(on screen: inout Screen) {
    let blocks = TeleopKeys.help, lines = blocks.reduce(0) { $0 + $1.lines.count }
    screen.fill(x: 0...screen.width - 1, y: 1...screen.height - 1)
    // With titles and blank lines where there is room.
    let hasTitles = screen.height >= lines + 2 * blocks.count
    var y = 1
    for (index, block) in blocks.enumerated() {
      if hasTitles {
        y += index > 0 ? 1 : 0
        screen.write(block.title, x: 1, y: y, .strong)
        y += 1
      }
      for line in block.lines {
        screen.write(line.keys, x: 1, y: y, .accent)
        screen.write(line.meaning, x: 19, y: y)
        y += 1
      }
    }
  }

  static func drawPoses(_ arm: TeleopArm, chosen: Int, _ layout: TeleopLayout, on screen: inout Screen) {
    let room = max(1, layout.message - 3), first = max(0, min(chosen - room / 2, arm.poses.count - room))
    let shown = arm.poses.indices.dropFirst(first).prefix(room)
    let width = max(12, min(layout.panelWidth - 4, (arm.poses.map(\.name.count).max() ?? 0) + 4))
    let left = 2, top = 2
    screen.fill(x: left...left + width + 1, y: top - 1...top + shown.count)
    screen.write("╭ poses " + String(repeating: "─", count: max(0, width - 7)) + "╮", x: left, y: top - 1, .faint)
    for (row, index) in shown.enumerated() {
      let isChosen = index == chosen
      screen.write("│" + String(repeating: " ", count: width) + "│", x: left, y: top + row, .faint)
      let text = " \(isChosen ? "›" : " ") \(arm.poses[index].name)"
      screen.write(text.padding(toLength: width, withPad: " ", startingAt: 0), x: left + 1, y: top + row, isChosen ? .chosen : .plain, limit: width)
    }
    screen.write("╰" + String(repeating: "─", count: width) + "╯", x: left, y: top + shown.count, .faint)
  }
}
