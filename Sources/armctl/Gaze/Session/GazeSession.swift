internal import Foundation
internal import Gaze

/// Directing the arm by looks, without a tracker, a terminal, a socket or a clock: samples, keys and what the server says go in, requests come
/// out, and everything that is shown stands here.
struct GazeSession: ArmSession {
  /// What an answer is for.
  enum Purpose: Hashable, Sendable {
    case lease, renewal, stream, stop, scene, places
    /// Of an errand: its plan, the plan of the line after it, the tool's places along it, its motion, and what changes the scene.
    case plan, rehearsal, waypoint(Int), motion, edit, grip, pause, resume, cancel
    /// What is believed, for others.
    case belief
  }

  struct Settings: Equatable, Sendable {
    var plane = TablePlane()
    var area = GazeArea.desk
    var view = ViewGeometry.desk
    /// How high the tool stops above what it goes to [m].
    var hover = 0.08
    /// Where things are brought to, in the plane's coordinates [m]; the near edge's middle if not given.
    var here: SIMD2<Double>?
    /// The pose of the arm file in which things are held out to somebody; above ``here`` if not given.
    var offer: String?
    /// The input of the arm file that confirms like a key: a foot pedal.
    var pedal: String?
    /// So far below its top a thing is gripped [m]; 0 for what holds it from above.
    var grip = 0.0
    var intent = GazeIntent.Settings()
    /// Of the control loop [Hz].
    var rate = 500.0
  }

  private(set) var settings: Settings
  var action = GazeAction.go
  /// Where things are brought to and held out, in the plane's coordinates [m].
  var here: SIMD2<Double> { settings.here ?? SIMD2(settings.area.lower.x, settings.area.middle.y) }

  // Looks.
  var pipeline: GazePipeline?
  var intent: GazeIntent
  var calibrating: GazeCalibrating?
  /// A calibration that ended before it was complete, and when it did [s].
  var unfinished: (begun: GazeCalibrating, end: Double)?
  var touching: GazeTouching?
  /// A calibration that is to be written to its file.
  var unsaved: GazeCalibration?
  var streamState = SampleGate.State.waiting
  /// When somebody who looks at the bare table was last told how it can be chosen [s].
  var lastHint = -Double.infinity
  /// Before there is a calibration, samples are only judged.
  var gate = SampleGate()
  var sampleTimes: [Double] = []
  /// What the source itself complains about.
  var sourceProblem: String?

  // The arm.
  var reading: ArmReading?
  var readingTime = -Double.infinity
  var places: ArmPlaces?
  var shownPosition: [Double] = []
  var scene: JSONValue?
  var things: [GazeThing] = []
  var digits = GazeDigits()
  var carried: String?
  var hasGripper = false
  /// The lease of gaze lives as long as the looks may be away: shorter than a terminal's.
  var requests = RequestBook(priority: "gaze", lifetime: 0.3, acquiring: Purpose.lease, renewing: .renewal)
  var errand: GazeErrand?
  var follower = GazeFollower()
  var deadMan = DeadMan()
  var isFollowing = false
  var isLeaving = false
  /// Leaves as soon as the arm has gone back to where a calibration began.
  var leavesWhenBack = false
  var notice: Notice?
  /// What went wrong last; it stays beside what is chosen next.
  var trouble: Notice?
  /// For whoever reads along: one object for everything that is decided.
  var news: [JSONObject] = []

  var lastFollowed = -Double.infinity
  /// Whether a look has come that no command has answered.
  var hasFreshLook = false
  private var lastLook = -Double.infinity
  private var lastTold = -Double.infinity
  /// Whether anybody wants to know what is believed.
  var isHeardOf = false

  private static let lookPeriod = 0.5
  /// Between two beliefs that somebody hears of [s].
  private static let tellPeriod = 0.05

  init(settings: Settings = Settings(), calibration: GazeCalibration? = nil) {
    self.settings = settings
    intent = GazeIntent(targets: [])
    if let calibration { use(calibration) } else { beginIntent() }
  }

  mutating func use(_ calibration: GazeCalibration) {
    settings.plane = calibration.plane
    pipeline = GazePipeline(calibration: calibration)
    beginIntent()
  }

  /// Begins to find out what is meant of the things that are there; where there are none, places can be chosen.
  mutating func beginIntent() {
    var changed = settings.intent
    if things.isEmpty { changed.freePoints = true }
    if let calibration = pipeline?.calibration {
      changed.inference.spread = max(0.008, calibration.spread)
      changed.inference.area = settings.area.size.x * settings.area.size.y * 4
    }
    intent = GazeIntent(targets: things.map(\.target), settings: changed)
  }

  mutating func say(_ text: String, _ ink: Ink = .plain, at time: Double) {
    guard ink == .warning || ink == .alarm else { return notice = Notice(text: text, ink: ink, begin: time, end: time + 8) }
    warn(text, at: time, ink)
    notice = nil
  }

  /// Says what went wrong beside what is being done.
  mutating func warn(_ text: String, at time: Double, _ ink: Ink = .warning) {
    trouble = Notice(text: text, ink: ink, begin: time, end: time + 20)
  }

  mutating func tell(_ kind: String, _ members: JSONObject = [:]) {
    var object: JSONObject = ["kind": .string(kind)]
    for (name, value) in members.members { object[name] = value }
    news.append(object)
  }

  // MARK: Time

  mutating func pass(to time: Double) {
    deadMan.pass(to: time)
    watchStream(at: time)
    watchOffer(at: time)
    watchBareTable(at: time)
    follow(at: time)
    calibrate(at: time)
    learnByTouch(at: time)
    if leavesWhenBack, errand == nil { isLeaving = true }
    if let notice, notice.end <= time { self.notice = nil }
    if let trouble, trouble.end <= time { self.trouble = nil }
    if errand == nil, !isFollowing, calibrating == nil { requests.releaseLease(at: time) }
    requests.renewLeaseWhereDue(at: time)
    if time - lastTold >= (isHeardOf ? Self.tellPeriod : Self.lookPeriod) {
      lastTold = time
      ask("gaze.tell", ["belief": .object(belief(at: time))], for: .belief, at: time)
    }
    if time - lastLook >= Self.lookPeriod {
      lastLook = time
      ask("scene.get", for: .scene, at: time)
      if let position = reading?.position, position != shownPosition { ask("model.places", for: .places, at: time) }
    }
  }

  var deadline: Double {
    var deadline = min(lastLook + Self.lookPeriod, lastTold + (isHeardOf ? Self.tellPeriod : Self.lookPeriod))
    if let held = deadMan.deadline { deadline = min(deadline, held) }
    if isFollowing { deadline = min(deadline, followDue) }
    if let latest = pipeline?.gate.latest, streamState != .lost { deadline = min(deadline, max(latest + 0.31, lastLook + 0.05)) }
    if calibrating != nil || touching?.isWatching == true { deadline = min(deadline, lastLook + 0.05) }
    if case .offered(let since)? = errand?.stage { deadline = min(deadline, since + Self.offerPatience) }
    return min(deadline, requests.renewalDue)
  }

  /// Between two commands of the stream without a new look [s].
  static let followPeriod = 0.02
}
