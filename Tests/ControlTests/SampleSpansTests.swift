import Kinematics
import Testing

@testable import Control

/// The time between samples on a line that fails.
@Suite struct SampleSpansTests {
  private static let period = 0.002

  /// What is heard at each tick: when the joint's newest sample was asked for [ms]; and how much later than the last the tick before was [ms].
  struct Line: Sendable, CustomTestStringConvertible {
    let name: String
    let samples, intervals: [Double]
    /// [ms]
    let spans: [Double]
    var testDescription: String { name }
  }

  @Test(arguments: [
    Line(name: "prompt", samples: [0, 2, 4, 6], intervals: [2, 2, 2, 2], spans: [30, 2, 2, 2]),
    Line(name: "an answer comes a tick late", samples: [0, 2, 2, 6], intervals: [2, 2, 2, 2], spans: [30, 2, 0, 4]),
    Line(name: "the loop comes 8 ms late", samples: [0, 2, 2, 12, 12.2, 14.2], intervals: [2, 2, 2, 10, 0.2, 2], spans: [30, 2, 0, 10, 0, 2.2]),
    Line(name: "an answer is lost, the next is taken for it", samples: [0, 2, 2, 2, 4.2], intervals: [2, 2, 2, 2, 2], spans: [30, 2, 0, 0, 4]),
    Line(name: "silent for long", samples: [0, 2, 52], intervals: [2, 2, 50], spans: [30, 2, 30]),
  ])
  func eachJointHasItsOwn(_ line: Line) {
    var spans = SampleSpans(jointCount: 2, period: Self.period), input = ControlInput(jointCount: 2)
    for (index, (sample, interval)) in zip(line.samples, line.intervals).enumerated() {
      input.sampleTime = [1 + 1e-3 * sample, 1 + Self.period * Double(index)]
      spans.listen(to: input, interval: 1e-3 * interval)
      #expect(abs(spans.spans[0] - 1e-3 * line.spans[index]) < 1e-9, "sample \(index)")
      if index > 0, interval == 2 { #expect(abs(spans.spans[1] - Self.period) < 1e-9) }
    }
  }
}
