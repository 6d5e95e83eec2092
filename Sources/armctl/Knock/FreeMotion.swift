internal import Control
internal import Kinematics
internal import Planner
internal import Simulator

/// An arm on errands that nothing touches: at full speed from place to place, taking things up and putting them down. Whatever it takes for a knock
/// is a false alarm.
struct FreeMotion: Sendable {
  let scene: KnockScene
  var conditions = KnockConditions()

  /// How long one stretch of it lasts [s]; stretches run side by side.
  static let stretch = 60.0
  /// What is taken up where the arm's file does not say what may be, as a share of its moving mass.
  private static let loadShare = 0.05
  /// How often something changes hands [s].
  private static let loadTime = 4.0

  struct Finding: Sendable {
    var alarms = 0
    var jobs = 0
    /// [s]
    var time = 0.0
    var faults: [ControlFault] = []
  }

  func run(hours: Double, progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> Finding {
    let count = max(1, Int((hours * 3600 / Self.stretch).rounded()))
    let parts = try parallelMap(Array(0..<count), progress: progress) { try stretch(seed: UInt64($0)) }
    return parts.reduce(into: Finding()) {
      $0.alarms += $1.alarms
      $0.jobs += $1.jobs
      $0.time += $1.time
      $0.faults += $1.faults
    }
  }

  func stretch(seed: UInt64) throws -> Finding {
    var draws = SplitMix64(seed: 0xF4EE + seed), finding = Finding()
    let rig = try KnockRig(scene, at: scene.stands[0].position, conditions: conditions, seed: seed)
    rig.hold()
    let begin = rig.time, mass = scene.controlSettings.compliance?.payload ?? Self.loadShare * scene.model.movingMass
    var nextLoad = begin + Self.loadTime, isLoaded = false
    while rig.time < begin + Self.stretch {
      guard
        let way = try? Trajectory.jointMove(
          from: rig.snapshot.setpoint, to: KnockStand.drawn(for: scene.configuration, using: &draws), limits: scene.configuration.limits)
      else { continue }
      rig.keep(way)
      finding.jobs += 1
      let job = finding.jobs
      rig.request(.follow(way, job: job))
      rig.run(way.duration + 0.1)
      if rig.time >= nextLoad {
        isLoaded.toggle()
        nextLoad += Self.loadTime
        try lift(mass, isUp: isLoaded, with: rig)
      }
      // A false alarm takes its time.
      rig.run(4) { rig.snapshot.isAtRest && rig.snapshot.job == nil }
      if rig.snapshot.mode == .fault {
        finding.faults += [rig.snapshot.fault].compactMap(\.self)
        break
      }
    }
    finding.time = rig.time - begin
    finding.alarms = rig.events.count { $0.event.isKnocked }
    return finding
  }

  /// At rest, as hands do it: the weight comes, or goes, within a tenth of a second.
  private func lift(_ mass: Double, isUp: Bool, with rig: KnockRig) throws {
    for part in 1...10 {
      let share = Double(isUp ? part : 10 - part) / 10
      rig.carry(share > 0 ? try Payload(mass: share * mass, center: [0, 0, 0.03]) : nil)
      rig.run(0.01)
    }
  }
}
