/// Checks straight motions in joint space throughout, not only at samples.
///
/// A motion is cut into eight intervals, one a lane. The spheres at an interval's middle are blown up by the most that they can move within it; where
/// they touch nothing the whole interval is free. Intervals that stay in doubt are cut further, until they are free, a middle is hit, or the motion
/// has come so near to an obstacle for so long that it is given up.
struct MotionCheck: ~Copyable {
  let checker: CollisionChecker
  let interruption: Interruption
  let scratch: CheckScratch
  /// Rakes checked so far.
  private(set) var rakes = 0
  private let doubts: UnsafeMutablePointer<Interval>

  /// A part of a motion, which runs from 0 to 1.
  private struct Interval {
    var middle, halfWidth: Float
  }

  /// A motion that needs more rakes than that is taken for a hit.
  private static let patience = 256

  init(checker: CollisionChecker, interruption: Interruption = .never) {
    (self.checker, self.interruption) = (checker, interruption)
    scratch = CheckScratch(for: checker.kernel)
    doubts = .allocate(capacity: 8 * (Self.patience + 1))
  }

  deinit { doubts.deallocate() }

  /// Whether the straight motion from one configuration to another is free throughout.
  ///
  /// Its ends count as well: no configuration on it lies deeper in anything than ``CollisionChecker/tolerance``. Not known to be free, once the
  /// interruption has come.
  mutating func isFree(from start: JointRow, to end: JointRow) -> Bool {
    let motion = end - start
    scratch.bound(motion, of: checker.kernel)
    scratch.rows[0] = start
    scratch.rows[1] = motion

    var middles = (Rake.ordinals + 0.5) / 8, halfWidths = Rake(repeating: 1 / 16)
    var first = 0, end = 0
    for round in 0..<Self.patience {
      guard !interruption.comes(before: checker.work), let doubtful = doubtful(at: middles, within: halfWidths, coarsely: round == 0) else {
        return false
      }
      if holds(doubtful) {
        for lane in 0..<8 where doubtful[lane] {
          doubts[end] = Interval(middle: middles[lane], halfWidth: halfWidths[lane])
          end += 1
        }
      }
      guard first < end else { return true }
      // One interval is cut into eight, two into four each, more into two.
      let count = min(end - first, 4), pieces = count == 1 ? 8 : count == 2 ? 4 : 2
      for lane in 0..<8 {
        let interval = doubts[first + min(lane / pieces, count - 1)], place = Float(lane % pieces)
        halfWidths[lane] = interval.halfWidth / Float(pieces)
        middles[lane] = interval.middle + interval.halfWidth * ((2 * place + 1) / Float(pieces) - 1)
      }
      first += count
    }
    return false
  }

  /// The lanes that are not surely free within their half widths; nil where one of the middles is hit.
  private mutating func doubtful(at middles: Rake, within halfWidths: Rake, coarsely: Bool) -> RakeMask? {
    rakes += 1
    let row = UnsafeRawPointer(scratch.rows).assumingMemoryBound(to: Float.self)
    for joint in 0..<checker.model.jointCount {
      scratch.configurations[joint] = fused(row[8 + joint], middles, Rake(repeating: row[joint]))
    }
    checker.kernel.place(in: scratch)
    return checker.doubts(scratch, within: halfWidths, coarsely: coarsely)
  }
}
