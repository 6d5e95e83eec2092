/// The memory that checks work in: where bodies, groups and bounds stand for the rake at hand. One for each thread.
struct CheckScratch: ~Copyable {
  let frames: UnsafeMutablePointer<RakeFrame>
  let centers: UnsafeMutablePointer<RakeVector>
  /// For each joint its position in each of the eight configurations.
  let configurations: UnsafeMutablePointer<Rake>
  /// The eight configurations, one a row.
  let rows: UnsafeMutablePointer<Rake>
  let groupSpeeds, pairSpeeds: UnsafeMutablePointer<Rake>

  init(for kernel: ArmKernel) {
    frames = Self.room(kernel.bodies.count + 1, of: .identity)
    centers = Self.room(kernel.groups.count, of: RakeVector(.zero))
    configurations = Self.room(8, of: .zero)
    rows = Self.room(8, of: .zero)
    groupSpeeds = Self.room(kernel.groupSpeeds.blockCount, of: .zero)
    pairSpeeds = Self.room(kernel.pairSpeeds.blockCount, of: .zero)
  }

  deinit {
    frames.deallocate()
    centers.deallocate()
    configurations.deallocate()
    rows.deallocate()
    groupSpeeds.deallocate()
    pairSpeeds.deallocate()
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

  private static func room<Element>(_ count: Int, of element: Element) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: element, count: max(count, 1))
    return memory
  }
}
