internal import Foundation
internal import Gaze

/// Gaze between a tracker, a terminal and the command socket.
final class GazeLoop {
  private let client: CommandClient
  private let address: GazeAddress
  private let standardInput: Int32
  private let calibrationPath: String
  private let loop: SessionLoop<GazeSession>
  private let view = GazeView()
  private var input: GazeInput?
  private var puppet: GazePuppet?
  private var mouse = MouseReports()
  private var retryAt = Double.infinity
  private let patience: Double
  private var heardAt: Double
  private var malformed = 0

  private static let retryPeriod = 1.0
  /// [s]
  private static let drawingSlot = 5e-4

  enum Ending: Equatable {
    /// The person has left, the terminal is gone, or standard input has ended.
    case left
    /// Nothing more came from where looks should come from.
    case unheard
  }

  /// - Parameters:
  ///   - terminal: Nil where nobody watches.
  ///   - patience: Without anything from the tracker for so long, it ends [s].
  init(
    client: CommandClient, terminal: TerminalSession?, address: GazeAddress, standardInput: Int32, session: GazeSession, calibrationPath: String,
    patience: Double, theme: Theme
  ) throws {
    (self.client, self.address, self.standardInput, self.calibrationPath) = (client, address, standardInput, calibrationPath)
    loop = SessionLoop(session, client: client, terminal: terminal, theme: theme)
    (self.patience, heardAt) = (patience, loop.now)
    input = try GazeInput(address, standardInput: standardInput)
    puppet = GazePuppet(address, area: session.settings.area, at: loop.now)
    if address == .mouse { loop.tell(MouseReports.enter) }
  }

  /// Returns when the person leaves, the terminal is gone, or nothing comes for too long.
  /// - Parameter isCalibrating: Whether to begin with a calibration.
  /// - Throws: ``CommandClient/Failure`` when the server is gone.
  func run(isCalibrating: Bool) throws(CommandClient.Failure) -> Ending {
    Self.hurry()
    let rate = min(100, loop.session.settings.rate)
    let topics = ["state", "job", "event"] + (address == .socket ? ["look"] : [])
    try client.call("subscribe", ["topics": JSONValue(strings: topics), "rate": .number(rate)])
    if let state = try client.call("state").object { loop.session.take(state: state, at: loop.now) }
    if let hint = address.hint { loop.session.say(hint, at: loop.now) }
    if isCalibrating { loop.session.beginCalibration(at: loop.now) }
    if case .synthetic = address { puppet?.look(at: loop.session.settings.area.middle) }
    var ending = Ending.left
    while !loop.session.isLeaving {
      look()
      if loop.now - heardAt > patience {
        ending = .unheard
        break
      }
      loop.session.pass(to: loop.now)
      try exchange()
      // Drawing takes a moment. Right behind a look there is time for it: the next one is not due yet.
      if !loop.session.isFollowing || loop.now - loop.session.lastFollowed < Self.drawingSlot {
        loop.draw { view.screen(of: $0, source: "\(address)", width: $1, height: $2, at: $3) }
      }
      wait()
      try loop.hear(other: hearOfLooks)
      let hasTerminal = loop.readKeys(sifted: siftPointer, eachKey: { if $0.phase != .release { direct($0.key) } })
      if !hasTerminal || !loop.heedSignals() { break }
    }
    if !loop.session.isLeaving { loop.session.stop(at: loop.now) }
    try exchange()
    if address == .mouse { loop.tell(MouseReports.leave) }
    return ending
  }

  /// Looks wait for no other program, where the system allows it: the arm rests when they do not get through in time.
  private static func hurry() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10) }

  // MARK: The tracker

  private func look() {
    let time = loop.now
    if let point = loop.session.calibrating?.point { puppet?.look(at: point, again: false) }
    if let samples = puppet?.looks(upTo: time), !samples.isEmpty {
      for sample in samples { loop.session.take(sample, at: time) }
      loop.isDirty = true
    }
    if time >= retryAt { reopen(at: time) }
    guard let input else { return }
    for sample in input.read(at: time) {
      take(sample, at: time)
      loop.isDirty = true
    }
    for _ in malformed..<max(malformed, input.malformed) { take(nil, at: time) }
    malformed = input.malformed
    loop.session.sourceProblem = input.ending
    guard input.ending != nil, retryAt == .infinity else { return }
    if address == .lines {
      loop.session.isLeaving = !loop.isWatched
      retryAt = .greatestFiniteMagnitude
    } else {
      retryAt = time + Self.retryPeriod
    }
  }

  /// - Parameter sample: Nil for what could not be read.
  private func take(_ sample: GazeSample?, at time: Double) {
    heardAt = time
    if let sample { loop.session.take(sample, at: time) } else { loop.session.takeUnreadable(at: time) }
  }

  /// Looks and confirmations that come through the command socket.
  private func hearOfLooks(_ method: String, _ parameters: JSONObject) {
    let time = loop.now
    switch method {
    case "look":
      for value in parameters["samples"]?.array ?? [] { take(value.object.flatMap { GazeLine.sample($0, time: time) }, at: time) }
    case "confirm": loop.session.confirm(by: .program, at: time)
    default: break
    }
  }

  /// A tracker's program may be started again.
  private func reopen(at time: Double) {
    retryAt = time + Self.retryPeriod
    guard let fresh = try? GazeInput(address, standardInput: standardInput) else { return }
    (input, malformed) = (fresh, 0)
    retryAt = .infinity
  }

  // MARK: Sending and saving

  private func exchange() throws(CommandClient.Failure) {
    try loop.exchange()
    for object in loop.session.news where !loop.isWatched {
      FileHandle.standardOutput.write(Data(JSONValue.object(object).bytes + [UInt8(ascii: "\n")]))
    }
    loop.session.news = []
    guard let calibration = loop.session.unsaved else { return }
    loop.session.unsaved = nil
    // Eyes that are made up say nothing of the tracker beside the arm.
    if address.isOnTable { return }
    if let problem = CalibrationFile.write(calibration, to: calibrationPath) {
      loop.session.say("The calibration cannot be written to \(calibrationPath): \(problem)", .alarm, at: loop.now)
    }
  }

  // MARK: Looks that are made here

  /// - Returns: The bytes that tell nothing of the pointer.
  private func siftPointer(_ bytes: [UInt8]) -> [UInt8] {
    let (reports, rest) = mouse.feed(bytes)
    for report in reports {
      guard let (width, height) = loop.size, let map = GazeView.Map(width: width, height: height, area: loop.session.settings.area) else { break }
      puppet?.point(map.share(column: report.column, row: report.row))
      if report.isPress { loop.session.confirm(at: loop.now) }
    }
    return rest
  }

  /// Keys for looks that are made here: digits tell a synthetic eye what to look at, arrows move the pointer.
  private func direct(_ key: Key) {
    let step = 0.03
    switch key {
    case .left: puppet?.nudge(SIMD2(-step, 0))
    case .right: puppet?.nudge(SIMD2(step, 0))
    case .up: puppet?.nudge(SIMD2(0, -step))
    case .down: puppet?.nudge(SIMD2(0, step))
    case .character("0"): puppet?.browse(loop.session.things.map(\.position) + loop.session.settings.area.grid(rows: 2, columns: 2))
    case .character("x"): puppet?.close()
    case .character(let character):
      guard let number = character.wholeNumberValue, number > 0 else { return }
      if let place = loop.session.place(of: number) { puppet?.look(at: place) }
    default: break
    }
  }

  /// Until something comes or something is due.
  private func wait() {
    var deadline = min(retryAt, puppet?.deadline ?? .infinity, heardAt + patience + 0.01)
    if input?.needsAsking == true { deadline = min(deadline, loop.now + 0.005) }
    loop.wait(forOthers: [input].compactMap { $0?.ending == nil ? $0?.descriptor : nil }, until: deadline)
  }
}
