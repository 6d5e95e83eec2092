/// An arm as a table of Denavit and Hartenberg: four numbers a joint instead of a URDF.
public struct DHTable: Sendable, Equatable {
  public enum Convention: String, Sendable, CaseIterable {
    /// Each row turns and shifts along its own joint's axis first, then along the common normal: Rz(θ)·Tz(d)·Tx(a)·Rx(α).
    case standard
    /// Each row goes along the common normal before the joint first, then along the joint's own axis: Rx(α)·Tx(a)·Rz(θ)·Tz(d).
    case modified
  }

  /// One joint and the link behind it.
  public struct Row: Sendable, Equatable {
    public var name: String
    public var kind: URDF.JointKind
    /// What is added to the joint's position where it turns; the whole angle where it slides [rad].
    public var theta: Double
    /// Along the joint's axis; where it slides, what is added to its position [m].
    public var d: Double
    /// Along the common normal [m].
    public var a: Double
    /// About the common normal [rad].
    public var alpha: Double
    public var limit: URDF.Limit
    /// In the link's frame, which is the one at the end of the row.
    public var inertial: URDF.Inertial

    public init(
      name: String, kind: URDF.JointKind = .revolute, theta: Double = 0, d: Double = 0, a: Double = 0, alpha: Double = 0,
      limit: URDF.Limit = URDF.Limit(), inertial: URDF.Inertial = .none
    ) {
      (self.name, self.kind, self.theta, self.d, self.a, self.alpha) = (name, kind, theta, d, a, alpha)
      (self.limit, self.inertial) = (limit, inertial)
    }

    fileprivate var aboutAxis: Pose { Pose(rotation: Rotation(axis: [0, 0, 1], angle: theta), translation: [0, 0, d]) }
    fileprivate var aboutNormal: Pose { Pose(rotation: Rotation(axis: [1, 0, 0], angle: alpha), translation: [a, 0, 0]) }
  }

  public var name: String
  public var convention: Convention
  /// From the base to the tip.
  public var rows: [Row]

  public init(name: String, convention: Convention, rows: [Row]) {
    (self.name, self.convention, self.rows) = (name, convention, rows)
  }

  public enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
    case rowCount(Int)
    case notFinite(row: Int, joint: String)
    case repeatedName(String)
    case immovable(joint: String, kind: String)
    case upsideDownLimits(joint: String, lower: Double, upper: Double, unit: String)
    case negativeMass(Double, joint: String)
    case impossibleInertia(joint: String)

    public var description: String {
      switch self {
      case .rowCount(0): "the DH table has no rows"
      case .rowCount(let count): "the DH table has \(count) rows, and an arm has at most \(JointVector.capacity) joints"
      case .notFinite(let row, let joint): "row \(row) of the DH table (\"\(joint)\") holds a number that is not finite"
      case .repeatedName(let name): "the joint \"\(name)\" is in the DH table twice"
      case .immovable(let joint, let kind): "joint \"\(joint)\" of the DH table is \(kind), which no row can be"
      case .upsideDownLimits(let joint, let lower, let upper, let unit):
        "the limits of joint \"\(joint)\" are upside down: lower \(lower) \(unit), upper \(upper) \(unit)"
      case .negativeMass(let mass, let joint): "the link behind joint \"\(joint)\" has the negative mass \(mass)"
      case .impossibleInertia(let joint): "the inertia of the link behind joint \"\(joint)\" is impossible: about some axis it is negative"
      }
    }

    /// What to do about it.
    public var suggestion: String {
      switch self {
      case .rowCount: "give one row a joint, from the base to the tip"
      case .notFinite: "give theta and alpha in radians, d and a in metres"
      case .repeatedName: "rename one of the two"
      case .immovable: "use one of: revolute, continuous, prismatic"
      case .upsideDownLimits: "swap lower and upper"
      case .negativeMass: "give the mass in kilograms"
      case .impossibleInertia: "check the signs of ixx … izz; they are about the centre of mass, in kg·m²"
      }
    }
  }

  func check() throws(Problem) {
    guard (1...JointVector.capacity).contains(rows.count) else { throw .rowCount(rows.count) }
    for (index, row) in rows.enumerated() {
      let inertial = row.inertial, center = inertial.linkFromCenter.translation
      let moments = [inertial.inertia.xx, inertial.inertia.xy, inertial.inertia.xz, inertial.inertia.yy, inertial.inertia.yz, inertial.inertia.zz]
      let numbers = [row.theta, row.d, row.a, row.alpha, inertial.mass, center.x, center.y, center.z] + moments
      guard numbers.allSatisfy(\.isFinite), !row.limit.lower.isNaN, !row.limit.upper.isNaN else { throw .notFinite(row: index + 1, joint: row.name) }
      guard !rows[..<index].contains(where: { $0.name == row.name }) else { throw .repeatedName(row.name) }
      guard [.revolute, .continuous, .prismatic].contains(row.kind) else { throw .immovable(joint: row.name, kind: row.kind.rawValue) }
      guard row.limit.lower <= row.limit.upper else {
        throw .upsideDownLimits(joint: row.name, lower: row.limit.lower, upper: row.limit.upper, unit: row.kind.unit)
      }
      guard inertial.mass >= 0 else { throw .negativeMass(inertial.mass, joint: row.name) }
      guard inertial.inertia.isPositiveSemidefinite else { throw .impossibleInertia(joint: row.name) }
    }
  }
}

extension RobotModel {
  /// The arm that a table describes, from the frame before its first row to the one behind its last.
  ///
  /// - Parameters:
  ///   - baseFromTable: Where the frame before the first row stands in the base.
  ///   - tool: Tool frame in the last row's frame.
  /// - Throws: ``DHTable/Problem`` with the row and what is wrong in it.
  /// - Source: J. Denavit and R. Hartenberg, *A kinematic notation for lower-pair mechanisms* (1955); the modified form is J. Craig's,
  ///   *Introduction to Robotics* (1986), equation 3.6.
  public init(_ table: DHTable, baseFromTable: Pose = .identity, tool: Pose = .identity) throws(DHTable.Problem) {
    try table.check()
    var bodies: [MovingBody] = [], limits = JointLimits(unlimited: table.rows.count), before = baseFromTable
    for (joint, row) in table.rows.enumerated() {
      let isStandard = table.convention == .standard
      // The joint's own motion and the row's constant part along the same axis may change places.
      var body = MovingBody(
        parentFromJoint: before * (isStandard ? row.aboutAxis : row.aboutNormal * row.aboutAxis), isSliding: row.kind == .prismatic)
      before = isStandard ? row.aboutNormal : .identity
      if row.inertial.mass > 0 || row.inertial.inertia != .zero {
        body.add(mass: row.inertial.mass, bodyFromCenter: before * row.inertial.linkFromCenter, inertia: row.inertial.inertia)
      }
      bodies.append(body)
      limits.take(row.limit, at: joint)
      if row.kind == .continuous { (limits.lower[joint], limits.upper[joint]) = (-.infinity, .infinity) }
    }
    self.init(
      name: table.name, baseName: "base", tipName: "tip", jointNames: table.rows.map(\.name),
      isContinuous: table.rows.map { $0.kind == .continuous }, limits: limits, bodies: bodies, coupling: nil, lastBodyFromTip: before, tool: tool)
  }
}
