internal import Foundation
internal import Kinematics

/// What the emulator wrote down of where the arm really was. For reports and tests only; the controller never sees it.
struct TruthLog {
  struct Sample {
    /// Monotonic [s].
    var time: Double
    /// [rad]
    var position: JointVector
  }

  var samples: [Sample] = []

  /// - Parameters:
  ///   - path: A table as the emulator writes it: `time`, then one position a joint, then what else there is.
  init(contentsOf path: String, jointCount: Int) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    // The last line may be half written.
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").prefix(jointCount + 1).compactMap { Double($0) }
      guard fields.count == jointCount + 1 else { continue }
      samples.append(Sample(time: fields[0], position: JointVector(fields.dropFirst())))
    }
  }

  /// The samples of a time span, in order.
  func samples(from start: Double, to end: Double) -> ArraySlice<Sample> {
    let first = samples.partitioningIndex { $0.time >= start }
    let last = samples.partitioningIndex { $0.time > end }
    return samples[first..<max(first, last)]
  }

  /// The last sample not later than `time`.
  func sample(at time: Double) -> Sample? {
    let next = samples.partitioningIndex { $0.time > time }
    return next > 0 ? samples[next - 1] : nil
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element fulfils a condition that, once fulfilled, stays so.
  fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
