internal import Foundation
internal import Kinematics

/// Takes from a stream of setpoints what would make joints swing on elastic reducers.
///
/// Each joint's stream is put out several times, each time a share of it and half a swing of its mode later, so that the swings that the shares
/// start cancel. With K = exp(−ζπ/√(1 − ζ²)), what of a swing is left half a period later:
///
///     ZV:  1/(1 + K), K/(1 + K)        ZVD:  1/(1 + K)², 2K/(1 + K)², K²/(1 + K)²
///
/// Costs delay, and distorts nothing else: shares add up to 1, so a stream at rest stays exactly where it is, and what kept limits keeps them.
/// All joints are made late by the same time on average, those that do not swing too. So the arm stays together, and leaves its path only by what
/// that bends within a swing.
///
/// - Source: N. Singer and W. Seering, *Preshaping Command Inputs to Reduce System Vibration* (1990), eqs. 9 to 14; O. Smith, *Posicast Control
///   of Damped Oscillatory Systems* (1957).
public struct InputShaper: Sendable {
  /// Of each joint.
  private let impulses: [[Impulse]]
  /// The last states of all joints, those of the newest setpoint from `newest` on.
  private var ring: [JointState]
  private var newest = 0

  /// How long the last impulse comes after the setpoint [s].
  public let delay: Double

  /// Position, velocity and acceleration of one joint.
  private typealias JointState = SIMD4<Double>

  private struct Impulse {
    let share: Double
    /// So many periods late: a whole number and a part.
    var whole: Int
    let part: Double
  }

  /// - Parameters:
  ///   - modes: One per joint; nil for a joint that does not swing.
  ///   - period: Between setpoints [s].
  /// - Precondition: `period > 0`.
  public init(_ modes: [VibrationMode?], period: Double) {
    let latest = modes.map { $0?.meanDelay ?? 0 }.max() ?? 0
    impulses = modes.map { mode in
      let own = mode.map(\.impulses) ?? [(share: 1, delay: 0)]
      let rest = latest - (mode?.meanDelay ?? 0)
      return own.map { impulse in
        let periods = (impulse.delay + rest) / period
        return Impulse(share: impulse.share, whole: Int(periods), part: periods - periods.rounded(.down))
      }
    }
    let periods = 2 + (impulses.joined().map(\.whole).max() ?? 0)
    delay = (impulses.joined().map { Double($0.whole) + $0.part }.max() ?? 0) * period
    ring = Array(repeating: JointState(), count: periods * modes.count)
  }

  /// As if `setpoint` had always been so, at rest.
  ///
  /// - Real-time: does not allocate, lock or throw. O(delay / period).
  public mutating func begin(at setpoint: JointSetpoint) {
    let joints = impulses.count
    for index in ring.indices { ring[index] = JointState(setpoint.position[index % joints], 0, 0, 0) }
  }

  /// The next setpoint of the shaped stream.
  ///
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public mutating func shaped(_ setpoint: JointSetpoint) -> JointSetpoint {
    let joints = impulses.count
    newest += joints
    if newest == ring.count { newest = 0 }
    var shaped = setpoint
    for joint in 0..<joints {
      let now = JointState(setpoint.position[joint], setpoint.velocity[joint], setpoint.acceleration[joint], 0)
      ring[newest + joint] = now
      // Counted from the newest state, so that no rounding moves what stands still.
      var sum = now
      for impulse in impulses[joint] {
        let near = state(of: joint, periodsAgo: impulse.whole)
        let far = state(of: joint, periodsAgo: impulse.whole + 1)
        sum += impulse.share * ((near - now) + impulse.part * (far - near))
      }
      shaped.position[joint] = sum.x
      shaped.velocity[joint] = sum.y
      shaped.acceleration[joint] = sum.z
    }
    return shaped
  }

  private func state(of joint: Int, periodsAgo: Int) -> JointState {
    let place = newest + joint - periodsAgo * impulses.count
    return ring[place < 0 ? place + ring.count : place]
  }
}
