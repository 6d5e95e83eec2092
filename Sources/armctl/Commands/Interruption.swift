internal import Foundation

/// Turns Ctrl-C and a polite kill into a readable descriptor, so that a command that waits can stop the arm before it ends.
final class Interruption {
  enum Signal { case interrupt, terminate }

  private let signals = SignalPipe([SIGINT, SIGTERM])

  /// Becomes readable at the first signal.
  var descriptor: Int32 { signals.descriptor }

  /// The next signal that has come; nil if there is none.
  func next() -> Signal? { signals.next().map { $0 == SIGINT ? .interrupt : .terminate } }

  /// Waits for the first signal.
  func wait() {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&event, 1, -1) < 0, errno == EINTR {}
  }
}
