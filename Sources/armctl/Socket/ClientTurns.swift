internal import NIOCore

/// Lets clients that have asked for much take turns, so that none keeps the others waiting. Lives on the event loop.
///
/// What an event loop is told to execute it executes before it looks at its sockets again, and so it does with timers that run out meanwhile. So the
/// turns that are left after a round wait for longer than it takes to set a timer: in between, everybody else is heard.
final class ClientTurns: @unchecked Sendable {
  /// Requests handled before it is another client's turn, and after how long none is begun any more.
  static let requests = 4, turn = TimeAmount.microseconds(25)
  /// How long a round takes at most, and how long the sockets have in between.
  private static let round = TimeAmount.microseconds(50), pause = TimeAmount.microseconds(30)

  private let eventLoop: any EventLoop
  private var waiting: [ClientConnection] = []
  private var isScheduled = false

  init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// - Parameter client: Not waiting for its turn yet.
  func add(_ client: ClientConnection) {
    waiting.append(client)
    schedule()
  }

  private func schedule() {
    guard !isScheduled, !waiting.isEmpty else { return }
    isScheduled = true
    eventLoop.scheduleTask(in: Self.pause) { [self] in
      takeTurns()
      isScheduled = false
      schedule()
    }
  }

  private func takeTurns() {
    let end = NIODeadline.now() + Self.round
    // Who has more to say is added again, behind the others.
    while !waiting.isEmpty, NIODeadline.now() < end { waiting.removeFirst().takeTurn() }
  }
}
