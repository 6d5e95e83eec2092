import Control
import Dispatch
import Testing

@Suite struct ControlLoopTests {
  /// Runs the loop until the buses have been written `count` times.
  private func run(_ loop: ControlLoop, _ rig: ArmRig, ticks count: Int) {
    let done = DispatchSemaphore(value: 0)
    var left = count
    rig.buses[1].afterSend = {
      left -= 1
      if left == 0 { done.signal() }
    }
    _ = loop.start()
    done.wait()
    loop.stop()
  }

  @Test func ticksAndStops() {
    let rig = ArmRig()
    let loop = ControlLoop(arm: rig.arm, period: TestArm.period)
    run(loop, rig, ticks: 30)
    let stopped = rig.snapshot.tick
    #expect(stopped >= 30)
    #expect(loop.wakeUps.total == stopped && rig.arm.tickDurations.total == stopped)
    #expect(rig.arm.recorder.last(seconds: 1).count == stopped)
    loop.stop()
    #expect(rig.snapshot.tick == stopped)
  }

  @Test func startsAgain() {
    let rig = ArmRig()
    let loop = ControlLoop(arm: rig.arm, period: TestArm.period)
    run(loop, rig, ticks: 5)
    let first = rig.snapshot.tick
    run(loop, rig, ticks: 5)
    #expect(rig.snapshot.tick >= first + 5)
  }

  /// Ticks are due on one grid, however late each came, and what was left out is counted.
  @Test func ticksAreDueWholePeriodsApart() {
    let rig = ArmRig()
    let loop = ControlLoop(arm: rig.arm, period: TestArm.period)
    run(loop, rig, ticks: 50)
    let times = rig.arm.recorder.last(seconds: 2).map { $0.time - $0.wakeUp }
    var swallowed = 0
    for (before, after) in zip(times, times.dropFirst()) {
      let periods = (after - before) / TestArm.period
      #expect((periods - periods.rounded()).magnitude < 1e-3 && periods > 0.5)
      swallowed += Int(periods.rounded()) - 1
    }
    #expect(swallowed <= loop.missedTicks)
  }
}
