internal import Control

/// What came of one knock, by the readings of the acceptance test. SI throughout; times count from the force's onset.
struct KnockResult: Sendable {
  /// Whether the knock is strong enough to count for detection, and when it was detected [s]; nil: it was missed.
  var isDetectable = true
  var detectionDelay: Double?
  /// Something was taken for a knock before there was one.
  var isFalseAlarm = false
  /// How far the tool went, or the elbow where that was knocked [m], and what the motors did against it on the way [N]; nil on a job.
  var travel = 0.0
  var opposingForce: Double?
  /// How far a free mass, as heavy as the arm is there in that direction, would go on the yielding spring alone [m]; nil where no knock is that
  /// simple.
  var predictedTravel: Double?
  /// The nearest that a joint came to a limit, less than nothing beyond it [rad].
  var limitMargin = Double.infinity
  /// The limits that joints came too near to, and what motors could have done about it.
  var crossings: Set<LimitSide> = []
  var fate = Fate.avoidable
  /// It came to touch itself, where it did not when it was knocked.
  var touchesItself = false
  /// The most that was asked of a motor, as a share of what it or its reducer bears.
  var demandShare = 0.0
  /// Back for good within 2 mm and 1°; nil: not in the time that it was watched.
  var recovery: Double?
  /// Beyond where it came back to, as a share of its excursion.
  var overshoot = 0.0
  /// The fastest joint on the way back, as a share of its limit.
  var returnSpeedShare = 0.0
  /// Across the path from 0.3 s after the return on [m]; nil where there is no path.
  var pathDeviation: Double?
  /// How much more the arm moved with after the contact than it had at its end, or its job at most [J].
  var energyExcess = 0.0
  /// Whether the arm went on with what it did, by itself; and how much later the job was done [s].
  var hasResumed = false
  var timeLost: Double?
  var finalMode = ControlMode.off
}

extension KnockResult {
  /// One end of a joint's travel.
  struct LimitSide: Sendable, Hashable {
    let joint: Int
    let isUpper: Bool
  }

  var crossesLimit: Bool { !crossings.isEmpty }

  /// Whether motors could have kept all the joints that came too near to their limits (``KnockBound``), each case including those after it.
  enum Fate: Int, Sendable, Comparable {
    case avoidable
    /// Not any more when the knock was felt, not with the energy that the tank holds, not at all.
    case feltTooLate, beyondEnergy, beyondMotors

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// What a person or a program may want to set otherwise.
  struct Limits: Sendable {
    /// What counts as back: [m], [rad].
    var place = 0.002, angle = Double.pi / 180
    /// How far from a limit a joint has to stay [rad].
    var margin = Double.pi / 180
    /// After its return an arm on a path is given this long until it is judged [s].
    var rejoining = 0.3
  }
}
