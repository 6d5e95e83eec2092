internal import Foundation
internal import Gaze

/// Directing the arm by looks, without a tracker, a terminal, a socket or a clock: samples, keys and what the server says go in, requests come
/// out, and everything that is shown stands here.
///
/// Every call is given the time [s]. Requests wait in ``takeOutbox()`` until somebody sends them.
struct GazeSession {
  struct Settings: Equatable, Sendable {
    var plane = TablePlane()
    var area = GazeArea.desk
    var view = ViewGeometry.desk
    /// How high the tool stops above what it goes to [m].
    var hover = 0.08
    /// Where things are brought to, in the plane's coordinates [m]; the near edge's middle if not given.
    var here: SIMD2<Double>?
    var intent = GazeIntent.Settings()
    /// Of the control loop [Hz].
    var rate = 500.0
  }

  struct Notice: Equatable, Sendable {
    var text: String
    var ink: Ink
    /// When it goes away [s].
    var end: Double
  }

  let settings: Settings
  var action = GazeAction.go

  // Looks.
  var pipeline: GazePipeline?
  var intent: GazeIntent
  var calibrating: GazeCalibrating?
  /// A calibration that is to be written to its file.
  var unsaved: GazeCalibration?
  var streamState = SampleGate.State.waiting
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
  var carried: String?
  var token: String?
  /// What waits for the lease.
  var waiting: GazeRequest?
  var errand: GazeErrand?
  var follower = GazeFollower()
  var deadMan = DeadMan()
  var isFollowing = false
  var isLeaving = false
  var notice: Notice?
  /// For whoever reads along: one object for everything that is decided.
  var news: [JSONObject] = []

  private var outbox: [GazeRequest] = []
  var asked: Set<GazeRequest.Purpose> = []
  private var lastSent = -Double.infinity
  var lastFollowed = -Double.infinity
  private var lastLook = -Double.infinity

  /// The lease lives this long after the last message; the server then stops what it began [s].
  static let leaseLifetime = 0.2
  private static let renewalPeriod = 0.06
  private static let lookPeriod = 0.5
  /// So long without a state, the server counts as silent [s].
  static let silence = 0.5

  init(settings: Settings = Settings(), calibration: GazeCalibration? = nil) {
    self.settings = settings
    intent = GazeIntent(targets: [], settings: settings.intent)
    if let calibration { use(calibration) }
  }

  mutating func use(_ calibration: GazeCalibration) {
    pipeline = GazePipeline(calibration: calibration)
    var changed = settings.intent
    changed.inference.spread = max(0.008, calibration.spread)
    changed.inference.area = settings.area.size.x * settings.area.size.y * 4
    intent = GazeIntent(targets: things.map(\.target), settings: changed)
  }

  // MARK: Requests

  mutating func send(_ method: String, _ parameters: JSONObject = [:], for purpose: GazeRequest.Purpose, at time: Double) {
    outbox.append(GazeRequest(method: method, parameters: parameters, purpose: purpose))
    lastSent = time
  }

  /// Asks for what is not being asked for already.
  mutating func ask(_ method: String, _ parameters: JSONObject = [:], for purpose: GazeRequest.Purpose, at time: Double) {
    if asked.insert(purpose).inserted { send(method, parameters, for: purpose, at: time) }
  }

  /// Sends what moves the arm, with the lease; asks for that first where it is not held.
  mutating func command(_ method: String, _ parameters: JSONObject = [:], for purpose: GazeRequest.Purpose, at time: Double) {
    guard let token else {
      waiting = GazeRequest(method: method, parameters: parameters, purpose: purpose)
      ask("lease.acquire", ["priority": "gaze", "ttl": .number(Self.leaseLifetime)], for: .lease, at: time)
      return
    }
    var parameters = parameters
    parameters["token"] = .string(token)
    send(method, parameters, for: purpose, at: time)
  }

  mutating func takeOutbox() -> [GazeRequest] {
    defer { outbox = [] }
    return outbox
  }

  mutating func say(_ text: String, _ ink: Ink = .plain, at time: Double) { notice = Notice(text: text, ink: ink, end: time + 8) }

  mutating func tell(_ kind: String, _ members: JSONObject = [:]) {
    var object: JSONObject = ["kind": .string(kind)]
    for (name, value) in members.members { object[name] = value }
    news.append(object)
  }

  // MARK: Time

  /// Does what is due. To be called after everything that happens, and at ``deadline``.
  mutating func pass(to time: Double) {
    deadMan.pass(to: time)
    watchStream(at: time)
    follow(at: time)
    calibrate(at: time)
    if let notice, notice.end <= time { self.notice = nil }
    if let token {
      if errand == nil, !isFollowing, calibrating == nil {
        send("lease.release", ["token": .string(token)], for: .release, at: time)
        self.token = nil
      } else if time - lastSent >= Self.renewalPeriod {
        send("lease.renew", ["token": .string(token)], for: .renewal, at: time)
      }
    }
    if time - lastLook >= Self.lookPeriod {
      lastLook = time
      ask("scene.get", for: .scene, at: time)
      if let position = reading?.position, position != shownPosition { ask("model.places", for: .places, at: time) }
    }
  }

  /// When ``pass(to:)`` has something to do again.
  var deadline: Double {
    var deadline = lastLook + Self.lookPeriod
    if let held = deadMan.deadline { deadline = min(deadline, held) }
    if isFollowing { deadline = min(deadline, lastFollowed + Self.followPeriod) }
    if token != nil { deadline = min(deadline, lastSent + Self.renewalPeriod) }
    if let latest = pipeline?.gate.latest, streamState != .lost { deadline = min(deadline, max(latest + 0.31, lastLook + 0.05)) }
    if calibrating != nil { deadline = min(deadline, lastLook + 0.05) }
    return deadline
  }

  func isServerSilent(at time: Double) -> Bool { time - readingTime > Self.silence }

  /// Between two commands of the stream without a new look [s].
  static let followPeriod = 0.02
}

/// What is to be sent to the server.
struct GazeRequest: Equatable, Sendable {
  /// What the answer is for.
  enum Purpose: Hashable, Sendable {
    case lease, renewal, release, stream, stop, scene, places
    /// Of an errand: its plan, the tool's places along it, its motion, and what changes the scene.
    case plan, waypoint(Int), motion, edit, pause, resume, cancel
  }

  var method: String
  var parameters: JSONObject
  var purpose: Purpose
}
