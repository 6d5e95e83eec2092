internal import CMallocCounter
internal import Control

/// One figure of `armctl bench`.
struct Measurement: Sendable {
  var name: String
  var median, p99: Double
  var unit: String
  /// Heap allocations of one run; nil where they were not counted.
  var allocations: Double?

  /// - Parameter samples: In any order.
  /// - Precondition: at least one sample.
  init(_ name: String, samples: [Double], unit: String, allocations: Double? = nil) {
    let sorted = samples.sorted()
    self.name = name
    self.unit = unit
    self.allocations = allocations
    median = sorted[sorted.count / 2]
    p99 = sorted[min(sorted.count - 1, Int((Double(sorted.count) * 0.99).rounded(.up)) - 1)]
  }

  init(_ name: String, median: Double, p99: Double, unit: String, allocations: Double? = nil) {
    self.name = name
    self.median = median
    self.p99 = p99
    self.unit = unit
    self.allocations = allocations
  }

  var json: JSONValue {
    .object([
      "median": .number(median), "p99": .number(p99), "unit": .string(unit), "allocations": allocations.map { .number($0) } ?? .null,
    ])
  }

  /// Runs `body` many times on a warm machine, in batches long enough for the clock.
  ///
  /// - Parameters:
  ///   - batch: Runs per sample; a sample is their mean [ns].
  static func nanoseconds(_ name: String, samples count: Int = 2000, batch: Int = 50, _ body: () -> Void) -> Self {
    for _ in 0..<batch * 10 { body() }
    var samples: [Double] = []
    samples.reserveCapacity(count)
    var allocations: UInt = 0
    for _ in 0..<count {
      let allocationsBefore = malloc_counter_thread()
      let start = monotonicTime()
      for _ in 0..<batch { body() }
      samples.append((monotonicTime() - start) / Double(batch) * 1e9)
      allocations += malloc_counter_thread() - allocationsBefore
    }
    return Self(name, samples: samples, unit: "ns", allocations: Double(allocations) / Double(count * batch))
  }
}

/// Keeps the optimiser from leaving out what nobody looks at.
@inline(never)
func consume<T>(_ value: T) { withExtendedLifetime(value) {} }
