internal import ArgumentParser
internal import Foundation

/// `armctl status`: what the arm does now, for people, or as `state` has it, for programs.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what the arm does now.",
    discussion: """
      Angles are in degrees here and in radians with --json, which has beside the state who leads the arm (`lead`, as `lease.get`) and what it is \
      at (`job`, as `job.get`).

      Example:
        armctl status
        armctl status --json | jq .position
        armctl status --json | jq -r .lead.holder
      """,
    aliases: ["state"])

  @Flag(help: "Print the state as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      let client = try server.connect()
      let state = try client.call("state"), lead = try client.call("lease.get"), job = try client.call("job.get")
      if json {
        print(StatusReport.json(state: state, lead: lead, job: job))
      } else {
        print(StatusReport(configuration: try client.call("config.get"), state: state, lead: lead, job: job).text)
      }
    }
  }
}

/// The state as a table that a person likes to read.
struct StatusReport {
  var configuration: JSONValue
  var state: JSONValue
  /// As `lease.get` and `job.get` answer.
  var lead, job: JSONValue

  /// The state, and beside it the answers of `lease.get` and `job.get`.
  static func json(state: JSONValue, lead: JSONValue, job: JSONValue) -> JSONValue {
    var object = state.object ?? JSONObject()
    object.append("lead", lead)
    object.append("job", job)
    return .object(object)
  }

  var text: String {
    var lines = [headline] + activity + [""]
    lines.append(row("joint", ["position", "velocity", "effort", "external"], unit: ""))
    // Where all joints are of a kind, their units stand above them.
    let joints = configuration["joints"]?.array ?? [], slides = Set(joints.map { $0["type"] == "prismatic" })
    if slides.count == 1 { lines.append(row("", slides == [true] ? ["mm", "mm/s", "N", "N"] : ["°", "°/s", "N·m", "N·m"], unit: "")) }
    let columns = ["position", "velocity", "effort", "external"].map { state[$0]?.array ?? [] }
    for (index, joint) in joints.enumerated() {
      let isPrismatic = joint["type"] == "prismatic"
      let scale = isPrismatic ? 1e3 : 180 / Double.pi
      let cells = columns.enumerated().map { column, values in
        let value = index < values.count ? values[index].number : nil
        guard let text = value.map({ String(format: "%.2f", column < 2 ? $0 * scale : $0) }) else { return "–" }
        return text == "-0.00" ? "0.00" : text
      }
      lines.append(row(joint["name"]?.string ?? "", cells, unit: slides.count == 1 ? "" : isPrismatic ? "mm, mm/s, N" : "°, °/s, N·m"))
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

  /// Who leads, what the arm is at, and what to do where it waits for somebody.
  private var activity: [String] {
    var lines = ["lead       " + (Lead(lead.object)?.text ?? "nobody; anyone may move the arm")]
    if let number = job["job"]?.integer, let client = job["client"]?.string {
      let share = job["progress"]?.number.map { String(format: ", %.0f %% done", 100 * $0) } ?? ""
      lines.append("job        \(number) of \(client)\(share)")
    }
    guard let pauser = job["pausedBy"]?.string ?? lead["pausedBy"]?.string else { return lines }
    lines.append("paused     by \(pauser)")
    lines.append("try:       `armctl resume` there or by who leads, or `armctl stop`")
    return lines
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
