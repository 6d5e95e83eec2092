import Foundation
import Kinematics
import Testing
import TestSupport

/// The laws that rotations and poses obey, on random and on awkward values.
@Suite struct RotationTests {
  @Test func posesFormAGroup() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<caseCount(500) {
      let a = random.pose(), b = random.pose(), c = random.pose(), point = random.vector3(in: -3...3)
      #expect(difference((a * b) * c, a * (b * c)) < 1e-14 * 100)
      #expect(difference(a * a.inverse, .identity) < 1e-14)
      #expect(difference(a * .identity, a) == 0)
      #expect(difference((a * b) * point, a * (b * point)) < 1e-14 * 10)
      #expect(abs(dot(a.rotation.x, cross(a.rotation.y, a.rotation.z)) - 1) < 1e-14)
    }
  }

  @Test func coordinatesLeadBack() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<caseCount(500) {
      let rotation = random.rotation(), pose = Pose(rotation: rotation)
      #expect(difference(Pose(rotation: Rotation(quaternion: rotation.quaternion)), pose) < 2e-15)
      #expect(difference(Pose(rotation: Rotation(rotationVector: rotation.rotationVector)), pose) < 1e-14)
      #expect(difference(Pose(rotation: rotation.orthonormalized), pose) < 2e-15)
      #expect(rotation.quaternion.w >= 0)
    }
  }

  @Test(arguments: [1e-300, 1e-17, 1e-12, 1e-9, 1e-8, 1.1e-8, 1e-6, 1e-3, 1, 3, .pi - 1e-3, .pi - 1e-8, .pi - 1e-12, .pi])
  func logarithmUndoesExponential(angle: Double) {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let v = random.vector3(in: -1...1), vector = v * (angle / v.length)
      let back = Rotation(rotationVector: vector).rotationVector
      // At half a turn both directions are right.
      let error = min((back - vector).length, angle > 3.14 ? (back + vector).length : .infinity)
      #expect(error <= 1e-15 + 4e-16 * angle)
    }
  }

  @Test func rollPitchYawTurnsAboutFixedAxes() {
    let rotation = Rotation(roll: 0.3, pitch: -0.5, yaw: 1.1)
    // Columns worked out by hand from Rz·Ry·Rx.
    let (cr, sr, cp, sp, cy, sy) = (cos(0.3), sin(0.3), cos(-0.5), sin(-0.5), cos(1.1), sin(1.1))
    #expect(difference(rotation.x, [cy * cp, sy * cp, -sp]) < 1e-15)
    #expect(difference(rotation.y, [cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, cp * sr]) < 1e-15)
    #expect(difference(rotation.z, [cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr]) < 1e-15)
  }

  @Test func interpolationTurnsEvenlyTheShortWay() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<caseCount(200) {
      let a = random.rotation(), b = random.rotation(), whole = (a.inverse * b).rotationVector.length
      #expect(difference(Pose(rotation: a.interpolated(to: b, fraction: 0)), Pose(rotation: a)) < 1e-14)
      #expect(difference(Pose(rotation: a.interpolated(to: b, fraction: 1)), Pose(rotation: b)) < 1e-13)
      let quarter = (a.inverse * a.interpolated(to: b, fraction: 0.25)).rotationVector.length
      #expect(abs(quarter - whole / 4) < 1e-14)
    }
  }
}
