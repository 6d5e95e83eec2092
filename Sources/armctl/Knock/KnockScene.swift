internal import Control
internal import Foundation
internal import Kinematics
internal import Planner
internal import Simulator

/// What the knocks of a sweep share: the arm, where it is touched, where it stands, what it is doing, and how it would have gone on.
struct KnockScene: Sendable {
  let configuration: ArmConfiguration
  /// As the arm's file has them.
  let controlSettings: ControlSettings
  let points: [KnockPlace: ContactPoint]
  let stands: [KnockStand]
  /// Tells where the arm is in its own way; nil where its file does not say how thick it is.
  private let body: CollisionChecker?

  /// - Parameter stands: Where the arm is knocked; nil for its own named poses and others, five in all.
  /// - Throws: What is wrong with the spheres that stand for the arm.
  init(_ configuration: ArmConfiguration, stands: [KnockStand]? = nil) throws(ConfigurationError) {
    self.configuration = configuration
    let model = try configuration.collisionModel(), body = model.map { CollisionChecker(model: $0, scene: CollisionScene()) }
    controlSettings = configuration.controlSettings(outline: model)
    self.body = body
    self.stands = stands ?? KnockStand.all(of: configuration, count: KnockCase.standCount) { Self.isFree($0, body) }
    var points: [KnockPlace: ContactPoint] = [:]
    for place in KnockPlace.allCases { points[place] = place.point(on: configuration.model) }
    self.points = points
  }

  private static func isFree(_ q: JointVector, _ body: CollisionChecker?) -> Bool { body?.flags(of: [q])[0].selfFree ?? true }

  /// Whether the arm touches itself somewhere; false where nobody knows.
  func touchesItself(at positions: [JointVector]) -> Bool { body?.flags(of: positions).contains { !$0.selfFree } ?? false }

  var model: RobotModel { configuration.model }

  /// What each joint's rotor adds to its inertia [kg·m²].
  var armature: JointVector { controlSettings.rotorInertia }

  /// The job that a motion is, through a stand; nil where the arm holds.
  func job(_ motion: KnockCase.Motion, at stand: KnockStand) -> KnockJob? {
    guard case .moving(let speed) = motion else { return nil }
    return KnockJob(through: stand.position, speed: speed, model: model, limits: configuration.limits)
  }

  /// Whether a knock counts for detection: whether at its peak it loads some joint by a twentieth of its rated effort.
  func isDetectable(_ knock: KnockForce, at q: JointVector) -> Bool {
    let effort = knock.point.motion(at: q, velocity: JointVector(count: q.count)).effort(of: knock.peakForce * knock.direction)
    return zip(effort, configuration.limits.effort).contains { abs($0) >= Self.detectableShare * $1 }
  }

  /// How far a mass goes that is knocked and hangs on a critically damped spring: J/(e √(K m)), m what the knock meets [m].
  ///
  /// - Parameter stiffness: K [N/m].
  func predictedTravel(_ knock: KnockForce, at q: JointVector, stiffness: Double) -> Double? {
    let pull = knock.point.motion(at: q, velocity: JointVector(count: q.count)).effort(of: knock.direction)
    guard let inverse = model.inverseMassMatrix(at: q, armature: armature) else { return nil }
    let mobility = (inverse * pull).dot(pull)
    return knock.impulse / M_E * (max(0, mobility) / stiffness).squareRoot()
  }

  static let detectableShare = 0.05
}
