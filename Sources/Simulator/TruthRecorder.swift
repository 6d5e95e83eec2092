internal import Glibc
internal import Kinematics

/// Writes the arm's true motion to a file of comma-separated values, for reports: `time` (CLOCK_MONOTONIC) [s], then positions `q1…` [rad], then
/// velocities `v1…` [rad/s].
final class TruthRecorder {
  /// Between two lines [s].
  static let period = 1e-3
  /// Longest time that a line waits to be written [s].
  static let flushPeriod = 0.05

  private let path: String
  private let descriptor: Int32
  private var text = ""
  private var lastFlush = 0.0
  private var nextLine = -Double.infinity

  /// - Throws: ``EmulatorError/cannotRecord(path:reason:)``
  init(path: String, joints: Int) throws(EmulatorError) {
    self.path = path
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotRecord(path: path, reason: systemReason()) }
    text = "time"
    for joint in 1...max(1, joints) { text += ",q\(joint)" }
    for joint in 1...max(1, joints) { text += ",v\(joint)" }
    text += "\n"
    try flush()
  }

  deinit { Glibc.close(descriptor) }

  /// Whether the next line's time has come.
  func isDue(at time: Double) -> Bool { time >= nextLine }

  /// Takes one line in; writes from time to time.
  func record(position: JointVector, velocity: JointVector, at time: Double) throws(EmulatorError) {
    text += "\(time)"
    for q in position { text += ",\(q)" }
    for v in velocity { text += ",\(v)" }
    text += "\n"
    nextLine = time + Self.period
    if time - lastFlush >= Self.flushPeriod {
      lastFlush = time
      try flush()
    }
  }

  /// Writes what waits.
  func flush() throws(EmulatorError) {
    var text = self.text
    self.text.removeAll(keepingCapacity: true)
    let isWritten = text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
    guard isWritten else { throw .cannotRecord(path: path, reason: systemReason()) }
  }
}
