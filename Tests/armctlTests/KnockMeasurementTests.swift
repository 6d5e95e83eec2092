import Control
import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import armctl

/// The figures of a knock, read off motions of which mechanics knows them.
@Suite struct KnockMeasurementTests {
  static let onset = 10.0, period = 0.002

  /// A tool that swings along x as told, its joints as they stand.
  private static func trace(
    _ scene: KnockScene, at q: JointVector, seconds: Double = 3, energy: (Double) -> Double = { _ in 0 }, place: (Double) -> Double
  ) -> KnockTrace {
    var trace = KnockTrace()
    let pose = scene.model.pose(at: q), still = JointVector(count: q.count)
    for tick in -5...Int(seconds / period) {
      let time = Double(tick) * period
      var tool = pose
      if time > 0 { tool.translation.x += place(time) }
      trace.append(
        KnockTrace.Sample(
          time: onset + time, position: q, velocity: still, motorEffort: still, tool: tool, touched: tool.translation,
          kineticEnergy: energy(time), force: .zero, demandShare: 0.1, mode: .hold, setpoint: q, external: still, progress: 0))
    }
    return trace
  }

  private static func result(_ trace: KnockTrace, _ scene: KnockScene, at q: JointVector, energy: Double = 0) -> KnockResult {
    KnockMeasurement(
      trace: trace, scene: scene, place: .tool, reference: KnockReference(along: [q], kineticEnergy: energy, model: scene.model),
      touchedReference: [], onset: onset, contactEnd: onset + 0.02
    ).result
  }

  private static func openArm() throws -> (scene: KnockScene, q: JointVector) {
    let scene = try KnockScene(ArmConfiguration.load(packageFile("Robots/openarm/arm.yaml")))
    return (scene, scene.stands[0].position)
  }

  /// 2 kg that are given 2 N·s against 30 or 100 N/m, critically damped: x = v₀ t e^(−ωt), at most v₀/(e ω).
  @Test(arguments: [(30.0, 0.0950, 1.76), (100, 0.0520, 0.962)])
  func aCriticallyDampedKnock(stiffness: Double, peak: Double, tail: Double) throws {
    let (scene, q) = try Self.openArm(), omega = (stiffness / 2).squareRoot()
    let found = Self.result(Self.trace(scene, at: q) { $0 * exp(-omega * $0) }, scene, at: q)
    #expect(abs(found.travel - peak) < 3e-4)
    #expect(found.overshoot == 0)
    // The 2 mm are where t e^(−ωt) falls to them; 2 % of the peak, 6.8/ω, is nearly the same.
    let recovery = try #require(found.recovery)
    #expect(abs(recovery * exp(-omega * recovery) - 0.002) < 2e-5)
    #expect(abs(recovery / tail - 1) < 0.12)
    #expect(found.hasResumed && !found.crossesLimit)
  }

  /// An underdamped one overshoots by e^(−πζ/√(1−ζ²)) of what an undamped one would, here of its first peak from there on.
  @Test(arguments: [0.3, 0.5, 0.7]) func anUnderdampedKnockOvershoots(damping: Double) throws {
    let (scene, q) = try Self.openArm(), omega = 8.0, root = (1 - damping * damping).squareRoot()
    let found = Self.result(Self.trace(scene, at: q) { exp(-damping * omega * $0) * sin(omega * root * $0) / (omega * root) }, scene, at: q)
    #expect(abs(found.overshoot - exp(-.pi * damping / root)) < 2e-3)
  }

  @Test func whatDoesNotComeBackHasNoRecovery() throws {
    let (scene, q) = try Self.openArm()
    #expect(Self.result(Self.trace(scene, at: q) { min(0.1, $0) }, scene, at: q).recovery == nil)
    #expect(Self.result(Self.trace(scene, at: q) { _ in 0.0019 }, scene, at: q).recovery == 0)
  }

  @Test func energyAfterTheContactIsComparedWithItsEndAndTheJob() throws {
    let (scene, q) = try Self.openArm()
    func excess(job: Double) -> Double {
      let trace = Self.trace(scene, at: q, energy: { $0 < 0.02 ? 5 * $0 / 0.02 : $0 < 1 ? 1 : 1.6 }) { _ in 0.01 }
      return Self.result(trace, scene, at: q, energy: job).energyExcess
    }
    #expect(abs(excess(job: 0) - 0.6) < 1e-9)
    #expect(abs(excess(job: 1.4) - 0.2) < 1e-9)
    #expect(excess(job: 2) == 0)
  }

  /// Deviation from a job's way is measured across it, wherever along it the tool is.
  @Test func aWayIsMeasuredAcross() throws {
    let (scene, q) = try Self.openArm()
    let way = (0...50).map { q + (0.01 * Double($0)) * JointVector([0, 1, 0, -1, 0, 0, 0]) }
    let reference = KnockReference(along: way, kineticEnergy: 0, model: scene.model)
    for share in [3.0, 17.4, 42.7] {
      let on = q + (0.01 * share) * JointVector([0, 1, 0, -1, 0, 0, 0]), pose = scene.model.pose(at: on)
      let (offset, angle) = reference.deviation(of: pose)
      #expect(offset.length < 2e-5 && angle < 1e-4)
      // Across: at a right angle to the way there.
      let next = scene.model.pose(at: on + 0.001 * JointVector([0, 1, 0, -1, 0, 0, 0])).translation - pose.translation
      let side = cross(next, SIMD3(0, 0, 1)) / cross(next, SIMD3(0, 0, 1)).length
      let away = reference.deviation(of: Pose(rotation: pose.rotation, translation: pose.translation + 0.01 * side))
      #expect(abs(away.offset.length - 0.01) < 2e-5)
    }
  }
}
