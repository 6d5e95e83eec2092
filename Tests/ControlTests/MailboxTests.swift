@testable import Control
import Dispatch
import Glibc
import Kinematics
import Synchronization
import Testing

/// What crosses the border of the loop's thread, with two threads that really run at once.
@Suite struct MailboxTests {
  @Test func aRingKeepsOrderAndTurnsAwayWhatDoesNotFit() {
    let ring = Ring<Int>(capacity: 3)
    #expect(ring.popFirst() == nil)
    for round in 0..<5 {
      for element in 0..<3 { #expect(ring.append(10 * round + element)) }
      #expect(!ring.append(99))
      for element in 0..<3 { #expect(ring.popFirst() == 10 * round + element) }
      #expect(ring.popFirst() == nil)
    }
    #expect(ring.appendedCount == 15 && ring.removedCount == 15)
  }

  private final class Token: Sendable {
    static let living = Atomic<Int>(0)
    init() { Self.living.add(1, ordering: .relaxed) }
    deinit { Self.living.subtract(1, ordering: .relaxed) }
  }

  @Test func aRingLetsGoOfWhatWasTakenOutAndOfItsRest() {
    do {
      let ring = Ring<Token>(capacity: 4)
      for _ in 0..<3 { _ = ring.append(Token()) }
      _ = ring.popFirst()
      #expect(Token.living.load(ordering: .relaxed) == 2)
    }
    #expect(Token.living.load(ordering: .relaxed) == 0)
  }

  @Test func aRingBetweenTwoThreadsLosesNothing() {
    let ring = Ring<[Int]>(capacity: 16)
    let count = 20_000
    let group = DispatchGroup()
    DispatchQueue(label: "other").async(group: group) {
      for element in 0..<count {
        while !ring.append([element, -element]) { sched_yield() }
      }
    }
    var received = 0
    while received < count {
      guard let element = ring.popFirst() else {
        sched_yield()
        continue
      }
      if element != [received, -received] {
        Issue.record("\(element) in place of \(received)")
        break
      }
      received += 1
    }
    #expect(received == count)
    if received == count { group.wait() }
  }

  /// Larger than a cache line, so that a torn copy would show.
  private struct Wide: BitwiseCopyable, Sendable {
    var words: InlineArray<40, Int>
    init(_ value: Int) { words = InlineArray(repeating: value) }
    var isWhole: Bool { words.indices.allSatisfy { words[$0] == words[0] } }
  }

  @Test func theLatestValueIsNeverTornNorOlderThanTheOneBefore() {
    let latest = LatestValue(Wide(0))
    let group = DispatchGroup()
    let writes = 100_000
    let box = DoneFlag()
    DispatchQueue(label: "other").async(group: group) {
      for value in 1...writes { latest.store(Wide(value)) }
      box.raise()
    }
    var newest = 0
    var torn = 0
    var backward = 0
    while !box.isRaised {
      let value = latest.load()
      if !value.isWhole { torn += 1 }
      if value.words[0] < newest { backward += 1 }
      newest = value.words[0]
    }
    group.wait()
    #expect(torn == 0 && backward == 0)
    #expect(latest.load().words[0] == writes)
  }

  @Test func theLatestValueKeepsEveryBitOfASnapshot() {
    var snapshot = ControlSnapshot(jointCount: 6)
    snapshot.fault = .followingError(joint: 3, value: 0.25, limit: 0.2)
    snapshot.position = [1, -2, 3, -4, 5, -6]
    snapshot.job = 77
    snapshot.mode = .fault
    let latest = LatestValue(ControlSnapshot(jointCount: 6))
    latest.store(snapshot)
    let copy = latest.load()
    #expect(copy.fault == snapshot.fault && copy.position == snapshot.position && copy.job == 77 && copy.mode == .fault)
  }

  @Test func theRecorderIsReadWhileItIsWritten() {
    let recorder = FlightRecorder(jointCount: 6, rate: 100)
    let group = DispatchGroup()
    let box = DoneFlag()
    DispatchQueue(label: "other").async(group: group) {
      for tick in 1...60_000 { recorder.record(.blank(tick: tick)) }
      box.raise()
    }
    var wrong = 0
    while !box.isRaised {
      let records = recorder.last(seconds: 2)
      for record in records where record.position[5] != Double(record.tick) { wrong += 1 }
      for (before, after) in zip(records, records.dropFirst()) where after.tick != before.tick + 1 { wrong += 1 }
    }
    group.wait()
    #expect(wrong == 0)
    #expect(recorder.last(seconds: 1).map(\.tick) == Array(59_901...60_000))
  }
}

private final class DoneFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isRaised: Bool { flag.load(ordering: .acquiring) }
  func raise() { flag.store(true, ordering: .releasing) }
}

extension TickRecord {
  fileprivate static func blank(tick: Int) -> TickRecord {
    let value = JointVector(repeating: Double(tick), count: 6)
    return TickRecord(
      time: 0, tick: tick, mode: .hold, position: value, velocity: value, effort: value, external: value, setpoint: value, setpointVelocity: value,
      age: value, wakeUp: 0, duration: 0)
  }
}
