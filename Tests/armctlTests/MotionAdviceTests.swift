import Foundation
import Testing

@testable import armctl

/// What is advised where a motion cannot be was tried: whoever does it gets there.
@Suite(.serialized) struct MotionAdviceTests {
  /// Of a suggestion such as "…: --joints 0.1,0.2; or …".
  private func joints(in suggestion: String) throws -> JSONValue {
    let words = try #require(suggestion.components(separatedBy: "--joints ").dropFirst().first)
    return JSONValue(numbers: words.prefix { !"; ".contains($0) }.split(separator: ",").compactMap { Double($0) })
  }

  private func number(in suggestion: String, between start: String, and end: String) throws -> Double {
    let rest = try #require(suggestion.components(separatedBy: start).dropFirst().first)
    return try #require(Double(rest.components(separatedBy: end)[0]))
  }

  private func ready(_ harness: LiveHarness, among scene: JSONObject) throws -> CommandClient {
    let client = try harness.client("person")
    try client.call("job.wait", ["job": client.call("move.to", ["name": "ready"])["job"] ?? .null])
    try client.call("scene.set", scene)
    return client
  }

  private func suggestion(_ client: CommandClient, _ method: String, _ parameters: JSONObject) throws -> String {
    let refusal = try #require(try client.refusal(method, parameters))
    return try #require(refusal.data["try"]?.string)
  }

  @Test func aLineThroughSomethingIsAnsweredByTheWayRoundAndByHowFarItMayGo() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try ready(harness, among: ["spheres": [["name": "post", "center": [0.157, 0.07, 0.21], "radius": 0.01]]])
    let advice = try suggestion(client, "move.linear", ["by": [0, 0.14, 0], "dryRun": true])
    #expect(advice.hasPrefix("a joint motion, which goes round: --joints "))
    try client.call("move.joints", ["position": joints(in: advice), "dryRun": true])
    let length = try number(in: advice, between: "end the line after ", and: " mm")
    try client.call("move.linear", ["by": [0, .number(length / 1000), 0], "dryRun": true])
    #expect(length > 10)
  }

  /// A joint motion is no advice where it would run into the same thing.
  @Test func aLineIntoSomethingIsNotAnsweredByAJointMotion() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try ready(harness, among: ["boxes": [["name": "table", "center": [0.2, 0, 0.05], "halfExtents": [0.08, 0.3, 0.05]]]])
    let advice = try suggestion(client, "move.linear", ["by": [0, 0, -0.13], "dryRun": true])
    #expect(!advice.contains("joint"))
    let length = try number(in: advice, between: "end the line after ", and: " mm")
    try client.call("move.linear", ["by": [0, 0, .number(-length / 1000)], "dryRun": true])
  }

  @Test func aGoalInSomethingIsAnsweredByOneAboveIt() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try ready(harness, among: ["boxes": [["name": "box", "center": [0.2, 0, 0.05], "halfExtents": [0.05, 0.05, 0.05]]]])
    let goal: JSONValue = ["position": [0.2, 0, 0.08], "quaternion": [0, 1, 0, 0]]
    let advice = try suggestion(client, "move.pose", ["pose": goal, "dryRun": true])
    #expect(advice.contains(" mm higher, which is free: --joints "))
    try client.call("move.joints", ["position": joints(in: advice), "dryRun": true])
  }

  /// Deep in the table no posture is found either, and it is the table that is in the way.
  @Test func aGoalInSomethingIsNotExplainedByAJoint() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try ready(harness, among: ["boxes": [["name": "table", "center": [0.3, 0, 0.1], "halfExtents": [0.2, 0.4, 0.1]]]])
    for (method, goal) in [("move.linear", ["point": [0.45, 0.2, 0.05]]), ("move.linear", ["by": [0.3, 0, -0.2]])] as [(String, JSONObject)] {
      var parameters = goal
      parameters["dryRun"] = true
      let refusal = try #require(try client.refusal(method, parameters))
      #expect(refusal.data["kind"] == "collision" && refusal.message.contains("\"table\""), "\(refusal.message)")
    }
  }

  @Test func whatIsOutOfReachIsSaidBeforeWhatIsOnTheWay() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try ready(harness, among: [:])
    let far = try #require(try client.refusal("move.linear", ["point": [0.9, 0, 0.2], "dryRun": true]))
    #expect(far.data["kind"] == "unreachable" && far.message.contains("beyond its reach"), "\(far.message)")
    // Who counts in millimetres is told.
    #expect(try suggestion(client, "move.linear", ["by": [0, 0, -60], "dryRun": true]) == "lengths in metres: 60 mm are 0.06")
  }

  @Test func whereALineCannotBeginAPoseIsNamedFromWhichItCan() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try harness.client("person")
    let advice = try suggestion(client, "move.linear", ["by": [0, 0.05, 0], "dryRun": true])
    #expect(advice.hasSuffix("; or begin at the pose ready"))
    let ready = try client.call("config.get")["poses"]?["ready"] ?? .null
    try client.call("move.linear", ["by": [0, 0.05, 0], "dryRun": true, "from": ready])
  }
}
