internal import Kinematics

/// Figures of the mathematics, on the arm at hand.
enum KinematicsBench {
  static func run(model: RobotModel) -> [Measurement] {
    var states: [JointVector] = []
    for index in 0..<64 {
      var q = JointVector(count: model.jointCount)
      for joint in q.indices {
        // A fixed sequence that fills the range evenly: multiples of the golden ratio.
        let share = (Double(index * model.jointCount + joint) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        let lower = max(model.limits.lower[joint], -Double.pi)
        q[joint] = lower + share * (min(model.limits.upper[joint], .pi) - lower)
      }
      states.append(q)
    }
    var settings = InverseKinematics.Settings()
    settings.usesClosedForm = false
    let solver = InverseKinematics(model: model, settings: settings)
    let velocities = VelocityKinematics(model: model)
    let slide = Twist(linear: [0.05, 0.03, -0.04], angular: [0.2, -0.1, 0.3]), still = JointVector(count: model.jointCount)
    let targets = states.map { model.pose(at: $0) }
    let middle =
      0.5
      * (model.limits.lower.clamped(lower: JointVector(repeating: -3, count: model.jointCount), upper: states[0])
        + model.limits.upper.clamped(lower: states[0], upper: JointVector(repeating: 3, count: model.jointCount)))
    var turn = 0
    func next() -> Int {
      turn = (turn + 1) & 63
      return turn
    }
    var figures: [Measurement] = [
      .nanoseconds("fk.jacobian") { consume(model.poseAndJacobian(at: states[next()])) },
      .nanoseconds("dynamics.inverse") {
        let q = states[next()]
        consume(model.inverseDynamics(at: q, velocity: q, acceleration: q))
      },
      .nanoseconds("dynamics.forward") {
        let q = states[next()]
        consume(model.forwardDynamics(at: q, velocity: q, effort: q))
      },
      .nanoseconds("velocity.solve") { consume(velocities.motion(for: slide, at: states[next()], velocity: still, period: 0.002)) },
      .nanoseconds("ik.numeric", samples: 512, batch: 1) { consume(try? solver.solution(for: targets[next()], near: middle)) },
    ]
    if let closedForm = solver.closedForm {
      figures.append(
        .nanoseconds("ik.closed-form", samples: 512, batch: 1) {
          var count = 0
          closedForm.visitSolutions(for: targets[next()], near: middle) { _ in count += 1 }
          consume(count)
        })
    }
    return figures
  }
}
