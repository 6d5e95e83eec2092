internal import Control
internal import Foundation
internal import Logging

/// The folder into which the last second before each fault is written; the oldest records make room for new ones.
struct FlightLog: Sendable {
  let folder: String
  let logger: Logger
  private static let most = 20

  /// `folder`, else `$XDG_STATE_HOME/armctl`, else `~/.local/state/armctl`.
  init(folder: String? = nil, logger: Logger) {
    let environment = ProcessInfo.processInfo.environment
    let state = environment["XDG_STATE_HOME"] ?? (environment["HOME"].map { $0 + "/.local/state" } ?? NSTemporaryDirectory())
    self.folder = folder ?? state + "/armctl"
    self.logger = logger
  }

  /// Writes one record and returns its path; nil where it could not be written, which is logged.
  func write(_ records: [TickRecord], joints: [String], tick: Int) -> String? {
    let stamp = Date().formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.dash))
    let path = "\(folder)/\(stamp)-tick\(tick).flight.csv"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(flightTable(records, joints: joints).utf8).write(to: URL(fileURLWithPath: path))
      removeOldest()
      return path
    } catch {
      logger.warning("The flight record could not be written to \(folder): \(error.localizedDescription)")
      return nil
    }
  }

  private func removeOldest() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.filter({ $0.hasSuffix(".flight.csv") }).sorted().dropLast(Self.most) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
