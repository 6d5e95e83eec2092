internal import Foundation

extension JogSettings {
  /// The request that moves the arm along axes at the chosen speed; along none it stops the stream.
  func stream(along axes: [JoggedAxis], of arm: TeleopArm) -> (method: String, parameters: JSONObject) {
    let (method, motion) = motion(along: axes, of: arm)
    var parameters = motion
    if mayTouch { parameters["mayTouch"] = true }
    return (method, parameters)
  }

  private func motion(along axes: [JoggedAxis], of arm: TeleopArm) -> (method: String, parameters: JSONObject) {
    switch target {
    case .joints:
      var rates = [Double](repeating: 0, count: arm.joints.count)
      for jogged in axes where jogged.axis < rates.count { rates[jogged.axis] += jogged.share * speed * arm.joints[jogged.axis].velocity }
      return ("servo.joints", ["velocity": JSONValue(numbers: rates)])
    case .tool:
      let (linear, angular) = direction(of: axes)
      return (
        "servo.twist",
        [
          "linear": numbers(speed * Self.toolSpeed.linear * Self.unit(linear)),
          "angular": numbers(speed * Self.toolSpeed.angular * Self.unit(angular)), "frame": frame == .tool ? "tool" : "base",
        ]
      )
    }
  }

  /// The motion of one step along one axis, from the arm's present setpoint.
  func step(along axis: Int, isUp: Bool, of arm: TeleopArm, from reading: ArmReading) -> (method: String, parameters: JSONObject)? {
    let sign: Double = isUp ? 1 : -1
    var parameters: JSONObject = ["speed": .number(speed)]
    switch target {
    case .joints:
      guard axis < arm.joints.count, reading.setpoint.count == arm.joints.count else { return nil }
      var position = reading.setpoint
      let joint = arm.joints[axis]
      position[axis] += sign * (joint.isSliding ? step.length : step.angle)
      // The last step before a limit is a shorter one.
      position[axis] = min(max(position[axis], joint.lower ?? -.infinity), joint.upper ?? .infinity)
      parameters["position"] = JSONValue(numbers: position)
      return ("move.joints", parameters)
    case .tool:
      let (linear, angular) = direction(of: [JoggedAxis(axis: axis, share: sign)])
      if axis < 3 {
        parameters["by"] = numbers(step.length * linear)
        parameters["frame"] = frame == .tool ? "tool" : "base"
        return ("move.linear", parameters)
      }
      guard axis < 6 else { return nil }
      let half = step.angle / 2, turn = SIMD4(sin(half) * angular, cos(half)), q = reading.quaternion
      let turned = frame == .tool ? Self.product(q, turn) : Self.product(turn, q)
      parameters["pose"] = [
        "position": numbers(reading.place), "quaternion": JSONValue(numbers: [turned.x, turned.y, turned.z, turned.w]),
      ]
      return ("move.pose", parameters)
    }
  }

  private func numbers(_ v: SIMD3<Double>) -> JSONValue { JSONValue(numbers: [v.x, v.y, v.z]) }

  private static func unit(_ v: SIMD3<Double>) -> SIMD3<Double> {
    let length = (v * v).sum().squareRoot()
    return length > 1 ? v / length : v
  }

  /// Of quaternions x, y, z, w: first b, then a.
  private static func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
    [
      a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
      a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
    ]
  }
}
