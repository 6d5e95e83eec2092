public import Kinematics

/// What bounds a motion along a given path.
public struct RetimingLimits: Sendable {
  /// Position limits are not looked at: they are the path's affair.
  public var joints: JointLimits
  /// Of the path parameter itself, for paths whose parameter measures something.
  public var parameter = ParameterLimits()
  public var tool: ToolBound?
  public var effort: EffortBound?

  public init(joints: JointLimits) { self.joints = joints }
}

/// How fast a path parameter may run: its derivatives by time [units of the parameter per s, s², s³].
public struct ParameterLimits: Sendable, Equatable {
  public var velocity = Double.infinity
  public var acceleration = Double.infinity
  public var jerk = Double.infinity

  public init() {}
}

/// Limits on the tool's own speed and acceleration, straight and turning, wherever the path leads it. Its jerk limits are not looked at.
public struct ToolBound: Sendable {
  /// The arm with its tool.
  public var model: RobotModel
  public var limits: ToolLimits

  public init(model: RobotModel, limits: ToolLimits) {
    self.model = model
    self.limits = limits
  }
}

/// Accelerations as large as the motors can bring about: what the arm's dynamics and the friction of its reducers leave of the efforts.
public struct EffortBound: Sendable {
  /// The arm with its tool and payload.
  public var model: RobotModel
  /// The most each joint can do, either way [N·m; N]; infinite where nothing is known.
  public var limit: JointVector
  /// The share of the efforts that is kept back for what the model does not know.
  public var margin = 0.1
  /// Dry friction [N·m; N] and friction that grows with speed [N·m·s/rad; N·s/m], at the joint.
  public var coulombFriction, viscousFriction: JointVector
  /// What the rotor adds to the joint's inertia [kg·m²; kg].
  public var rotorInertia: JointVector

  /// With the model's effort limits, without friction and rotors.
  public init(model: RobotModel) {
    self.model = model
    limit = model.limits.effort
    coulombFriction = JointVector(count: model.jointCount)
    viscousFriction = JointVector(count: model.jointCount)
    rotorInertia = JointVector(count: model.jointCount)
  }
}
