internal import ArgumentParser
internal import Control
internal import Foundation
internal import Logging

/// `armctl bench`: the project's own figures on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the control tick, the loop's punctuality, the mathematics and the socket on this machine.",
    discussion: """
      Medians and 99th percentiles on an otherwise idle machine. `cyclictest` of Debian's rt-tests, where it is installed, runs beside the loop as \
      the reference for punctuality.

      Examples:
        armctl bench
        armctl bench --json
        armctl bench --allocations
      """, subcommands: [GazeBenchCommand.self])

  @Option(help: "The arm: a name, or the path of its arm.yaml.")
  var arm = "dummy"
  @Flag(help: "Print one JSON object: name → {median, p99, unit, allocations}.")
  var json = false
  @Flag(help: "Only count what a tick allocates, and fail where that is not 0.")
  var allocations = false
  @Option(help: "Seconds for each measurement of punctuality.")
  var seconds = 10

  func run() throws {
    try CommandFailure.reporting {
      let configuration = try ArmConfiguration.find(arm)
      let ticks = try TickBench(configuration: configuration)
      var figures = [ticks.run(count: allocations ? 20_000 : 50_000)]
      if allocations {
        guard figures[0].allocations == 0 else {
          throw CommandFailure(
            "A tick allocates: \(figures[0].allocations ?? 0) times on average.", suggestion: "a release build; then look for arrays and closures")
        }
        print("0 allocations in 20000 ticks over moves, stops, refusals, faults and resets")
        return
      }
      if try configuration.collisionModel() != nil {
        let fenced = try TickBench(configuration: configuration, fences: Fence.distant)
        figures.append(fenced.run(count: 20_000, name: "tick.fences"))
      }
      if let proximity = CollisionBench.proximity(of: configuration) {
        let streaming = try TickBench(configuration: configuration)
        figures.append(streaming.runStreams(among: proximity, count: 20_000))
      }
      let yielding = configuration.complianceClass == .torque ? configuration : try ArmConfiguration.find("openarm")
      let compliance = try ComplianceBench(configuration: yielding)
      figures.append(compliance.run(count: 20_000))
      figures += KinematicsBench.run(model: configuration.model)
      figures += PlannerBench.run(configuration: configuration)
      figures += CollisionBench.run(configuration: configuration)
      figures += try PandaBench.run()
      figures += TrajectoryBench.run()
      figures.append(try BusBench.run(configuration: configuration))
      let service = try ArmDaemon(configuration: configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }).service
      let socket = try LoopBench.whileRunning(configuration: configuration) { _ in try SocketBench.stateRoundTrip(service: service) }
      figures.append(Measurement("socket.state", median: socket.median, p99: socket.p99, unit: "µs"))
      figures += LoopBench.run(configuration: configuration, seconds: seconds)
      show(figures)
    }
  }

  private func show(_ figures: [Measurement]) {
    if json {
      var object = JSONObject()
      for figure in figures { object.append(figure.name, figure.json) }
      return print(JSONValue.object(object))
    }
    var table = TextTable(head: ["figure", "median", "p99", "unit", "allocations"])
    for figure in figures {
      table.append([
        figure.name, Self.text(figure.median), Self.text(figure.p99), figure.unit, figure.allocations.map { Self.text($0) } ?? "–",
      ])
    }
    print(table.lines.joined(separator: "\n"))
  }

  private static func text(_ value: Double) -> String {
    value == 0 ? "0" : String(format: value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value)
  }
}
