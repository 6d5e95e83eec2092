internal import Simulator

/// One knock of a sweep.
struct KnockCase: Sendable {
  /// Its place in the whole sweep, from 0; also the seed of what is left to chance.
  let number: Int
  /// Index of the stand.
  let stand: Int
  let motion: Motion
  let place: KnockPlace
  let direction: KnockDirection
  /// [N·s]
  let impulse: Double

  /// What the arm is doing.
  enum Motion: Sendable, Hashable {
    case holding
    /// On a job, the tool at so many metres a second.
    case moving(speed: Double)

    static let all: [Motion] = [.holding, .moving(speed: 0.25), .moving(speed: 1)]

    var name: String { if case .moving(let speed) = self { "\(speed) m/s" } else { "hold" } }
  }

  static let impulses = [0.25, 0.5, 1, 2, 4]
  /// How many stands a sweep has.
  static let standCount = 5

  /// The whole sweep: 26 directions × 3 places × 5 stands × 3 motions × 5 impulses.
  static let all: [KnockCase] = {
    var cases: [KnockCase] = []
    for stand in 0..<standCount {
      for motion in Motion.all {
        for place in KnockPlace.allCases {
          for direction in KnockDirection.all {
            for impulse in impulses {
              cases.append(
                KnockCase(number: cases.count, stand: stand, motion: motion, place: place, direction: direction, impulse: impulse))
            }
          }
        }
      }
    }
    return cases
  }()

  /// Some of them, spread at random, the same ones for the same seed, in the sweep's order.
  static func sample(_ count: Int, of cases: [KnockCase] = all, seed: UInt64 = 1) -> [KnockCase] {
    var draws = SplitMix64(seed: seed)
    return Array(cases.shuffled(using: &draws).prefix(count)).sorted { $0.number < $1.number }
  }
}
