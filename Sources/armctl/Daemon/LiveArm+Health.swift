internal import Control

// How the control loop and the bus are doing.

extension LiveArm {
  func health(isResetting: Bool) -> JSONObject {
    let snapshot = controlled.snapshot
    defer {
      if isResetting {
        loop.wakeUps.reset()
        controlled.tickDurations.reset()
      }
    }
    return [
      "ticks": .number(Double(snapshot.tick)), "missedTicks": .number(Double(loop.missedTicks)), "wakeUp": summary(of: loop.wakeUps),
      "tick": summary(of: controlled.tickDurations), "bus": ["load": .number(snapshot.busLoad), "errorRate": .number(snapshot.busErrorShare)],
      "realTime": realTimeStatus?.warning.map { .string($0) } ?? .null,
    ]
  }

  private func summary(of histogram: LatencyHistogram) -> JSONValue {
    guard let percentiles = histogram.percentiles([0.5, 0.99]) else { return .null }
    return ["p50": .number(percentiles[0]), "p99": .number(percentiles[1]), "max": .number(histogram.maximum)]
  }
}
