import Testing

@testable import armctl

/// How long keys count as held, on logical time.
@Suite("Dead-man") struct DeadManTests {
  enum Event: Sendable {
    case down(Double), again(Double), up(Double)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var tellsReleases: Bool
    var events: [Event]
    /// When the key counts as held: from, to [s].
    var held: [ClosedRange<Double>]

    var testDescription: String { what }
  }

  static let cases = [
    Case(what: "a tap", tellsReleases: false, events: [.down(0)], held: [0...0.15]),
    Case(
      what: "held in a slow console: a delay of half a second, then 11 a second", tellsReleases: false,
      events: [.down(0)] + (0..<8).map { .down(0.5 + 0.092 * Double($0)) }, held: [0...0.15, 0.5...(0.5 + 7 * 0.092 + 0.15)]),
    Case(
      what: "held in xterm: 0.66 s, then 25 a second", tellsReleases: false,
      events: [.down(0)] + (0..<20).map { .down(0.66 + 0.04 * Double($0)) }, held: [0...0.15, 0.66...(0.66 + 19 * 0.04 + 0.15)]),
    Case(what: "released at once", tellsReleases: true, events: [.down(0), .up(0.03)], held: [0...0.03]),
    Case(
      what: "held and released", tellsReleases: true, events: [.down(0)] + (0..<20).map { .again(0.66 + 0.04 * Double($0)) } + [.up(1.44)],
      held: [0...1.44]),
    Case(what: "the release is lost", tellsReleases: true, events: [.down(0)], held: [0...0.75]),
    Case(what: "the connection breaks while the key repeats", tellsReleases: true, events: [.down(0), .again(0.5), .again(0.54)], held: [0...0.79]),
  ]

  @Test(arguments: cases) func keysAreHeldSoLong(_ test: Case) {
    var deadMan = DeadMan()
    deadMan.tellsReleases = test.tellsReleases
    var index = 0
    for millisecond in 0..<3000 {
      let time = Double(millisecond) / 1000
      deadMan.pass(to: time)
      while index < test.events.count, Self.time(of: test.events[index]) <= time {
        switch test.events[index] {
        case .down: _ = deadMan.down(.up, at: time)
        case .again: _ = deadMan.down(.up, isAgain: true, at: time)
        case .up: _ = deadMan.up(.up)
        }
        index += 1
      }
      // A millisecond of grace at each end.
      let isSure = test.held.allSatisfy { abs(time - $0.lowerBound) > 0.0015 && abs(time - $0.upperBound) > 0.0015 }
      if isSure { #expect(!deadMan.isIdle == test.held.contains { $0.contains(time) }, "at \(time) s") }
    }
  }

  private static func time(of event: Event) -> Double {
    switch event {
    case .down(let time), .again(let time), .up(let time): time - 1e-9
    }
  }

  @Test func severalKeysAreHeldWhereReleasesAreTold() {
    var deadMan = DeadMan()
    deadMan.tellsReleases = true
    #expect(deadMan.down(.up, at: 0) == true)
    #expect(deadMan.down(.left, at: 0.1) == true)
    // Only the last one repeats, for both.
    for step in 0..<20 {
      let time = 0.6 + 0.1 * Double(step)
      deadMan.pass(to: time)
      _ = deadMan.down(.left, isAgain: true, at: time)
    }
    #expect(deadMan.keys == [.up, .left])
    #expect(deadMan.up(.left) == true)
    #expect(deadMan.keys == [.up])
    // Nobody repeats now: the other one is let go soon.
    deadMan.pass(to: 2.8)
    #expect(deadMan.isIdle)
  }

  @Test func anotherKeyTakesOverWhereReleasesAreNotTold() {
    var deadMan = DeadMan()
    _ = deadMan.down(.up, at: 0)
    #expect(deadMan.down(.left, at: 0.1) == true)
    #expect(deadMan.keys == [.left])
  }
}
