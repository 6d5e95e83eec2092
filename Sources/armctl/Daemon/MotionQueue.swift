internal import Kinematics
internal import Planner

/// The motions that wait and the one that runs. A plain value; whoever holds it guards it.
struct MotionQueue {
  struct Job {
    var id: Int
    var work: Work
    /// Where the arm is at rest when it is done.
    var end: JointVector
    /// Whether obstacles in its way stop it.
    var isChecked = false
    /// But for these things.
    var mayTouch: [String] = []
  }

  enum Work {
    /// Kept until the job has ended, so that the control tick is never the last to let go of it.
    case trajectory(Trajectory)
    /// To joint positions, made up on the way, with a share of the limits.
    case goal(JointVector, speed: Double)
  }

  private(set) var running: Job?
  private(set) var waiting: [Job] = []
  private var lastID = 0
  /// Counts the stops; a plan begun before the last one is void.
  private(set) var stops = 0
  /// Whether the job that runs has been told to end before its end, but has not ended yet.
  private(set) var isEnding = false
  /// Whether jobs that wait go on waiting although none runs.
  var isHeld = false

  /// Where the arm will be when all jobs are done; nil where there are none, or where that is not known.
  var end: JointVector? { isEnding ? nil : (waiting.last ?? running)?.end }

  /// Adds a job, and returns it where it may start at once.
  mutating func add(_ trajectory: Trajectory, isChecked: Bool = false, mayTouch: [String] = []) -> (id: Int, startNow: Job?) {
    lastID += 1
    waiting.append(Job(id: lastID, work: .trajectory(trajectory), end: trajectory.end, isChecked: isChecked, mayTouch: mayTouch))
    return (lastID, startNext())
  }

  /// A job that takes over from the one that runs; those that waited are dropped.
  mutating func takeOver(to goal: JointVector, speed: Double) -> (job: Job, dropped: [Int]) {
    lastID += 1
    let job = Job(id: lastID, work: .goal(goal, speed: speed), end: goal)
    let dropped = waiting.map(\.id)
    waiting = []
    running = job
    isEnding = false
    return (job, dropped)
  }

  /// The next job to start, if none runs.
  mutating func startNext() -> Job? {
    guard running == nil, !waiting.isEmpty, !isHeld else { return nil }
    running = waiting.removeFirst()
    return running
  }

  /// Forgets the job that ran.
  mutating func endRunning(_ id: Int) {
    guard running?.id == id else { return }
    running = nil
    isEnding = false
  }

  /// Drops one waiting job; false where it does not wait.
  mutating func drop(_ id: Int) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return false }
    waiting.remove(at: index)
    return true
  }

  /// Drops a waiting job and those behind it, which would begin where it ends. Returns what was dropped.
  mutating func drop(from id: Int) -> [Int] {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return [] }
    defer { waiting.removeSubrange(index...) }
    return waiting[index...].map(\.id)
  }

  /// Drops every waiting job, makes every plan under way void, and expects the one that runs to end. Returns what was dropped.
  mutating func dropAll() -> [Int] {
    stops += 1
    isEnding = running != nil
    defer { waiting = [] }
    return waiting.map(\.id)
  }
}
