import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Simulator

/// The mechanism beside MuJoCo: the same URDF, rotors, friction, efforts and knocks, for two seconds. `Benchmarks/mujoco/motion.py` made the table.
@Suite struct MuJoCoTests {
  /// One motion of the table: what moves the arm, and where it was every ``period``.
  struct Case: CustomTestStringConvertible {
    static let period = 0.05
    let name: String
    let fields: [String: String]
    var rows: [JointVector] = []
    var testDescription: String { name }

    func numbers(_ key: String) -> [Double]? { fields[key]?.split(separator: ",").compactMap { Double($0) } }
    func joints(_ key: String) -> JointVector { JointVector(numbers(key) ?? Array(repeating: 0, count: 7)) }
  }

  static let table: (armature: JointVector, cases: [Case]) = {
    var armature = JointVector(count: 7), cases: [Case] = []
    let text = (try? String(contentsOfFile: packageFile("Tests/Data/Simulator/mujoco.tsv"), encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let cells = line.split(separator: "\t").map(String.init)
      switch cells[0] {
      case "armature": armature = JointVector(cells[1].split(separator: ",").compactMap { Double($0) })
      case "case":
        let fields = cells[2...].map { $0.split(separator: "=").map(String.init) }
        cases.append(Case(name: cells[1], fields: Dictionary(uniqueKeysWithValues: fields.map { ($0[0], $0[1]) })))
      default: cases[cases.count - 1].rows.append(JointVector(cells.compactMap(Double.init)))
      }
    }
    return (armature, cases)
  }()

  @Test func theTableIsThere() { #expect(Self.table.cases.count == 5 && Self.table.cases.allSatisfy { $0.rows.count == 41 }) }

  @Test(arguments: table.cases) func theArmMovesAsInMuJoCo(motion: Case) throws {
    let urdf = try URDF(contentsOf: packageFile("Robots/openarm/openarm.urdf"))
    var model = try RobotModel(urdf: urdf, tip: "openarm_hand_tcp")
    model.limits = JointLimits(unlimited: 7)
    let trains = zip(Self.table.armature, motion.joints("viscous")).map {
      DriveTrain(ratio: 1, rotorInertia: $0, torqueConstant: 1, viscous: $1)
    }
    var plant = ArmPlant(model: model, driveTrains: trains, position: motion.joints("q"))
    var contacts: [any Contact] = []
    if let link = motion.fields["link"], let force = motion.numbers("force"), let place = motion.numbers("point") {
      let peak = SIMD3(force), length = (peak * peak).sum().squareRoot()
      let duration = try #require(motion.numbers("duration")?.first), start = try #require(motion.numbers("start")?.first)
      contacts.append(
        KnockForce(
          at: ContactPoint(onTipOf: try RobotModel(urdf: urdf, tip: link), at: SIMD3(place)), impulse: 2 * length * duration / .pi, along: peak,
          start: start, duration: duration))
    }
    let amplitude = motion.joints("effort"), omega = motion.joints("omega")
    var worst = 0.0
    for (index, expected) in motion.rows.enumerated() {
      if index > 0 {
        for _ in 0..<Int(Case.period / ArmPlant.step + 0.5) {
          let middle = plant.time + ArmPlant.step / 2
          plant.advance(effort: JointVector(zip(amplitude, omega).map { $0 * sin($1 * middle) }), touchedBy: &contacts)
        }
      }
      worst = max(worst, (plant.position - expected).maximumMagnitude)
    }
    #expect(worst < 1e-3, "\(worst) rad")
  }
}
