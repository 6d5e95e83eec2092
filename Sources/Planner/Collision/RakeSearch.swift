/// What a search among spheres looks for in each lane, and what it has found.
struct RakeSearch {
  enum Aim {
    /// Lanes whose configuration touches something.
    case hits
    /// Lanes that stand for the configurations within a half width of their own along a motion, and are not surely free throughout: whose spheres,
    /// blown up by all they can move on that way, touch something. A hit of a lane's own configuration ends the search.
    case doubts
  }

  let looksFor: Aim
  /// Doubts are left at the groups' own size, which is quicker and finds more of them.
  let isCoarse: Bool
  private(set) var found = RakeMask(repeating: false)
  private let halfWidths: Rake
  /// All bits set in the lanes that nothing was found in yet.
  private var open = SIMD8<UInt32>(repeating: .max)

  @inline(__always)
  init(looksFor: Aim, halfWidths: Rake = .zero, isCoarse: Bool = false) {
    (self.looksFor, self.halfWidths, self.isCoarse) = (looksFor, halfWidths, isCoarse)
  }

  /// The most that something of these bounds on its speed moves within the half widths.
  @inline(__always)
  func spread(_ speeds: UnsafeMutablePointer<Rake>, _ index: Int) -> Rake {
    looksFor == .hits ? .zero : halfWidths * UnsafeRawPointer(speeds).assumingMemoryBound(to: Float.self)[index]
  }

  /// The most that something moves within the half widths, given its speed in the middle.
  @inline(__always)
  func spread(_ speed: Rake, _ bends: UnsafeMutablePointer<Rake>, _ index: Int) -> Rake {
    halfWidths * fused(UnsafeRawPointer(bends).assumingMemoryBound(to: Float.self)[index], halfWidths, speed)
  }

  /// The squared distance that two things must keep, the sum of their radii and what they may move being given.
  @inline(__always)
  func limit(_ radius: Float, _ spread: Rake) -> Rake {
    guard looksFor == .doubts else { return Rake(repeating: radius * radius).kept(open) }
    let wide = spread.kept(open) + radius
    return wide * wide
  }

  /// The squared distance beyond which nothing matters, hits of lanes that are in doubt included.
  @inline(__always)
  func reach(_ radius: Float, _ spread: Rake) -> Rake {
    limit(radius, spread)
  }

  @inline(__always)
  mutating func note(_ lanes: RakeMask) {
    found = found .| lanes
    leaveOut(lanes)
  }

  @inline(__always)
  mutating func leaveOut(_ lanes: RakeMask) { open &= ~unsafeBitCast(lanes, to: SIMD8<UInt32>.self) }

  /// Takes in the squared distance of two spheres, or of one and a solid; whether the search ends with it.
  @inline(__always)
  mutating func ends(at square: Rake, radius: Float, _ spread: Rake) -> Bool {
    if looksFor == .doubts, holds(square .< Rake(repeating: radius * radius)) { return true }
    note(square .< limit(radius - (looksFor == .doubts ? CollisionChecker.tolerance : 0), spread))
    return false
  }
}

extension CollisionChecker {
  /// How deep a configuration between those that were looked at may lie in something: what single precision cannot tell [m].
  static let tolerance: Float = 5e-6
}
