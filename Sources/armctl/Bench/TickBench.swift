internal import Control
internal import Kinematics
internal import Planner

/// What a control tick costs: the whole of it, on the emulated arm in lockstep.
struct TickBench {
  private let timed: TimedArm
  private var arm: ControlledArm { timed.arm }
  private var configuration: ArmConfiguration { timed.configuration }

  /// - Parameter fences: What the loop keeps the arm out of.
  /// - Throws: ``BusError`` where the emulated arm does not answer, which would be a defect.
  init(configuration: ArmConfiguration, fences: [Fence] = []) throws { timed = try TimedArm(configuration: configuration, fences: fences) }

  /// Moves with changes of pace, retargeting, streams, a stop, refused requests, a fault and a reset; `count` ticks in all.
  func run(count: Int, name: String = "tick.compute") -> Measurement {
    timed.hold()
    return timed.measure(name, count: count, warmUp: 4) { exercise($0 + 1) }
  }

  /// Half a move, requests that are refused, changes of pace, another target, a stop, a stream; every fourth time a fault and a reset as well.
  private func exercise(_ job: Int) {
    let start = arm.snapshot.setpoint
    let target = configuration.poses[job % configuration.poses.count].position
    if let motion = try? Trajectory.jointMove(from: start, to: target, limits: configuration.limits) {
      withExtendedLifetime(motion) {
        _ = arm.post(.follow(motion, job: job))
        timed.tick(min(400, Int(motion.duration / configuration.period) / 2 + 1))
        _ = arm.post(.follow(motion, job: job))  // refused: the arm is moving
        _ = arm.post(.cancel(job: -1))  // refused: no such job
        timed.tick(50)
        changeThePace()
        _ = arm.post(.goTo(start, speed: 0.8, job: -job))
        timed.tick(150)
        arm.stop()
        timed.tick(400)
      }
    }
    stream(job)
    if job.isMultiple(of: 4) { loseAndRegainTheLine() }
    while arm.nextEvent() != nil {}
  }

  private func changeThePace() {
    _ = arm.post(.setSpeed(0.5))
    timed.tick(60)
    _ = arm.post(.pause)
    timed.tick(100)
    _ = arm.post(.resume(.back))
    timed.tick(60)
    _ = arm.post(.setSpeed(1))
    _ = arm.post(.resume(.forward))
    timed.tick(60)
  }

  /// Streams of twists among what stands around the arm, which slow down before it and stop; `count` ticks in all.
  func runStreams(among proximity: Proximity, count: Int) -> Measurement {
    // Held for longer than the loop uses it.
    let box = Handover(proximity)
    return withExtendedLifetime(box) {
      timed.hold()
      _ = arm.post(.surround(box))
      timed.tick(100)
      return timed.measure("tick.proximity", count: count, warmUp: 12, exercise: streamAway)
    }
  }

  /// In one of six directions for half a second.
  private func streamAway(_ index: Int) {
    var linear = SIMD3<Double>.zero
    linear[index % 3] = index / 3 % 2 == 0 ? 0.1 : -0.1
    for _ in 0..<Int(0.5 / configuration.period) {
      _ = arm.post(.servo(.twist(Twist(linear: linear), .base)))
      timed.tick(1)
    }
    while arm.nextEvent() != nil {}
  }

  /// A command at every tick for a while, and then silence.
  private func stream(_ job: Int) {
    let pose = configuration.model.pose(at: arm.snapshot.setpoint)
    for index in 0..<60 {
      switch job % 4 {
      case 0: _ = arm.post(.servo(.rates(JointVector(repeating: 0.2, count: configuration.model.jointCount))))
      case 1: _ = arm.post(.servo(.twist(Twist(linear: [0, 0.05, 0.02]), .tool)))
      case 2: _ = arm.post(.servo(.pose(Pose(rotation: pose.rotation, translation: pose.translation + [0, 0, 1e-4 * Double(index)]))))
      default: _ = arm.post(.servo(.position(configuration.poses[0].position)))
      }
      timed.tick(1)
    }
    timed.tick(300)
  }

  /// A fault, and a reset from it.
  private func loseAndRegainTheLine() {
    timed.channel.isUnplugged = true
    timed.tick(50)
    timed.channel.isUnplugged = false
    timed.reconnect()
    timed.tick(50)
    _ = arm.post(.reset)
    timed.tick(400)
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
