/// Teleoperation without a terminal, a socket or a clock: keys and what the server says go in, requests come out, and everything that is shown
/// stands here.
///
/// Every call is given the time [s]. Requests wait in ``outbox`` until somebody sends them.
struct Teleoperation {
  let arm: TeleopArm
  var settings = JogSettings()
  var deadMan = DeadMan()

  // What the server told last.
  var reading: ArmReading?
  /// When it came [s].
  var readingTime = 0.0
  var health: Health?
  /// Who may move the arm; nil where nobody holds the lease.
  var leaseHolder: String?
  var scene: JSONValue?
  /// Where the joints and the tool are, from base to tool, and which way the tool points [m].
  var places: ArmPlaces?
  var ghost: ArmPlaces?

  // What goes on.
  var token: String?
  /// A request that waits for the lease.
  var waiting: TeleopRequest?
  /// Keys that are held move nothing until all are let go: something else came between.
  var isBlocked = false
  /// The arm was asked to move by a stream, and not yet to stop.
  var isStreaming = false
  /// When the arm was last asked to move [s].
  var lastMotion = -Double.infinity
  var job: Job?
  var proposal: Proposal?
  var panel = Panel.none
  var notice: Notice?
  /// Where the arm was when motions began, the latest last [rad; m].
  var undo: [[Double]] = []
  var lesson = Lesson()
  /// The server has gone, or the person is leaving.
  var isLeaving = false

  private(set) var outbox: [TeleopRequest] = []
  /// What is to be written, and then told by ``didSave(_:problem:at:)``.
  var files: [TeleopFile] = []
  /// The number of the latest proposal, and the title of the motion that was agreed to.
  var lastProposal = 0
  var underWay = ""
  /// The joint positions that ``places`` were asked for.
  var shownPosition: [Double] = []
  /// Questions that are not answered yet.
  var asked: Set<TeleopRequest.Purpose> = []
  /// When something was sent last, and when the questions that are asked again and again were [s].
  private var lastSent = -Double.infinity
  private var lastStreamed = -Double.infinity
  private var lastLook = -Double.infinity

  /// The lease lives this long after the last message; the server then stops what it began [s].
  static let leaseLifetime = 0.3
  private static let renewalPeriod = 0.1
  /// Between two commands of a stream [s].
  private static let streamPeriod = 0.02
  /// Between two looks at health, lease and scene [s].
  private static let lookPeriod = 0.5
  /// So long without a state, the server counts as silent [s].
  static let silence = 0.5

  init(arm: TeleopArm) { self.arm = arm }

  // MARK: Requests

  mutating func send(_ method: String, _ parameters: JSONObject = [:], for purpose: TeleopRequest.Purpose, at time: Double) {
    outbox.append(TeleopRequest(method: method, parameters: parameters, purpose: purpose))
    lastSent = time
  }

  /// Asks for what is not being asked for already.
  mutating func ask(_ method: String, _ parameters: JSONObject = [:], for purpose: TeleopRequest.Purpose, at time: Double) {
    if asked.insert(purpose).inserted { send(method, parameters, for: purpose, at: time) }
  }

  /// Sends what moves the arm or changes its mode, with the lease; asks for that first where it is not held.
  mutating func command(_ method: String, _ parameters: JSONObject = [:], for purpose: TeleopRequest.Purpose, at time: Double) {
    guard let token else {
      waiting = TeleopRequest(method: method, parameters: parameters, purpose: purpose)
      return acquireLease(at: time)
    }
    var parameters = parameters
    parameters["token"] = .string(token)
    send(method, parameters, for: purpose, at: time)
  }

  mutating func acquireLease(at time: Double) {
    ask("lease.acquire", ["priority": "terminal", "ttl": .number(Self.leaseLifetime)], for: .lease, at: time)
  }

  mutating func takeOutbox() -> [TeleopRequest] {
    defer { outbox = [] }
    return outbox
  }

  mutating func say(_ text: String, _ ink: Ink = .plain, at time: Double) { notice = Notice(text: text, ink: ink, end: time + 6) }

  // MARK: Time

  /// Does what is due. To be called after everything that happens, and at ``deadline``.
  mutating func pass(to time: Double) {
    guard !isLeaving else { return }
    deadMan.pass(to: time)
    if deadMan.isIdle { isBlocked = false }
    stream(at: time)
    if let notice, notice.end <= time { self.notice = nil }
    if token != nil, time - lastSent >= Self.renewalPeriod, let token { send("lease.renew", ["token": .string(token)], for: .renewal, at: time) }
    if time - lastLook >= Self.lookPeriod {
      lastLook = time
      ask("health", for: .health, at: time)
      ask("lease.get", for: .leaseHolder, at: time)
      ask("scene.get", for: .scene, at: time)
    }
  }

  /// When ``pass(to:)`` has something to do again.
  var deadline: Double {
    var deadline = lastLook + Self.lookPeriod
    if let held = deadMan.deadline { deadline = min(deadline, held) }
    if isStreaming { deadline = min(deadline, lastStreamed + Self.streamPeriod) }
    if token != nil { deadline = min(deadline, lastSent + Self.renewalPeriod) }
    return deadline
  }

  func isServerSilent(at time: Double) -> Bool { time - readingTime > Self.silence }

  // MARK: The stream

  /// Sends the stream's next command when it is due or has changed.
  private mutating func stream(at time: Double) {
    let axes = heldAxes
    guard !axes.isEmpty, !settings.isStepwise else {
      if isStreaming { halt(at: time) }
      return
    }
    guard token != nil else { return acquireLease(at: time) }
    let isNew = axes != streamedAxes || !isStreaming
    guard isNew || time - lastStreamed >= Self.streamPeriod else { return }
    if !isStreaming { rememberPlace(at: time) }
    (isStreaming, streamedAxes, lastStreamed, lastMotion) = (true, axes, time, time)
    let (method, parameters) = settings.stream(along: axes.map { ($0.axis, $0.isUp) }, of: arm)
    command(method, parameters, for: .stream, at: time)
  }

  private var streamedAxes: [HeldAxis] = []

  /// Ends the stream: the arm comes to rest, limited by jerk.
  mutating func halt(at time: Double) {
    isStreaming = false
    // Who has lost the lease has lost the stream with it.
    guard token != nil else { return }
    let (method, parameters) = settings.stream(along: [], of: arm)
    command(method, parameters, for: .stream, at: time)
  }
}

/// What is to be sent to the server.
struct TeleopRequest: Equatable, Sendable {
  /// What the answer is for.
  enum Purpose: Hashable, Sendable {
    case lease, renewal, stream, step, stop, mode(String), reset, proposal(Int), motion, places, ghost
    case gripper, health, leaseHolder, scene, recordStart, recordStop, recordedPath
  }

  var method: String
  var parameters: JSONObject
  var purpose: Purpose
}

struct TeleopFile: Equatable, Sendable { var name, text: String }
