import Control
import Kinematics
import Planner

/// The control core with an arm that is where it is told to be.
struct CoreRig {
  var core: ControlCore
  var input = ControlInput(jointCount: 6)
  var time = 100.0
  /// Joints that are not heard.
  var silent: Set<Int> = []
  /// Joints that do not move.
  var blocked: Set<Int> = []
  private(set) var events: [ControlEvent] = []
  private(set) var output: ControlOutput?

  init(settings: ControlSettings = TestArm.settings, at position: JointVector = TestArm.home) {
    core = ControlCore(model: TestArm.model, settings: settings)
    input.position = position
    tick()
  }

  /// Switched on and at rest.
  static var holding: CoreRig {
    var rig = CoreRig()
    rig.tick(.hold)
    return rig
  }

  /// In the midst of ``TestArm/move``, as job 1.
  static var moving: CoreRig {
    var rig = holding
    rig.tick(.follow(TestArm.move, job: 1))
    rig.tick(count: 200)
    return rig
  }

  /// One tick, with requests or a stop taken in between its halves.
  mutating func tick(_ requests: ControlRequest..., stop: Bool = false) {
    time += TestArm.period
    for joint in 0..<6 {
      if let output, output.isPowered, !blocked.contains(joint) { input.position[joint] = output.setpoint[joint] }
      if !silent.contains(joint) { input.sampleTime[joint] = time }
    }
    core.sense(input, time: time)
    if stop { core.stop() }
    for request in requests { core.accept(request) }
    output = core.act()
    events += core.events.all
    core.events.removeAll()
  }

  mutating func tick(count: Int) { for _ in 0..<count { tick() } }

  /// Ticks until the setpoint stands still; an arm that never does is stopped from going on for ever.
  mutating func settle() {
    for _ in 0..<10_000 {
      tick()
      if core.isAtRest || core.mode == .float { return }
    }
  }

  mutating func takeEvents() -> [ControlEvent] {
    defer { events = [] }
    return events
  }
}
