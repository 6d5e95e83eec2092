internal import Glibc
internal import Synchronization

/// What the operating system granted the control loop.
public struct RealTimeStatus: Sendable, Equatable {
  public var hasPriority: Bool
  public var hasLockedMemory: Bool

  /// One sentence where something was refused; nil where all was granted.
  public var warning: String? {
    switch (hasPriority, hasLockedMemory) {
    case (true, true): nil
    case (false, _):
      "Real-time priority was refused, so ticks may come late under load; try: run as root, or give your user `rtprio 80` and `memlock unlimited` "
        + "in /etc/security/limits.conf."
    case (true, false):
      "Memory could not be locked, so a page fault may delay a tick; try: give your user `memlock unlimited` in /etc/security/limits.conf."
    }
  }
}

/// Monotonic time [s].
public func monotonicTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}

/// Puts the calling thread before all ordinary ones and keeps the program's memory in place, as far as the system allows.
///
/// - Parameter priority: SCHED_FIFO priority, 1…99.
func enterRealTime(priority: Int32) -> RealTimeStatus {
  keepProcessorsAwake()
  var parameters = sched_param(sched_priority: priority)
  let hasPriority = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0
  // With a small memory allowance, locking what is yet to come would make later allocations fail.
  var allowance = rlimit()
  getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &allowance)
  let isUnlimited = geteuid() == 0 || allowance.rlim_cur == rlim_t.max
  let hasLockedMemory = isUnlimited && mlockall(MCL_CURRENT | MCL_FUTURE) == 0
  return RealTimeStatus(hasPriority: hasPriority, hasLockedMemory: hasLockedMemory)
}

/// Gives the thread back to the pool as it came, and the memory back to the system's care.
func leaveRealTime(_ granted: RealTimeStatus) {
  let request = idleRequest.exchange(-1, ordering: .acquiringAndReleasing)
  if request >= 0 { close(request) }
  var parameters = sched_param(sched_priority: 0)
  if granted.hasPriority { pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters) }
  if granted.hasLockedMemory { munlockall() }
}

/// Sleeps until `time`, monotonic [s].
///
/// - Real-time: one system call; signals do not shorten it.
func sleep(until time: Double) {
  let seconds = time.rounded(.down)
  var deadline = timespec(tv_sec: Int(seconds), tv_nsec: min(Int((time - seconds) * 1e9), 999_999_999))
  while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
}

/// Held open while a loop runs; −1 where there is none.
private let idleRequest = Atomic<Int32>(-1)

/// Asks the kernel not to put processors into sleeps that take long to wake from, as `cyclictest` does. Where it is refused, ticks begin some tens
/// of microseconds later; nothing else changes.
private func keepProcessorsAwake() {
  let request = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC)
  guard request >= 0 else { return }
  var microseconds: Int32 = 0
  _ = write(request, &microseconds, MemoryLayout<Int32>.size)
  let former = idleRequest.exchange(request, ordering: .acquiringAndReleasing)
  if former >= 0 { close(former) }
}
