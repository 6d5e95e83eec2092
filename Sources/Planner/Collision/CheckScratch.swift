/// The memory that checks work in: where bodies, groups and bounds stand for the rake at hand. One for each thread.
struct CheckScratch: ~Copyable {
  let frames: UnsafeMutablePointer<RakeFrame>
  let centers: UnsafeMutablePointer<RakeVector>
  let configurations: UnsafeMutablePointer<Rake>
  let groupSpeeds, pairSpeeds: UnsafeMutablePointer<Rake>

  init(for kernel: ArmKernel) {
    frames = Self.room(kernel.bodies.count + 1, of: .identity)
    centers = Self.room(kernel.groups.count, of: RakeVector(.zero))
    configurations = Self.room(8, of: .zero)
    groupSpeeds = Self.room(kernel.groupSpeeds.blockCount, of: .zero)
    pairSpeeds = Self.room(kernel.pairSpeeds.blockCount, of: .zero)
  }

  deinit {
    frames.deallocate()
    centers.deallocate()
    configurations.deallocate()
    groupSpeeds.deallocate()
    pairSpeeds.deallocate()
  }

  private static func room<Element>(_ count: Int, of element: Element) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: element, count: max(count, 1))
    return memory
  }
}
