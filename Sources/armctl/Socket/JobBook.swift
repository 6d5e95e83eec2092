/// What became of each job, as far back as somebody may still ask, and which lease it belongs to.
struct JobBook {
  /// What happens to a job when its lease expires.
  enum OnExpiry: String, CaseIterable, Sendable {
    case stop, finish
  }

  static let capacity = 256

  private struct Entry {
    var update: JobUpdate
    var token: String?
    var onExpiry = OnExpiry.stop
  }

  private var entries: [Int: Entry] = [:]
  /// Finished jobs, oldest first.
  private var finished: [Int] = []

  subscript(job: Int) -> JobUpdate? { entries[job]?.update }

  /// Notes an update. A job's final state stays: what comes after it is ignored.
  /// - Returns: Whether it was news.
  mutating func note(_ update: JobUpdate) -> Bool {
    if let entry = entries[update.job], entry.update.state.isFinal { return false }
    entries[update.job, default: Entry(update: update)].update = update
    if update.state.isFinal {
      finished.append(update.job)
      if finished.count > Self.capacity { entries[finished.removeFirst()] = nil }
    }
    return true
  }

  /// The job was submitted under this lease. Its first updates may have come before.
  mutating func assign(_ job: Int, to token: String?, onExpiry: OnExpiry, at time: UInt64, tick: UInt64) {
    let queued = JobUpdate(job: job, state: .queued, time: time, tick: tick)
    entries[job, default: Entry(update: queued)].token = token
    entries[job]?.onExpiry = onExpiry
  }

  /// Whether a job of this lease is still under way; with `onlyStopping`, one that is to stop when the lease expires.
  func hasActiveJob(of token: String, onlyStopping: Bool) -> Bool {
    entries.values.contains { $0.token == token && !$0.update.state.isFinal && (!onlyStopping || $0.onExpiry == .stop) }
  }
}
