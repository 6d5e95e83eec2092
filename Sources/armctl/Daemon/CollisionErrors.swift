internal import Foundation
internal import Planner

// What is said of motions that something is in the way of.

extension ServiceError {
  /// - Parameters:
  ///   - margin: Room that was to be kept [m].
  ///   - suggestion: What to do about it.
  init(_ contact: MotionContact, margin: Double, suggestion: String = "another way there") {
    let clearance = contact.clearance
    let place = String(format: "after %.2f s link \"%@\" is", contact.time, clearance.link)
    let sentence =
      clearance.distance < -Self.nothing
      ? "The arm would run into \(clearance.other): \(place) \(Self.millimetres(-clearance.distance)) deep in it."
      : margin < Self.nothing
        ? "The arm would run into \(clearance.other): \(place) at it."
        : "The arm would come too near to \(clearance.other): \(place) \(Self.millimetres(clearance.distance)) from it, and "
          + "motions keep \(Self.millimetres(margin))."
    self.init(.collision, sentence, why: "path", suggestion: suggestion)
    self.contact = ContactFacts(contact)
  }

  init(_ failure: RouteFailure) {
    func name(_ end: RouteFailure.End) -> String { end == .start ? "start" : "goal" }
    switch failure {
    case .inCollision(let end, let clearance):
      let gap =
        clearance.distance < 0 ? "\(Self.millimetres(-clearance.distance)) deep in" : "\(Self.millimetres(clearance.distance)) from"
      self.init(
        .collision, "At the \(name(end)) link \"\(clearance.link)\" is \(gap) \(clearance.other).", why: failure.name,
        suggestion: end == .start
          ? "`plan` false (armctl move --no-plan), which moves without looking, or another scene" : "another goal, or another scene")
      contact = ContactFacts(clearance, time: nil)
    case .notFound(_, let end?):
      self.init(
        .unreachable, "No way leads away from the \(name(end)): whatever was tried ran into something.", why: failure.name,
        suggestion: "a goal with more room around it, or fewer obstacles")
    case .notFound(let attempts, nil):
      self.init(
        .noPath, "No way round the obstacles was found in the time, after \(attempts) attempts.", why: failure.name,
        suggestion: "a goal in between, or fewer obstacles")
    case .outsideLimits(_, let joint, let value, let lower, let upper):
      self.init(
        .positionLimit, failure.description.capitalizedSentence, joint: joint, value: value, limit: value < lower ? lower : upper,
        suggestion: failure.suggestion)
    case .noGoals, .wrongJointCount, .notFinite: self.init(.parameter, failure.description.capitalizedSentence, suggestion: failure.suggestion)
    }
  }

  /// What is shown as 0.0 mm [m].
  private static let nothing = 5e-5

  static func millimetres(_ distance: Double) -> String { String(format: "%.1f mm", 1000 * distance) }
}

extension ServiceError {
  init(_ error: SceneEditError) { self.init(.parameter, error.description.capitalizedSentence, suggestion: error.suggestion) }
}

extension ContactFacts {
  init(_ clearance: Clearance, time: Double?) {
    self.init(link: clearance.link, obstacle: clearance.other.obstacle, otherLink: clearance.other.link, distance: clearance.distance, time: time)
  }

  init(_ contact: MotionContact) { self.init(contact.clearance, time: contact.time) }
}
