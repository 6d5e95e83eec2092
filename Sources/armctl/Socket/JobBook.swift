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
    /// Who asked for it.
    var client = ""
    var onExpiry = OnExpiry.stop
    /// The numbers of the knocks on its way.
    var knocks: Set<Int> = []
  }

  /// Who has asked for the pause that the arm is in, or is about to be in.
  private(set) var pauser: String?

  private var entries: [Int: Entry] = [:]
  /// Finished jobs, oldest first.
  private var finished: [Int] = []

  subscript(job: Int) -> JobUpdate? { entries[job]?.update }

  /// The job that moves the arm or pauses, and who asked for it; nil where none does.
  var underWay: (update: JobUpdate, client: String)? {
    entries.values.first { !$0.update.state.isFinal && $0.update.state != .queued }.map { entry in
      var update = entry.update
      update.pausedBy = pauser
      return (update, entry.client)
    }
  }

  /// Notes an update. A job's final state stays: what comes after it is ignored.
  /// - Returns: The update with what else is known of the job; nil where it is no news.
  mutating func note(_ update: JobUpdate) -> JobUpdate? {
    if let entry = entries[update.job], entry.update.state.isFinal { return nil }
    var entry = entries[update.job] ?? Entry(update: update)
    let wasUnderWay = entry.update.state != .queued
    if let knock = update.knock { entry.knocks.insert(knock) }
    entry.update = update
    entry.update.reason = update.reason?.told(to: entry.client)
    entry.update.knocks = entry.knocks.count
    if update.state.isFinal {
      if wasUnderWay { pauser = nil }
      finished.append(update.job)
      if finished.count > Self.capacity { entries[finished.removeFirst()] = nil }
    } else if update.state != .queued {
      entry.update.pausedBy = pauser
    }
    entries[update.job] = entry
    return entry.update
  }

  /// The job was submitted by this client, under this lease. Its first updates may have come before.
  mutating func assign(_ job: Int, of client: String, to token: String?, onExpiry: OnExpiry, at time: UInt64, tick: UInt64) {
    var entry = entries[job] ?? Entry(update: JobUpdate(job: job, state: .queued, time: time, tick: tick))
    (entry.token, entry.client, entry.onExpiry) = (token, client, onExpiry)
    entries[job] = entry
  }

  /// Somebody wants the job under way to pause; whoever wanted it first has paused it.
  mutating func pause(by client: String) { pauser = pauser ?? client }

  /// The job under way goes on, or could not pause.
  mutating func endPause() { pauser = nil }

  /// Whether a job of this lease is still under way; with `onlyStopping`, one that is to stop when the lease expires.
  func hasActiveJob(of token: String, onlyStopping: Bool) -> Bool {
    entries.values.contains { $0.token == token && !$0.update.state.isFinal && (!onlyStopping || $0.onExpiry == .stop) }
  }
}
