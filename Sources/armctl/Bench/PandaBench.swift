internal import Control
internal import Foundation
internal import Kinematics
internal import Planner

/// Figures of planning on a problem of each set of MotionBenchMaker for the Panda: the arm that other planners publish figures of.
enum PandaBench {
  /// - Returns: Nothing where `Benchmarks/panda` is not beside the folder of arms, as in an installed program.
  static func run(library: ArmLibrary = ArmLibrary()) throws -> [Measurement] {
    let folders = library.folders.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("Benchmarks/panda").path }
    guard let folder = folders.first(where: { FileManager.default.fileExists(atPath: $0 + "/panda_problems.json") }) else { return [] }
    let problems = try problems(in: folder)

    var plans: [Double] = [], simplifications: [Double] = []
    for _ in 0..<repetitions {
      for (planner, start, goal) in problems {
        let began = monotonicTime(), rough = try planner.roughRoute(from: start, to: [goal]) { false }, found = monotonicTime()
        consume(planner.simplified(rough))
        plans.append(1e6 * (found - began))
        simplifications.append(1e6 * (monotonicTime() - found))
      }
    }
    return [Measurement("plan.panda", samples: plans, unit: "µs"), Measurement("simplify.panda", samples: simplifications, unit: "µs")]
  }

  private static let repetitions = 30

  private static func problems(in folder: String) throws -> [(planner: RoutePlanner, start: JointVector, goal: JointVector)] {
    let urdf = try URDF(contentsOf: folder + "/panda_mbm.urdf"), model = try SphereFile(contentsOf: folder + "/panda_spheres.json").model(of: urdf)
    let text = try String(contentsOfFile: folder + "/panda_problems.json", encoding: .utf8)
    return try ComputeRequest(parsing: text).objects("problems").map { problem in
      let planner = RoutePlanner(checker: CollisionChecker(model: model, scene: try problem.scene()))
      return (planner, try problem.vector("start", count: model.jointCount), try problem.vector("goal", count: model.jointCount))
    }
  }
}
