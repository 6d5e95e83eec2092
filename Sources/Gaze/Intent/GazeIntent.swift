internal import Foundation

/// From looks to a decision: looking selects, and only something else than looking at it confirms. Nothing moves on a selection.
public struct GazeIntent: Sendable {
  public struct Settings: Sendable, Equatable {
    public var inference = GoalInference.Settings()
    public var dwell = Dwell.Settings()
    /// A selection that is not confirmed is given up after [s].
    public var patience = 5.0
    /// A second look at this place confirms; nil: it does not.
    public var go: GazeTarget?
    /// Whether closing the eyes twice confirms.
    public var blinks = false
    /// Whether places without a name can be selected, too.
    public var freePoints = false
    /// How far a free place may be from the middle of the looks at it while the ring fills [m].
    public var freeReach = 0.06

    public init() {}
  }

  /// What is meant: a named target, or a place.
  public struct Choice: Sendable, Equatable {
    /// Nil for a place without a name.
    public var name: String?
    /// In the plane's coordinates [m].
    public var position: SIMD2<Double>
    /// The mean of the looks that selected it.
    public var look: SIMD2<Double>
    /// When those looks began, and when they sufficed [s].
    public var firstLook: Double
    public var time: Double
  }

  public enum Confirmation: String, Sendable { case key, look, blink, pedal, program }

  public enum Event: Sendable, Equatable {
    case selected(Choice)
    case confirmed(Choice, by: Confirmation)
    /// Not confirmed in time, or revoked.
    case dropped(Choice)
  }

  /// What a tracker's sample means here.
  public enum Look: Sendable, Equatable {
    /// Somewhere on the plane; the eye rests there.
    case resting(SIMD2<Double>)
    /// Somewhere on the plane, in passing.
    case moving(SIMD2<Double>)
    /// Not on the plane.
    case away
    /// The eyes are closed.
    case closed
  }

  public let settings: Settings
  public private(set) var selection: Choice?
  public private(set) var dwell: Dwell
  public private(set) var inference: GoalInference
  /// How full the ring of a place without a name is, 0 to 1, and where it is.
  public private(set) var freeDwell: (place: SIMD2<Double>, share: Double)?

  private var goInference: GoalInference?
  private var goDwell: Dwell
  private var pattern = BlinkPattern()
  private var lastTime: Double?
  private var lookSum = SIMD2<Double>.zero
  private var lookCount = 0.0
  private var firstLook = 0.0
  private var freeLooks: [(time: Double, place: SIMD2<Double>)] = []

  public init(targets: [GazeTarget], settings: Settings = Settings()) {
    self.settings = settings
    inference = GoalInference(targets: targets, settings: settings.inference)
    dwell = Dwell(settings: settings.dwell)
    goDwell = Dwell(settings: settings.dwell)
    goInference = settings.go.map { GoalInference(targets: [$0] + targets, settings: settings.inference) }
  }

  public var targets: [GazeTarget] { inference.targets }
  /// How full the ring of the place that confirms is, 0 to 1.
  public var goShare: Double { selection == nil ? 0 : goDwell.share }

  /// - Parameter time: Increasing [s].
  public mutating func observe(_ look: Look, time: Double) -> [Event] {
    let interval = min(max(0, time - (lastTime ?? time)), Self.longestStep)
    lastTime = time
    var events = expire(time)
    if settings.blinks, pattern.observe(isClosed: look == .closed, time: time), let confirmed = confirm(by: .blink) {
      events.append(confirmed)
    }
    switch look {
    case .closed: return events  // A blink holds every ring.
    case .away:
      inference.observe(nil, time: time)
      goInference?.observe(nil, time: time)
    case .resting(let place), .moving(let place):
      inference.observe(place, time: time)
      goInference?.observe(place, time: time)
    }
    let resting: SIMD2<Double>? = if case .resting(let place) = look { place } else { nil }
    events += confirmByLook(resting, interval)
    if let choice = selectTarget(resting, interval, time) ?? selectPlace(resting, interval, time) { events.append(select(choice)) }
    return events
  }

  /// Confirms the selection, if there is one.
  public mutating func confirm(by means: Confirmation = .key) -> Event? {
    guard let choice = selection else { return nil }
    clear()
    return .confirmed(choice, by: means)
  }

  /// Gives the selection up, if there is one.
  public mutating func revoke() -> Event? {
    guard let choice = selection else { return nil }
    clear()
    return .dropped(choice)
  }

  /// The looks were lost: rings empty, and what was selected is not selected any more.
  public mutating func lose() -> Event? {
    let event = revoke()
    reset()
    return event
  }

  /// Forgets all looks and what they selected.
  public mutating func reset() {
    inference.reset()
    goInference?.reset()
    clear()
    lastTime = nil
  }

  private mutating func clear() {
    selection = nil
    dwell.reset()
    goDwell.reset()
    pattern.reset()
    freeLooks = []
    freeDwell = nil
  }

  private mutating func expire(_ time: Double) -> [Event] {
    guard let choice = selection, time - choice.time > settings.patience else { return [] }
    clear()
    return [.dropped(choice)]
  }

  private mutating func select(_ choice: Choice) -> Event {
    selection = choice
    goDwell.reset()
    goInference?.reset()
    pattern.reset()
    return .selected(choice)
  }

  private mutating func confirmByLook(_ place: SIMD2<Double>?, _ interval: Double) -> [Event] {
    guard selection != nil, let probability = goInference?.probabilities.first else { return [] }
    guard goDwell.advance(place == nil ? nil : (0, probability), by: interval) != nil else { return [] }
    return confirm(by: .look).map { [$0] } ?? []
  }

  private mutating func selectTarget(_ place: SIMD2<Double>?, _ interval: Double, _ time: Double) -> Choice? {
    let probabilities = inference.probabilities
    let before = dwell.target
    let leader = probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { (target: $0, probability: probabilities[$0]) }
    let full = dwell.advance(place == nil ? nil : leader, by: interval)
    if dwell.target != before {
      (lookSum, lookCount, firstLook) = (.zero, 0, time)
    }
    if let place, dwell.target != nil {
      lookSum += place
      lookCount += 1
    }
    guard let full, selection?.name != targets[full].name else { return nil }
    return Choice(
      name: targets[full].name, position: targets[full].position, look: lookSum / max(1, lookCount), firstLook: firstLook, time: time)
  }

  /// A place without a name: the looks stay together, and no target explains them.
  private mutating func selectPlace(_ place: SIMD2<Double>?, _ interval: Double, _ time: Double) -> Choice? {
    guard settings.freePoints else { return nil }
    let isElsewhere = (inference.probabilities.max() ?? 0) < 0.5 && (selection == nil || goDwell.target == nil)
    guard let place, isElsewhere else {
      if place != nil || (freeLooks.last.map { time - $0.time > Self.longestHole } ?? false) {
        freeLooks = []
        freeDwell = nil
      }
      return nil
    }
    if let middle = freeDwell?.place, (place - middle).length > settings.freeReach { freeLooks = [] }
    freeLooks.append((time, place))
    let places = freeLooks.map(\.place)
    let middle = SIMD2(median(places.map(\.x)), median(places.map(\.y)))
    let share = min(1, (time - freeLooks[0].time) / settings.dwell.longest)
    freeDwell = (middle, share)
    guard share >= 1 else { return nil }
    let start = freeLooks[0].time
    freeLooks = []
    freeDwell = nil
    if let selected = selection, selected.name == nil, (selected.position - middle).length < settings.freeReach { return nil }
    return Choice(name: nil, position: middle, look: middle, firstLook: start, time: time)
  }

  /// What a single sample may add to a ring at most [s].
  private static let longestStep = 0.1
  private static let longestHole = 0.3
}
