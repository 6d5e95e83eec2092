/// From a tracker's samples to looks at the table: gate, filter, fixations, map, drift.
public struct GazePipeline: Sendable {
  public let calibration: GazeCalibration
  public private(set) var gate: SampleGate
  public var drift = DriftCorrection()
  /// The latest smoothed look, in the plane's coordinates [m], and its time [s].
  public private(set) var latest: (place: SIMD2<Double>, time: Double)?
  /// The present fixation, its center as a visual angle [rad].
  public var fixation: Fixation? { classifier.fixation }
  /// How far the smoothed look is behind one that moves slowly [s].
  public var delay: Double { filter.delay }

  private var latestLook: GazeSample.Look?
  private var filter: GazeFilter
  private var classifier: DispersionClassifier

  public init(calibration: GazeCalibration, gate: SampleGate.Settings = SampleGate.Settings()) {
    self.calibration = calibration
    self.gate = SampleGate(settings: gate)
    filter = GazeFilter(noise: calibration.noise)
    classifier = DispersionClassifier(thresholds: MovementThresholds(noise: calibration.noise, rate: Self.usualRate))
  }

  /// - Parameter arrival: When the sample came, by our clock [s]; never decreasing.
  /// - Returns: What it means, and when it was; nil where it is not to be believed.
  public mutating func take(_ sample: GazeSample, arrival: Double) -> (look: GazeIntent.Look, time: Double)? {
    switch gate.admit(sample, arrival: arrival) {
    case .refused: return nil
    case .eyesClosed: return (.closed, arrival)
    case .accepted(let time):
      let view = calibration.view
      guard let smoothed = filter.filter(view.angle(of: sample.look), time: time) else { return nil }
      if filter.hasJumped { classifier.forget() }
      let isResting = classifier.classify(smoothed, time: time) == .fixation
      let corrected = drift.offset
      latestLook = sample.look
      latest = calibration.point(of: view.look(at: smoothed, like: sample.look)).map { ($0 + corrected, time) }
      guard let place = calibration.point(of: sample.look).map({ $0 + corrected }) else { return (.away, time) }
      return (isResting ? .resting(place) : .moving(place), time)
    }
  }

  /// Counts what came and was no sample at all.
  public mutating func refuse(_ reason: SampleGate.Refusal, arrival: Double) { gate.refuse(reason, arrival: arrival) }

  /// The smoothed look and its age [s]; nil while nothing can be believed.
  public func look(at now: Double) -> (place: SIMD2<Double>, age: Double)? {
    latest.map { ($0.place, max(0, now - $0.time)) }
  }

  /// Where on the plane a fixation is [m].
  public func place(of fixation: Fixation) -> SIMD2<Double>? {
    guard let latestLook else { return nil }
    return calibration.point(of: calibration.view.look(at: fixation.center, like: latestLook)).map { $0 + drift.offset }
  }

  /// Dispersions do not depend on the rate; velocities are not looked at here.
  private static let usualRate = 60.0
}
