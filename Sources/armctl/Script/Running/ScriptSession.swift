internal import Foundation

/// A script's conversation with the server: requests under its lease, and what the server says meanwhile.
final class ScriptSession {
  enum News: Equatable {
    case job(JSONObject)
    case event(JSONObject)
  }

  /// How long the lease outlives the last message, and how often there is one at least [s].
  private static let leaseLifetime = 2.0
  private static let renewalPeriod = 0.5
  /// How soon a person is heard [s].
  private static let attention = 0.03

  let client: CommandClient
  private var token: String?
  private var renewed = 0.0
  /// The events of all knocks so far.
  private(set) var knocks: [JSONObject] = []
  /// Who has paused the script where no motion is under way.
  private(set) var pauser: String?
  /// Why the script cannot go on: somebody has stopped the arm, or leads it now.
  private(set) var ending: ServiceError?
  private var news: [News] = []
  /// Answers to requests that nobody waits for, such as renewals, are passed over.
  private var expected: Int?
  private var answer: Result<JSONValue, RPCError>?

  init(_ client: CommandClient) { self.client = client }

  /// Takes the lease, so that nobody moves the arm between two lines of the script; it ends soon after this program.
  ///
  /// - Parameter taking: Whether another script, or a gaze program, is to end for this one.
  func begin(taking: Bool = false) throws {
    try client.call("subscribe", ["topics": ["job", "event"]])
    // For a moment with the priority of a person; the holder keeps its token.
    for priority in taking ? ["terminal", "script"] : ["script"] {
      token = try client.call("lease.acquire", ["priority": .string(priority), "ttl": .number(Self.leaseLifetime)])["token"]?.string
    }
    renewed = Self.now
    // What was said before concerned others: that they have lost the lease, too.
    while try client.receive(timeout: 0) != nil {}
  }

  /// Gives the lease back.
  func end() { if let token { _ = try? client.call("lease.release", ["token": .string(token)], timeout: 1) } }

  /// Asks the server for something, however long it takes.
  ///
  /// - Parameter idling: Called many times a second meanwhile.
  /// - Throws: ``CommandClient/Failure``.
  @discardableResult
  func ask(_ method: String, _ parameters: JSONObject = [:], idling: () throws -> Void = {}) throws -> JSONValue {
    var parameters = parameters
    if let token, Self.needsToken(method), parameters["dryRun"] == nil { parameters.append("token", .string(token)) }
    expected = try client.send(method, parameters)
    answer = nil
    while true {
      try listen()
      if let answer {
        expected = nil
        switch answer {
        case .success(let value): return value
        case .failure(let error): throw CommandClient.Failure.refused(error)
        }
      }
      try idling()
    }
  }

  /// The next thing that happened; nil if nothing did for a moment.
  func nextNews() throws -> News? {
    if news.isEmpty { try listen() }
    return news.isEmpty ? nil : news.removeFirst()
  }

  /// Forgets what happened before now.
  func forgetNews() { news = [] }

  /// To be called many times a second while nobody listens.
  func keepAlive() throws { try listen() }

  /// Hears the server for a moment, and keeps the lease alive.
  private func listen() throws {
    if let token, Self.now - renewed > Self.renewalPeriod {
      renewed = Self.now
      _ = try client.send("lease.renew", ["token": .string(token)])
    }
    switch try client.receive(timeout: Self.attention) {
    case .answer(let id, let result)? where id == expected: answer = result
    case .notification("job", let update)?: news.append(.job(update))
    case .notification("event", let event)?:
      news.append(.event(event))
      switch event["kind"]?.string {
      case "knocked": knocks.append(event)
      case "paused": pauser = event["by"]?.string
      case "resumed": pauser = nil
      case "stopped": ending = .stopped(.requested(client: event["by"]?.string ?? ""))
      case "lease.lost": ending = .stopped(.leaseTaken(holder: event["holder"]?.string ?? "", by: event["by"]?.string ?? ""))
      default: break
      }
    case .answer?, .notification?, nil: break
    }
  }

  private static func needsToken(_ method: String) -> Bool {
    method.hasPrefix("move.") || ["resume", "speed.set", "mode.set", "fault.reset", "gripper.set"].contains(method)
  }

  /// Monotonic [s].
  static var now: Double { ProcessInfo.processInfo.systemUptime }
}
