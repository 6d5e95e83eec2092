internal import ArgumentParser

/// Of commands that only who leads the arm may give.
struct LeadOptions: ParsableArguments {
  @Flag(help: "Take the lead from a script or a gaze program: what it does stops first.")
  var take = false

  /// Asks the server; with `--take`, where somebody else leads, under a lease that takes the arm from them and is given back with the answer.
  ///
  /// - Parameter timeout: How long the answer may take [s]; nil waits for ever.
  func call(_ method: String, _ parameters: JSONObject, of client: CommandClient, timeout: Double?) throws -> JSONValue {
    // What cannot be done takes nothing from anybody.
    do throws(CommandClient.Failure) { return try client.call(method, parameters, timeout: timeout) } catch {
      guard take, error.isOthersLead else { throw error }
    }
    let token = try client.call("lease.acquire", ["priority": "terminal", "ttl": 15])["token"] ?? .null
    defer { _ = try? client.call("lease.release", ["token": token], timeout: 1) }
    var parameters = parameters
    parameters.append("token", token)
    return try client.call(method, parameters, timeout: timeout)
  }
}

extension CommandClient.Failure {
  /// Whether somebody else leads the arm.
  fileprivate var isOthersLead: Bool { if case .refused(let error) = self { error.data["kind"] == "lease.held" } else { false } }
}
