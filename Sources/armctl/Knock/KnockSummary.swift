/// A sweep in a few figures.
struct KnockSummary: Sendable {
  let findings: [KnockSweep.Finding]
  /// Knocks felt where nothing touched the arm; none where nobody looked.
  var freeMotion: [FreeMotionFigure] = []

  struct FreeMotionFigure: Sendable, Equatable {
    let name: String
    let alarms: Int
    let hours: Double
    /// Alarms an hour that are allowed.
    let allowed: Double
    /// Stretches of motion that ended in a fault.
    var faults = 0
    var rate: Double { Double(alarms) / hours }
  }

  /// From which on a knock has to be detected [N·s].
  var leastDetected = 0.5

  /// The impulse at which travel and recovery are judged [N·s].
  static let judgedImpulse = 2.0

  private func results(_ isWanted: (KnockCase) -> Bool) -> [KnockResult] { findings.filter { isWanted($0.knock) }.map(\.result) }

  var count: Int { findings.count }
  /// Of the knocks that have to be detected.
  private var detectable: [KnockResult] { results { $0.impulse >= leastDetected }.filter(\.isDetectable) }
  var detectableCount: Int { detectable.count }
  /// [s], rising.
  private var delays: [Double] { detectable.compactMap(\.detectionDelay).sorted() }
  var detectedCount: Int { delays.count }
  var meanDelay: Double? { delays.isEmpty ? nil : delays.reduce(0, +) / Double(delays.count) }
  var longDelay: Double? { quantile(delays, 0.99) }

  private var judged: [KnockResult] { results { $0.impulse == Self.judgedImpulse } }
  private var atRest: [KnockResult] { results { $0.impulse == Self.judgedImpulse && $0.motion == .holding } }
  /// Of an arm at rest, where what was hit could go [m], rising: along its own bones an elbow goes nowhere.
  var travels: [Double] { atRest.filter { $0.predictedTravel ?? 1 >= Self.leastPrediction }.map(\.travel).sorted() }
  /// By what share of what a free mass would have gone [1], rising.
  var travelShares: [Double] { atRest.compactMap { r in r.predictedTravel.map { r.travel / max($0, 1e-6) } }.sorted() }
  /// A free mass that goes no further is no match for 40 mm [m].
  private static let leastPrediction = 0.05
  /// [N], rising.
  var opposingForces: [Double] { judged.compactMap(\.opposingForce).sorted() }
  /// Of knocks that got the arm away [s], rising; infinite where it did not come back.
  var recoveries: [Double] { judged.map { $0.recovery ?? .infinity }.filter { $0 > 0 }.sorted() }
  /// Of knocks that got the arm away, as a share of the excursion, rising.
  var overshoots: [Double] { judged.map(\.overshoot).sorted() }
  /// Across the path [m], rising.
  var pathDeviations: [Double] { judged.compactMap(\.pathDeviation).sorted() }
  /// [s], rising.
  var timesLost: [Double] { judged.compactMap(\.timeLost).sorted() }

  var crossingCount: Int { findings.count { $0.result.crossesLimit || $0.result.touchesItself } }
  /// Those of them that motors could not keep, see ``KnockBound``.
  func count(_ fate: KnockResult.Fate) -> Int { findings.count { $0.result.fate >= fate } }
  /// Knocks that were not detected though they moved what was knocked by more than a millimetre.
  var missedMotionCount: Int { detectable.count { $0.detectionDelay == nil && $0.travel > 1e-3 } }
  /// Knocks in which more was asked of a motor than it bears.
  var overloadCount: Int { findings.count { $0.result.demandShare > 1 + 1e-3 } }
  var resumedCount: Int { findings.count { $0.result.hasResumed } }
  /// Knocks after which the arm moved with more energy than the contact left it and the tank held.
  func tankExceededCount(tank: Double) -> Int { findings.count { $0.result.energyExcess > tank } }
  var largestEnergyExcess: Double { findings.map(\.result.energyExcess).max() ?? 0 }
  /// Before any knock.
  var falseAlarmCount: Int { findings.count { $0.result.isFalseAlarm } }

  /// The fields that programs rely on, and a few more.
  func json(class name: String, tank: Double) -> JSONValue {
    func number(_ value: Double?, times scale: Double = 1) -> JSONValue { value.flatMap { $0.isFinite ? .number($0 * scale) : nil } ?? .null }
    return [
      "class": .string(name), "knocks": .number(Double(count)), "detectable": .number(Double(detectableCount)),
      "detected": .number(Double(detectedCount)), "delayMeanMs": number(meanDelay, times: 1e3), "delayP99Ms": number(longDelay, times: 1e3),
      "falseAlarmsPerHour": number(freeMotion.first?.rate), "falseAlarmsPerHourWrongModel": number(freeMotion.last?.rate),
      "travelMm": [
        "min": number(travels.first, times: 1e3), "median": number(quantile(travels, 0.5), times: 1e3), "max": number(travels.last, times: 1e3),
      ],
      "opposingForceN": number(mean(opposingForces)), "opposingForceMaxN": number(opposingForces.last),
      "limitCrossings": .number(Double(crossingCount)), "beyondMotors": .number(Double(count(.beyondMotors))),
      "beyondEnergy": .number(Double(count(.beyondEnergy))), "feltTooLate": .number(Double(count(.feltTooLate))),
      "missedMotion": .number(Double(missedMotionCount)),
      "recoveryMedianS": number(quantile(recoveries, 0.5)),
      "recoveryP99S": number(quantile(recoveries, 0.99)), "recoveryMaxS": number(recoveries.last),
      "overshootPercent": number(overshoots.last, times: 100), "pathDeviationMm": number(pathDeviations.last, times: 1e3),
      "resumed": .number(Double(resumedCount)), "tankExceeded": .number(Double(tankExceededCount(tank: tank))),
      "overloads": .number(Double(overloadCount)), "timeLostMedianS": number(quantile(timesLost, 0.5)),
    ]
  }
}

/// The value below which a share of sorted values lies; nil of none.
func quantile(_ sorted: [Double], _ share: Double) -> Double? {
  sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.down)))]
}

func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
