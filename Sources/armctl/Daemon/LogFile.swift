internal import Foundation
internal import Logging
internal import Synchronization

/// Where log lines go, whole lines at a time: a file that they are appended to, or standard error.
final class LogFile: Sendable {
  static let standardError = LogFile(.standardError)
  private let handle: Mutex<FileHandle>

  private init(_ handle: sending FileHandle) { self.handle = Mutex(handle) }

  /// nil with `errno` set where the file cannot be written.
  init?(appendingTo path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    handle = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
  }

  func append(_ line: String) { handle.withLock { try? $0.write(contentsOf: Data((line + "\n").utf8)) } }
}

/// Writes `2026-03-01T12:00:00Z warning: sentence` lines to files; to people only what the line begins with anyway: `warning: sentence`.
struct LogFileHandler: LogHandler {
  let file: LogFile
  /// Whether every line says when it was written, and its level.
  let isStamped: Bool
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(file: LogFile, isStamped: Bool = true) { (self.file, self.isStamped) = (file, isStamped) }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level = isStamped || event.level > .notice ? "\(event.level): " : ""
    file.append((isStamped ? "\(Date().formatted(.iso8601)) " : "") + level + "\(event.message)")
  }
}
