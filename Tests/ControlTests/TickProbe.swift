import CMallocCounter
import Control
import Kinematics
import MotorDrivers
import Planner

/// Counts what ticks allocate, over a day in the life of an arm in small: moves, a stop, faults, resets, floating, requests that
/// are refused.
struct TickProbe {
  /// Allocations within ticks, after the first round in which the runtime sets itself up.
  private(set) var allocations = 0
  private(set) var ticks = 0
  /// The events that were seen, to show that all of it happened.
  private(set) var finished = 0, stopped = 0, faults: Set<String> = [], refusals = 0, resets = 0

  private let rig: ArmRig
  private let there = TestArm.move(to: [0.3, 0.2, 1.7, 0.2, 0.2, 0.2])
  private let back = TestArm.move(from: [0.3, 0.2, 1.7, 0.2, 0.2, 0.2], to: TestArm.home)
  /// Kept, so that no tick frees one.
  private var kept: [Trajectory] = []

  private init(vibrations: [VibrationMode?]) {
    var settings = TestArm.settings
    settings.vibrations = vibrations
    rig = ArmRig.holding(settings: settings)
  }

  /// Runs at least `count` ticks.
  static func run(ticks count: Int, vibrations: [VibrationMode?] = TestArm.settings.vibrations) -> TickProbe {
    var probe = TickProbe(vibrations: vibrations)
    probe.round()
    probe.allocations = 0
    probe.ticks = 0
    while probe.ticks < count { probe.round() }
    return probe
  }

  private mutating func round() {
    kept = [there, back]
    request(.follow(there, job: 1), then: 50)
    request(.float, then: 1)
    request(.follow(back, job: 2), then: 1)
    request(.cancel(job: 9), then: 700)
    request(.follow(there, job: 3), then: 2)
    request(.follow(back, job: 4), then: 100)
    rig.arm.stop()
    tick(300)
    home()
    request(.float, then: 2)
    rig.hand[0] = 3
    tick(100)
    rig.hand[0] = 0
    tick(300)
    request(.hold, then: 50)
    home()
    // A silent motor in mid-move.
    request(.follow(there, job: 5), then: 200)
    rig.buses[1].mute = [0]
    tick(100)
    rig.buses[1].mute = []
    tick(300)
    request(.reset, then: 5)
    home()
    // A blocked one.
    request(.follow(there, job: 6), then: 100)
    rig.buses[0].blocked = [0, 1, 2]
    tick(500)
    rig.buses[0].blocked = []
    request(.reset, then: 5)
    home()
    // The emergency stop, and a reset that comes too early.
    request(.follow(there, job: 7), then: 200)
    rig.button.isPressed = true
    tick(20)
    request(.reset, then: 5)
    rig.button.isPressed = false
    tick(5)
    request(.reset, then: 5)
    home()
    // A motor's own fault, noise, and off in mid-move.
    rig.buses[0].faults[0] = .overTemperature
    tick(5)
    rig.buses[0].faults[0] = []
    request(.reset, then: 5)
    rig.buses[1].errorRate = 0.5
    tick(5)
    request(.reset, then: 5)
    request(.follow(there, job: 8), then: 200)
    request(.off, then: 500)
    request(.hold, then: 5)
    home()
  }

  private mutating func home() {
    let way = TestArm.move(from: rig.snapshot.setpoint, to: TestArm.home)
    kept.append(way)
    request(.follow(way, job: 100), then: 700)
  }

  private mutating func request(_ request: ControlRequest, then count: Int) {
    rig.request(request)
    tick(count)
  }

  private mutating func tick(_ count: Int) {
    for _ in 0..<count {
      rig.prepareTick()
      let before = malloc_counter_thread()
      rig.arm.tick(at: rig.time, clock: monotonicTime)
      allocations += Int(malloc_counter_thread() - before)
      ticks += 1
      while let event = rig.arm.nextEvent() { note(event.event) }
    }
  }

  private mutating func note(_ event: ControlEvent) {
    switch event {
    case .finished: finished += 1
    case .interrupted(_, .stop): stopped += 1
    case .faulted(let fault): faults.insert(fault.kind)
    case .refused: refusals += 1
    case .cleared: resets += 1
    default: break
    }
  }
}
