internal import Foundation
internal import Kinematics

/// What an arm's geometry lets it do: how far it reaches, in which directions it moves its tool, how its inverse kinematics is solved, and where
/// it is singular.
struct KinematicsReport {
  let model: RobotModel
  let free: InverseKinematics.FreeAxes
  let reach: Reach
  let freedom: Freedom
  let inverseKinematics: InverseKinematics
  let singularSets: [SingularSet]

  init(_ arm: ArmConfiguration) {
    (model, free) = (arm.model, arm.freeAxes)
    reach = model.reach
    freedom = model.freedom(free: free)
    var settings = InverseKinematics.Settings()
    settings.freeAxes = free
    inverseKinematics = InverseKinematics(model: model, settings: settings)
    singularSets = model.singularSets(free: free)
  }

  // MARK: For people

  var lines: [String] {
    var lines = [
      "reach: \(millimetres(reach.nearest)) to \(millimetres(reach.farthest)) mm from the shoulder, which is at "
        + "\([reach.shoulder.x, reach.shoulder.y, reach.shoulder.z].map(millimetres).joined(separator: ", ")) mm; "
        + "at most \(millimetres(reach.farthestFromBase)) mm from the base",
      "degrees of freedom: \(freedomPhrase)",
      "inverse kinematics: \(inverseKinematics.sentence)",
    ]
    let singular = SingularPhrases(singularSets, model: model).lines
    if singular.isEmpty { lines.append("singular: nowhere within the limits that a search found") }
    for (index, phrase) in singular.enumerated() { lines.append((index == 0 ? "singular: " : "          ") + phrase) }
    if !singular.isEmpty {
      lines.append("          a search found \(singular.count == 1 ? "this; there may be more" : "these; there may be others")")
    }
    return lines
  }

  private var freedomPhrase: String {
    let count = model.jointCount
    var phrase = "\(freedom.rank) with \(count) joint\(count == 1 ? "" : "s")"
    if freedom.rank < 6 {
      phrase +=
        freedom.locked.isEmpty
        ? "; in which \(6 - freedom.rank == 1 ? "direction" : "\(6 - freedom.rank) directions") the tool cannot move depends on the posture"
        : "; locked: \(freedom.locked.map(\.description).joined(separator: ", "))"
    }
    if free != .none { phrase += "; goals leave \(free.phrase) open" }
    if freedom.boundRank < freedom.boundCount {
      phrase += "; of the \(freedom.boundCount) directions that goals bind the arm commands \(freedom.boundRank)"
    }
    return phrase
  }

  private func millimetres(_ length: Double) -> String { shortened(length * 1000, digits: 0) }

  // MARK: For programs

  var json: JSONValue {
    [
      "reach": [
        "shoulder": JSONValue(numbers: [reach.shoulder.x, reach.shoulder.y, reach.shoulder.z]), "nearest": .number(reach.nearest),
        "farthest": .number(reach.farthest), "farthestFromBase": .number(reach.farthestFromBase),
      ],
      "degreesOfFreedom": .number(Double(freedom.rank)), "locked": .array(freedom.locked.map { .string($0.description) }),
      "goals": [
        "free": .string(free.rawValue), "bound": .number(Double(freedom.boundCount)), "commanded": .number(Double(freedom.boundRank)),
      ],
      "inverseKinematics": [
        "method": .string(inverseKinematics.method.rawValue),
        "sentence": .string(inverseKinematics.sentence),
      ],
      "singularities": .array(
        singularSets.map { set in
          [
            "joints": JSONValue(strings: set.joints), "positions": set.positions.map { JSONValue(numbers: $0) } ?? .null,
            "example": JSONValue(numbers: set.example), "reason": set.reason.map(JSONValue.string) ?? .null,
          ]
        }),
    ]
  }

  /// Whether lines of the tool hardly start somewhere: a direction is lost there, or all but. Of arms whose goals leave axes free nothing is said.
  func isSingular(at q: JointVector) -> Bool {
    free == .none && freedom.boundRank == 6 && model.manipulability(at: q, length: model.typicalLength).evenness < 0.01
  }

  // MARK: As a picture

  /// Sections through the workspace, with the arm in its pose `home`, else its first one, else in the middle of its limits.
  func picture(of arm: ArmConfiguration) -> String {
    let pose = arm.poses.first { $0.name == "home" } ?? arm.poses.first
    let middle = model.configuration(at: Array(repeating: 0.5, count: model.jointCount))
    let subtitle =
      "\(freedom.rank) degree\(freedom.rank == 1 ? "" : "s") of freedom · "
      + "\(millimetres(reach.nearest)) to \(millimetres(reach.farthest)) mm from the shoulder · "
      + "at most \(millimetres(reach.farthestFromBase)) mm from the base"
    return WorkspacePicture(
      name: arm.name, subtitle: subtitle, model: model, free: free, posture: pose ?? ("the middle of its limits", middle), reach: reach
    ).svg
  }
}
