internal import CMallocCounter
internal import Control
internal import MotorDrivers
internal import Planner
internal import Simulator

/// An emulated arm in lockstep, whose ticks are timed: the whole of each, from the bytes that came to the bytes that go.
final class TimedArm {
  let channel: StoringChannel
  let arm: ControlledArm
  let configuration: ArmConfiguration
  private var time = 0.0
  /// [µs]
  private var samples: [Double] = []
  private var allocations: UInt = 0

  /// - Parameter fences: What the loop keeps the arm out of.
  /// - Throws: ``BusError`` where the emulated arm does not answer, which would be a defect.
  init(configuration: ArmConfiguration, fences: [Fence] = []) throws {
    self.configuration = configuration
    channel = StoringChannel(line: LockstepChannel(arm: configuration.emulatedArm()))
    let channel = channel
    var settings = fences.isEmpty ? configuration.controlSettings : configuration.controlSettings(outline: try configuration.collisionModel())
    settings.fences = fences
    arm = ControlledArm(
      core: ControlCore(model: configuration.model, settings: settings), wiring: configuration.wiring,
      buses: configuration.makeBuses { _ in channel })
    try arm.connect()
    channel.isDirect = false
    time = channel.now
    samples.reserveCapacity(100_000)
  }

  /// Ticks until the arm holds itself.
  func hold() {
    tick(100)
    _ = arm.post(.hold)
    tick(300)
  }

  func tick(_ count: Int) {
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

  /// After the line was lost.
  func reconnect() {
    channel.isDirect = true
    try? arm.connect()
    channel.isDirect = false
    time = max(time, channel.now)
  }

  /// Times `count` ticks of `exercise`, which is told how often it has been done; the first `warmUp` times do not count, as the runtime prepares each
  /// generic type when it is first used, once in a program's life.
  func measure(_ name: String, count: Int, warmUp: Int, exercise: (Int) -> Void) -> Measurement {
    for index in 0..<warmUp { exercise(index) }
    samples.removeAll(keepingCapacity: true)
    allocations = 0
    var index = warmUp
    while samples.count < count {
      exercise(index)
      index += 1
    }
    return Measurement(name, samples: samples, unit: "µs", allocations: Double(allocations) / Double(samples.count))
  }
}
