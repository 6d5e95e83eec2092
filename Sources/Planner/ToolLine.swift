public import Kinematics

/// A straight way of the tool: its centre point goes straight from start to end, while it turns evenly by the shortest turn (slerp).
public struct ToolLine: Sendable, Equatable {
  public let baseFromStart, baseFromEnd: Pose
  /// From start to end, in base axes [m].
  let translation: SIMD3<Double>
  /// Axis times angle of the whole turn, in base axes [rad].
  let turn: SIMD3<Double>

  public init(from baseFromStart: Pose, to baseFromEnd: Pose) {
    self.baseFromStart = baseFromStart
    self.baseFromEnd = baseFromEnd
    translation = baseFromEnd.translation - baseFromStart.translation
    turn = (baseFromEnd.rotation * baseFromStart.rotation.inverse).rotationVector
  }

  /// [m]
  public var length: Double { translation.length }
  /// [rad], 0…π
  public var angle: Double { turn.length }

  /// The tool's pose in the base after a share 0…1 of the way.
  public func pose(at share: Double) -> Pose {
    Pose(
      rotation: Rotation(rotationVector: share * turn) * baseFromStart.rotation,
      translation: baseFromStart.translation + share * translation)
  }

  func place(at share: Double) -> LinePlace { LinePlace(along: share * length, length: length, turned: share * angle, angle: angle) }

  /// How far a tool pose is off the line: of its centre point from the nearest point of the line [m], and of its rotation from the one
  /// that belongs there [rad]. Where the line has no length, of its centre point from the start and of its rotation from the nearest.
  public func deviation(of baseFromTool: Pose) -> (position: Double, orientation: Double) {
    let offset = baseFromTool.translation - baseFromStart.translation
    let share: Double
    if length > 1e-9 {
      share = dot(offset, translation) / dot(translation, translation)
    } else if angle > 1e-9 {
      share = dot((baseFromTool.rotation * baseFromStart.rotation.inverse).rotationVector, turn) / dot(turn, turn)
    } else {
      share = 0
    }
    let baseFromNearest = pose(at: min(max(share, 0), 1))
    let difference = PoseDifference(from: baseFromNearest, to: baseFromTool)
    return (difference.translation.length, difference.turn.length)
  }
}

/// What takes one pose to another, in base axes.
struct PoseDifference {
  /// [m]
  let translation: SIMD3<Double>
  /// Axis times angle [rad].
  let turn: SIMD3<Double>

  init(from baseFromA: Pose, to baseFromB: Pose) {
    translation = baseFromB.translation - baseFromA.translation
    turn = (baseFromB.rotation * baseFromA.rotation.inverse).rotationVector
  }

  var magnitude: Double { max(translation.length, turn.length) }
  var twist: Twist { Twist(linear: translation, angular: turn) }
}
