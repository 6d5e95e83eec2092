import Foundation
import Kinematics
import Planner
import TestSupport

/// A question to the online generator.
struct OnlineTask: CustomStringConvertible {
  var start, target: JointSetpoint
  var limits: MotionLimits
  var synchronization = Synchronization.time
  var bindsPosition = true
  /// All numbers are whole.
  var isWhole = false

  var motionTarget: MotionTarget { bindsPosition ? .state(target) : .velocity(target.velocity, acceleration: target.acceleration) }

  func trajectory(comesBack: Bool = false) throws(MotionRefusal) -> OnlineTrajectory {
    try OnlineTrajectory(from: start, to: motionTarget, limits: limits, synchronization: synchronization, comesBack: comesBack)
  }

  /// One joint of it, alone.
  func joint(_ joint: Int) -> Self {
    func only(_ vector: JointVector) -> JointVector { [vector[joint]] }
    func only(_ state: JointSetpoint) -> JointSetpoint {
      JointSetpoint(position: only(state.position), velocity: only(state.velocity), acceleration: only(state.acceleration))
    }
    var task = self
    task.start = only(start)
    task.target = only(target)
    task.limits = MotionLimits(velocity: only(limits.maxVelocity), acceleration: only(limits.maxAcceleration), jerk: only(limits.jerk))
    task.limits.minVelocity = only(limits.minVelocity)
    task.limits.minAcceleration = only(limits.minAcceleration)
    return task
  }

  /// Can be pasted into a test.
  var description: String {
    func text(_ vector: JointVector) -> String { "[" + vector.map { "\($0)" }.joined(separator: ", ") + "]" }
    func text(_ state: JointSetpoint) -> String {
      "JointSetpoint(position: \(text(state.position)), velocity: \(text(state.velocity)), acceleration: \(text(state.acceleration)))"
    }
    return """
      start \(text(start)) target \(text(target)) velocity \(text(limits.minVelocity))…\(text(limits.maxVelocity)) \
      acceleration \(text(limits.minAcceleration))…\(text(limits.maxAcceleration)) jerk \(text(limits.jerk)) \
      \(synchronization) \(bindsPosition ? "position" : "velocity")
      """
  }
}

extension SeededGenerator {
  mutating func normal(_ deviation: Double) -> Double {
    let (u, w) = (Double.random(in: Double.leastNormalMagnitude..<1, using: &self), Double.random(in: 0..<1, using: &self))
    return deviation * (-2 * log(u)).squareRoot() * cos(2 * .pi * w)
  }

  mutating func vector(_ count: Int, _ draw: (inout Self) -> Double) -> JointVector {
    JointVector((0..<count).map { _ in draw(&self) })
  }

  /// Any start and a target within the limits; whole numbers now and then, for the ties they make, and states at rest.
  mutating func onlineTask(joints count: Int) -> OnlineTask {
    while true {
      let isWhole = Int.random(in: 0..<5, using: &self) == 0
      let range = magnitude(-2...1.5), speed = magnitude(-2...0.7)
      func number(_ random: inout Self, _ deviation: Double) -> Double {
        isWhole ? Double(Int.random(in: -2...2, using: &random)) : random.normal(deviation)
      }
      func limit(_ random: inout Self) -> Double { isWhole ? Double(Int.random(in: 1...3, using: &random)) : random.magnitude(-1...1.2) }
      func state(_ random: inout Self, atRest: Bool) -> JointSetpoint {
        JointSetpoint(
          position: random.vector(count) { number(&$0, range) }, velocity: random.vector(count) { atRest ? 0 : number(&$0, speed) },
          acceleration: random.vector(count) { atRest ? 0 : number(&$0, speed) })
      }
      let start = state(&self, atRest: Int.random(in: 0..<6, using: &self) == 0)
      let target = state(&self, atRest: Int.random(in: 0..<4, using: &self) == 0)
      var limits = MotionLimits(
        velocity: vector(count) { limit(&$0) }, acceleration: vector(count) { limit(&$0) }, jerk: vector(count) { limit(&$0) })
      if Int.random(in: 0..<3, using: &self) == 0 {
        limits.minVelocity = -vector(count) { limit(&$0) }
        limits.minAcceleration = -vector(count) { limit(&$0) }
      }
      if Int.random(in: 0..<12, using: &self) == 0 { limits.jerk = JointVector(repeating: .infinity, count: count) }
      let synchronization = [Synchronization.time, .time, .phase, .none].randomElement(using: &self)!
      let task = OnlineTask(
        start: start, target: target, limits: limits, synchronization: synchronization, bindsPosition: Int.random(in: 0..<8, using: &self) > 0,
        isWhole: isWhole)
      if (try? task.trajectory()) != nil { return task }
    }
  }
}
