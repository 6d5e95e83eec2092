internal import Dispatch
internal import Foundation

/// Signals as bytes of a readable descriptor, so that a program that polls notices them.
final class SignalPipe {
  let descriptor: Int32
  private let writer: Int32
  private let sources: [any DispatchSourceSignal]
  private let numbers: [Int32]

  init(_ numbers: [Int32]) {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no descriptors are left")
    descriptor = ends[0]
    writer = ends[1]
    self.numbers = numbers
    let writer = writer
    sources = numbers.map { number in
      // A window that changes its size must not interrupt anybody, and is ignored anyway.
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
    for number in numbers { signal(number, SIG_DFL) }
    close(descriptor)
    close(writer)
  }

  /// The next signal that has come; nil if there is none.
  func next() -> Int32? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&waiting, 1, 0) > 0, read(descriptor, &byte, 1) == 1 else { return nil }
    return Int32(byte)
  }
}
