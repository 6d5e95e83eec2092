internal import CMallocCounter
internal import Control
internal import Foundation
internal import Kinematics
internal import MotorDrivers
internal import Simulator

/// What a control tick costs with everything on: an arm of torque motors that is hit again and again, on the emulated bus in lockstep.
struct ComplianceBench {
  private let channel: StoringChannel
  private let arm: ControlledArm
  private let configuration: ArmConfiguration
  private var time = 0.0
  private var samples: [Double] = []
  private var allocations: UInt = 0

  /// - Throws: ``BusError`` where the emulated arm does not answer, which would be a defect.
  init(configuration: ArmConfiguration) throws {
    self.configuration = configuration
    channel = StoringChannel(line: LockstepChannel(arm: configuration.emulatedArm()))
    let channel = channel
    arm = ControlledArm(
      core: ControlCore(model: configuration.model, settings: configuration.controlSettings), wiring: configuration.wiring,
      buses: configuration.makeBuses { _ in channel })
    try arm.connect()
    channel.isDirect = false
    time = channel.now
    samples.reserveCapacity(100_000)
  }

  /// Yields, returns, floats and holds; `count` ticks in all.
  mutating func run(count: Int) -> Measurement {
    tick(100)
    _ = arm.post(.hold)
    tick(300)
    // The runtime prepares each generic type when it is first used; once in a program's life.
    for index in 0..<3 { exercise(index) }
    samples.removeAll(keepingCapacity: true)
    allocations = 0
    var index = 3
    while samples.count < count {
      exercise(index)
      index += 1
    }
    return Measurement("tick.compliance", samples: samples, unit: "µs", allocations: Double(allocations) / Double(samples.count))
  }

  private mutating func exercise(_ index: Int) {
    hit(index)
    tick(40)
    // Once more on its way.
    hit(index + 1)
    tick(600)
    _ = arm.post(.float)
    tick(100)
    _ = arm.post(.hold)
    tick(200)
    while arm.nextEvent() != nil {}
  }

  /// A fifth of what the joints may do, for 20 ms.
  private mutating func hit(_ index: Int) {
    var effort = 0.2 * configuration.limits.effort
    for joint in effort.indices where (index >> (joint % 3)) & 1 == 1 { effort[joint] = -effort[joint] }
    channel.line.arm.plant.externalEffort = effort
    tick(max(1, Int(0.02 / configuration.period)))
    channel.line.arm.plant.externalEffort = 0 * effort
  }

  private mutating func tick(_ count: Int) {
    for _ in 0..<count {
      time += configuration.period
      channel.carry(to: time)
      let before = malloc_counter_thread()
      let start = monotonicTime()
      arm.tick(at: time)
      samples.append((monotonicTime() - start) * 1e6)
      allocations += malloc_counter_thread() - before
    }
  }
}
