internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// `armctl knock`: bump the arm, really or on the simulator, and see what it does.
struct KnockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knock", abstract: "Bump the arm: the running one by hand, or an emulated one by numbers.",
    discussion: """
      Without --arm, the arm of the running server offers its fist: bump it, and read how hard you were and how it took it. \
      With --arm the knock is a half-sine force of 20 ms on an emulated arm of that name, in lockstep, without a server; \
      the controller's model of the arm is wrong by up to 20 % in mass, 20 mm in the centres and 30 % in friction.

      Examples:
        armctl knock
        armctl knock --arm openarm --impulse 2 --direction +x-z --plot knock.svg
        armctl knock --arm openarm --report --knocks 200 --table knocks.csv
        armctl knock --arm openarm --number 4711 --plot knock.svg
        armctl knock --arm dummy --report --json | jq .recoveryMedianS
        armctl knock --arm openarm --social
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml: emulates it.")
  var arm: String?
  @Option(help: "Of the knock [N·s].")
  var impulse = 2.0
  @Option(parsing: .unconditional, help: "Of the force, in base axes: such as +x, -y or +x-z, or three numbers with commas between.")
  var direction = "+x"
  @Option(help: "What is hit: tool, wrist or elbow.")
  var at = "tool"
  @Option(help: "Where the arm stands, or offers its fist: a pose's name. Default: ready, or the first with room around it; the running arm stays.")
  var pose: String?
  @Option(help: "Of the tool on a job through that place [m/s]; 0: the arm holds.")
  var speed = 0.0
  @Option(help: "Of what is left to chance.")
  var seed: UInt64 = 0
  @Option(help: ArgumentHelp("Draw the knock, and what other answers than ours would have done, as an SVG file.", valueName: "file.svg"))
  var plot: String?
  @Flag(help: "Knock the arm from everywhere, and judge what it does.")
  var report = false
  @Option(help: "How many knocks a report has; fewer than 5850 are drawn at random.")
  var knocks: Int?
  @Option(help: ArgumentHelp("Write all knocks of a report to a file, a line each.", valueName: "file.csv"))
  var table: String?
  @Option(help: "A knock of the report once more, by its number in that file, instead of --impulse, --direction, --at, --pose and --speed.")
  var number: Int?
  @Option(help: "For how long a report looks for false alarms [h], twice: with a right model and with a wrong one.")
  var hours = 1.0
  @Flag(help: "How fast the tool may meet people, by ISO 10218-2:2025: an estimate.")
  var social = false
  @Option(help: "How long the running arm waits for a bump [s].")
  var patience = 60.0
  @Flag(help: "Print one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  /// No arm that this is for moves its tool faster [m/s].
  private static let greatestSpeed = 5.0

  func validate() throws {
    if arm == nil, report || social || plot != nil || number != nil { throw ValidationError("Say which arm is emulated: --arm NAME or --arm FILE.") }
    guard KnockDirection(direction) != nil else { throw ValidationError("--direction is such as +x, -y, +x-z or 1,0,0.5, not \(direction).") }
    guard KnockPlace(rawValue: at) != nil else { throw ValidationError("--at is tool, wrist or elbow, not \(at).") }
    guard impulse > 0, impulse <= 100 else { throw ValidationError("--impulse is above 0 and at most 100 N·s.") }
    guard 0...Self.greatestSpeed ~= speed else { throw ValidationError("--speed is 0 to \(Int(Self.greatestSpeed)) m/s.") }
    guard patience > 0, hours >= 0 else { throw ValidationError("--hours and --patience are not negative.") }
    if let number, !KnockCase.all.indices.contains(number) { throw ValidationError("--number is 0 to \(KnockCase.all.count - 1).") }
    if number != nil, report { throw ValidationError("--number is one knock of a report, and --report all of them: one or the other.") }
    if table != nil, !report { throw ValidationError("--table is for a report: --report.") }
    try picture?.validate()
    if let knocks, !(1...KnockCase.all.count).contains(knocks) { throw ValidationError("--knocks is 1 to \(KnockCase.all.count).") }
  }

  func run() throws {
    try CommandFailure.reporting {
      guard let arm else { return try FistBump(pose: pose, patience: patience, isJSON: json).run(server.connect()) }
      let scene = try scene(of: CommandFailure.loadArm(arm))
      if social {
        let figures = SocialReport(scene)
        print(json ? "\(figures.json)" : figures.text)
      }
      if report { try printReport(scene) }
      if !social, !report { try printKnock(scene) }
    }
  }

  private func scene(of configuration: ArmConfiguration) throws(CommandFailure) -> KnockScene {
    var stands: [KnockStand]?
    if let pose = pose ?? Self.usualPose(of: configuration), !report, number == nil {
      stands = [KnockStand(name: pose, position: try position(named: pose, configuration))]
    }
    do throws(ConfigurationError) { return try KnockScene(configuration, stands: stands) } catch { throw CommandFailure(error) }
  }

  /// Where an arm waits for work, if its file says so.
  private static func usualPose(of configuration: ArmConfiguration) -> String? { configuration.pose("ready") == nil ? nil : "ready" }

  private func position(named pose: String, _ configuration: ArmConfiguration) throws(CommandFailure) -> JointVector {
    guard let position = configuration.pose(pose) else {
      throw CommandFailure(
        "The arm has no pose named \(pose).", suggestion: "one of: \(configuration.poses.map(\.name).joined(separator: ", "))")
    }
    return position
  }

  private var knock: KnockCase {
    if let number { return KnockCase.all[number] }
    return KnockCase(
      number: Int(clamping: seed), stand: 0, motion: speed > 0 ? .moving(speed: speed) : .holding, place: KnockPlace(rawValue: at) ?? .tool,
      direction: KnockDirection(direction) ?? KnockDirection.all[0], impulse: impulse)
  }

  private func printKnock(_ scene: KnockScene) throws {
    guard !scene.stands.isEmpty else {
      throw CommandFailure("No pose of the arm has room around it.", suggestion: "--pose with one of its poses")
    }
    guard scene.stands.indices.contains(knock.stand) else {
      throw CommandFailure("The arm has only \(scene.stands.count) places with room around it.", suggestion: "a smaller --number")
    }
    let conditions = KnockSweep(scene: scene, cases: []).conditions(at: knock.stand)
    let outcome = try KnockTrial(knock, scene: scene, conditions: conditions).run()
    let story = KnockStory(knock: knock, stand: scene.stands[knock.stand], result: outcome.result)
    print(json ? "\(story.json)" : story.text)
    if let picture { try draw(KnockReportRun(scene: scene, cases: []).plot(of: knock), to: picture) }
  }

  private var picture: OutputFile? { plot.map { OutputFile(kind: .picture, path: $0, option: "--plot") } }

  private func printReport(_ scene: KnockScene) throws {
    let cases = knocks.map { KnockCase.sample($0) } ?? KnockCase.all
    var run = KnockReportRun(scene: scene, cases: cases)
    run.hours = hours
    let progress = WorkProgress()
    let report = try run.report { progress.show($0, share: $1) }
    progress.clear()
    print(json ? "\(report.json)" : report.text)
    if let table {
      let lines = KnockTable(
        findings: report.summary.findings, stands: scene.stands, jointNames: scene.configuration.joints.map(\.name))
      try OutputFile(kind: .table, path: table, option: "--table").write(lines.text)
    }
    if let picture {
      let hit = knock
      let inMidJob = KnockCase(
        number: hit.number, stand: hit.stand, motion: .moving(speed: 0.25), place: hit.place, direction: hit.direction, impulse: hit.impulse)
      try draw(run.plot(of: inMidJob), to: picture)
    }
    if !report.isMet { throw ExitCode(1) }
  }

  private func draw(_ plot: KnockPlot, to picture: OutputFile) throws(CommandFailure) {
    try picture.write(plot.svg)
    if !json { print("drawn to \(picture.path)") }
  }
}
