/// Teleoperation without a terminal, a socket or a clock: keys and what the server says go in, requests come out, and everything that is shown
/// stands here.
struct Teleoperation: ArmSession {
  /// What an answer is for.
  enum Purpose: Hashable, Sendable {
    case lease, renewal, stream, step, stop, mode(String), reset, gripper, proposal(Int), motion, places, ghost
    case health, leaseHolder, otherJob, scene, recordStart, recordStop, recordedPath
  }

  let arm: TeleopArm
  var settings = JogSettings()
  var deadMan = DeadMan()
  /// A gamepad or a 3D mouse, while there is one.
  var device: JogDevice?

  // What the server told last.
  var reading: ArmReading?
  /// When it came [s].
  var readingTime = 0.0
  var health: Health?
  /// Who may move the arm; nil where nobody holds the lease.
  var leaseHolder: String?
  /// The job that is under way, and not this teleoperation's; nil where none is.
  var otherJob: OtherJob?
  var scene: JSONValue?
  /// Where the joints and the tool are, from base to tool, and which way the tool points [m].
  var places: ArmPlaces?
  var ghost: ArmPlaces?

  // What goes on.
  var requests = RequestBook(priority: "terminal", lifetime: 0.3, acquiring: Purpose.lease, renewing: .renewal)
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

  /// What is to be written, and then told by ``didSave(_:problem:at:)``.
  var files: [TeleopFile] = []
  /// The number of the latest proposal, and the title of the motion that was agreed to.
  var lastProposal = 0
  var underWay = ""
  /// The joint positions that ``places`` were asked for.
  var shownPosition: [Double] = []
  /// When the person did something last [s].
  var lastTouch = 0.0
  /// Until then the arm may still come to rest from what it did for whom the lead was taken from [s].
  var restsBy = -Double.infinity
  private var lastStreamed = -Double.infinity
  /// When the questions that are asked again and again were asked last [s].
  private var lastLook = -Double.infinity

  /// Between two commands of a stream [s].
  private static let streamPeriod = 0.02
  /// Between two looks at health, lease, job and scene [s].
  private static let lookPeriod = 0.5
  /// So long without a key or a motion, and others may lead [s].
  static let idlePeriod = 10.0
  /// So long may an arm take to come to rest [s].
  static let longestRest = 3.0

  init(arm: TeleopArm) { self.arm = arm }

  mutating func say(_ text: String, _ ink: Ink = .plain, at time: Double) { notice = Notice(text: text, ink: ink, end: time + 6) }

  // MARK: Time

  mutating func pass(to time: Double) {
    guard !isLeaving else { return }
    deadMan.pass(to: time)
    device?.pass(to: time)
    if !isAnythingHeld { isBlocked = false }
    stream(at: time)
    if let notice, notice.end <= time { self.notice = nil }
    if isIdle(at: time) {
      requests.releaseLease(at: time)
      say("Others may lead the arm now; the next key that moves it leads again.", .faint, at: time)
    }
    requests.renewLeaseWhereDue(at: time)
    if time - lastLook >= Self.lookPeriod {
      lastLook = time
      ask("health", for: .health, at: time)
      ask("lease.get", for: .leaseHolder, at: time)
      ask("job.get", for: .otherJob, at: time)
      ask("scene.get", for: .scene, at: time)
    }
  }

  /// Whether the lead is kept for nothing.
  private func isIdle(at time: Double) -> Bool {
    token != nil && time - max(lastTouch, lastMotion) >= Self.idlePeriod && job == nil && !isStreaming && !isAnythingHeld && !lesson.isRecording
      && requests.waiting == nil && reading?.isLed == false
  }

  var deadline: Double {
    var deadline = lastLook + Self.lookPeriod
    if let held = deadMan.deadline { deadline = min(deadline, held) }
    if let told = device?.deadline { deadline = min(deadline, told) }
    if isStreaming { deadline = min(deadline, lastStreamed + Self.streamPeriod) }
    return min(deadline, requests.renewalDue)
  }

  // MARK: The stream

  /// Sends the stream's next command when it is due or has changed.
  private mutating func stream(at time: Double) {
    let axes = joggedAxes
    guard !axes.isEmpty, !settings.isStepwise else {
      if isStreaming { halt(at: time) }
      return
    }
    guard token != nil else { return requests.acquireLease(at: time) }
    let isNew = axes != streamedAxes || !isStreaming
    guard isNew || time - lastStreamed >= Self.streamPeriod else { return }
    if !isStreaming { rememberPlace(at: time) }
    (isStreaming, streamedAxes, lastStreamed, lastMotion) = (true, axes, time, time)
    let (method, parameters) = settings.stream(along: axes, of: arm)
    command(method, parameters, for: .stream, at: time)
  }

  private var streamedAxes: [JoggedAxis] = []

  /// Ends the stream: the arm comes to rest, limited by jerk.
  mutating func halt(at time: Double) {
    isStreaming = false
    // Who has lost the lease has lost the stream with it.
    guard token != nil else { return }
    let (method, parameters) = settings.stream(along: [], of: arm)
    command(method, parameters, for: .stream, at: time)
  }
}

struct TeleopFile: Equatable, Sendable { var name, text: String }
