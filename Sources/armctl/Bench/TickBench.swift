internal import CMallocCounter
internal import Control
internal import Kinematics
internal import MotorDrivers
internal import Planner
internal import Simulator

/// What a control tick costs: the whole of it, from the bytes that came to the bytes that go, on the emulated arm in lockstep.
struct TickBench {
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

  /// Moves, a stop, refused requests, a fault and a reset; `count` ticks of moving in all.
  mutating func run(count: Int) -> Measurement {
    tick(100)
    _ = arm.post(.hold)
    tick(100)
    samples.removeAll(keepingCapacity: true)
    allocations = 0
    var job = 0
    while samples.count < count {
      job += 1
      let start = arm.snapshot.setpoint
      let poses = configuration.poses
      let target = poses[job % poses.count].position
      guard let motion = try? Trajectory.jointMove(from: start, to: target, limits: configuration.limits) else { break }
      withExtendedLifetime(motion) {
        _ = arm.post(.follow(motion, job: job))
        tick(min(400, Int(motion.duration / configuration.period) / 2 + 1))
        _ = arm.post(.follow(motion, job: job))  // refused: the arm is moving
        _ = arm.post(.cancel(job: -1))  // refused: no such job
        tick(50)
        arm.stop()
        tick(400)
      }
      if job % 4 == 0 { loseAndRegainTheLine() }
      while arm.nextEvent() != nil {}
    }
    return Measurement("tick.compute", samples: samples, unit: "µs", allocations: Double(allocations) / Double(samples.count))
  }

  /// A fault, and a reset from it.
  private mutating func loseAndRegainTheLine() {
    channel.isUnplugged = true
    tick(50)
    channel.isUnplugged = false
    channel.isDirect = true
    try? arm.connect()
    channel.isDirect = false
    time = max(time, channel.now)
    tick(50)
    _ = arm.post(.reset)
    tick(400)
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
