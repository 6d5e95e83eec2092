internal import Dispatch
internal import Foundation
internal import Kinematics
internal import Planner

/// A motion that was planned among obstacles, and how near the arm comes to what on it.
struct PlannedWay {
  let motion: Trajectory
  /// Where the arm passes, from start to end, spread evenly [rad; m].
  let path: [JointVector]
  /// The nearest that the arm comes to a thing of the scene, and to itself; nil where nothing is near.
  let clearance, ownClearance: MotionContact?
  /// Of search, rounding and timing together [s].
  let planningTime: Double

  /// - Parameter timeout: So long a way is searched for at most [s].
  init(
    _ request: MotionRequest, from start: JointVector, _ planner: MotionPlanner, in surroundings: Surroundings, timeout: Double
  ) throws(ServiceError) {
    let began = DispatchTime.now(), deadline = began + timeout
    motion = try planner.trajectory(for: request, from: start, in: surroundings, isVoid: { false }, isLate: { DispatchTime.now() >= deadline })
    planningTime = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9
    path = motion.configurations(apart: 0.02)
    let checker = surroundings.checker(for: motion)
    clearance = checker.leastClearance(along: motion)
    ownClearance = checker.leastOwnClearance(along: motion)
  }

  /// The Euclidean length in joint space [rad; m].
  private var length: Double {
    zip(path, path.dropFirst()).reduce(0) { sum, ends in
      let step = ends.1 - ends.0
      return sum + step.dot(step).squareRoot()
    }
  }

  var summary: String {
    String(format: "would take %.2f s: %.3f rad in all, planned in %.2f ms", motion.duration, length, 1000 * planningTime)
  }

  var text: String {
    func line(_ head: String, _ contact: MotionContact?) -> [String] {
      contact.map { ["\(head): \($0.clearance) after \(String(format: "%.2f s", $0.time))"] } ?? []
    }
    return ([summary] + line("nearest thing", clearance) + line("nearest of itself", ownClearance)).joined(separator: "\n")
  }

  var json: JSONValue {
    func facts(_ contact: MotionContact?) -> JSONValue { contact.map { .object(ContactFacts($0).members) } ?? .null }
    return [
      "duration": .number(motion.duration), "length": .number(length), "planSeconds": .number(planningTime),
      "clearance": facts(clearance), "ownClearance": facts(ownClearance), "path": .array(path.map { JSONValue(numbers: $0) }),
    ]
  }
}

extension PlanPicture {
  init(_ way: PlannedWay, of arm: ArmConfiguration, title: String, in surroundings: Surroundings) {
    let nearest = way.clearance.map { "; \($0.clearance)" } ?? ""
    self.init(
      name: "\(arm.name): \(title)", subtitle: way.summary + nearest, arm: arm.model, model: surroundings.model,
      obstacles: surroundings.scene.obstacles, start: way.motion.start, goal: way.motion.end, way: way.path)
  }

  /// Of a way that was not found: where it was to begin and to end, and what touches there.
  init(
    _ error: ServiceError, from start: JointVector, to goal: JointVector?, of arm: ArmConfiguration, title: String, in surroundings: Surroundings
  ) {
    let checker = surroundings.checker(for: [])
    self.init(
      name: "\(arm.name): \(title)", subtitle: error.message, arm: arm.model, model: surroundings.model,
      obstacles: surroundings.scene.obstacles, start: start, goal: goal, way: [],
      contacts: (checker.contacts(at: start), goal.map(checker.contacts(at:)) ?? []))
  }
}
