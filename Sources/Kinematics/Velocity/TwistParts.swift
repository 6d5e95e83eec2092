internal import Foundation

/// A wanted twist as what a person asks for: a shift and a turn, each of which keeps its direction and gives up speed instead.
///
/// A direction d of the task that yields only the share f of what it is asked for leaves two choices. The rest goes on, and the tool strays from
/// its way by the angle between way and direction; or all of the part goes on by the share f, straight. Below half of the tolerance it is the
/// first, from the tolerance on the second, between them a blend of both. So a straight jog towards the border of the workspace ends in a stop on
/// its line, while a shift goes on whose turn is lost.
struct TwistParts {
  /// The wanted numbers of the shift and of the turn.
  private let shift, turn: TaskLanes
  private let tolerance: Double
  private(set) var shiftShare = 1.0
  private(set) var turnShare = 1.0

  /// - Parameter tolerance: By which a motion may stray [rad].
  init(of task: TwistTask, tolerance: Double) {
    shift = task.wanted * task.isLinear
    turn = task.wanted - shift
    self.tolerance = sin(min(max(tolerance, 1e-6), .pi / 2))
  }

  /// The wanted numbers with what was slowed.
  var slowed: TaskLanes { shiftShare * shift + turnShare * turn }

  /// Takes note of a direction that yields only the share, from 0 to 1, of what it is asked for.
  mutating func slow(to share: Double, demand: Double, along direction: TaskLanes) {
    let missing = 1 - share
    guard missing > 0 else { return }
    shiftShare = min(shiftShare, 1 - missing * straying(shift, demand: demand, along: direction))
    turnShare = min(turnShare, 1 - missing * straying(turn, demand: demand, along: direction))
  }

  /// From 0 to 1: whether a part would stray too far without the direction. It does not where the other part makes up for it.
  private func straying(_ part: TaskLanes, demand: Double, along direction: TaskLanes) -> Double {
    let size = dot(part, part).squareRoot()
    guard size > 0 else { return 0 }
    return ramp(2 * min(abs(dot(part, direction)), abs(demand)) / (size * tolerance) - 1)
  }
}

/// From 0 to 1 smoothly.
func ramp(_ x: Double) -> Double {
  let x = min(max(x, 0), 1)
  return x * x * (3 - 2 * x)
}
