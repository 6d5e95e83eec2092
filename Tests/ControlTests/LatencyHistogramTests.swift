import Control
import Testing

@Suite struct LatencyHistogramTests {
  @Test func hasNoPercentilesBeforeTheFirstCount() {
    let histogram = LatencyHistogram()
    #expect(histogram.percentiles([0.5]) == nil)
    #expect(histogram.total == 0 && histogram.maximum == 0)
  }

  @Test func percentilesAreTheEndsOfTheirMicrosecond() {
    let histogram = LatencyHistogram()
    for microseconds in 1...100 { histogram.count((Double(microseconds) - 0.5) * 1e-6) }
    let percentiles = histogram.percentiles([0, 0.01, 0.5, 0.99, 1])!
    for (value, expected) in zip(percentiles, [1.0, 1, 50, 99, 100]) { #expect((value - expected * 1e-6).magnitude < 1e-12) }
    #expect(histogram.total == 100)
    #expect((histogram.maximum - 99e-6).magnitude < 1e-12)
  }

  @Test func whatIsOutOfRangeIsCountedAtItsEnds() {
    let histogram = LatencyHistogram()
    for value in [-1, -Double.infinity, .nan, 0] { histogram.count(value) }
    #expect(histogram.percentiles([1])! == [1e-6])
    histogram.count(0.5)
    histogram.count(.infinity)
    #expect(histogram.total == 6)
    #expect(histogram.percentiles([1])! == [histogram.maximum])
    #expect(histogram.maximum >= 0.5)
  }

  @Test func forgets() {
    let histogram = LatencyHistogram()
    histogram.count(1e-3)
    histogram.reset()
    #expect(histogram.percentiles([0.5]) == nil && histogram.total == 0 && histogram.maximum == 0)
  }
}
