internal import Glibc
internal import Synchronization

/// An emulated arm on a real pseudo-terminal, in real time: for people, and for tests with two processes.
///
/// Clients open the link like a serial port; they may close it, die, and come back. Motion follows the clock; after a gap longer than
/// `largestGap` (the process was stopped) the arm goes on from where it was, as if no time had passed.
public final class EmulatorServer: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Priority among real-time threads, below the control loop's; nil for none. Refusal is no error.
    public var realTimePriority: Int32? = 40
    /// End when SIGTERM or SIGINT comes.
    public var endsOnSignals = true
    /// End when the process that started this one is gone.
    public var endsWithParent = true
    /// Longest time that motion catches up with [s].
    public var largestGap = 0.05

    public init() {}
  }

  /// Motion is advanced at least this often [s].
  private static let heartbeat = 1e-3

  public let link: String
  private let arm: EmulatedArm
  private let truth: String?
  private let settings: Settings
  private let stopRequest = Atomic(false)
  private let serving = Atomic(false)

  /// - Parameters:
  ///   - link: The name under which the line is found: a symbolic link, replaced if there is one.
  ///   - truth: A file for the true motion, a line each millisecond: `time` (CLOCK_MONOTONIC) [s], `q1…` [rad], `v1…` [rad/s]. nil for none.
  public init(arm: EmulatedArm, link: String, truth: String? = nil, settings: Settings = Settings()) {
    self.arm = arm
    self.link = link
    self.truth = truth
    self.settings = settings
  }

  /// Whether the link stands and the arm moves.
  public var isServing: Bool { serving.load(ordering: .acquiring) }

  /// Ends `run` within milliseconds; from any thread.
  public func stop() { stopRequest.store(true, ordering: .releasing) }

  /// Serves on this thread until `stop`, a signal, or the end of the parent.
  ///
  /// - Throws: What is missing at the beginning, or a recording that cannot be written.
  public func run() throws(EmulatorError) {
    let terminal = try PseudoTerminal(link: link)
    var recorder: TruthRecorder?
    if let truth { recorder = try TruthRecorder(path: truth, joints: arm.position.count) }
    if settings.endsOnSignals {
      signal(SIGTERM) { _ in signalled.store(true, ordering: .relaxed) }
      signal(SIGINT) { _ in signalled.store(true, ordering: .relaxed) }
    }
    if let priority = settings.realTimePriority {
      var parameters = sched_param(sched_priority: priority)
      pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters)
    }
    let parent = getppid()
    var session = EmulatorSession(arm: arm, terminal: terminal, recorder: recorder, largestGap: settings.largestGap)
    serving.store(true, ordering: .releasing)
    defer { serving.store(false, ordering: .releasing) }
    while !stopRequest.load(ordering: .acquiring) {
      if settings.endsOnSignals && signalled.load(ordering: .relaxed) { break }
      if settings.endsWithParent && getppid() != parent { break }
      try session.serve()
      terminal.waitForInput(atMost: min(Self.heartbeat, session.timeToOutput))
    }
    try recorder?.flush()
  }
}

/// Set by the signal handlers, which may do no more.
private let signalled = Atomic(false)

/// One run of a server: the arm, its line, and the relation of its clock to the system's.
private struct EmulatorSession: ~Copyable {
  var arm: EmulatedArm
  let terminal: PseudoTerminal
  let recorder: TruthRecorder?
  let largestGap: Double
  /// CLOCK_MONOTONIC at the arm's zero [s].
  private var epoch: Double
  /// Bytes that are due but found no room in the terminal.
  private var pending: [UInt8] = []
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)

  init(arm: consuming EmulatedArm, terminal: PseudoTerminal, recorder: TruthRecorder?, largestGap: Double) {
    epoch = monotonicTime() - arm.time
    self.arm = arm
    self.terminal = terminal
    self.recorder = recorder
    self.largestGap = largestGap
  }

  deinit { buffer.deallocate() }

  /// Until there may be something to hand out [s]; zero where it is overdue.
  var timeToOutput: Double { max(0, arm.earliestOutputTime - (monotonicTime() - epoch)) }

  /// Lives up to now, takes in what has come, and hands out what is due.
  mutating func serve() throws(EmulatorError) {
    var now = monotonicTime() - epoch
    if now - arm.time > largestGap {
      epoch += now - arm.time
      now = arm.time
    }
    // Line by line of the recording, so that catching up leaves no hole in it.
    if let recorder {
      var next = arm.time + TruthRecorder.period
      while next < now {
        arm.advance(to: next)
        if recorder.isDue(at: epoch + next) { try recorder.record(position: arm.position, velocity: arm.velocity, at: epoch + next) }
        next += TruthRecorder.period
      }
    }
    arm.advance(to: now)
    if let recorder, recorder.isDue(at: epoch + now) { try recorder.record(position: arm.position, velocity: arm.velocity, at: epoch + now) }
    while true {
      let count = terminal.read(into: buffer)
      guard count > 0 else { break }
      arm.receive(buffer[..<count], at: now)
      if count < buffer.count { break }
    }
    let count = arm.drain(into: buffer, upTo: now)
    pending += buffer[..<count]
    guard !pending.isEmpty else { return }
    let written = pending.withUnsafeBytes { terminal.write($0) }
    pending.removeFirst(written)
    // A client that never reads must not make this grow: the oldest are lost, as in an adapter's own buffer.
    if pending.count > EmulatedSLCANAdapter.outputCapacity { pending.removeFirst(pending.count - EmulatedSLCANAdapter.outputCapacity) }
  }
}

/// CLOCK_MONOTONIC [s].
private func monotonicTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
