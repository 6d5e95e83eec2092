import Foundation
@testable import Kinematics
import TestSupport
import Testing

/// An arm with limits of every kind, and states of it that are awkward.
struct VelocityArm: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let free: InverseKinematics.FreeAxes
  let kinematics: VelocityKinematics
  static let period = 0.002

  var model: RobotModel { kinematics.model }
  var limits: JointLimits { kinematics.limits }
  var count: Int { model.jointCount }

  init(_ name: String, _ model: RobotModel, free: InverseKinematics.FreeAxes = .none, settings: VelocityKinematics.Settings = .init()) {
    var limits = model.limits
    for joint in 0..<model.jointCount {
      limits.acceleration[joint] = 8
      limits.velocity[joint] = min(limits.velocity[joint], 3)
    }
    (testDescription, self.free) = (name, free)
    kinematics = VelocityKinematics(model: model, limits: limits, settings: settings)
  }

  static func all() throws -> [VelocityArm] {
    func oracle(_ name: String) throws -> RobotModel { try OracleArm(name: name).load().model }
    var random = SeededGenerator(seed: 70)
    let mixed = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    return [
      VelocityArm("dummy", try dummyModel()), VelocityArm("ur5", try oracle("ur5")), VelocityArm("ar4", try oracle("ar4_mk3")),
      VelocityArm("any six axes", try ArmKind("six") { _ in }.model(&random, limit: 2.5)),
      VelocityArm("so101, position and axis", try oracle("so101"), free: .axis),
      VelocityArm("so101, position", try oracle("so101"), free: .position),
      VelocityArm("panda", try oracle("panda")), VelocityArm("iiwa", try iiwa()),
      VelocityArm("any eight axes", try ArmKind("eight", joints: 8) { _ in }.model(&random, limit: 2.5)),
      VelocityArm("mixed, position", mixed, free: .position),
    ]
  }

  static func iiwa() throws -> RobotModel {
    try RobotModel(urdf: URDF(contentsOf: dataFile("kinematics/iiwa14_pybullet.urdf").path), tip: "lbr_iiwa_link_7")
  }

  static func named(_ name: String) throws -> VelocityArm { try #require(all().first { $0.testDescription == name }) }

  // MARK: States

  func anywhere(_ random: inout SeededGenerator) -> JointVector { InverseKinematicsTests.configuration(of: model, &random) }

  /// One to three joints exactly on a limit.
  func onLimits(_ random: inout SeededGenerator) -> JointVector {
    var q = anywhere(&random)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let joint = Int.random(in: 0..<count, using: &random), limit = Bool.random(using: &random) ? limits.upper[joint] : limits.lower[joint]
      if limit.isFinite { q[joint] = limit }
    }
    return q
  }

  /// Where one direction of the task has a gain below a ten-millionth; nil where chance found none.
  func singular(_ random: inout SeededGenerator) -> JointVector? {
    var q = anywhere(&random)
    for _ in 0..<3 {
      let joint = Int.random(in: 0..<count, using: &random), steps = 40
      let lower = max(limits.lower[joint], -3.2), upper = min(limits.upper[joint], 3.2), step = (upper - lower) / Double(steps)
      func gain(_ position: Double) -> Double {
        var moved = q
        moved[joint] = position
        return leastGain(at: moved)
      }
      let best = (0...steps).map { lower + Double($0) * step }.min { gain($0) < gain($1) } ?? lower
      var (a, b) = (max(lower, best - step), min(upper, best + step))
      for _ in 0..<45 {
        let left = b - 0.618 * (b - a), right = a + 0.618 * (b - a)
        if gain(left) < gain(right) { b = right } else { a = left }
      }
      q[joint] = (a + b) / 2
      if leastGain(at: q) < 1e-7 { return q }
    }
    return nil
  }

  func leastGain(at q: JointVector) -> Double { weakest(at: q).gain }

  /// The direction in which the task's Jacobian has its smallest gain, as a twist of typical length 1 in base axes.
  func weakest(at q: JointVector) -> (gain: Double, twist: Twist) {
    let (task, directions) = taskAndDirections(at: q)
    return (directions.gain[directions.count - 1], task.twist(of: directions.task[directions.count - 1]))
  }

  private func taskAndDirections(at q: JointVector) -> (TwistTask, TaskDirections) {
    let (pose, jacobian) = model.poseAndJacobian(at: q)
    let task = TwistTask(twist: Twist(), free: free, pose: pose, jacobian: jacobian, units: kinematics.unit, length: kinematics.typicalLength)
    return (task, TaskDirections(rows: task.rows, rowCount: task.rowCount, jointCount: count))
  }

  /// Whether the arm stands at a fold of its workspace, and the wish leads out of it by more than the tool may stray:
  /// no motion along it begins there, whatever other postures are near.
  ///
  /// At a singular q with one lost direction u, every joint motion e that leaves the other directions alone moves the tool along u by
  ///
  ///     u·(x(q + e) − x(q)) = κ(e)/2,   κ quadratic
  ///
  /// and no motion of the other directions adds to that at first. Where κ has one sign for all such e, the tool gets to that side only. Seen by
  /// differences of forward kinematics alone, along random e.
  func isFold(against twist: Twist, at q: JointVector) -> Bool {
    let (task, directions) = taskAndDirections(at: q), last = directions.count - 1, lost = task.twist(of: directions.task[last])
    guard last > 0, directions.gain[last - 1] > 0.02 else { return false }
    // Shift and turn keep their directions each by itself; the larger of the two strays least.
    let size = max((twist.linear / kinematics.typicalLength).length, twist.angular.length)
    let here = model.pose(at: q), wish = product(twist, lost) / size
    let step = 0.01
    var random = SeededGenerator(seed: 87)
    for _ in 0..<200 {
      var way = JointVector((0..<count).map { _ in Double.random(in: -1...1, using: &random) }).lanes
      for index in 0..<last { way -= directions.joints[index] * dot(directions.joints[index], way) }
      way *= step / dot(way, way).squareRoot()
      let e = JointVector(lanes: way * JointLanes(kinematics.unit), count: count)
      let bend = shift(from: here, to: model.pose(at: q + e), along: lost) + shift(from: here, to: model.pose(at: q - e), along: lost)
      guard wish * bend < 0, abs(wish) > sin(kinematics.settings.directionTolerance), abs(bend) > 0.01 * step * step else { return false }
    }
    return true
  }

  /// Whether inverse kinematics finds a posture within `nearness` [rad] where the tool is to be after some seconds.
  func reaches(after time: Double, of twist: Twist, from start: JointVector, within nearness: Double) -> Bool {
    guard let found = posture(after: time, of: twist, from: start) else { return false }
    return (found - start).maximumMagnitude < nearness
  }

  /// Whether such a posture is near, or one to which the joints alone can turn: on the straight way there the tool hardly leaves its place. Else the
  /// posture is on another sheet of the workspace, and between the two the tool would have to leave its line.
  func hasWay(after time: Double, of twist: Twist, from start: JointVector) -> Bool {
    guard let found = posture(after: time, of: twist, from: start), (found - start).maximumMagnitude < 2 else { return false }
    if (found - start).maximumMagnitude < 0.3 { return true }
    let here = model.pose(at: start)
    return (1...9).allSatisfy { tenth in
      let away = model.pose(at: start + (Double(tenth) / 10) * (found - start))
      let shift = (away.translation - here.translation).length / kinematics.typicalLength
      return shift < 0.05 && (free == .position || (away.rotation * here.rotation.inverse).rotationVector.length < 0.05)
    }
  }

  private func posture(after time: Double, of twist: Twist, from start: JointVector) -> JointVector? {
    var settings = InverseKinematics.Settings()
    (settings.maximumAttempts, settings.usesClosedForm) = (20, false)
    let pose = model.pose(at: start)
    let goal = Pose(rotation: Rotation(rotationVector: time * twist.angular) * pose.rotation, translation: pose.translation + time * twist.linear)
    return try? InverseKinematics(model: model, settings: settings).solution(for: goal, near: start, free: free).q
  }

  // MARK: Twists

  /// Of about `speed` typical lengths or radians a second.
  func twist(_ random: inout SeededGenerator, speed: Double) -> Twist {
    var linear = random.vector3(in: -1...1), angular = random.vector3(in: -1...1)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: linear = .zero
    case 1: angular = .zero
    default: break
    }
    if free == .position { (linear, angular) = (linear == .zero ? [1, 0, 0] : linear, .zero) }
    let scale = speed / max(linear.length, angular.length)
    return Twist(linear: scale * kinematics.typicalLength * linear, angular: scale * angular)
  }

  func motion(_ twist: Twist, at q: JointVector, velocity: JointVector) -> VelocityKinematics.Motion {
    kinematics.motion(for: twist, free: free, at: q, velocity: velocity, period: Self.period)
  }

  /// How many seconds' worth of the wanted motion lie between two poses, as far as the task asks for it.
  func progress(from start: Pose, to end: Pose, twist: Twist) -> Double {
    var turned = (end.rotation * start.rotation.inverse).rotationVector, turning = twist.angular
    if free == .axis {
      turned -= start.rotation.z * dot(turned, start.rotation.z)
      turning -= start.rotation.z * dot(turning, start.rotation.z)
    }
    if free == .position { (turned, turning) = (.zero, .zero) }
    let shifted = (end.translation - start.translation) / kinematics.typicalLength, shifting = twist.linear / kinematics.typicalLength
    return (dot(shifted, shifting) + dot(turned, turning)) / (dot(shifting, shifting) + dot(turning, turning))
  }

  /// How far the tool came along a direction of typical length 1.
  private func shift(from start: Pose, to end: Pose, along direction: Twist) -> Double {
    let moved = Twist(linear: end.translation - start.translation, angular: (end.rotation * start.rotation.inverse).rotationVector)
    return product(moved, direction)
  }

  /// Of two twists, with metres in typical lengths.
  private func product(_ a: Twist, _ b: Twist) -> Double {
    dot(a.linear, b.linear) / (kinematics.typicalLength * kinematics.typicalLength) + dot(a.angular, b.angular)
  }
}

/// x of A·x = b by elimination with row exchange; nil where A is singular or nearly so.
func solution(_ a: [[Double]], _ b: [Double]) -> [Double]? {
  var rows = zip(a, b).map { $0 + [$1] }
  let count = rows.count
  for column in 0..<count {
    guard let pivot = (column..<count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }), abs(rows[pivot][column]) > 1e-3 else { return nil }
    rows.swapAt(column, pivot)
    for row in 0..<count where row != column {
      let factor = rows[row][column] / rows[column][column]
      for k in column...count { rows[row][k] -= factor * rows[column][k] }
    }
  }
  return (0..<count).map { rows[$0][count] / rows[$0][$0] }
}

extension Twist {
  var numbers: [Double] { [linear.x, linear.y, linear.z, angular.x, angular.y, angular.z] }
  static func * (scale: Double, twist: Twist) -> Twist { Twist(linear: scale * twist.linear, angular: scale * twist.angular) }
}
