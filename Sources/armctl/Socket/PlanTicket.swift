internal import Synchronization

/// Whether a motion that is being planned is still wanted. To call it off and to carry it out exclude each other, whatever threads they are on.
final class PlanTicket: Sendable {
  private enum State: UInt8, AtomicRepresentable { case wanted, calledOff, carriedOut }
  private let state = Atomic(State.wanted)

  /// Whether nobody wants the motion any more. Wait-free; the planner asks it again and again.
  var isCalledOff: Bool { state.load(ordering: .relaxed) == .calledOff }

  /// - Returns: Whether that was in time: from now on the motion is not begun.
  func callOff() -> Bool { leave(for: .calledOff) }

  /// - Returns: Whether the motion may begin; from now on it is too late to call it off.
  func carryOut() -> Bool { leave(for: .carriedOut) }

  private func leave(for next: State) -> Bool {
    state.compareExchange(expected: .wanted, desired: next, ordering: .acquiringAndReleasing).exchanged
  }
}
