internal import Foundation
internal import Logging
internal import Synchronization

/// A file that log lines are appended to, whole lines at a time.
final class LogFile: Sendable {
  private let handle: Mutex<FileHandle>

  /// nil with `errno` set where the file cannot be written.
  init?(appendingTo path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    handle = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
  }

  func append(_ line: String) { handle.withLock { try? $0.write(contentsOf: Data((line + "\n").utf8)) } }
}

/// Writes `2026-03-01T12:00:00Z warning: sentence` lines.
struct LogFileHandler: LogHandler {
  let file: LogFile
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(file: LogFile) { self.file = file }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { file.append("\(Date().formatted(.iso8601)) \(event.level): \(event.message)") }
}
