internal import Synchronization

/// How late something came, counted in bins of one microsecond. One thread counts, any thread may read.
public final class LatencyHistogram: @unchecked Sendable {
  private static let binCount = 20_000
  private let bins: UnsafeMutablePointer<Atomic<UInt32>>
  private let largest = Atomic<UInt64>(0)

  public init() {
    bins = .allocate(capacity: Self.binCount)
    for bin in 0..<Self.binCount { (bins + bin).initialize(to: Atomic(0)) }
  }

  deinit {
    bins.deinitialize(count: Self.binCount)
    bins.deallocate()
  }

  /// - Parameter seconds: Negative, or no number, counts as zero.
  /// - Real-time: does not allocate or lock.
  public func count(_ seconds: Double) {
    let microseconds = seconds > 0 ? UInt64(min(seconds * 1e6, 1e12)) : 0
    let bin = bins + Int(min(microseconds, UInt64(Self.binCount - 1)))
    bin.pointee.store(bin.pointee.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    if microseconds > largest.load(ordering: .relaxed) { largest.store(microseconds, ordering: .relaxed) }
  }

  /// The latencies [s] below which the given shares, 0…1, of the counts lie; nil before the first. Up to one microsecond too large; beyond twenty
  /// milliseconds all are taken for the maximum.
  public func percentiles(_ shares: [Double]) -> [Double]? {
    let counts = (0..<Self.binCount).map { UInt64(bins[$0].load(ordering: .relaxed)) }
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    return shares.map { share in
      let wanted = UInt64((share * Double(total)).rounded(.up))
      var passed: UInt64 = 0
      for (bin, count) in counts.enumerated() {
        passed += count
        if passed >= max(wanted, 1), bin < Self.binCount - 1 { return Double(bin + 1) * 1e-6 }
      }
      return maximum
    }
  }

  public var total: Int { (0..<Self.binCount).reduce(0) { $0 + Int(bins[$1].load(ordering: .relaxed)) } }

  /// [s]
  public var maximum: Double { Double(largest.load(ordering: .relaxed)) * 1e-6 }

  /// Forgets everything counted so far.
  public func reset() {
    for bin in 0..<Self.binCount { bins[bin].store(0, ordering: .relaxed) }
    largest.store(0, ordering: .relaxed)
  }
}
