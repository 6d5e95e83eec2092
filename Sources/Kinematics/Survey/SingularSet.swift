internal import Foundation

/// Configurations in which the tool loses a direction of motion, as a person would name them.
public struct SingularSet: Sendable, Equatable {
  /// The joints that decide, from base to tip; the others may stand anywhere.
  public let joints: [String]
  /// Where each of them has to stand [rad; m]; nil where they come together along a line or a surface.
  public let positions: [Double]?
  /// One configuration of the set, within the limits.
  public let example: JointVector
  /// What is special about it in space, such as "the axes of forearm and tool_roll are in line"; nil where nothing simple is.
  public let reason: String?
}

extension RobotModel {
  /// Where within its limits the arm loses a direction of motion that it has elsewhere.
  ///
  /// Found from the Jacobian alone, whatever the arm: first the positions of single joints that make the arm singular wherever the others
  /// stand; then, with those divided out, by Newton's steps from many configurations to further singular ones, each sorted by the joints that
  /// keep it so.
  /// Sets in which most joints take part at once may be missed.
  ///
  /// - Parameter free: What goals leave open; what it leaves open cannot be lost.
  /// - Real-time: takes up to a second.
  public func singularSets(free: InverseKinematics.FreeAxes) -> [SingularSet] { SingularitySearch(model: self, free: free).sets }
}

/// The search behind ``RobotModel/singularSets(free:)``.
struct SingularitySearch {
  let model: RobotModel
  let free: InverseKinematics.FreeAxes
  let ranges: [ClosedRange<Double>]
  let isPrismatic: [Bool]
  /// [m]
  let length: Double
  /// Of the bound part of the Jacobian, nearly everywhere.
  let rank: Int
  /// The smallest gain of a middling configuration.
  private let usual: Double
  /// A few configurations without anything special about them.
  private let generic: [JointVector]

  /// A position of one joint that makes the arm singular.
  struct Single { let joint: Int, position: Double }

  init(model: RobotModel, free: InverseKinematics.FreeAxes) {
    (self.model, self.free, ranges, isPrismatic) = (model, free, model.surveyedRange, model.isPrismatic)
    length = model.typicalLength
    rank = max(1, model.freedom(free: free).boundRank)
    var sequence = EvenSequence(dimensions: model.jointCount)
    generic = (0..<12).map { _ in model.configuration(at: sequence.next()) }
    let (length, rank) = (length, rank)
    let gains = generic.map { Self.gain(model: model, at: $0, free: free, length: length, rank: rank) }
    usual = max(gains.sorted()[gains.count / 2], 1e-12)
  }

  private static func gain(model: RobotModel, at q: JointVector, free: InverseKinematics.FreeAxes, length: Double, rank: Int) -> Double {
    let (pose, jacobian) = model.poseAndJacobian(at: q)
    return jacobian.bearing(toolFrame: pose.rotation, free: free).manipulability(length: length).gains[rank - 1]
  }

  /// How far from singular: about 1 in the middle, 0 where a direction is lost.
  func measure(_ q: JointVector) -> Double { Self.gain(model: model, at: q, free: free, length: length, rank: rank) / usual }

  var sets: [SingularSet] {
    let singles = singles
    let geometry = SingularGeometry(model: model, free: free)
    let ofSingles = singles.map { single -> SingularSet in
      let members = generic.map { q -> JointVector in
        var member = q
        member[single.joint] = single.position
        return member
      }
      return SingularSet(
        joints: [model.jointNames[single.joint]], positions: [single.position], example: members[0],
        reason: geometry.reason(members: members, others: generic))
    }
    let ofGroups = groups(besides: singles).map { group in
      SingularSet(
        joints: group.joints.map { model.jointNames[$0] }, positions: group.isFixed ? group.joints.map { group.members[0][$0] } : nil,
        example: group.members[0], reason: geometry.reason(members: group.members, others: generic))
    }
    return ofSingles + ofGroups
  }

  // MARK: One joint alone

  /// In the joints' order, each joint's positions rising.
  private var singles: [Single] {
    model.jointNames.indices.flatMap { joint -> [Single] in
      func largest(_ position: Double) -> Double {
        generic.prefix(6).map { q in
          var moved = q
          moved[joint] = position
          return measure(moved)
        }.max() ?? 0
      }
      let range = ranges[joint], steps = 180, width = range.upperBound - range.lowerBound
      guard width > 0 else { return [] }
      let places = (0...steps).map { range.lowerBound + width * Double($0) / Double(steps) }, values = places.map(largest)
      return (0...steps).compactMap { index -> Single? in
        let before = values[max(0, index - 1)], after = values[min(steps, index + 1)]
        guard values[index] <= before, values[index] <= after, values[index] < 0.5 else { return nil }
        let lowest = minimum(of: largest, from: places[max(0, index - 1)], to: places[min(steps, index + 1)])
        return largest(lowest) < Self.singular ? Single(joint: joint, position: lowest) : nil
      }.reduce(into: []) { kept, next in
        if kept.last.map({ next.position - $0.position > 1e-4 }) ?? true { kept.append(next) }
      }
    }
  }

  /// The golden section's lowest place between two others.
  private func minimum(of value: (Double) -> Double, from lower: Double, to upper: Double) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (lower, upper)
    var c = b - ratio * (b - a), d = a + ratio * (b - a), atC = value(c), atD = value(d)
    for _ in 0..<60 {
      if atC < atD {
        (b, d, atD) = (d, c, atC)
        c = b - ratio * (b - a)
        atC = value(c)
      } else {
        (a, c, atC) = (c, d, atD)
        d = a + ratio * (b - a)
        atD = value(d)
      }
    }
    // The ends of a joint's range are places of their own.
    return [lower, upper, (a + b) / 2].min { value($0) < value($1) } ?? lower
  }

  // MARK: Several joints together

  struct Group {
    let joints: [Int]
    let isFixed: Bool
    var members: [JointVector]
  }

  private func groups(besides singles: [Single]) -> [Group] {
    var sequence = EvenSequence(dimensions: model.jointCount), groups: [Group] = []
    for _ in 0..<Self.starts {
      guard let found = descended(from: model.configuration(at: sequence.next()), moving: Array(ranges.indices), besides: singles),
        !singles.contains(where: { distance(found, $0) < 1e-3 })
      else { continue }
      let deciding = decidingJoints(at: found)
      guard deciding.count > 1, deciding.count <= Self.mostJoints else { continue }
      if let index = groups.firstIndex(where: { $0.joints == deciding && (!$0.isFixed || isSame($0.members[0], found, in: deciding)) }) {
        groups[index].members.append(found)
      } else {
        groups.append(Group(joints: deciding, isFixed: isFixed(found, joints: deciding, besides: singles), members: [found]))
      }
    }
    return groups.filter { $0.isFixed || $0.members.count >= Self.leastMembers }.sorted {
      ($0.joints.count, $0.joints[0]) < ($1.joints.count, $1.joints[0])
    }
  }

  /// How far a configuration is from a single joint's singular position, as a sine.
  private func distance(_ q: JointVector, _ single: Single) -> Double {
    let off = q[single.joint] - single.position
    return isPrismatic[single.joint] ? abs(off) / length : 2 * abs(sin(off / 2))
  }

  /// Newton's steps to where the measure, with the single joints' factors divided out, is zero; nil where they lead nowhere within the limits.
  private func descended(from start: JointVector, moving: [Int], besides singles: [Single]) -> JointVector? {
    func value(_ q: JointVector) -> Double { measure(q) / singles.reduce(1) { $0 * max(distance(q, $1), 1e-9) } }
    var q = start
    for _ in 0..<40 {
      let height = value(q)
      if measure(q) < Self.singular { return inside(q) }
      var slope = JointVector(count: q.count)
      for joint in moving {
        var ahead = q, behind = q
        ahead[joint] += 1e-6
        behind[joint] -= 1e-6
        slope[joint] = (value(ahead) - value(behind)) / 2e-6
      }
      let square = slope.dot(slope)
      guard square > 1e-12, square.isFinite else { return nil }
      let step = (height / square) * slope, size = step.maximumMagnitude
      q -= min(1, 0.4 / size) * step
    }
    return nil
  }

  /// The same configuration in the surveyed turns; nil where it is outside them.
  private func inside(_ q: JointVector) -> JointVector? {
    var inside = q
    for joint in q.indices {
      let range = ranges[joint], middle = (range.lowerBound + range.upperBound) / 2
      if !isPrismatic[joint] { inside[joint] += 2 * .pi * ((middle - q[joint]) / (2 * .pi)).rounded() }
      guard range.lowerBound - 1e-6...range.upperBound + 1e-6 ~= inside[joint] else { return nil }
    }
    return inside
  }

  /// The joints that cannot be moved alone without leaving the singularity.
  private func decidingJoints(at q: JointVector) -> [Int] {
    q.indices.filter { joint in
      [0.37, -0.61, 1.3, -2.1].contains { shift in
        var moved = q
        moved[joint] += isPrismatic[joint] ? shift * length : shift
        return measure(moved) > Self.stillSingular
      }
    }
  }

  /// Whether the joints have to stand just where they stand: pushed off, they lead back; along a line or a surface they would lead elsewhere.
  private func isFixed(_ q: JointVector, joints: [Int], besides singles: [Single]) -> Bool {
    let returns = [0.11, -0.07, 0.05].count { push in
      var pushed = q
      for (index, joint) in joints.enumerated() { pushed[joint] += push * (index % 2 == 0 ? 1 : -0.6) * (isPrismatic[joint] ? length : 1) }
      return descended(from: pushed, moving: joints, besides: singles).map { isSame($0, q, in: joints) } ?? false
    }
    return returns > 1
  }

  private func isSame(_ a: JointVector, _ b: JointVector, in joints: [Int]) -> Bool {
    joints.allSatisfy { isPrismatic[$0] ? abs(a[$0] - b[$0]) < 1e-3 * length : abs(sin((a[$0] - b[$0]) / 2)) < 1e-3 }
  }

  private static let singular = 1e-6
  /// The measure up to which a configuration that came from a singular one counts as singular still.
  private static let stillSingular = 1e-4
  private static let starts = 240
  private static let mostJoints = 4
  private static let leastMembers = 3
}
