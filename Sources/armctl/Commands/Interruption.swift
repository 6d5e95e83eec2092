internal import Dispatch
internal import Foundation

/// Turns Ctrl-C and a polite kill into a readable descriptor, so that a command that waits can stop the arm before it ends.
final class Interruption {
  /// Becomes readable at the first signal.
  let descriptor: Int32
  private let writer: Int32
  private let sources: [any DispatchSourceSignal]

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no descriptors are left")
    descriptor = ends[0]
    writer = ends[1]
    let writer = writer
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        var byte = UInt8(number)
        _ = write(writer, &byte, 1)
      }
      source.activate()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    close(descriptor)
    close(writer)
  }
}

extension Interruption {
  enum Signal { case interrupt, terminate }

  /// The next signal that has come; nil if there is none.
  func next() -> Signal? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&waiting, 1, 0) > 0, read(descriptor, &byte, 1) == 1 else { return nil }
    return Int32(byte) == SIGINT ? .interrupt : .terminate
  }

  /// Waits for the first signal.
  func wait() {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&event, 1, -1) < 0, errno == EINTR {}
  }
}
