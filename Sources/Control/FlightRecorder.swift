internal import Foundation
public import Kinematics
internal import Synchronization

/// What the loop saw and did in one tick.
public struct TickRecord: Sendable, BitwiseCopyable {
  public var time: Double
  public var tick: Int
  public var mode: ControlMode
  public var position, velocity, effort, external: JointVector
  public var setpoint, setpointVelocity: JointVector
  /// How old each position was [s].
  public var age: JointVector
  /// How late the tick woke up, and how long it took [s].
  public var wakeUp, duration: Double
}

/// The ticks of the last three seconds, in a ring. The loop writes; after a fault another thread copies the last second out, while the loop goes
/// on in the rest of the ring.
public final class FlightRecorder: Sendable {
  private let records: AtomicSlots<TickRecord>
  private let capacity: Int
  private let written = Atomic<Int>(0)
  private let rate: Int

  /// - Parameters:
  ///   - rate: Ticks a second.
  /// - Precondition: `rate > 0`.
  init(jointCount: Int, rate: Int) {
    precondition(rate > 0)
    self.rate = rate
    capacity = 3 * rate
    let zero = JointVector(count: jointCount)
    let blank = TickRecord(
      time: 0, tick: 0, mode: .off, position: zero, velocity: zero, effort: zero, external: zero, setpoint: zero, setpointVelocity: zero, age: zero,
      wakeUp: 0, duration: 0)
    records = AtomicSlots(repeating: blank, count: capacity)
  }

  /// On the loop's thread, once for each tick, beginning with tick 1.
  ///
  /// - Real-time: does not allocate or lock.
  func record(_ record: TickRecord) {
    let count = written.load(ordering: .relaxed)
    // Who sees anything of this record also sees that the one before it is done, and so which one it replaces.
    atomicMemoryFence(ordering: .releasing)
    records.store(record, in: count % capacity)
    written.store(count + 1, ordering: .releasing)
  }

  /// The `seconds`, at most two, up to a tick, oldest first. On any thread but the loop's; what the loop has overwritten meanwhile is left out, so
  /// within about a second of that tick all of it is there.
  ///
  /// - Parameter tick: The last tick wanted; nil for the newest.
  public func last(seconds: Double, through tick: Int? = nil) -> [TickRecord] {
    let newest = written.load(ordering: .acquiring)
    let end = min(max(tick ?? newest, 0), newest)
    let wanted = Int((min(max(seconds, 0), 2) * Double(rate)).rounded())
    let first = max(0, end - wanted)
    var copies: [TickRecord] = []
    for index in first..<end { copies.append(records.load(from: index % capacity)) }
    atomicMemoryFence(ordering: .acquiring)
    // The one being written now replaces the one that is `capacity` older.
    let oldest = written.load(ordering: .relaxed) - capacity + 1
    return Array(copies.dropFirst(max(0, oldest - first)))
  }
}

/// A table of ticks as comma-separated values: one line a tick, one column a joint and quantity.
public func flightTable(_ records: [TickRecord], joints: [String]) -> String {
  let quantities: [(name: String, value: (TickRecord) -> JointVector)] = [
    ("position", \.position), ("velocity", \.velocity), ("effort", \.effort), ("external", \.external),
    ("setpoint", \.setpoint), ("setpointVelocity", \.setpointVelocity), ("age", \.age),
  ]
  var lines = ["time,tick,mode,wakeUp,duration," + quantities.flatMap { q in joints.map { "\(q.name).\($0)" } }.joined(separator: ",")]
  for record in records {
    var fields = [
      String(format: "%.6f", record.time), "\(record.tick)", record.mode.rawValue, String(format: "%.6f", record.wakeUp),
      String(format: "%.6f", record.duration),
    ]
    for quantity in quantities { fields += quantity.value(record).map { String(format: "%.6f", $0) } }
    lines.append(fields.joined(separator: ","))
  }
  return lines.joined(separator: "\n") + "\n"
}
