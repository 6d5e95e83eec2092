internal import Control
internal import Kinematics
internal import Simulator

/// What a control tick costs with everything on: an arm of torque motors that is hit again and again, on the emulated bus in lockstep.
struct ComplianceBench {
  private let timed: TimedArm
  private var arm: ControlledArm { timed.arm }
  private var configuration: ArmConfiguration { timed.configuration }

  /// - Throws: ``BusError`` where the emulated arm does not answer, which would be a defect.
  init(configuration: ArmConfiguration) throws { timed = try TimedArm(configuration: configuration) }

  /// Yields, returns, floats and holds; `count` ticks in all.
  func run(count: Int) -> Measurement {
    timed.hold()
    return timed.measure("tick.compliance", count: count, warmUp: 3, exercise: exercise)
  }

  private func exercise(_ index: Int) {
    hit(index)
    timed.tick(40)
    // Once more on its way.
    hit(index + 1)
    timed.tick(600)
    _ = arm.post(.float)
    timed.tick(100)
    _ = arm.post(.hold)
    timed.tick(200)
    while arm.nextEvent() != nil {}
  }

  /// A fifth of what the joints may do, for 20 ms.
  private func hit(_ index: Int) {
    var effort = 0.2 * configuration.limits.effort
    for joint in effort.indices where (index >> (joint % 3)) & 1 == 1 { effort[joint] = -effort[joint] }
    timed.channel.line.arm.plant.externalEffort = effort
    timed.tick(max(1, Int(0.02 / configuration.period)))
    timed.channel.line.arm.plant.externalEffort = 0 * effort
  }
}
