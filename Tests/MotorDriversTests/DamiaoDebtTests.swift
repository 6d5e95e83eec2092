import MotorDrivers
import TestSupport
import Testing

/// When a Damiao motor is asked a question in place of a command, on logical time.
@Suite struct DamiaoDebtTests {
  /// A question takes the place of a command: on a line that jitters and loses nothing few are asked.
  @Test func jitterCostsFewCommands() throws {
    var bench = try DamiaoBench.holding(), random = SeededGenerator(seed: 5)
    let before = bench.channel.motors.map(\.impedances.count), count = 1000
    for _ in 0..<count {
      bench.channel.latency = .random(in: 0.0005...0.0035, using: &random)
      try bench.tick(.position(0, velocity: 0))
    }
    let told = zip(bench.channel.motors, before).map { $0.impedances.count - $1 }
    #expect(told.reduce(0, +) >= 7 * count - 80, "\(told)")
    #expect(bench.bus.statistics.missed == 0)
  }

  /// Jitter hides a loss for a while, and what comes then counts as older than it is: not for long.
  @Test func onALineThatJittersLossesAreFoundAllTheSame() throws {
    var bench = try DamiaoLineTests.turningBench(), random = SeededGenerator(seed: 6), misdating = 0.0
    let channel = bench.channel, count = 2000
    channel.loses = { _ in Double.random(in: 0..<1, using: &random) < 0.01 }
    for _ in 0..<count {
      channel.latency = .random(in: 0.0005...0.0035, using: &random)
      try bench.tick()
      DamiaoLineTests.expectTrueAges(bench)
      // These motors measure when they are asked, and turn by 2 rad/s at least.
      for state in bench.states { misdating += max(0, state.position - DamiaoLineTests.motion(state.sampleTime ?? 0)) / 2 }
    }
    misdating /= Double(7 * count)
    #expect(misdating < 0.0004, "\(misdating) s on the average")
    #expect(abs(Double(bench.bus.statistics.missed) / Double(7 * count) - 0.01) < 0.005)
  }

  /// One answer lost where jitter was taken for honest before: found within 25 ticks, whoever else is silent, and after a new connection too.
  @Test(arguments: [(isAnotherSilent: false, isConnectedAnew: false), (true, false), (false, true)])
  func aLossThatLooksLikeJitterIsFound(_ line: (isAnotherSilent: Bool, isConnectedAnew: Bool)) throws {
    var bench = try DamiaoLineTests.turningBench()
    let channel = bench.channel
    if line.isConnectedAnew {
      try bench.tick(.off, count: 400)
      bench.bus.disconnect()
      try bench.bus.connect()
    }
    try bench.tick(.off, count: 10)
    channel.latency = 0.003
    try bench.tick(.off, count: 20)
    channel.latency = 0.0005
    try bench.tick(.off, count: 10)
    channel.motors[3].isSilent = line.isAnotherSilent
    var isLost = false
    channel.loses = { frame in
      guard frame.identifier == 0x15, !isLost else { return false }
      isLost = true
      return true
    }
    try bench.tick(.off, count: 35)
    #expect(isLost)
    for _ in 0..<20 {
      try bench.tick()
      DamiaoLineTests.expectTrueAges(bench)
      let state = bench.states[4]
      #expect(abs(channel.now - (state.sampleTime ?? 0) - DamiaoBench.period) < 1e-9, "\(channel.now - (state.sampleTime ?? 0)) s old")
    }
  }
}
