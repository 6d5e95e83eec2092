public import Kinematics

/// How near the arm is to what stands around it and to itself, as the control loop asks at every tick.
///
/// Of each thing it keeps how far away it is at least. That shrinks by as much as the arm moves, and only what may have come near is looked at again.
///
/// - Real-time: making one allocates; nothing else here does, locks or throws.
public struct Proximity: Sendable {
  /// Which scene this is of, by whoever made it.
  public let revision: Int
  /// What there is, for messages: obstacles by their names, then pairs of links.
  public let names: [String]
  /// The first so many of the things are obstacles, the others pairs of links.
  public let obstacleCount: Int

  private enum Thing: Sendable {
    case obstacle(Obstacle)
    /// Spheres of one link, and of another.
    case pair(Range<Int>, Range<Int>)
  }

  private let things: [Thing]
  private var outline: ArmOutline
  /// So many spheres move; those of fixed links come after them.
  private let movingCount: Int
  /// Where the spheres are at the present configuration.
  private var present: [SIMD3<Double>]
  /// At the present configuration each thing is at least so far away [m]; exact within ``horizon``.
  private var least: [Double]
  /// Whether some thing has not been looked at yet.
  private var hasUnknown = true

  /// From here on a thing's distance is always known exactly [m].
  private static let horizon = 0.12
  /// So many things are looked at in one tick: the others have their turn in the next.
  private static let mostLooks = 256
  /// Room that is kept to obstacles, for what lies between the places that are looked at [m].
  public static let room = 0.002

  /// - Parameters:
  ///   - scene: In the frame of the model's root.
  ///   - base: The link that the base's frame is that of.
  public init(model: CollisionModel, scene: CollisionScene, base: String, revision: Int) {
    self.revision = revision
    outline = ArmOutline(model, base: base, withFixedLinks: true)
    let links = outline.links, linkNames = outline.linkNames, fixedLinks = outline.movingLinkCount
    movingCount = links.firstIndex { $0 >= fixedLinks } ?? links.count
    func spheres(of link: Int) -> Range<Int> {
      let first = links.firstIndex(of: link) ?? 0
      return first..<first + links.count { $0 == link }
    }
    let rootFromBase = model.rootFromLink(base, at: JointVector(count: model.jointCount)) ?? .identity
    let obstacles = scene.obstacles.map { obstacle in
      Obstacle(name: obstacle.name, shape: obstacle.shape, baseFromObstacle: rootFromBase.inverse * obstacle.baseFromObstacle)
    }
    let pairs = model.linkPairs.compactMap { one, other -> (Int, Int)? in
      guard let a = linkNames.firstIndex(of: model.links[one].name), let b = linkNames.firstIndex(of: model.links[other].name) else { return nil }
      return (a, b)
    }
    things = obstacles.map(Thing.obstacle) + pairs.map { .pair(spheres(of: $0), spheres(of: $1)) }
    names = obstacles.map(\.name) + pairs.map { "\(linkNames[$0]) and \(linkNames[$1])" }
    obstacleCount = obstacles.count
    present = outline.centers
    least = Array(repeating: -.infinity, count: things.count)
  }

  /// Takes the arm to where it is now. To be called once a tick.
  public mutating func come(to q: JointVector) {
    outline.place(at: q)
    let way = farthestMove
    for sphere in present.indices { present[sphere] = outline.centers[sphere] }
    var looks = 0
    hasUnknown = false
    for thing in things.indices {
      least[thing] -= thing < obstacleCount ? way : 2 * way
      guard least[thing] < Self.horizon else { continue }
      if looks < Self.mostLooks {
        least[thing] = distance(to: thing)
        looks += 1
      } else {
        // Nothing is known of it for now.
        least[thing] = -.infinity
        hasUnknown = true
      }
    }
  }

  /// What a configuration is too near to, and nearer than the present one; −1 while not everything has been looked at.
  public mutating func hindrance(at q: JointVector) -> Int? {
    if hasUnknown { return -1 }
    outline.place(at: q)
    let way = farthestMove
    for thing in things.indices {
      let isObstacle = thing < obstacleCount
      guard least[thing] - (isObstacle ? way : 2 * way) < (isObstacle ? Self.room : 0) else { continue }
      let there = distance(to: thing)
      if there < (isObstacle ? Self.room : 0), there < least[thing] - Self.rounding { return thing }
    }
    return nil
  }

  /// Coming nearer by less is none [m]; so little that a thing is not crept into by it, tick after tick.
  private static let rounding = 1e-10

  /// What a stop from `next` would lead too near to.
  public mutating func hindrance(stoppingFrom next: JointSetpoint, limits: JointLimits) -> Int? {
    let stop = JerkLimitedStop(from: next, limits: limits)
    for sample in 0...Self.samples {
      if let thing = hindrance(at: stop.setpoint(at: stop.duration * Double(sample) / Double(Self.samples)).position) { return thing }
    }
    return nil
  }

  /// Where on a stop the arm is looked at.
  private static let samples = 8

  /// The share of a joint motion that leaves time to slow down gently before what it nears, and what that is.
  public mutating func pace(along velocity: JointVector, from q: JointVector) -> (share: Double, thing: Int)? {
    var slowest: (share: Double, thing: Int)?
    guard velocity.maximumMagnitude > 0 else { return nil }
    outline.place(at: q + Self.lookAhead * velocity)
    for thing in things.indices where least[thing] < Self.horizon {
      let approach = (least[thing] - distance(to: thing)) / Self.lookAhead
      guard approach > 0 else { continue }
      let share = Self.slowing * max(0, least[thing] - (thing < obstacleCount ? Self.room : 0)) / approach
      if share < slowest?.share ?? 1 { slowest = (share, thing) }
    }
    return slowest
  }

  /// A thing is neared so much slower for each metre that it is nearer [1/s]; the next moments are looked at for how fast it is neared [s].
  private static let slowing = 4.0
  private static let lookAhead = 0.02

  /// How far any sphere is from where it is at present [m].
  private var farthestMove: Double {
    var most = 0.0
    for sphere in 0..<movingCount {
      let way = outline.centers[sphere] - present[sphere]
      most = max(most, (way * way).sum())
    }
    return most.squareRoot()
  }

  /// From the arm, where its outline was placed last.
  private func distance(to thing: Int) -> Double {
    var least = Double.infinity
    switch things[thing] {
    case .obstacle(let obstacle):
      for sphere in 0..<movingCount { least = min(least, obstacle.distance(to: outline.centers[sphere]) - outline.radii[sphere]) }
    case .pair(let one, let other):
      for a in one {
        for b in other {
          let way = outline.centers[a] - outline.centers[b]
          least = min(least, (way * way).sum().squareRoot() - outline.radii[a] - outline.radii[b])
        }
      }
    }
    return least
  }
}
