/// The share of the wire's time that frames took over the last second, in tenths of a second.
///
/// - Real-time: does not allocate.
struct WireLoad: Sendable {
  private static let bucketCount = 10
  private static let bucketTime = 0.1

  private var bits = InlineArray<10, Double>(repeating: 0)
  private var current: Int?
  private var start = 0.0

  mutating func add(bits added: Double, time: Double) {
    advance(to: time)
    bits[(current ?? 0) % Self.bucketCount] += added
  }

  /// The share at `bitRate` [bit/s], 0…1.
  mutating func share(at time: Double, bitRate: Double) -> Double {
    advance(to: time)
    var sum = 0.0
    for index in 0..<Self.bucketCount { sum += bits[index] }
    // Nine whole tenths and the present one so far.
    let oldest = Double((current ?? 0) - Self.bucketCount + 1) * Self.bucketTime
    let covered = time - max(oldest, start)
    return covered > 0 ? min(sum / (covered * bitRate), 1) : 0
  }

  private mutating func advance(to time: Double) {
    let bucket = Int(max(time, 0) / Self.bucketTime)
    guard let before = current else {
      current = bucket
      start = time
      return
    }
    guard bucket > before else { return }
    for passed in 1...min(bucket - before, Self.bucketCount) { bits[(before + passed) % Self.bucketCount] = 0 }
    current = bucket
  }
}
