// What a script waits for: a touch, or an input.

extension ScriptRunner {
  /// How far a joint's outside effort must change to be a touch, as a share of its effort limit.
  private static let touch = 0.05

  /// Waits until an effort from outside has changed at some joint, or the arm says that it was knocked.
  ///
  /// - Returns: How long that took [s].
  func waitForContact(atMost limit: Double?, _ task: ScriptTask) throws -> Double {
    let limits = try session.ask("config.get")["joints"]?.array?.map { $0["effort"]?.number ?? .infinity } ?? []
    var calm = try outsideEfforts(task)
    session.forgetNews()
    let start = ScriptSession.now
    var pause = 0.0
    while true {
      let waited = ScriptSession.now - start - pause
      show(task, share: limit.map { waited / max($0, 1e-9) } ?? 0, remark: "waiting for contact")
      if case .event(let event)? = try session.nextNews(), event["kind"] == "knocked" { return waited }
      for (joint, effort) in try outsideEfforts(task).enumerated() where joint < calm.count && joint < limits.count {
        if abs(effort - calm[joint]) > Self.touch * limits[joint] { return waited }
      }
      if let limit, waited > limit {
        throw task.failure("Nothing touched the arm in time.", suggestion: "a longer time, or the place where it should be touched")
      }
      let kept = try standBy(task)
      guard kept > 0 else { continue }
      pause += kept
      // What touched the arm meanwhile was not meant.
      session.forgetNews()
      calm = try outsideEfforts(task)
    }
  }

  private func outsideEfforts(_ task: ScriptTask) throws -> [Double] {
    guard let efforts = try session.ask("state")["external"]?.numbers else {
      throw task.failure("This arm does not feel contact: it estimates no outside efforts.", suggestion: "wait 2 s in its place")
    }
    return efforts
  }

  /// Waits until an input is on or off.
  ///
  /// - Returns: How long that took [s].
  func waitForInput(_ name: String, isOn: Bool, atMost limit: Double?, _ task: ScriptTask) throws -> Double {
    let start = ScriptSession.now
    var pause = 0.0
    while true {
      let waited = ScriptSession.now - start - pause
      show(task, share: limit.map { waited / max($0, 1e-9) } ?? 0, remark: "waiting for \(name)")
      let answer = try task.explaining { try session.ask("input.get", ["name": .string(name)]) }
      if answer["inputs"]?[name] == .bool(isOn) { return waited }
      if let limit, waited > limit {
        throw task.failure("The input \(name) was not \(isOn ? "on" : "off") in time.", suggestion: "a longer time, or armctl input \(name)")
      }
      _ = try session.nextNews()
      pause += try standBy(task)
    }
  }
}
