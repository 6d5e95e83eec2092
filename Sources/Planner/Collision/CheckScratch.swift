/// The memory that checks work in: where bodies, groups and bounds stand for the rake at hand. One for each thread.
struct CheckScratch: ~Copyable {
  let frames: UnsafeMutablePointer<RakeFrame>
  let centers: UnsafeMutablePointer<RakeVector>
  /// For each joint its position in each of the eight configurations.
  let configurations: UnsafeMutablePointer<Rake>
  /// The eight configurations, one a row.
  let rows: UnsafeMutablePointer<Rake>
  /// For each body how much it moves from a motion's start to its end [rad; m].
  let rates: UnsafeMutablePointer<Float>
  /// For each group and pair bounds on the first and half the second derivative of its place with respect to the share of the motion [m].
  let groupSpeeds, groupBends, pairSpeeds, pairBends: UnsafeMutablePointer<Rake>
  private let weights: UnsafeMutablePointer<Float>

  init(for kernel: ArmKernel) {
    frames = Self.room(kernel.bodies.count + 1, of: .identity)
    centers = Self.room(kernel.groups.count, of: RakeVector(.zero))
    configurations = Self.room(8, of: .zero)
    rows = Self.room(8, of: .zero)
    rates = Self.room(kernel.bodies.count, of: 0)
    weights = Self.room(kernel.bodies.count, of: 0)
    groupSpeeds = Self.room(kernel.groupLevers.blockCount, of: .zero)
    groupBends = Self.room(kernel.groupLevers.blockCount, of: .zero)
    pairSpeeds = Self.room(kernel.pairLevers.blockCount, of: .zero)
    pairBends = Self.room(kernel.pairLevers.blockCount, of: .zero)
  }

  deinit {
    frames.deallocate()
    centers.deallocate()
    configurations.deallocate()
    rows.deallocate()
    rates.deallocate()
    weights.deallocate()
    groupSpeeds.deallocate()
    groupBends.deallocate()
    pairSpeeds.deallocate()
    pairBends.deallocate()
  }

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

  private static func room<Element>(_ count: Int, of element: Element) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: element, count: max(count, 1))
    return memory
  }
}
