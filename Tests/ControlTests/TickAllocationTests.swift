import CMallocCounter
import Testing

@Suite struct TickAllocationTests {
  #if DEBUG
    static let isOptimised = false
  #else
    static let isOptimised = true
  #endif

  @Test func theCounterCounts() {
    let before = malloc_counter_thread()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
    #expect(malloc_counter_thread() == before + 1)
    memory.deallocate()
  }

  /// Not over a bus that breaks: in a test process the testing library boxes each error that is thrown, also a typed one.
  @Test(.enabled(if: isOptimised, "without optimisation the compiler's temporaries are on the heap"))
  func noTickAllocates() {
    let probe = TickProbe.run(ticks: 10_000)
    #expect(probe.allocations == 0, "in \(probe.ticks) ticks")
    #expect(probe.faults == ["bus.silent", "bus.noise", "following-error", "emergency-stop", "motor.over-temperature"])
    #expect(probe.finished > 0 && probe.stopped > 0 && probe.refusals > 0 && probe.resets > 0)
  }

  @Test(.enabled(if: isOptimised, "without optimisation the compiler's temporaries are on the heap"))
  func noShapedTickAllocates() {
    let probe = TickProbe.run(ticks: 10_000, vibrations: ShapingTests.modes)
    #expect(probe.allocations == 0, "in \(probe.ticks) ticks")
    #expect(probe.finished > 0 && probe.stopped > 0 && probe.resets > 0)
  }
}
