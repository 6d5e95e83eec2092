/// The memory that checks work in: where bodies, groups and bounds stand for the rake at hand. One for each thread.
struct CheckScratch: ~Copyable {
  let frames: UnsafeMutablePointer<RakeFrame>
  /// The middle of each group's ball.
  let centers: UnsafeMutablePointer<RakeVector>
  /// For each joint its position in each of the eight configurations.
  let configurations: UnsafeMutablePointer<Rake>
  /// The eight configurations, one a row.
  let rows: UnsafeMutablePointer<Rake>
  /// For each group and pair bounds on the first and half the second derivative of its place with respect to the share of the motion [m].
  let groupSpeeds, groupBends, pairSpeeds, pairBends: UnsafeMutablePointer<Rake>
  /// For each body how much it moves from a motion's start to its end [rad; m].
  let rates: UnsafeMutablePointer<Float>
  private let weights: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutablePointer<Rake>

  init(for kernel: ArmKernel) {
    let bodies = kernel.bodies.count, groups = kernel.groups.count
    let groupBlocks = kernel.groupLevers.blockCount, pairBlocks = kernel.pairLevers.blockCount
    // Everything is made of rakes, and lies in one piece of memory.
    let blocks = 2 * (groupBlocks + pairBlocks), rateBlocks = bodies / 8 + 1
    let total = 12 * (bodies + 1) + 3 * groups + 16 + blocks + 2 * rateBlocks
    let start = UnsafeMutablePointer<Rake>.allocate(capacity: total)
    start.initialize(repeating: .zero, count: total)
    memory = start
    frames = UnsafeMutableRawPointer(start).assumingMemoryBound(to: RakeFrame.self)
    centers = UnsafeMutableRawPointer(frames + bodies + 1).assumingMemoryBound(to: RakeVector.self)
    configurations = UnsafeMutableRawPointer(centers + groups).assumingMemoryBound(to: Rake.self)
    rows = configurations + 8
    groupSpeeds = rows + 8
    groupBends = groupSpeeds + groupBlocks
    pairSpeeds = groupBends + groupBlocks
    pairBends = pairSpeeds + pairBlocks
    rates = UnsafeMutableRawPointer(pairBends + pairBlocks).assumingMemoryBound(to: Float.self)
    weights = rates + 8 * rateBlocks
    frames[0] = .identity
  }

  deinit { memory.deallocate() }

  /// Puts the rows' configurations to where they are checked.
  @inline(__always)
  func transposeRows() {
    let row = UnsafeRawPointer(rows).assumingMemoryBound(to: Float.self)
    for joint in 0..<8 {
      configurations[joint] = Rake(
        row[joint], row[8 + joint], row[16 + joint], row[24 + joint], row[32 + joint], row[40 + joint], row[48 + joint], row[56 + joint])
    }
  }

  /// Bounds what a motion, which changes the joints by so much, does to groups and pairs.
  ///
  /// A point's place p on a chain of bodies has |p′| ≤ Σ uᵢrᵢ and |p″| ≤ Σ uᵢrᵢ(uᵢ + 2·Σ uⱼ) with j from the base to i, where u are the bodies' rates
  /// and r the levers: ∂²p/∂qⱼ∂qᵢ = aⱼ × (aᵢ × (p − oᵢ)) for j nearer to the base.
  @inline(__always)
  func bound(_ motion: JointRow, of kernel: ArmKernel) {
    let bodies = kernel.bodies.span
    rows[0] = motion
    let motion = UnsafeRawPointer(rows).assumingMemoryBound(to: Float.self)
    for index in bodies.indices {
      rates[index] = bodies[index].joint < 0 ? 0 : bodies[index].multiplier * motion[Int(bodies[index].joint)]
      weights[index] = abs(rates[index])
    }
    kernel.groupLevers.bound(weights, into: groupSpeeds)
    kernel.pairLevers.bound(weights, into: pairSpeeds)
    var inner: Float = 0
    for index in bodies.indices {
      let rate = weights[index]
      weights[index] = rate * (0.5 * rate + inner)
      inner += rate
    }
    kernel.groupLevers.bound(weights, into: groupBends)
    kernel.pairLevers.bound(weights, into: pairBends)
  }
}
