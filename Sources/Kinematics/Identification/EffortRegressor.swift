/// How the joints' efforts depend on what moves: they are linear in the mass, the first moment and the inertia of every body.
///
///     τ(q, q̇, q̈; π) = Y(q, q̇, q̈)·π,   π = (m, m·c, I) of each body, about its frame's origin
///
/// A column of Y is inverse dynamics of the arm in which that parameter is 1 and all others 0, so the one implementation of the dynamics serves here
/// too.
///
/// - Source: P. Khosla and T. Kanade, *Parameter identification of robot dynamics* (1985); C. Atkeson, C. An and J. Hollerbach, *Estimation of
///   inertial parameters of manipulator loads and links* (1986), section 2.
struct EffortRegressor: Sendable {
  /// Mass, three of the first moment, six of the inertia.
  static let parametersPerBody = 10

  private let unitArms: [RobotModel]

  var parameterCount: Int { unitArms.count }

  init(_ model: RobotModel) {
    unitArms = (0..<model.bodyCount).flatMap { body in
      MovingBody.Content.units.map { model.replacingBodies(model.emptied(but: body, $0)) }
    }
  }

  /// One column a parameter, each with one effort a joint.
  func columns(at q: JointVector, velocity: JointVector, acceleration: JointVector) -> [JointVector] {
    unitArms.map { $0.inverseDynamics(at: q, velocity: velocity, acceleration: acceleration) }
  }
}

extension RobotModel {
  /// The arm's bodies with nothing in them, but for one.
  fileprivate func emptied(but body: Int, _ content: MovingBody.Content) -> [MovingBody] {
    bodies.indices.map { bodies[$0].filled(with: $0 == body ? content : MovingBody.Content()) }
  }
}

extension MovingBody {
  /// What efforts depend on.
  struct Content {
    /// [kg]
    var mass = 0.0
    /// [kg·m]
    var firstMoment = SIMD3<Double>.zero
    /// About the frame's origin [kg·m²].
    var inertia = SymmetricMatrix3.zero

    /// Each of the ten numbers alone.
    static let units: [Content] =
      [Content(mass: 1)] + [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map { Content(firstMoment: $0) }
      + (0..<6).map { number in
        func at(_ place: Int) -> Double { place == number ? 1 : 0 }
        return Content(inertia: SymmetricMatrix3(xx: at(0), xy: at(1), xz: at(2), yy: at(3), yz: at(4), zz: at(5)))
      }
  }
}

extension Array where Element == MassCorrection {
  /// What a list of parameters, ten a body, says of weight.
  init(parameters: some Collection<Double>) {
    let numbers = Array<Double>(parameters)
    self = stride(from: 0, to: numbers.count, by: EffortRegressor.parametersPerBody).map {
      MassCorrection(mass: numbers[$0], firstMoment: SIMD3(numbers[$0 + 1], numbers[$0 + 2], numbers[$0 + 3]))
    }
  }
}
