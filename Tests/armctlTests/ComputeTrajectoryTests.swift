import ArgumentParser
import Testing

@testable import armctl

/// `armctl compute trajectory`, line by line.
@Suite struct ComputeTrajectoryTests {
  private func answer(_ line: String) throws(ComputeError) -> JSONObject {
    guard let timing = try? TimingOptions.parse([]) else { throw ComputeError(kind: "options", message: "no options are refused") }
    return try ComputeTrajectory.answer(ComputeRequest(parsing: line), timing: timing)
  }

  private static let limits = #""limits":{"velocity":[9],"acceleration":[9],"jerk":[1]}"#

  /// From rest to rest over D with the jerk J alone: 4∛(D/2J).
  @Test func answersWithDurationsAndSamples() throws {
    let answer = try answer(#"{"start":{"position":[0]},"target":{"position":[2]},"sample":3,\#(Self.limits)}"#)
    let duration = try #require(answer["duration"]?.number)
    #expect(abs(duration - 4) < 1e-12)
    #expect(answer["jointDurations"]?.numbers == [duration])
    let samples = try #require(answer["samples"]?.array)
    #expect(samples.count == 3)
    #expect(samples[0].object?["position"]?.numbers == [0])
    #expect(abs((samples[1].object?["position"]?.numbers?[0] ?? 0) - 1) < 1e-12)
    #expect(samples[2].object?["position"]?.numbers == [2])
    #expect(samples[2].object?["velocity"]?.numbers == [0])
  }

  @Test func knowsVelocitiesUnlimitedJerkAndMinimumDurations() throws {
    let line =
      #"{"start":{"position":[0]},"target":{"velocity":[3]},"interface":"velocity","minimumDuration":7,"limits":"#
      + #"{"velocity":[1],"acceleration":[1],"jerk":null}}"#
    let answer = try answer(line)
    #expect(answer["duration"]?.number == 7)
    #expect(answer["jointDurations"]?.numbers == [3])
  }

  struct Slip: Sendable, CustomTestStringConvertible {
    let line, kind, message: String
    var testDescription: String { message }
  }

  @Test(arguments: [
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2]}}"#, kind: "missing-key",
      message: #"the key "limits" is missing; it has start, target"#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2,3]},\#(limits)}"#, kind: "wrong-length",
      message: #""position" must hold 1 number and holds 2"#),
    Slip(line: #"{"start":0,"target":{"position":[2]},\#(limits)}"#, kind: "not-an-object", message: #""start" must be an object and is a number"#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2]},"minimumDuration":"1",\#(limits)}"#, kind: "not-a-number",
      message: #""minimumDuration" must be a number and is "1""#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2]},"sample":1,\#(limits)}"#, kind: "not-samples",
      message: #""sample" must be an array of times or a whole number of instants, 2 to 1000000"#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2]},"minimumDuration":-1,\#(limits)}"#, kind: "out-of-range",
      message: #""minimumDuration" must be 0 or more, not -1"#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2]},"limits":{"velocity":[1e300],"acceleration":[1],"jerk":[1]}}"#,
      kind: "out-of-range", message: #""velocity" holds a limit beyond 1e12; leave "jerk" out for none"#),
    Slip(
      line: #"{"start":{"position":[0]},"target":{"position":[2],"velocity":[10]},\#(limits)}"#, kind: "refused",
      message: "To meet the target, the velocity of joint 1 would be 10 rad/s, its limit being 9 rad/s."),
  ]) func saysWhatIsWrong(_ slip: Slip) {
    let error = #expect(throws: ComputeError.self) { try answer(slip.line) }
    #expect(error?.kind == slip.kind && error?.message == slip.message)
  }

  @Test func saysWhichNamesThereAre() {
    let line = #"{"start":{"position":[0]},"target":{"position":[2]},"synchronization":"fase",\#(Self.limits)}"#
    do throws(ComputeError) {
      _ = try answer(line)
      Issue.record("not refused")
    } catch {
      #expect(error.kind == "unknown-name" && error.message.contains("phase"), "\(error.message)")
    }
  }
}
