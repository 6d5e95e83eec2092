import CMallocCounter
import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Control

/// What the motors are asked for where joints have to brake.
@Suite struct EffortAllocationTests {
  private static let limit: JointVector = [40, 40, 27, 27, 7, 7, 7]

  private static func arm(using draws: inout SeededGenerator) throws -> (allocation: EffortAllocation, velocity: JointVector) {
    let limits = OpenArm.model.limits
    let q = JointVector(zip(limits.lower, limits.upper).map { .random(in: $0...$1, using: &draws) })
    let mobility = try #require(OpenArm.model.inverseMassMatrix(at: q, armature: JointVector(repeating: 0.01, count: 7)))
    return (EffortAllocation(mobility: mobility, limit: limit), JointVector((0..<7).map { _ in .random(in: -3...3, using: &draws) }))
  }

  private static func efforts(share: Double, using draws: inout SeededGenerator) -> JointVector {
    JointVector(limit.map { .random(in: -share * $0...share * $0, using: &draws) })
  }

  @Test func whatCanBeDoneIsDone() throws {
    var draws = SeededGenerator(seed: 1)
    for _ in 0..<caseCount(100) {
      let (allocation, velocity) = try Self.arm(using: &draws), wanted = Self.efforts(share: 1, using: &draws), none = JointVector(count: 7)
      #expect(allocation.efforts(wanted: wanted, braking: none, urgency: none, velocity: velocity, carried: none) == wanted)
    }
  }

  /// A joint that brakes asks nothing of the others' motors, and gets what it has to have.
  @Test func aJointBrakesAlone() throws {
    var draws = SeededGenerator(seed: 2)
    for _ in 0..<caseCount(100) {
      let (allocation, velocity) = try Self.arm(using: &draws), wanted = Self.efforts(share: 0.3, using: &draws), none = JointVector(count: 7)
      let joint = Int.random(in: 0..<7, using: &draws)
      var braking = none, urgency = none
      braking[joint] = .random(in: -0.5...0.5, using: &draws) * Self.limit[joint] * allocation.mobility[joint, joint]
      urgency[joint] = 1
      let efforts = allocation.efforts(wanted: wanted, braking: braking, urgency: urgency, velocity: velocity, carried: none)
      let added = efforts - wanted, gained = (allocation.mobility * added)[joint]
      #expect(abs(gained - braking[joint]) <= 0.04 * abs(braking[joint]))
      for other in 0..<7 where other != joint { #expect(abs(added[other]) <= 1e-3 * Self.limit[other]) }
    }
  }

  /// No motor is asked for more than it can do, whatever is wanted.
  @Test func noMotorIsAskedForMoreThanItCanDo() throws {
    var draws = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(200) {
      let (allocation, velocity) = try Self.arm(using: &draws), wanted = Self.efforts(share: 2, using: &draws)
      let braking = JointVector((0..<7).map { _ in .random(in: -2000...2000, using: &draws) })
      let urgency = JointVector((0..<7).map { _ in .random(in: 0...1, using: &draws) })
      let efforts = allocation.efforts(
        wanted: wanted, braking: braking, urgency: urgency, velocity: velocity, carried: JointVector(count: 7))
      for joint in 0..<7 { #expect(abs(efforts[joint]) <= Self.limit[joint] + 1e-9) }
    }
  }

  /// A wrist that its own motor cannot brake is helped by the others, who put no energy into the arm by it.
  @Test func othersHelpWithoutAddingEnergy() throws {
    var draws = SeededGenerator(seed: 4), helped = 0
    for _ in 0..<caseCount(200) {
      let (allocation, _) = try Self.arm(using: &draws), none = JointVector(count: 7)
      var velocity = none, braking = none, urgency = none
      velocity[5] = 30
      braking[5] = -2 * Self.limit[5] * allocation.mobility[5, 5]
      urgency[5] = 1
      let efforts = allocation.efforts(wanted: none, braking: braking, urgency: urgency, velocity: velocity, carried: none)
      #expect(efforts.dot(velocity) <= 2e-4 * Self.limit[5] * 30 + 1e-9)
      let alone = -Self.limit[5] * allocation.mobility[5, 5], together = (allocation.mobility * efforts)[5]
      #expect(together <= alone + 1e-6)
      if together < 1.05 * alone { helped += 1 }
    }
    #expect(helped > caseCount(200) / 2)
  }

  /// Of all that the motors can do without putting energy into the arm, nothing leaves less to be desired.
  @Test func nothingAffordableIsBetter() throws {
    var draws = SeededGenerator(seed: 5), priced = 0
    for _ in 0..<caseCount(60) {
      let (allocation, _) = try Self.arm(using: &draws), none = JointVector(count: 7), m = allocation.mobility
      let velocity = JointVector((0..<7).map { .random(in: -4...4, using: &draws) * ($0 > 3 ? 5 : 1) })
      var braking = none, urgency = none
      for joint in 4..<7 where Bool.random(using: &draws) {
        braking[joint] = -.random(in: 0.5...4, using: &draws) * Self.limit[joint] * m[joint, joint] * (velocity[joint] < 0 ? -1 : 1)
        urgency[joint] = .random(in: 0.2...1, using: &draws)
      }
      func cost(_ x: JointVector) -> Double {
        let moved = m * x
        return (0..<7).reduce(0.5 * x.dot(moved)) {
          let weight = urgency[$1] / (1.03 - urgency[$1]) / m[$1, $1], lacking = moved[$1] - braking[$1]
          return $0 + 0.5 * weight * lacking * lacking
        }
      }
      let found = allocation.efforts(wanted: none, braking: braking, urgency: urgency, velocity: velocity, carried: none)
      let slack = 2e-4 * (0..<7).reduce(0) { $0 + velocity[$1].magnitude * Self.limit[$1] }
      #expect(found.dot(velocity) <= slack + 1e-9)
      if found.dot(velocity) > -150 * slack - 1 { priced += 1 }
      for _ in 0..<200 {
        let size = pow(10, .random(in: -3 ... -0.5, using: &draws))
        let other = JointVector((0..<7).map { found[$0] + .random(in: -size...size, using: &draws) * Self.limit[$0] })
          .clamped(lower: -1 * Self.limit, upper: Self.limit)
        if other.dot(velocity) <= min(0, found.dot(velocity)) { #expect(cost(other) >= cost(found) * (1 - 1e-3) - 1e-6) }
      }
    }
    #expect(priced > caseCount(60) / 10)
  }

  /// Help that has to be paid for takes the most steps of all that a tick may come by.
  @Test(.enabled(if: TickAllocationTests.isOptimised, "without optimisation the compiler's temporaries are on the heap"))
  func paidHelpAllocatesNothing() throws {
    var draws = SeededGenerator(seed: 6), allocations: UInt64 = 0, paid = 0
    for round in 0..<50 {
      let (allocation, _) = try Self.arm(using: &draws), none = JointVector(count: 7)
      var velocity = none, braking = none, urgency = none
      (velocity[4], velocity[5], velocity[6]) = (-10, 30, 20)
      braking[5] = -4 * Self.limit[5] * allocation.mobility[5, 5]
      urgency[5] = 1
      let before = malloc_counter_thread()
      let efforts = allocation.efforts(wanted: none, braking: braking, urgency: urgency, velocity: velocity, carried: none)
      if round > 0 { allocations += UInt64(malloc_counter_thread() - before) }
      if efforts[5] == -Self.limit[5], efforts.indices.contains(where: { $0 != 5 && efforts[$0].magnitude > 1 }) { paid += 1 }
    }
    #expect(allocations == 0)
    #expect(paid > 25)
  }
}
