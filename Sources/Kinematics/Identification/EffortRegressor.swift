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
  /// Of each body that has any: where its mass and its first moment stand among the parameters; four in a row.
  let places: [(body: Int, first: Int)]
  private let unitArms: [RobotModel]

  var parameterCount: Int { unitArms.count }

  /// - Parameters:
  ///   - bodies: That may weigh something else than the model says. A body's inertia about its own centre stays: about its frame's origin it
  ///     follows mass and first moment, to first order.
  ///   - loadsLastBody: The last body carries a load of which nothing is known: ten parameters.
  init(_ model: RobotModel, bodies: [Int], loadsLastBody: Bool = false) {
    let unloaded = model.unloadedBodies, last = unloaded.count - 1
    var places: [(body: Int, first: Int)] = [], unitArms: [RobotModel] = []
    for body in bodies {
      places.append((body, unitArms.count))
      let units = loadsLastBody && body == last ? MovingBody.Content.units : unloaded[body].correctionUnits
      unitArms += units.map { model.replacingBodies(model.emptied(but: body, $0)) }
    }
    (self.places, self.unitArms) = (places, unitArms)
  }

  /// One column a parameter, each with one effort a joint.
  func columns(at q: JointVector, velocity: JointVector, acceleration: JointVector) -> [JointVector] {
    unitArms.map { $0.inverseDynamics(at: q, velocity: velocity, acceleration: acceleration) }
  }

  /// What parameters say of the weight of each body, from base to tip.
  func corrections(_ parameters: some RandomAccessCollection<Double>, bodyCount: Int) -> [MassCorrection] {
    let numbers = Array(parameters)
    var corrections = Array(repeating: MassCorrection.zero, count: bodyCount)
    for (body, first) in places {
      corrections[body] = MassCorrection(
        mass: numbers[first], firstMoment: SIMD3(numbers[first + 1], numbers[first + 2], numbers[first + 3]))
    }
    return corrections
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

extension MovingBody {
  /// A mass of 1, and each coordinate of a first moment of 1, with the inertia that comes with them where that about the centre of mass stays:
  ///
  ///     I = I_c + (|h|²·1 − h hᵀ)/m,   h = m·c
  fileprivate var correctionUnits: [Content] {
    let h = firstMoment.xyz, square = dot(h, h)
    guard mass > 0 else { return Array(Content.units[..<4]) }
    func inertia(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ scale: Double) -> SymmetricMatrix3 {
      let product = dot(a, b)
      return SymmetricMatrix3(
        xx: scale * (product - a.x * b.x), xy: -0.5 * scale * (a.x * b.y + a.y * b.x), xz: -0.5 * scale * (a.x * b.z + a.z * b.x),
        yy: scale * (product - a.y * b.y), yz: -0.5 * scale * (a.y * b.z + a.z * b.y), zz: scale * (product - a.z * b.z))
    }
    let ofMass = square > 0 ? inertia(h, h, -1 / (mass * mass)) : .zero
    return [Content(mass: 1, inertia: ofMass)]
      + [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)].map { Content(firstMoment: $0, inertia: inertia($0, h, 2 / mass)) }
  }
}
