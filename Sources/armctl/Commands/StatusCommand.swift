internal import ArgumentParser
internal import Foundation

/// `armctl status`: what the arm does now, for people, or as `state` has it, for programs.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what the arm does now.",
    discussion: """
      Angles are in degrees here and in radians with --json.

      Example:
        armctl status
        armctl status --json | jq .position
      """,
    aliases: ["state"])

  @Flag(help: "Print the state as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      let client = try server.connect()
      let state = try client.call("state")
      if json {
        print(state)
      } else {
        print(StatusReport(configuration: try client.call("config.get"), state: state).text)
      }
    }
  }
}

/// The state as a table that a person likes to read.
struct StatusReport {
  var configuration: JSONValue
  var state: JSONValue

  var text: String {
    var lines = [headline, ""]
    lines.append(row("joint", ["position", "velocity", "effort", "external"], unit: ""))
    let columns = ["position", "velocity", "effort", "external"].map { state[$0]?.array ?? [] }
    for (index, joint) in (configuration["joints"]?.array ?? []).enumerated() {
      let isPrismatic = joint["type"] == "prismatic"
      let scale = isPrismatic ? 1e3 : 180 / Double.pi
      let cells = columns.enumerated().map { column, values in
        let value = index < values.count ? values[index].number : nil
        guard let text = value.map({ String(format: "%.2f", column < 2 ? $0 * scale : $0) }) else { return "–" }
        return text == "-0.00" ? "0.00" : text
      }
      lines.append(row(joint["name"]?.string ?? "", cells, unit: isPrismatic ? "mm, mm/s, N" : "°, °/s, N·m"))
    }
    lines.append("")
    if let position = state["pose"]?["position"]?.numbers, let quaternion = state["pose"]?["quaternion"]?.numbers {
      lines.append("tool       " + position.map { String(format: "%.4f", $0) }.joined(separator: "  ") + " m")
      lines.append("           " + quaternion.map { String(format: "%.4f", $0) }.joined(separator: "  ") + " (x y z w)")
    }
    if let fault = state["fault"]?.object {
      lines.append("fault      " + (fault["message"]?.string ?? ""))
      lines.append("try:       " + (fault["try"]?.string ?? ""))
      if let record = fault["record"]?.string { lines.append("record     " + record) }
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let speed = (state["speed"]?.number ?? 1) * 100
    return [
      configuration["name"]?.string ?? "arm", state["mode"]?.string ?? "?", state["homed"] == true ? "homed" : "not homed",
      String(format: "speed %.0f %%", speed), "tick \(state["tick"]?.integer ?? 0)",
    ].joined(separator: " · ")
  }

  private func row(_ name: String, _ cells: [String], unit: String) -> String {
    let padded = cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }
    return name.padding(toLength: max(10, name.count), withPad: " ", startingAt: 0) + padded.joined() + (unit.isEmpty ? "" : "  " + unit)
  }
}
