internal import Control
internal import Foundation

/// How punctually the loop wakes up, beside the reference program of the real-time kernel's makers where that is installed.
enum LoopBench {
  /// - Parameters:
  ///   - configuration: Of the arm whose loop runs, its buses not connected.
  ///   - seconds: How long each of the two runs.
  static func run(configuration: ArmConfiguration, seconds: Int) -> [Measurement] {
    var figures: [Measurement] = []
    let percentiles = whileRunning(configuration: configuration) { loop in
      Thread.sleep(forTimeInterval: 0.5)
      loop.wakeUps.reset()
      Thread.sleep(forTimeInterval: Double(seconds))
      return loop.wakeUps.percentiles([0.5, 0.99])
    }
    if let percentiles { figures.append(Measurement("loop.wakeup", median: percentiles[0] * 1e6, p99: percentiles[1] * 1e6, unit: "µs")) }
    if let reference = cyclictest(rate: configuration.rate, seconds: seconds) { figures.append(reference) }
    return figures
  }

  /// Does something while the arm's loop runs, as beside it in the daemon.
  static func whileRunning<Result>(configuration: ArmConfiguration, _ body: (ControlLoop) throws -> Result) rethrows -> Result {
    let arm = ControlledArm(
      core: ControlCore(model: configuration.model, settings: configuration.controlSettings), wiring: configuration.wiring,
      buses: configuration.makeBuses(ports: [:]))
    let loop = ControlLoop(arm: arm, period: 1 / configuration.rate)
    _ = loop.start()
    defer { loop.stop() }
    return try body(loop)
  }

  /// `cyclictest` at the loop's own rate and priority; nil where it is not installed or not allowed.
  private static func cyclictest(rate: Double, seconds: Int) -> Measurement? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "cyclictest", "--mlockall", "--priority=80", "--interval=\(Int(1e6 / rate))", "--duration=\(seconds)", "--quiet", "--histogram=20000",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else { return nil }
    process.waitUntilExit()
    guard process.terminationStatus == 0, let text = String(data: data, encoding: .utf8) else { return nil }
    var samples: [Double] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count == 2, let latency = Double(fields[0]), let count = Int(fields[1]) else { continue }
      samples += Array(repeating: latency, count: count)
    }
    return samples.isEmpty ? nil : Measurement("cyclictest.wakeup", samples: samples, unit: "µs")
  }
}
