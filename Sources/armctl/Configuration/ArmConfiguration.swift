internal import Kinematics
internal import Planner

/// What the arm's two files say, checked: nothing in here contradicts itself or the URDF. SI throughout.
struct ArmConfiguration: Sendable {
  /// The arm file, as it was named when it was loaded.
  let file: String
  let name: String
  /// The URDF's path; the arm file's where that describes the arm itself.
  let modelFile: String
  /// Its `limits` are the tighter ones of URDF and arm file, its tool frame and payload the file's.
  let model: RobotModel
  /// The URDF's own: where the mechanism ends.
  let modelLimits: JointLimits
  /// The URDF's links; none where the arm file describes the arm itself.
  let links: [URDF.Link]
  /// Of the whole robot [kg], its resting base included, without what it carries.
  let mass: Double
  /// Which part of a goal for the tool does not matter where nobody says otherwise.
  let freeAxes: InverseKinematics.FreeAxes
  /// How fast the tool may be led along a path.
  let toolLimits: ToolLimits
  /// Ticks in a second [Hz].
  let rate: Double
  /// In the model's order.
  let joints: [Joint]
  /// In the file's order.
  let buses: [Bus]
  /// Named configurations of the arm, in the file's order.
  let poses: [(name: String, position: JointVector)]
  let gpio: GPIO
  let gripper: Gripper?
  let homing: Homing
  let safety: Safety
  let compliance: Compliance
  let collision: Collision
  /// Path of the scene file, if the arm file names one.
  let scene: String?

  /// Time between ticks [s].
  var period: Double { 1 / rate }
  /// The tighter ones of URDF and arm file; every one of them finite, but for the positions of joints that turn without end.
  var limits: JointLimits { model.limits }

  /// Whether the file names any line of a GPIO chip.
  var hasLines: Bool { gpio != GPIO() || gripper != nil }

  /// The pose of that name, if the file has it.
  func pose(_ name: String) -> JointVector? { poses.first { $0.name == name }?.position }
}

extension ArmConfiguration {
  struct Joint: Sendable, Equatable {
    let name: String
    let motor: Motor
    let transmission: Transmission
    /// How it swings on its reducer; nil where motions are not shaped against that.
    let vibration: VibrationMode?
    /// What the part that it moves weighs beyond what the model's own file says; in `ArmConfiguration.model` already.
    var correction = MassCorrection.zero
    /// The most effort that current limit and reducer allow [N·m], before friction.
    var availableEffort: Double {
      min(transmission.ratio * transmission.torqueConstant * motor.currentLimit, transmission.ratchetTorque ?? .infinity)
    }
  }

  /// Before the reducer, at the rotor.
  struct Motor: Sendable, Equatable {
    let driver: Driver
    /// Index in `buses`.
    let bus: Int
    /// Index among the motors of its bus: in `Bus.joints`.
    let motor: Int
    /// On the bus.
    let node: Int
    /// [A]; of a `damiao` motor what its largest torque takes.
    let currentLimit: Double
    /// The drive's own limit [rad/s].
    let velocityLimit: Double
    /// The drive's own limit [rad/s²].
    let accelerationLimit: Double
    /// Of a `damiao` motor; nil for others.
    var damiao: Damiao?

    /// At the motor's output shaft.
    struct Damiao: Sendable, Equatable {
      let masterId: Int
      /// What the motor's codes are spread over [rad], [rad/s], [N·m].
      let pMax, vMax, tMax: Double
      /// Of the motor's watchdog [s].
      let timeout: Double
      /// How it holds its joint [N·m/rad], [N·m·s/rad].
      let stiffness, damping: Double
    }
  }

  /// Motor drivers that are built.
  enum Driver: String, Sendable, CaseIterable {
    case ctrlStep = "ctrl-step"
    case damiao

    /// Encoder counts per rotor turn.
    var encoderCounts: Double {
      switch self {
      case .ctrlStep, .damiao: 16384
      }
    }

    /// Rotor turns within which its encoder knows its place when the power comes on.
    var absoluteTurns: Double {
      switch self {
      case .ctrlStep, .damiao: 1
      }
    }
  }

  struct Transmission: Sendable, Equatable {
    let kind: Kind
    /// Rotor turns per joint turn, positive.
    let ratio: Double
    /// The joint turns against the rotor.
    let isReversed: Bool
    /// Joint position where the motor reports zero [rad].
    let offset: Double
    /// At the joint [N·m/rad]; nil where it counts as rigid.
    let stiffness: Double?
    /// At the joint [rad].
    let backlash: Double
    /// At the joint [N·m].
    let coulomb: Double
    /// At the joint [N·m·s/rad].
    let viscous: Double
    /// Before the reducer [kg·m²].
    let rotorInertia: Double
    /// Before the reducer [N·m/A].
    let torqueConstant: Double
    /// Effort at which the reducer's teeth jump [N·m]; nil where unknown.
    let ratchetTorque: Double?

    enum Kind: String, Sendable, CaseIterable {
      case rigid, direct, harmonic, planetary, cycloidal, belt, gear
    }
  }

  struct Bus: Sendable, Equatable {
    let name: String
    let kind: Kind
    /// The serial port's path.
    let port: String
    /// On the CAN side [bit/s].
    let bitrate: Int
    /// Indices of the joints whose motors are on it, in the model's order.
    let joints: [Int]

    enum Kind: String, Sendable, CaseIterable {
      case slcan
    }
  }

  /// Lines of a GPIO chip, where the file names them.
  struct GPIO: Sendable, Equatable {
    /// Active while the emergency stop is pressed.
    var emergencyStop: Line?
    /// Active while the motors may have power.
    var enable: Line?
    /// What scripts and programs wait for, in the file's order.
    var inputs: [Input] = []

    struct Input: Sendable, Equatable {
      let name: String
      let line: Line
    }

    struct Line: Sendable, Equatable {
      let chip: String
      let line: Int
      let isActiveLow: Bool
    }
  }

  /// A gripper that an output opens and closes.
  struct Gripper: Sendable, Equatable {
    /// Active while it is to be closed.
    let close: GPIO.Line
    /// How long it takes [s].
    let duration: Double
  }

  /// How the arm knows its absolute position.
  enum Homing: String, Sendable, CaseIterable {
    /// It is switched on in a known place, where each motor reports zero.
    case powerOn = "power-on"
    /// Its encoders know.
    case absolute
  }

  struct Safety: Sendable, Equatable {
    /// Largest distance between setpoint and measured position [rad].
    let followingError: Double
    /// A motor that has not answered for this long is a fault [s].
    let busSilence: Double
    /// Share of lost or damaged replies that is a fault, 0…1.
    let busNoise: Double
    /// In the file's order.
    var fences: [Fence] = []
  }

  /// Where the arm must not go, or not go fast.
  struct Fence: Sendable, Equatable {
    enum Rule: Sendable, Equatable {
      /// No part of the arm comes into the box, or below the plane.
      case keepOut
      /// No part of the arm leaves the box; half the sides' lengths [m].
      case keepIn(SIMD3<Double>)
      /// No part of the arm moves faster there [m/s].
      case slow(Double)
    }

    let name: String
    let rule: Rule
    let baseFromFence: Pose
    /// Half the sides' lengths of a box [m]; nil for all that is below the frame's xy plane.
    let halfExtents: SIMD3<Double>?
  }

  /// What stands for the arm in collision checks.
  struct Collision: Sendable, Equatable {
    /// The sphere file's path.
    var spheres: String?
    /// In place of a file: how spheres are fitted to the URDF's shapes.
    var fit: Fit?
    /// Room that planned motions keep to obstacles [m].
    var margin: Double

    struct Fit: Sendable, Equatable {
      var settings = SphereFit.Settings()
      /// Looks count where a link has no shape for collisions.
      var usesVisuals = false
    }
  }
}
