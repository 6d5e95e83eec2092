public import Kinematics

/// Something outside that pushes the arm at one of its points.
public protocol Contact: Sendable {
  var point: ContactPoint { get }
  /// What it has done so far; kept by whoever moves the arm.
  var record: ContactRecord { get set }
  /// Whether it can be felt at some time of the step from `start` to `end` [s]; of a step in which it cannot, nothing more is asked.
  func isPresent(from start: Double, to end: Double) -> Bool
  /// The force on the arm through a step [N], in base axes.
  ///
  /// - Parameters:
  ///   - motion: The point's as the step begins.
  ///   - time: When the step begins [s].
  ///   - period: How long it lasts [s].
  mutating func force(on motion: ContactPoint.Motion, at time: Double, for period: Double) -> SIMD3<Double>
}

/// What a contact has done to the arm.
public struct ContactRecord: Sendable, Equatable {
  /// On the arm, now [N].
  public internal(set) var force = SIMD3<Double>.zero
  /// ∫F dt [N·s]
  public internal(set) var impulse = SIMD3<Double>.zero
  /// The largest so far [N].
  public internal(set) var peakForce = 0.0
  /// ∫F·v dt: what it has put into the arm [J].
  public internal(set) var work = 0.0

  public init() {}

  mutating func note(_ force: SIMD3<Double>, velocity: SIMD3<Double>, for period: Double) {
    self.force = force
    impulse += period * force
    peakForce = max(peakForce, (force * force).sum().squareRoot())
    work += period * (force * velocity).sum()
  }
}

extension ArmPlant {
  /// Advances by one step with the motors' efforts at the joints [N·m] and whatever touches the arm.
  public mutating func advance(effort: JointVector, touchedBy contacts: inout [any Contact]) {
    let standing = externalEffort
    for index in contacts.indices {
      guard contacts[index].isPresent(from: time, to: time + Self.step) else {
        contacts[index].record.force = .zero
        continue
      }
      let motion = contacts[index].point.motion(at: position, velocity: velocity)
      let force = contacts[index].force(on: motion, at: time, for: Self.step)
      contacts[index].record.note(force, velocity: motion.velocity, for: Self.step)
      if force != .zero { externalEffort += motion.effort(of: force) }
    }
    advance(effort: effort)
    externalEffort = standing
  }
}
