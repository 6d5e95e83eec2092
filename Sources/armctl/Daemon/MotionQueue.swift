internal import Kinematics
internal import Planner

/// The motions that wait and the one that runs. A plain value; whoever holds it guards it.
struct MotionQueue {
  struct Job {
    var id: Int
    /// Kept until the job has ended, so that the control tick is never the last to let go of it.
    var trajectory: Trajectory
  }

  private(set) var running: Job?
  private(set) var waiting: [Job] = []
  private var lastID = 0
  /// Counts the stops; a plan begun before the last one is void.
  private(set) var stops = 0

  /// Where the arm will be when all jobs are done; nil where there are none.
  var end: JointVector? { (waiting.last ?? running)?.trajectory.end }

  /// Adds a job, and returns it where it may start at once.
  mutating func add(_ trajectory: Trajectory) -> (id: Int, startNow: Job?) {
    lastID += 1
    waiting.append(Job(id: lastID, trajectory: trajectory))
    return (lastID, startNext())
  }

  /// The next job to start, if none runs.
  mutating func startNext() -> Job? {
    guard running == nil, !waiting.isEmpty else { return nil }
    running = waiting.removeFirst()
    return running
  }

  /// Forgets the job that ran.
  mutating func endRunning(_ id: Int) { if running?.id == id { running = nil } }

  /// Drops one waiting job; false where it does not wait.
  mutating func drop(_ id: Int) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return false }
    waiting.remove(at: index)
    return true
  }

  /// Drops every waiting job and makes every plan under way void. Returns what was dropped.
  mutating func dropAll() -> [Int] {
    stops += 1
    defer { waiting = [] }
    return waiting.map(\.id)
  }
}
