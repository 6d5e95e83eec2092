/// All axes of an arm at zero, in base axes and in units of the arm's size.
struct ChainAxes {
  let count: Int
  private(set) var directions = InlineArray<8, Vector4>(repeating: .zero)
  private(set) var points = InlineArray<8, Vector4>(repeating: .zero)
  /// The arm's size [m].
  let size: Double

  init(model: RobotModel) {
    count = model.jointCount
    let placement = model.placement(at: JointVector(count: model.jointCount))
    var reach = 0.0
    for body in model.bodies.dropFirst() { reach += body.parentFromJoint.origin.length }
    size = max(reach, 1e-3)
    for joint in 0..<count {
      directions[joint] = placement[joint].z
      points[joint] = placement[joint].origin / size
    }
  }

  /// The axes without one, whose joint stands at an angle: the axes behind it are turned with it.
  func locking(_ joint: Int, at angle: UnitAngle) -> SixAxes {
    let turn = Displacement(turningAbout: directions[joint], through: points[joint], by: angle)
    var axes = SixAxes()
    for index in 0..<6 {
      let own = index < joint ? index : index + 1
      axes.directions[index] = own < joint ? directions[own] : turn.vector(directions[own])
      axes.points[index] = own < joint ? points[own] : turn.point(points[own])
    }
    return axes
  }

  /// All of six.
  var six: SixAxes {
    var axes = SixAxes()
    for index in 0..<6 { (axes.directions[index], axes.points[index]) = (directions[index], points[index]) }
    return axes
  }
}
