internal import Kinematics
internal import Planner

/// What a setpoint that gives way keeps clear of: fences, and the arm itself.
///
/// A setpoint goes on only where the arm can still come to rest before whatever is in the way. So a push ends there, and no hand leads it farther.
///
/// - Real-time: nothing here allocates, locks or throws.
struct LeadClearance: Sendable {
  private var fences: FenceWatch
  private var outline: ArmOutline

  /// Room that is kept between two parts of the arm [m].
  private static let room = 0.004
  /// Where on a stop the arm is looked at.
  private static let samples = 3

  init(control: ControlSettings, settings: ComplianceSettings) {
    fences = FenceWatch(fences: control.fences, outline: control.outline)
    outline = settings.hardware == .torque ? ArmOutline() : settings.outline
  }

  /// Whether a stop from here, each joint braking with its `capability` [rad/s²], would lead behind a fence or into the arm itself. What is too near
  /// already may go away from there.
  mutating func isBlocked(_ position: JointVector, velocity: JointVector, capability: JointVector) -> Bool {
    guard fences.isActive || !outline.partners.isEmpty, velocity.maximumMagnitude > 0 else { return false }
    var way = velocity
    for joint in way.indices { way[joint] *= abs(velocity[joint]) / (2 * max(capability[joint], 1e-3)) }
    let least = nearest(at: position)
    for sample in 1...Self.samples {
      let place = position + (Double(sample) / Double(Self.samples)) * way
      if fences.isActive, fences.fence(at: place, comingFrom: position) != nil { return true }
      let distance = nearest(at: place)
      if distance < Self.room, distance < least - 1e-7 { return true }
    }
    return false
  }

  /// The least distance between parts of the arm that must not touch [m].
  private mutating func nearest(at q: JointVector) -> Double {
    outline.place(at: q)
    var least = Double.infinity
    for (one, other) in outline.partners {
      let gap = outline.centers[one] - outline.centers[other]
      least = min(least, (gap * gap).sum().squareRoot() - outline.radii[one] - outline.radii[other])
    }
    return least
  }
}
