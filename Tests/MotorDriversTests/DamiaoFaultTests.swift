import MotorDrivers
import TestSupport
import Testing

/// What motors do to a bus: faults, and going off by themselves. On logical time.
@Suite struct DamiaoFaultTests {
  struct FaultCase: CustomTestStringConvertible, Sendable {
    let status: Damiao.Status
    let fault: MotorFaults
    var testDescription: String { "\(status)" }
  }

  static let faults = [
    FaultCase(status: .sensor, fault: .sensor), FaultCase(status: .parameter, fault: .parameter),
    FaultCase(status: .overVoltage, fault: .overVoltage), FaultCase(status: .underVoltage, fault: .underVoltage),
    FaultCase(status: .overCurrent, fault: .overCurrent), FaultCase(status: .driverOverTemperature, fault: .overTemperature),
    FaultCase(status: .windingOverTemperature, fault: .overTemperature), FaultCase(status: .communicationLost, fault: .communicationLost),
    FaultCase(status: .overload, fault: .overload),
  ]

  @Test(arguments: faults) func aMotorsFaultIsLatchedAndClearedByAReset(example: FaultCase) throws {
    var bench = try DamiaoBench.holding()
    bench.channel.motors[3].status = example.status
    bench.channel.motors[3].cause = true
    try bench.tick(.position(0, velocity: 0), count: 4)
    #expect(bench.states.map(\.faults) == [[], [], [], example.fault, [], [], []])
    bench.channel.motors[3].impedances.removeAll()
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.channel.motors[3].impedances.isEmpty, "a motor that has let go is only asked")
    #expect(bench.states[3].missedReplies == 0)

    // While the cause is there a reset is in vain.
    bench.bus.clearFaults()
    try bench.tick(.position(0, velocity: 0), count: 40)
    #expect(bench.states[3].faults == example.fault)

    bench.channel.motors[3].cause = false
    bench.channel.motors[3].timeout = 0
    bench.bus.clearFaults()
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.states[3].faults.isEmpty && bench.channel.motors[3].status == .enabled)
    #expect(bench.channel.motors[3].timeout == 1_000, "armed anew before it was switched on")
  }

  @Test func aMotorThatGoesOffByItselfStaysOffUntilAReset() throws {
    var bench = try DamiaoBench.holding()
    bench.channel.motors[5].status = .disabled
    bench.channel.motors[5].timeout = 0
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.states[5].faults == .switchedOff && bench.channel.motors[5].status == .disabled)
    bench.bus.clearFaults()
    try bench.tick(.position(0, velocity: 0), count: 20)
    #expect(bench.states[5].faults.isEmpty && bench.channel.motors[5].status == .enabled && bench.channel.motors[5].timeout == 1_000)
  }

  /// Clear, arm, verify, enable: a tick each, and one for the answer.
  @Test func aResetTakesAllMotorsUpWithinFiveTicks() throws {
    var bench = try DamiaoBench.holding()
    for index in 0..<7 { bench.channel.motors[index].status = .communicationLost }
    try bench.tick(.position(0, velocity: 0), count: 20)
    bench.bus.clearFaults()
    try bench.tick(.position(0, velocity: 0), count: 5)
    #expect(bench.channel.motors.allSatisfy { $0.status == .enabled })
  }

  @Test func aMotorThatDoesNotSwitchOnIsAFault() throws {
    var bench = DamiaoBench(ids: [1])
    try bench.bus.connect()
    try bench.tick(.off, count: 5)
    bench.channel.losesRequest = { Damiao.Command($0) == .enable }
    try bench.tick(.position(0, velocity: 0), count: 120)
    #expect(bench.states[0].faults == .switchedOff)
  }

  @Test func aWatchdogThatIsNotKeptIsNeverSwitchedOn() throws {
    var bench = try DamiaoBench.holding(ids: [1, 2])
    bench.channel.motors[1].status = .disabled
    bench.channel.motors[1].keepsTimeout = false
    bench.channel.motors[1].timeout = 0
    try bench.tick(.position(0, velocity: 0), count: 10)
    bench.bus.clearFaults()
    try bench.tick(.position(0, velocity: 0), count: 100)
    #expect(bench.channel.motors[1].status == .disabled && bench.channel.motors[0].status == .enabled)
  }
}
