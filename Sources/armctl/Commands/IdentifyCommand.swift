internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// `armctl identify`: moves the arm, and finds its friction, its weights and what it feels.
struct IdentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify", abstract: "Move the arm, and find its friction, masses, payload and contact thresholds.",
    discussion: """
      The arm goes through many places and the same way back, for about two minutes, slowly and fast, within its limits and clear of \
      itself and the scene; nobody may touch it. Shows what was found beside what the arm file says, and the difference to the file. \
      Ctrl-C stops the arm; nothing is written then. With a new arm begin with --speed 0.3.

      Examples:
        armctl identify --dry-run
        armctl identify --speed 0.3
        armctl identify --write
        armctl identify --payload --seconds 40 --write
      """)

  @Option(help: "The arm's name, its folder, or its arm.yaml. Default: the server's arm, by its name.")
  var arm: String?
  @Option(help: "How long the arm moves, there and back [s].")
  var seconds: Double?
  @Option(help: "The greatest share of the joint limits to use, above 0 and at most 1.")
  var speed = 1.0
  @Option(help: "Neither joints nor tool go below this height over the base, where they are not there already [m].")
  var floor = 0.05
  @Option(help: "Draws the places that the arm goes through.")
  var seed: UInt64 = 1
  @Flag(help: "Find only what the tool carries: its mass and centre. Friction and the arm count as known.")
  var payload = false
  @Flag(help: "Show the motion, but do not move.")
  var dryRun = false
  @Flag(help: "Write what was found into the arm file. Comments and layout stay.")
  var write = false
  @Flag(help: "Move even where nothing stands for the arm in collision checks.")
  var unchecked = false
  @Flag(help: "Print the outcome as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    guard speed > 0, speed <= 1 else { throw ValidationError("--speed must be above 0 and at most 1, not \(JSONValue.number(speed)).") }
    if let seconds, !(10...3600).contains(seconds) {
      throw ValidationError("--seconds must be 10 to 3600, not \(JSONValue.number(seconds)).")
    }
    if dryRun, write { throw ValidationError("--dry-run and --write exclude each other.") }
    guard floor.isFinite else { throw ValidationError("--floor is a height in metres.") }
  }

  func run() throws {
    let interruption = Interruption()
    try CommandFailure.reporting {
      let client = try server.connect()
      client.interruption = interruption.descriptor
      do {
        try run(client)
      } catch CommandClient.Failure.interrupted {
        throw CommandFailure("Interrupted; the arm was told to stop, and nothing was written.", suggestion: "armctl status")
      }
    }
  }

  private func run(_ client: CommandClient) throws {
    let told = try client.call("config.get"), configuration = try configuration(of: told)
    let session = IdentifySession(client, rate: configuration.rate), progress = WorkProgress()
    let start = try session.start(joints: configuration.joints.map(\.name))
    progress.show("planning", share: 0)
    let motion = try motion(of: configuration, from: start, session)
    progress.clear()
    if dryRun { return print(json ? "\(MotionPlanReport(configuration, motion).json)" : MotionPlanReport(configuration, motion).text) }
    if !json { print(MotionPlanReport(configuration, motion).text + "\n") }
    let recording = try session.record(motion) { progress.show("moving", share: Double($0) / Double(motion.legs.count)) }
    progress.clear()
    let outcome = try outcome(of: recording, motion, configuration)
    let file: IdentifiedFile
    do throws(IdentifiedFile.Failure) { file = try IdentifiedFile(configuration, outcome) } catch { throw CommandFailure(error) }
    if write { try save(file) }
    show(IdentificationReport(configuration: configuration, outcome: outcome, seconds: recording.duration, touches: recording.touches), file)
  }

  /// The arm file, which has to be of the arm that the server drives.
  private func configuration(of told: JSONValue) throws(CommandFailure) -> ArmConfiguration {
    let name = told["name"]?.string ?? "", configuration = try CommandFailure.loadArm(arm ?? name)
    let joints = (told["joints"]?.array ?? []).compactMap { $0["name"]?.string }
    guard configuration.name == name, configuration.joints.map(\.name) == joints else {
      throw CommandFailure(
        "The server drives \(name), and \(configuration.file) is of \(configuration.name).",
        suggestion: "--arm with the file that the server was given")
    }
    guard unchecked || configuration.collision.spheres != nil || configuration.collision.fit != nil else {
      throw CommandFailure(
        "Nothing stands for the arm in collision checks, so that nobody knows whether its motion is free.",
        suggestion: "collision: {spheres: auto} in the arm file, or --unchecked with much room around the arm")
    }
    return configuration
  }

  private func motion(of configuration: ArmConfiguration, from start: JointVector, _ session: IdentifySession) throws -> ExcitingMotion {
    var settings = ExcitingMotion.Settings()
    (settings.seconds, settings.speed, settings.floor, settings.seed) = (seconds ?? (payload ? 40 : 120), speed, floor, seed)
    do {
      return try ExcitingMotion(model: configuration.model, limits: configuration.limits, from: start, settings: settings) {
        try session.isFree(from: $0, to: $1)
      }
    } catch let error as ExcitingMotion.NoWay {
      throw CommandFailure(
        "After \(error.legs) legs the arm finds no free way to move on.",
        suggestion: "armctl move --to a pose with room around it, or a lower --floor")
    }
  }

  private func outcome(
    of recording: EffortRecording, _ motion: ExcitingMotion, _ configuration: ArmConfiguration
  ) throws -> ArmIdentification.Outcome {
    do {
      return try ArmIdentification(configuration: configuration, subject: payload ? .payload : .arm).outcome(of: recording, fold: motion.fold)
    } catch let error as EffortIdentification.Failure {
      throw CommandFailure("Nothing was found: \(error).", suggestion: "a longer motion with --seconds, or a higher --speed")
    } catch let error as ArmIdentification.Touched {
      throw CommandFailure.touched(error.joint, after: error.time)
    }
  }

  private func save(_ file: IdentifiedFile) throws(CommandFailure) {
    do { try Data(file.new.utf8).write(to: URL(fileURLWithPath: file.path), options: .atomic) } catch {
      throw CommandFailure(
        "\(file.path) cannot be written: \(error.localizedDescription)", suggestion: "without --write, and the difference by hand")
    }
  }

  private func show(_ report: IdentificationReport, _ file: IdentifiedFile) {
    if json {
      var object = report.json
      object.append("diff", .string(file.diff))
      object.append("written", .bool(write))
      return print(JSONValue.object(object))
    }
    print(report.text + "\n")
    print(file.diff.isEmpty ? "The arm file says so already." : file.diff, terminator: "")
    print(write ? "Written; the server reads it when it starts again." : "Not written; --write does that.")
  }
}

extension CommandFailure {
  init(_ failure: IdentifiedFile.Failure) {
    switch failure {
    case .layout(let place):
      self.init(
        "What was found cannot be written into the arm file at \(place).", suggestion: "--json, and the figures by hand")
    case .unreadable(let path): self.init("\(path) cannot be read.", suggestion: "--arm with the path of an arm file that you may read")
    }
  }
}
