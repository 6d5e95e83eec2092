internal import Dispatch
internal import Synchronization

/// Ticks an arm at its rate. The only type that owns a clock and a thread.
///
/// The loop is one long work item on a serial Dispatch queue of its own, which raises its thread to real-time priority and sleeps until absolute
/// times. (A Dispatch timer costs two wake-ups a tick, and the one on libdispatch's manager thread cannot be raised; see `docs/Realtime.md`.)
///
/// `start` and `stop` belong to one thread; the counters may be read from anywhere.
public final class ControlLoop: @unchecked Sendable {
  public let arm: ControlledArm
  /// How late ticks begin.
  public let wakeUps = LatencyHistogram()

  private let period: Double
  private let priority: Int32
  private let queue = DispatchQueue(label: "arm.control")
  private let isRunning = Atomic<Bool>(false)
  private let missed = Atomic<Int>(0)
  private let finished = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - period: Time between ticks [s].
  ///   - priority: SCHED_FIFO priority, 1…99, where the system allows one.
  public init(arm: ControlledArm, period: Double, priority: Int32 = 80) {
    self.arm = arm
    self.period = period
    self.priority = priority
  }

  /// Ticks that were left out because the one before was still running or the machine was away.
  public var missedTicks: Int { missed.load(ordering: .relaxed) }

  /// Begins to tick, and tells what the system granted.
  ///
  /// - Precondition: The loop does not run.
  public func start() -> RealTimeStatus {
    precondition(!isRunning.exchange(true, ordering: .acquiringAndReleasing), "the loop runs already")
    let status = Mutex(RealTimeStatus(hasPriority: false, hasLockedMemory: false))
    let ready = DispatchSemaphore(value: 0)
    queue.async { [self] in
      let granted = enterRealTime(priority: priority)
      status.withLock { $0 = granted }
      ready.signal()
      run()
      leaveRealTime(granted)
      finished.signal()
    }
    ready.wait()
    return status.withLock { $0 }
  }

  /// Ends the loop after its present tick. The arm is left as the last tick left it.
  public func stop() {
    guard isRunning.exchange(false, ordering: .acquiringAndReleasing) else { return }
    finished.wait()
  }

  private func run() {
    var due = monotonicTime() + period
    while isRunning.load(ordering: .acquiring) {
      sleep(until: due)
      let now = monotonicTime()
      wakeUps.count(now - due)
      // A late tick runs once; the ones that it swallowed are not made up for.
      due += skip(((now - due) / period).rounded(.down))
      arm.tick(at: now, wakeUp: now - due, clock: monotonicTime)
      due += period
      // A tick that took too long does not begin the next one at once: whatever happens, others may run too.
      due += skip(((monotonicTime() - due) / period).rounded(.up))
    }
  }

  /// The time [s] that so many ticks take which are left out; none where `ticks` is not positive.
  private func skip(_ ticks: Double) -> Double {
    guard ticks > 0 else { return 0 }
    missed.add(Int(ticks), ordering: .relaxed)
    return ticks * period
  }
}
