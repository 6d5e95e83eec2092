internal import Foundation
internal import Kinematics

/// The moving bodies of a URDF's link tree as the rake kernel reads them: for each body one twist about x, one shift, one turn about z.
///
/// Frames are free to be chosen once spheres are all that hangs on them. Every body's z lies on its joint's axis, and its parent's x along the common
/// normal of the two axes, after Denavit and Hartenberg; so the step from parent to child needs 33 multiplications instead of 48. Where two axes are
/// all but parallel their common normal runs away; there the child's origin stays where the URDF has it.
struct ArmTree: Sendable {
  /// The frame that moves with one joint, by the step that leads to it from its parent's: shift and twist, then the joint's motion, then the turn.
  struct Body: Sendable {
    /// A frame's index; 0 is the base.
    var parent: Int
    /// The joint's place in the configuration; none where the frame only turns by a fixed angle.
    var joint: Int?
    var isSliding = false
    /// The body's position is multiplier × the joint's + offset [rad; m].
    var multiplier = 1.0, offset = 0.0
    /// In the parent's axes [m].
    var shift = SIMD3<Double>.zero
    /// About the parent's x [rad].
    var twist = 0.0
    /// About the body's z, once it has moved [rad].
    var turn = 0.0
    /// In place of shift and twist for children of the base, whose frame is not free.
    var baseFromJoint: Pose?

    /// The joint's frame at zero in the parent's.
    var parentFromJoint: Pose { baseFromJoint ?? Pose(rotation: Rotation(axis: [1, 0, 0], angle: twist), translation: shift) }
  }

  /// Where a link sits: on which frame, and how in it.
  struct Place: Sendable {
    var frame: Int
    var frameFromLink: Pose
  }

  /// Parents before children. `bodies[i]` carries frame i + 1.
  private(set) var bodies: [Body] = []
  /// By link.
  private(set) var places: [String: Place] = [:]

  /// - Parameter jointNames: The joints that move, in the configuration's order. All others are held at zero, and what follows them at its offset.
  init(urdf: URDF, jointNames: [String]) {
    let axes = AxisTree(urdf: urdf, jointNames: jointNames)
    // For each axis frame: the frame that stands for it, and how that sits in it before its turn.
    var frames = [0], axisFromFrame = [Pose.identity], hasChild = [true]
    for axis in axes.axes {
      var body = Body(
        parent: frames[axis.parent], joint: axis.joint, isSliding: axis.isSliding, multiplier: axis.multiplier, offset: axis.offset)
      var axisFromBody = Pose.identity
      if axis.parent == 0 {
        body.baseFromJoint = axis.parentFromAxis
      } else {
        let step = NormalStep(axisFromFrame[axis.parent].inverse * axis.parentFromAxis)
        if hasChild[axis.parent] {
          bodies.append(Body(parent: body.parent, joint: nil, turn: step.turn - bodies[body.parent - 1].turn))
          body.parent = bodies.count
        } else {
          bodies[body.parent - 1].turn = step.turn
          hasChild[axis.parent] = true
        }
        (body.shift, body.twist, axisFromBody) = (step.shift, step.twist, step.axisFromBody)
      }
      bodies.append(body)
      frames.append(bodies.count)
      axisFromFrame.append(axisFromBody)
      hasChild.append(false)
    }
    for (link, place) in axes.places {
      let frame = frames[place.frame], turn = frame == 0 ? 0 : bodies[frame - 1].turn
      let axisFromTurned = axisFromFrame[place.frame] * Pose(rotation: Rotation(axis: [0, 0, 1], angle: turn))
      places[link] = Place(frame: frame, frameFromLink: axisFromTurned.inverse * place.frameFromLink)
    }
  }
}

/// The tree of joint axes: each with its own frame, whose z is the axis, and the links that hang on it.
private struct AxisTree {
  struct Axis {
    let parent: Int
    let parentFromAxis: Pose
    let joint: Int
    let isSliding: Bool
    let multiplier, offset: Double
  }

  var axes: [Axis] = []
  var places: [String: ArmTree.Place] = [:]

  init(urdf: URDF, jointNames: [String]) {
    var children: [String: [URDF.Joint]] = [:]
    for joint in urdf.joints { children[joint.parent, default: []].append(joint) }
    var waiting = [(link: urdf.rootLink, place: ArmTree.Place(frame: 0, frameFromLink: .identity))]
    while let (link, place) = waiting.popLast() {
      places[link] = place
      for joint in children[link] ?? [] {
        let leader = urdf.leader(of: joint)
        let frameFromJoint = place.frameFromLink * joint.parentFromJoint
        guard joint.isMovable, let index = jointNames.firstIndex(of: leader.name) else {
          waiting.append((joint.child, ArmTree.Place(frame: place.frame, frameFromLink: frameFromJoint * joint.motion(by: leader.offset))))
          continue
        }
        let jointFromAxis = Pose(rotation: Rotation(takingZTo: joint.axis))
        axes.append(
          Axis(
            parent: place.frame, parentFromAxis: frameFromJoint * jointFromAxis, joint: index, isSliding: joint.kind == .prismatic,
            multiplier: leader.multiplier, offset: leader.offset))
        waiting.append((joint.child, ArmTree.Place(frame: axes.count, frameFromLink: jointFromAxis.inverse)))
      }
    }
  }
}

/// One axis seen from another, as a turn about the first, a shift, and a twist about the common normal.
private struct NormalStep {
  /// About the first axis, so that x comes to lie along the normal [rad].
  let turn: Double
  /// From origin to origin in the turned axes [m].
  let shift: SIMD3<Double>
  /// About the normal [rad].
  let twist: Double
  /// How the frame that the three lead to sits in the second axis' own.
  let axisFromBody: Pose

  init(_ parentFromAxis: Pose) {
    let w = parentFromAxis.rotation.z, p = parentFromAxis.translation
    let sine = (w.x * w.x + w.y * w.y).squareRoot()
    var normal: SIMD3<Double> = sine > 1e-9 ? [-w.y / sine, w.x / sine, 0] : [p.x, p.y, 0]
    let length = dot(normal, normal).squareRoot()
    normal = length > 1e-9 ? normal / length : [1, 0, 0]
    // The foot of the common normal on the second axis; for nearly parallel axes any point will do.
    let along = sine > 1e-2 ? (w.z * p.z - dot(p, w)) / (sine * sine) : 0
    let normalInAxis = parentFromAxis.rotation.inverse * normal
    turn = atan2(normal.y, normal.x)
    twist = atan2(dot(cross([0, 0, 1], w), normal), w.z)
    shift = Rotation(axis: [0, 0, 1], angle: -turn) * (p + along * w)
    axisFromBody = Pose(
      rotation: Rotation(axis: [0, 0, 1], angle: atan2(normalInAxis.y, normalInAxis.x)), translation: [0, 0, along])
  }
}
