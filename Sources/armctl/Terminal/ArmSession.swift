/// What a person does with the arm over the command socket, without a terminal, a socket or a clock: keys and what the server says go in, requests
/// come out.
///
/// Every call is given the time [s]. A ``SessionLoop`` brings it together with the rest of the world.
protocol ArmSession {
  /// What the answer to a request is for.
  associatedtype Purpose: Hashable & Sendable

  var requests: RequestBook<Purpose> { get set }
  var deadMan: DeadMan { get set }
  /// When the server last told the arm's state [s].
  var readingTime: Double { get }
  var isLeaving: Bool { get }
  /// When ``pass(to:)`` has something to do again [s].
  var deadline: Double { get }

  /// Does what is due. To be called after everything that happens, and at ``deadline``.
  mutating func pass(to time: Double)
  mutating func take(_ event: KeyEvent, at time: Double)
  /// The window has lost the keyboard: releases go elsewhere from now on.
  mutating func loseFocus(at time: Double)
  /// Brakes at once, whoever moves the arm.
  mutating func stop(at time: Double)

  mutating func take(state: JSONObject, at time: Double)
  mutating func take(job update: JSONObject, at time: Double)
  mutating func take(event: JSONObject, at time: Double)
  mutating func take(answer result: Result<JSONValue, RPCError>, for purpose: Purpose, at time: Double)
}

extension ArmSession {
  /// Pictures of it in a second at most.
  static var frameRate: Double { 20 }

  /// Without a state for half a second, the server counts as silent.
  func isServerSilent(at time: Double) -> Bool { time - readingTime > 0.5 }

  /// The lease's token; nil while it is not held.
  var token: String? {
    get { requests.token }
    set { requests.token = newValue }
  }

  mutating func send(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    requests.send(method, parameters, for: purpose, at: time)
  }

  /// Asks for what is not being asked for already.
  mutating func ask(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    requests.ask(method, parameters, for: purpose, at: time)
  }

  /// Sends what moves the arm or changes its mode, with the lease; asks for that first where it is not held.
  mutating func command(_ method: String, _ parameters: JSONObject = [:], for purpose: Purpose, at time: Double) {
    requests.command(method, parameters, for: purpose, at: time)
  }

  mutating func takeOutbox() -> [ArmRequest<Purpose>] { requests.takeOutbox() }
}

/// What is to be sent to the server.
struct ArmRequest<Purpose: Hashable & Sendable>: Equatable, Sendable {
  var method: String
  var parameters: JSONObject
  var purpose: Purpose
}

/// One line below the picture, for a while.
struct Notice: Equatable, Sendable {
  var text: String
  var ink: Ink
  /// When it was said [s]; nil for what has no date.
  var begin: Double?
  /// When it goes away [s].
  var end: Double
}
