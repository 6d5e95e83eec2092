/// The way from one link to another through the tree of a URDF, folded into one moving body a joint.
struct SerialChain {
  let base: String
  /// Those that move by themselves.
  private(set) var joints: [URDF.Joint] = []
  private(set) var bodies: [MovingBody] = []
  /// How the bodies follow the joints, where some joint on the way follows another one.
  private(set) var coupling: Coupling?
  /// Those that follow others, and how.
  private(set) var followers: [(joint: URDF.Joint, row: Coupling.Row)] = []
  private(set) var lastBodyFromTip = Pose.identity

  /// A joint as it is passed on the way: from its parent link to its child, or back.
  private struct Step {
    let joint: URDF.Joint
    let isForward: Bool
    var end: String { isForward ? joint.child : joint.parent }
    var isMovable: Bool { [.revolute, .continuous, .prismatic].contains(joint.kind) }
    /// Where the joint stands while it is held [rad; m].
    var heldPosition = 0.0
    /// The end's frame in the start's with the joint held.
    var startFromEnd: Pose {
      let parentFromChild = joint.parentFromJoint * joint.motion(by: heldPosition)
      return isForward ? parentFromChild : parentFromChild.inverse
    }
  }

  init(urdf: URDF, base: String, tip: String) throws(URDFError) {
    self.base = base
    let names = urdf.links.map(\.name)
    for (role, name) in [("base", base), ("tip", tip)] where !names.contains(name) {
      throw URDFError(file: urdf.file, place: nil, problem: .unknownFrame(name, role: role, known: names))
    }
    var steps: [String: [Step]] = [:]
    for joint in urdf.joints {
      // A held joint stands at zero, and what follows it at its offset.
      let held = urdf.leader(of: joint).offset
      steps[joint.parent, default: []].append(Step(joint: joint, isForward: true, heldPosition: held))
      steps[joint.child, default: []].append(Step(joint: joint, isForward: false, heldPosition: held))
    }
    let way = Self.way(from: base, to: tip, steps: steps)
    joints = way.filter { $0.isMovable && $0.joint.mimic == nil }.map(\.joint)
    var rows: [Coupling.Row] = []
    let inertials = Dictionary(uniqueKeysWithValues: urdf.links.map { ($0.name, $0.inertial) }), onTheWay = Set(way.map(\.joint.name))

    // `bodyFromLink` is where the link reached so far sits in the body that carries it; before the first joint the base carries it.
    var bodyFromLink = Pose.identity
    for step in way {
      let joint = step.joint
      let leader = urdf.leader(of: joint), leading = joints.firstIndex { $0.name == leader.name }
      if !step.isMovable || leading == nil {
        guard joint.kind == .fixed || step.isMovable else {
          throw URDFError(file: urdf.file, place: joint.place, problem: .unusableJoint(joint.name, kind: joint.kind.rawValue))
        }
        bodyFromLink = bodyFromLink * step.startFromEnd
      } else {
        let row = Coupling.Row(joint: leading ?? 0, multiplier: leader.multiplier, offset: leader.offset, leads: joint.mimic == nil)
        rows.append(row)
        if joint.mimic != nil { followers.append((joint, row)) }
        // Forward: origin, then motion. Back: motion the other way, then the origin's inverse; so the axis is turned round to keep the joint's sign.
        let axis = step.isForward ? joint.axis : -joint.axis
        let jointFromBody = Pose(rotation: Rotation(takingZTo: axis))
        let linkFromJoint = step.isForward ? joint.parentFromJoint : .identity
        bodies.append(MovingBody(parentFromJoint: bodyFromLink * linkFromJoint * jointFromBody, isSliding: joint.kind == .prismatic))
        bodyFromLink = jointFromBody.inverse * (step.isForward ? .identity : joint.parentFromJoint.inverse)
      }
      lump(step.end, bodyFromLink: bodyFromLink, from: nil, awayFrom: onTheWay, steps: steps, inertials: inertials)
    }
    lastBodyFromTip = bodyFromLink
    guard !bodies.isEmpty else { throw URDFError(file: urdf.file, place: nil, problem: .noMovableJoint(base: base, tip: tip)) }
    guard bodies.count <= JointVector.capacity else {
      throw URDFError(file: urdf.file, place: nil, problem: .tooManyJoints(bodies.count, base: base, tip: tip))
    }
    if !followers.isEmpty { coupling = Coupling(rows: rows, jointCount: joints.count) }
  }

  /// The steps from one link to another; a tree has exactly one way.
  private static func way(from start: String, to end: String, steps: [String: [Step]]) -> [Step] {
    var arrival: [String: Step] = [:], waiting = [start], next = 0
    while next < waiting.count {
      let link = waiting[next]
      next += 1
      for step in steps[link] ?? [] where step.end != start && arrival[step.end] == nil {
        arrival[step.end] = step
        waiting.append(step.end)
      }
    }
    var way: [Step] = [], link = end
    while link != start, let step = arrival[link] {
      way.append(step)
      link = step.isForward ? step.joint.parent : step.joint.child
    }
    return way.reversed()
  }

  /// Adds a link, and all that hangs on it away from the chain, to the last body; without a body they belong to the base, which stands still.
  ///
  /// - Parameter arrival: The joint through which the link was come to, if not on the chain's way.
  private mutating func lump(
    _ link: String, bodyFromLink: Pose, from arrival: String?, awayFrom way: Set<String>, steps: [String: [Step]],
    inertials: [String: URDF.Inertial]
  ) {
    guard !bodies.isEmpty else { return }
    if let inertial = inertials[link], inertial.mass > 0 || inertial.inertia != .zero {
      bodies[bodies.count - 1].add(
        mass: inertial.mass, bodyFromCenter: bodyFromLink * inertial.linkFromCenter, inertia: inertial.inertia)
    }
    for step in steps[link] ?? [] where step.joint.name != arrival && !way.contains(step.joint.name) {
      lump(
        step.end, bodyFromLink: bodyFromLink * step.startFromEnd, from: step.joint.name, awayFrom: way, steps: steps, inertials: inertials)
    }
  }
}

extension Rotation {
  /// Some rotation whose z axis is the unit vector `z`; the identity where it is z already.
  public init(takingZTo z: SIMD3<Double>) {
    if z == [0, 0, 1] {
      self = .identity
      return
    }
    let helper: SIMD3<Double> = abs(z.x) < 0.9 ? [1, 0, 0] : [0, 1, 0]
    let y = cross(z, helper)
    let unitY = y / y.length
    self.init(x: cross(unitY, z), y: unitY, z: z)
  }
}
