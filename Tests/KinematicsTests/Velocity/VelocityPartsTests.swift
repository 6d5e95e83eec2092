import Foundation
import TestSupport
import Testing

@testable import Kinematics

/// The pieces that velocity kinematics is made of, each against its definition.
@Suite struct VelocityPartsTests {
  @Test func brakingEndsJustInTime() {
    var random = SeededGenerator(seed: 90)
    for _ in 0..<caseCount(1_000) {
      let distance = pow(10, random.number(in: -8...1)), acceleration = pow(10, random.number(in: -1...2)), period = random.number(in: 5e-4...0.02)
      func travel(_ speed: Double) -> Double {
        var speed = speed, travelled = 0.0
        while speed > 0 {
          travelled += speed * period
          speed -= acceleration * period
        }
        return travelled
      }
      let speed = brakingSpeed(distance: distance, acceleration: acceleration, period: period)
      #expect(travel(speed * (1 - 1e-9)) <= distance * (1 + 1e-9))
      #expect(travel(speed * (1 + 1e-6)) > distance)
    }
    #expect(brakingSpeed(distance: -1, acceleration: 1, period: 1) == 0)
    #expect(brakingSpeed(distance: .infinity, acceleration: 1, period: 1) == .infinity)
    #expect(brakingSpeed(distance: 1, acceleration: .infinity, period: 0.5) == 2)
    for acceleration in [0, -1, .nan] { #expect(brakingSpeed(distance: 1, acceleration: acceleration, period: 0.5) == 0) }
    #expect(brakingSpeed(distance: .nan, acceleration: 1, period: 0.5) == 0)
  }

  /// Against every choice of joints to hold, and at which bound: 3⁴ of them.
  @Test func projectionIsTheNearestPointOfTheBox() {
    var random = SeededGenerator(seed: 91)
    let count = 4
    for _ in 0..<caseCount(100) {
      let rows = (0..<3).map { _ in random.vector(count, in: -1...1) }
      var metric = JointMatrix(count: count), box = VelocityBox(), center = JointScalars(repeating: 0)
      for i in 0..<count {
        for j in 0..<count { metric[i, j] = rows.reduce(i == j ? 1e-3 : 0) { $0 + $1[i] * $1[j] } }
        box.lower[i] = -max(0, random.number(in: -0.3...1))
        box.upper[i] = max(0, random.number(in: -0.3...1))
        center[i] = random.number(in: -2...2)
      }
      func cost(_ x: [Double]) -> Double {
        let d = JointVector((0..<count).map { x[$0] - center[$0] })
        return (metric * d).dot(d)
      }
      var best = Double.infinity
      for code in 0..<81 {
        let choice = (0..<count).map { code / Int(pow(3, Double($0))) % 3 }
        let free = (0..<count).filter { choice[$0] == 0 }
        var x = (0..<count).map { choice[$0] == 1 ? box.lower[$0] : box.upper[$0] }
        let right = free.map { i in
          -(0..<count).filter { choice[$0] != 0 }.reduce(0.0) { $0 + metric[i, $1] * (x[$1] - center[$1]) }
        }
        var reduced = JointMatrix(count: free.count)
        for (i, row) in free.enumerated() { for (j, column) in free.enumerated() { reduced[i, j] = metric[row, column] } }
        if !free.isEmpty, let shift = reduced.solution(of: JointVector(right)) {
          for (i, joint) in free.enumerated() { x[joint] = center[joint] + shift[i] }
        }
        if (0..<count).allSatisfy({ x[$0] >= box.lower[$0] - 1e-12 && x[$0] <= box.upper[$0] + 1e-12 }) { best = min(best, cost(x)) }
      }
      let projection = BoxProjection(of: center, into: box, metric: metric), found = (0..<count).map { projection.point[$0] }
      #expect((0..<count).allSatisfy { found[$0] >= box.lower[$0] && found[$0] <= box.upper[$0] })
      #expect(cost(found) <= best + 1e-9 * max(1, best))
    }
  }

  @Test func directionsMakeUpTheJacobianAndDoNotMix() {
    var random = SeededGenerator(seed: 92)
    for index in 0..<caseCount(200) {
      let rowCount = [6, 5, 3][index % 3], count = 4 + index % 5, dependent = index % 4 == 0
      var rows = InlineArray<6, JointLanes>(repeating: .zero)
      for row in 0..<rowCount { rows[row] = random.vector(count, in: -1...1).lanes }
      if dependent { rows[1] = 2 * rows[0] + 1e-9 * rows[1] }
      let directions = TaskDirections(rows: rows, rowCount: rowCount, jointCount: count)
      #expect(directions.count == min(rowCount, count))
      var rest = rows
      for i in 0..<directions.count {
        for row in 0..<rowCount { rest[row] -= directions.joints[i] * (directions.gain[i] * directions.task[i][row]) }
        #expect(i == 0 || directions.gain[i] <= directions.gain[i - 1])
        for j in 0...i {
          #expect(abs(dot(directions.task[i], directions.task[j]) - (i == j ? 1 : 0)) < 1e-12)
          #expect(abs(dot(directions.joints[i], directions.joints[j]) - (i == j ? 1 : 0)) < 1e-12 + 1e-14 / directions.gain[i])
        }
      }
      #expect((0..<rowCount).allSatisfy { dot(rest[$0], rest[$0]) < 1e-24 })
    }
  }
}
