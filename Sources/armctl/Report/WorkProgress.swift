internal import Foundation
internal import Synchronization

/// One line on a terminal's stderr that says how far the work is; nothing in a pipe.
final class WorkProgress: Sendable {
  private let last = Mutex("")

  func show(_ what: String, share: Double) {
    guard Terminal.isTerminal(STDERR_FILENO) else { return }
    let line = "\(what): \(Int((100 * share).rounded(.down))) %"
    last.withLock {
      guard $0 != line else { return }
      $0 = line
      FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
    }
  }

  func clear() {
    last.withLock {
      if !$0.isEmpty { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      $0 = ""
    }
  }
}
