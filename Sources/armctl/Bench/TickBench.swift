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

  /// - Parameter fences: What the loop keeps the arm out of.
  /// - Throws: ``BusError`` where the emulated arm does not answer, which would be a defect.
  init(configuration: ArmConfiguration, fences: [Fence] = []) throws {
    self.configuration = configuration
    channel = StoringChannel(line: LockstepChannel(arm: configuration.emulatedArm()))
    let channel = channel
    var settings = configuration.controlSettings(outline: fences.isEmpty ? nil : try configuration.collisionModel())
    settings.fences = fences
    arm = ControlledArm(
      core: ControlCore(model: configuration.model, settings: settings), wiring: configuration.wiring,
      buses: configuration.makeBuses { _ in channel })
    try arm.connect()
    channel.isDirect = false
    time = channel.now
    samples.reserveCapacity(100_000)
  }

  /// Moves with changes of pace, retargeting, streams, a stop, refused requests, a fault and a reset; `count` ticks in all.
  mutating func run(count: Int, name: String = "tick.compute") -> Measurement {
    tick(100)
    _ = arm.post(.hold)
    tick(100)
    // The runtime prepares each generic type when it is first used; once in a program's life.
    for job in 1...4 { exercise(job) }
    samples.removeAll(keepingCapacity: true)
    allocations = 0
    var job = 4
    while samples.count < count {
      job += 1
      exercise(job)
    }
    return Measurement(name, samples: samples, unit: "µs", allocations: Double(allocations) / Double(samples.count))
  }

  /// Half a move, requests that are refused, changes of pace, another target, a stop, a stream; every fourth time a fault and a reset as well.
  private mutating func exercise(_ job: Int) {
    let start = arm.snapshot.setpoint
    let target = configuration.poses[job % configuration.poses.count].position
    if let motion = try? Trajectory.jointMove(from: start, to: target, limits: configuration.limits) {
      withExtendedLifetime(motion) {
        _ = arm.post(.follow(motion, job: job))
        tick(min(400, Int(motion.duration / configuration.period) / 2 + 1))
        _ = arm.post(.follow(motion, job: job))  // refused: the arm is moving
        _ = arm.post(.cancel(job: -1))  // refused: no such job
        tick(50)
        changeThePace()
        _ = arm.post(.goTo(start, speed: 0.8, job: -job))
        tick(150)
        arm.stop()
        tick(400)
      }
    }
    stream(job)
    if job.isMultiple(of: 4) { loseAndRegainTheLine() }
    while arm.nextEvent() != nil {}
  }

  private mutating func changeThePace() {
    _ = arm.post(.setSpeed(0.5))
    tick(60)
    _ = arm.post(.pause)
    tick(100)
    _ = arm.post(.resume(.back))
    tick(60)
    _ = arm.post(.setSpeed(1))
    _ = arm.post(.resume(.forward))
    tick(60)
  }

  /// Streams of twists among what stands around the arm, which slow down before it and stop; `count` ticks in all.
  mutating func runStreams(among proximity: Proximity, count: Int) -> Measurement {
    // Held for longer than the loop uses it.
    let box = Handover(proximity)
    return withExtendedLifetime(box) {
      tick(100)
      _ = arm.post(.hold)
      _ = arm.post(.surround(box))
      tick(100)
      for index in 0..<12 { streamAway(index) }
      samples.removeAll(keepingCapacity: true)
      allocations = 0
      var index = 12
      while samples.count < count {
        streamAway(index)
        index += 1
      }
      return Measurement("tick.proximity", samples: samples, unit: "µs", allocations: Double(allocations) / Double(samples.count))
    }
  }

  /// In one of six directions for half a second.
  private mutating func streamAway(_ index: Int) {
    var linear = SIMD3<Double>.zero
    linear[index % 3] = index / 3 % 2 == 0 ? 0.1 : -0.1
    for _ in 0..<Int(0.5 / configuration.period) {
      _ = arm.post(.servo(.twist(Twist(linear: linear), .base)))
      tick(1)
    }
    while arm.nextEvent() != nil {}
  }

  /// A command at every tick for a while, and then silence.
  private mutating func stream(_ job: Int) {
    let pose = configuration.model.pose(at: arm.snapshot.setpoint)
    for index in 0..<60 {
      switch job % 4 {
      case 0: _ = arm.post(.servo(.rates(JointVector(repeating: 0.2, count: configuration.model.jointCount))))
      case 1: _ = arm.post(.servo(.twist(Twist(linear: [0, 0.05, 0.02]), .tool)))
      case 2: _ = arm.post(.servo(.pose(Pose(rotation: pose.rotation, translation: pose.translation + [0, 0, 1e-4 * Double(index)]))))
      default: _ = arm.post(.servo(.position(configuration.poses[0].position)))
      }
      tick(1)
    }
    tick(300)
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

extension Fence {
  /// A floor, a wall and a slow zone, all far away: watching them costs what it costs anywhere.
  static let distant = [
    Fence(name: "floor", baseFromFence: Pose(translation: [0, 0, -20]), halfExtents: nil),
    Fence(name: "wall", baseFromFence: Pose(translation: [20, 0, 0]), halfExtents: [1, 10, 10]),
    Fence(name: "people", rule: .slow(0.1), baseFromFence: Pose(translation: [-20, 0, 0]), halfExtents: [1, 10, 10]),
  ]
}
