internal import Kinematics
internal import Planner

/// The arm among the things around it at one moment, as plans and checks see them. A plain value that does not see later edits.
struct Surroundings: Sendable {
  /// Counts the edits.
  let revision: Int
  let model: CollisionModel
  let scene: CollisionScene
  /// Room that motions keep to obstacles where their ends allow it [m].
  let margin: Double
  /// Keeps `margin`.
  private let usual: CollisionChecker

  /// Planned ways keep a little more than they have to, so that rounding and retiming never make a free one touch [m].
  private static let reserve = 2e-4
  /// What is put down may be so deep in what it is put on: neither is known better [m].
  private static let contactDepth = 0.003

  init(revision: Int, model: CollisionModel, scene: CollisionScene, margin: Double) {
    (self.revision, self.model, self.scene, self.margin) = (revision, model, scene, margin)
    usual = CollisionChecker(model: model, scene: scene, margin: margin, checksBase: false)
  }

  /// Keeps as much room as all of some configurations leave: where the arm stands near an obstacle, or is to go near one, the motion may be as near.
  ///
  /// - Parameter shouldStop: Asked every 50 µs or so; ends the work, after which nothing is free.
  func checker(for configurations: [JointVector], shouldStop: () -> Bool = { false }) -> CollisionChecker {
    checker(room: configurations.compactMap { usual.clearances(at: $0).obstacles?.distance }.min() ?? .infinity, shouldStop)
  }

  /// For a motion as it is, with what its own ends allow.
  func checker(for motion: Trajectory, shouldStop: () -> Bool = { false }) -> CollisionChecker {
    seen(from: motion.start, to: [motion.end], shouldStop: shouldStop).checker(for: [motion.start, motion.end], shouldStop: shouldStop)
  }

  /// As a motion from one configuration to others sees them, each of which may be its end: what the arm has just taken up may still touch what it
  /// stood on, and what it puts down what it is put on.
  ///
  /// - Parameter shouldStop: Asked every millisecond or so; ends the work.
  func seen(from start: JointVector, to ends: [JointVector], shouldStop: () -> Bool = { false }) -> Surroundings {
    guard !model.attachments.isEmpty else { return self }
    let room = 3 * Self.reserve
    let eased = ends.reduce(model.takingUp(at: start, from: scene, room: room)) { model, end in
      shouldStop() ? model : model.puttingDown(at: end, on: scene, depth: Self.contactDepth, room: room)
    }
    return eased.attachments == model.attachments ? self : Surroundings(revision: revision, model: eased, scene: scene, margin: margin)
  }

  /// For a way to the roomiest of several goals.
  func checker(from start: JointVector, toAnyOf goals: [JointVector], shouldStop: () -> Bool = { false }) -> CollisionChecker {
    func room(at q: JointVector) -> Double { usual.clearances(at: q).obstacles?.distance ?? .infinity }
    let goalRoom = goals.map { shouldStop() ? 0 : room(at: $0) }.max() ?? .infinity
    return checker(room: min(room(at: start), goalRoom), shouldStop)
  }

  private func checker(room: Double, _ shouldStop: () -> Bool) -> CollisionChecker {
    if room > margin + 2 * Self.reserve { return usual }
    return checker(margin: max(0, room - 2 * Self.reserve), shouldStop)
  }

  /// The same with a little more room, for planning; where none is to be had, as it is.
  func planning(_ checker: CollisionChecker, shouldStop: () -> Bool = { false }) -> CollisionChecker {
    checker.margin == 0 ? checker : self.checker(margin: checker.margin + Self.reserve, shouldStop)
  }

  private func checker(margin: Double, _ shouldStop: () -> Bool) -> CollisionChecker {
    CollisionChecker(model: model, scene: scene, margin: margin, checksBase: false, shouldStop: shouldStop)
  }
}
