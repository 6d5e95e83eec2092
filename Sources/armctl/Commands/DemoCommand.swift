internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// `armctl demo`: the main job on the emulated default arm.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Bring up the emulated default arm, let it pick and place twice, and hit it in mid-task; report how well it took both.",
    discussion: """
      Starts `armctl serve --sim` with a socket of its own; a running server is not disturbed. The drives are emulated on a pseudo-terminal, in a \
      process of their own; where the arm really was is read from the emulator only for the report. The knock at the end is as of `armctl knock`, \
      in lockstep, by the same controller over the same frames.

      Example:
        armctl demo --short
      """)

  @Flag(help: "Only the first motions of the script.")
  var short = false
  @Flag(help: "Print the report as one JSON object.")
  var json = false

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try CommandFailure.reporting {
      let configuration = try ArmConfiguration.find("dummy")
      let stage = try DemoStage(arm: configuration)
      defer { stage.end() }
      let client = try stage.connect()
      let arm = ScriptArm(configuration: try client.call("config.get"))
      let script = try RunCommand.script(stage.script, file: "pick-and-place.arm", arm: arm)
      if !json {
        print("\(configuration.name): \(configuration.joints.count) emulated drives on \(stage.portDescription), \(Int(configuration.rate)) Hz\n")
      }
      let session = ScriptSession(client)
      let isShown = !json && Terminal.isTerminal(STDERR_FILENO) && Terminal.isTerminal(STDOUT_FILENO)
      let console: any RunConsole = isShown ? TerminalConsole(interruption: interruption) : SilentConsole(interruption: interruption)
      let runner = ScriptRunner(session, console: console, arm: arm, answers: script.answers)
      try session.begin()
      try client.call("health", ["reset": true])
      let steps = short ? Array(script.steps.prefix(6)) : script.steps
      var outcomes: [ScriptOutcome] = []
      try runner.run(ScriptTask.tasks(of: steps)) { outcome in
        console.clear()
        guard outcome.task.first.motion != nil else { return }
        outcomes.append(outcome)
        // The report looks at the arm at rest, so let it come to rest.
        try runner.wait(DemoReport.settlingTime, outcome.task)
      }
      let health = try client.call("health")
      usleep(100_000)  // the emulator writes every 50 ms
      let truth = try TruthLog(contentsOf: stage.truthPath, jointCount: configuration.joints.count)
      let report = DemoReport(model: configuration.model, outcomes: outcomes, truth: truth, health: health, folder: stage.folder)
      let knock = try DemoKnock(configuration)
      print(json ? "\(report.json(with: knock.story.json))" : report.text + "\n\n" + knock.text)
    }
  }
}
