internal import Foundation
internal import Gaze

/// What the arm does about a choice.
enum GazeAction: String, CaseIterable, Sendable {
  case point, go, pick, place, bring, hand

  /// For the screen.
  var title: String {
    switch self {
    case .point: "point at"
    case .go: "go to"
    case .pick: "pick up"
    case .place: "put down on"
    case .bring: "bring"
    case .hand: "hand over"
    }
  }
}

/// Steps that carry a choice out, one after the other. Each motion is planned first, and slowed down until the tool keeps its cap.
struct GazeErrand: Equatable, Sendable {
  enum Step: Equatable, Sendable {
    /// The tool over a place, turned as it is where that can be, else any way it can be.
    case reach(SIMD3<Double>)
    /// The same, in a straight line; a thing may be touched that is to be grasped or was let go.
    case line(SIMD3<Double>, touching: String? = nil)
    /// From now on the arm carries a thing; it stands where it is.
    case attach(String)
    case detach(String)
    /// Opens or closes the gripper, where the arm has one.
    case grip(isOpen: Bool)
    /// Holds out what is carried until a hand pulls at it, or the person says so.
    case offer
    /// What was carried is in somebody's hand now, and nothing that the arm needs to know of.
    case give(String)
    /// To a pose of the arm file.
    case pose(String)
    /// To where the joints were [rad; m].
    case joints([Double])

    var isMotion: Bool {
      switch self {
      case .attach, .detach, .grip, .offer, .give: false
      case .reach, .line, .pose, .joints: true
      }
    }
  }

  enum Stage: Equatable, Sendable {
    /// A plan or a change of the scene is being asked for.
    case asking
    /// Whether the line that comes next can be gone from where this step ends is being asked.
    case rehearsing
    /// The plan's tool path is being asked for; so many places are missing.
    case measuring(Int)
    /// Under way, as this job.
    case moving(Int)
    case paused(Int)
    /// At rest where its motion was ended by a lease that ran out; the step can be planned anew from there.
    case stranded
    /// Held out since then [s].
    case offered(since: Double)
  }

  var title: String
  var steps: [Step]
  /// Whether a look has chosen it: then it rests without looks.
  let isChosen: Bool
  var index = 0
  var stage = Stage.asking
  /// How much of the tool's turn has been given up to reach the step's place: its place among ``freedoms``.
  var freedom = 0
  /// Why it rests, while it does.
  var hindrance = ""
  /// How often it has asked again with a new lease.
  var renewals = 0
  /// Share of the joint limits that is planned with.
  var speed = GazeErrand.fastest
  /// Of the step's motion [s], where its joints pass [rad; m], and the tool's way [m].
  var duration = 0.0
  var waypoints: [[Double]] = []
  var path: [SIMD3<Double>] = []
  var progress = 0.0

  /// What `move.pose` may leave free: what the arm file says, the turn about the tool's z, all of its orientation.
  static let freedoms: [String?] = [nil, "axis", "position"]
  static let fastest = 0.5
  static let mostRenewals = 5
  /// What gaze alone never exceeds [m/s].
  static let toolSpeed = 0.25
  /// A motion's fastest moment is no more than this times its mean: 2 where it only speeds up and slows down, and a little for curved ways.
  private static let peak = 2.2

  init(title: String, steps: [Step], isChosen: Bool = true) {
    (self.title, self.steps, self.isChosen) = (title, steps, isChosen)
  }

  var step: Step? { steps.indices.contains(index) ? steps[index] : nil }
  /// The line that the present step leads up to, where it does: some turns of the tool reach its start, but do not let it be gone.
  var lineAhead: Step? {
    guard case .reach? = step, steps.indices.contains(index + 1), case .line = steps[index + 1] else { return nil }
    return steps[index + 1]
  }
  var job: Int? {
    switch stage {
    case .moving(let job), .paused(let job): job
    default: nil
    }
  }

  /// The present line cannot be begun from where the tool is: the place above it comes first; of one that leads upwards its end will do.
  mutating func leadBackToLine(toward end: SIMD3<Double>) {
    if index > 0, case .reach = steps[index - 1] { index -= 1 } else { steps[index] = .reach(end) }
  }

  /// How much slower the planned motion has to be for the tool to keep its cap; 1 where it does.
  var slowdown: Double {
    guard duration > 0 else { return 1 }
    let way = zip(path, path.dropFirst()).reduce(0) { sum, pair in
      let step = pair.1 - pair.0
      return sum + (step * step).sum().squareRoot()
    }
    return min(1, Self.toolSpeed / max(1e-9, Self.peak * way / duration))
  }

  /// What carries `action` out.
  ///
  /// - Parameters:
  ///   - thing: What was chosen, if it has a name.
  ///   - place: Where it is, in the plane's coordinates [m].
  ///   - carried: What the arm carries, and how far its underside is below the tool centre point [m].
  ///   - here: Where things are brought to and held out, in the plane's coordinates [m].
  ///   - grip: So far below its top a thing is grasped [m].
  ///   - offer: The pose of the arm file in which things are held out; nil: above `here`.
  /// - Throws: A sentence that says why it cannot be, with what to try.
  init(
    _ action: GazeAction, _ thing: GazeThing?, at place: SIMD2<Double>, on plane: TablePlane, hover: Double, carried: (name: String, hang: Double)?,
    here: SIMD2<Double>, grip: Double = 0, offer: String? = nil
  ) throws(CommandFailure) {
    let top = thing?.top ?? 0
    func over(_ place: SIMD2<Double>, _ height: Double) -> SIMD3<Double> { plane.point(at: place, height: height) }
    let name = thing?.name ?? "the place"
    switch action {
    case .point: self.init(title: "point at \(name)", steps: [.reach(over(place, top + 2 * hover))])
    case .go: self.init(title: "go to \(name)", steps: [.reach(over(place, top + hover))])
    case .pick, .bring, .hand:
      guard let thing else { throw CommandFailure("Only a thing of the scene can be picked up.", suggestion: "g, to go there") }
      if let carried { throw CommandFailure("The arm carries \(carried.name) already.", suggestion: "l, to lay it down first") }
      let depth = min(grip, 0.8 * thing.top)
      let pick: [Step] = [
        .grip(isOpen: true), .reach(over(place, thing.top + hover)), .line(over(place, thing.top - depth), touching: thing.name),
        .grip(isOpen: false), .attach(thing.name), .line(over(place, thing.top + hover)),
      ]
      let put: [Step] = [
        .reach(over(here, thing.top + hover)), .line(over(here, thing.top - depth + Self.clearance)), .grip(isOpen: true), .detach(thing.name),
        .line(over(here, thing.top + hover), touching: thing.name),
      ]
      switch action {
      case .bring: self.init(title: "bring \(name)", steps: pick + put)
      case .hand: self.init(title: "hand \(name) over", steps: pick + Self.handingOver(thing.name, here: over(here, Self.handHeight), pose: offer))
      default: self.init(title: "pick up \(name)", steps: pick)
      }
    case .place:
      guard let carried else { throw CommandFailure("The arm carries nothing to put down.", suggestion: "p, to pick something up first") }
      self.init(
        title: "put \(carried.name) down",
        steps: [
          .reach(over(place, top + carried.hang + hover)), .line(over(place, top + carried.hang + Self.clearance)), .grip(isOpen: true),
          .detach(carried.name), .line(over(place, top + carried.hang + hover), touching: carried.name),
        ])
    }
  }

  /// Hands over what is carried already.
  init(handingOver carried: String, on plane: TablePlane, here: SIMD2<Double>, offer: String?) {
    self.init(
      title: "hand \(carried) over", steps: Self.handingOver(carried, here: plane.point(at: here, height: Self.handHeight), pose: offer))
  }

  private static func handingOver(_ name: String, here: SIMD3<Double>, pose: String?) -> [Step] {
    [pose.map(Step.pose) ?? .reach(here), .offer, .grip(isOpen: true), .give(name)]
  }

  /// So high above the table a thing is held out [m].
  private static let handHeight = 0.2

  /// So high a thing is let go above the table [m].
  private static let clearance = 0.003
}
