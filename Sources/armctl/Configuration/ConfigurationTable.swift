internal import Control
internal import Kinematics
internal import Planner

/// All keys of the arm file. Validation reads this table, and the tables of `docs/Configuration.md` are made from it.
enum ConfigurationTable {
  static let keys: [ConfigurationKey] = [
    .init("name", .text, .required, "The arm's name, as status and log have it."),
    .init("model", .textOrSection, .required, "The URDF file, beside this file unless the path is absolute; or, without one, the key `dh`."),
    .init("tip", .text, .optional("required with a URDF"), "The URDF's link that carries the tool: the flange."),
    .init("base", .text, .optional("the URDF's root link"), "The URDF's link that stands still. Gravity is along its −z."),
    .init("rate", .number(.within(10...2000)), unit: "Hz", .required, "Ticks of the control loop in a second."),
    .init(
      "homing", .word(ArmConfiguration.Homing.allCases.map(\.rawValue)), .defaults(to: "power-on"),
      "How positions are known. `power-on`: the arm is switched on where each motor reports zero. `absolute`: by encoders that know the whole travel."
    ),

    .init("model.dh", .section, .required, "The arm as a table of Denavit and Hartenberg. Gravity is along −z of the frame before its first row."),
    .init(
      "model.dh.convention", .word(DHTable.Convention.allCases.map(\.rawValue)), .required,
      "What a row does: `standard` Rz(theta + q) · Tz(d) · Tx(a) · Rx(alpha), `modified` (Craig's) Rx(alpha) · Tx(a) · Rz(theta + q) · Tz(d)."),
    .init(
      "model.dh.rows", .named(what: "joint"), .required, "The table's rows in order, from the base to the flange, which is the frame behind the last."
    ),
    .init("model.dh.rows.JOINT", .section, .required, "One row: a joint and the link behind it."),
    .init(
      "model.dh.rows.JOINT.type", .word(["revolute", "continuous", "prismatic"]), .defaults(to: "revolute"),
      "`continuous` turns without end. A prismatic joint's position is added to d, not to theta."),
    .init("model.dh.rows.JOINT.theta", .number(.any), unit: "rad", .defaults(to: "0"), "Turn about the joint's axis where the joint is at zero."),
    .init("model.dh.rows.JOINT.d", .number(.within(-10...10)), unit: "m", .defaults(to: "0"), "Shift along the joint's axis."),
    .init("model.dh.rows.JOINT.a", .number(.within(-10...10)), unit: "m", .defaults(to: "0"), "Shift along the common normal."),
    .init("model.dh.rows.JOINT.alpha", .number(.any), unit: "rad", .defaults(to: "0"), "Turn about the common normal."),
    .init("model.dh.rows.JOINT.mass", .number(.notNegative(upTo: 1000)), unit: "kg", .defaults(to: "0"), "Of the link behind the joint."),
    .init(
      "model.dh.rows.JOINT.center", .numbers(count: 3, .within(-10...10)), unit: "m", .defaults(to: "[0, 0, 0]"),
      "Its centre of mass, in the frame at the row's end."),
    .init(
      "model.dh.rows.JOINT.inertia", .numbers(count: 6, .any), unit: "kg·m²", .defaults(to: "[0, 0, 0, 0, 0, 0]"),
      "ixx, ixy, ixz, iyy, iyz, izz about the centre of mass, in that frame's axes."),

    .init("buses", .named(what: "bus"), .required, "The wires that the motors are on."),
    .init("buses.BUS", .section, .required, "One wire."),
    .init("buses.BUS.type", .word(["slcan"]), .required, "`slcan`: a CAN bus behind a serial port, in the SLCAN text protocol."),
    .init("buses.BUS.port", .text, .required, "The serial port, such as /dev/ttyACM0 or, better, its name in /dev/serial/by-id."),
    .init(
      "buses.BUS.bitrate", .choice([10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000]), unit: "bit/s",
      .defaults(to: "1000000"), "On the CAN side."),

    .init("joints", .named(what: "joint"), .required, "The model's movable joints from base to tip: each of them, by its name there, in any order."),
    .init("joints.JOINT", .section, .required, "One joint."),
    .init("joints.JOINT.motor", .section, .required, "The motor and the drive that turns it."),
    .init(
      "joints.JOINT.motor.driver", .word(ArmConfiguration.Driver.allCases.map(\.rawValue), planned: plannedDrivers), .required,
      "The drive's protocol."),
    .init("joints.JOINT.motor.bus", .text, .required, "A name from `buses`."),
    .init("joints.JOINT.motor.id", .integer(1...15), .required, "The drive's node on its bus."),
    .init(
      "joints.JOINT.motor.currentLimit", .number(.positive(upTo: 60)), unit: "A", .optional("required for `ctrl-step`"),
      "`ctrl-step`: what the drive may put through the motor; written to the drive when it is connected, and never saved there."),
    .init(
      "joints.JOINT.motor.velocityLimit", .number(.positive(upTo: 2000)), unit: "rad/s", .optional("1.5 × the joint's limit × ratio"),
      "`ctrl-step`: the drive's own limit at the rotor. At least the joint's limit × ratio."),
    .init(
      "joints.JOINT.motor.accelerationLimit", .number(.positive(upTo: 1_000_000)), unit: "rad/s²", .optional("2 × the joint's limit × ratio"),
      "`ctrl-step`: the acceleration at the rotor with which the drive goes to its setpoint. At least the joint's limit × ratio."),
    .init(
      "joints.JOINT.motor.masterId", .integer(1...2046), .optional("16 + `id`"),
      "`damiao`: the identifier of the motor's answers: its register MST_ID."),
    .init(
      "joints.JOINT.motor.pMax", .number(.positive(upTo: 1000)), unit: "rad", .optional("required for `damiao`"),
      "`damiao`: positions are coded within ± this. It has to be what the motor answers: its register PMAX."),
    .init(
      "joints.JOINT.motor.vMax", .number(.positive(upTo: 1000)), unit: "rad/s", .optional("required for `damiao`"),
      "`damiao`: velocities are coded within ± this; register VMAX."),
    .init(
      "joints.JOINT.motor.tMax", .number(.positive(upTo: 1000)), unit: "N·m", .optional("required for `damiao`"),
      "`damiao`: torques are coded within ± this; register TMAX."),
    .init(
      "joints.JOINT.motor.timeout", .number(.positive(upTo: 10)), unit: "s", .optional("required for `damiao`"),
      "`damiao`: the motor lets go when it was told nothing for so long. At least five ticks."),
    .init(
      "joints.JOINT.motor.stiffness", .number(.positive(upTo: 10_000)), unit: "N·m/rad", .optional("four times `tMax`, at the joint"),
      "`damiao`: how stiffly the joint is held."),
    .init(
      "joints.JOINT.motor.damping", .number(.notNegative(upTo: 1000)), unit: "N·m·s/rad",
      .optional("0.7 of critical in the middle of the limits, at most 5"),
      "`damiao`: how strongly the joint is damped. What is above 5 at the motor goes the long way round through the loop."),

    .init("joints.JOINT.transmission", .section, .required, "What is between rotor and joint: `q = offset + direction · rotor / ratio`."),
    .init(
      "joints.JOINT.transmission.type", .word(ArmConfiguration.Transmission.Kind.allCases.map(\.rawValue)), .required,
      "The kind of reducer. `direct` has the ratio 1; `rigid` and `direct` have neither stiffness nor backlash."),
    .init(
      "joints.JOINT.transmission.ratio", .number(.within(0.1...10_000)), .required, "Rotor turns per joint turn [rad/m for joints that slide]."),
    .init("joints.JOINT.transmission.direction", .choice([1, -1]), .defaults(to: "1"), "−1 where the joint turns against the rotor."),
    .init("joints.JOINT.transmission.offset", .number(.any), unit: "rad", .defaults(to: "0"), "The joint's position where the motor reports zero."),
    .init(
      "joints.JOINT.transmission.stiffness", .number(.positive), unit: "N·m/rad", .optional("rigid"),
      "Of the reducer, at the joint. The emulated arm winds up and swings by it; `armctl check` tells how far."),
    .init(
      "joints.JOINT.transmission.backlash", .number(.notNegative(upTo: 0.2)), unit: "rad", .defaults(to: "0"),
      "Play at the joint. `armctl check` tells what it does to the tool; the control loop does not use it yet."),
    .init("joints.JOINT.transmission.friction", .section, .optional("none"), "Of motor and reducer, at the joint."),
    .init("joints.JOINT.transmission.friction.coulomb", .number(.notNegative), unit: "N·m", .defaults(to: "0"), "Dry friction."),
    .init("joints.JOINT.transmission.friction.viscous", .number(.notNegative), unit: "N·m·s/rad", .defaults(to: "0"), "Friction per velocity."),
    .init(
      "joints.JOINT.transmission.rotorInertia", .number(.notNegative(upTo: 0.1)), unit: "kg·m²", .required,
      "Of the motor alone, before the reducer. A 42 mm stepper has about 5.5e-6."),
    .init(
      "joints.JOINT.transmission.torqueConstant", .number(.positive(upTo: 20)), unit: "N·m/A", .required,
      "Torque per current at the motor, before the reducer."),
    .init(
      "joints.JOINT.transmission.ratchetTorque", .number(.positive), unit: "N·m", .optional("unknown"),
      "The effort at which the reducer's teeth jump. The effort limit is never above it."),

    .init("joints.JOINT.limits", .section, .required, "What the joint may do; where the URDF is tighter, the URDF holds."),
    .init(
      "joints.JOINT.limits.position", .numbers(count: 2, .any), unit: "rad", .optional("the URDF's"),
      "Lowest and highest position [m for joints that slide]."),
    .init("joints.JOINT.limits.velocity", .number(.positive(upTo: 50)), unit: "rad/s", .required, "Largest velocity."),
    .init("joints.JOINT.limits.acceleration", .number(.positive(upTo: 5000)), unit: "rad/s²", .required, "Largest acceleration."),
    .init("joints.JOINT.limits.jerk", .number(.positive(upTo: 500_000)), unit: "rad/s³", .required, "Largest jerk."),
    .init(
      "joints.JOINT.limits.effort", .number(.positive), unit: "N·m", .optional("what motor, current limit and reducer can do"), "Largest effort."),

    .init(
      "joints.JOINT.vibration", .section, .optional("not shaped"), "How the joint swings on its reducer; motions are then shaped so that it does not."
    ),
    .init(
      "joints.JOINT.vibration.frequency", .number(.within(0.5...100)), unit: "Hz", .required,
      "How often it swings in a second, the motor held. At most a quarter of `rate`."),
    .init(
      "joints.JOINT.vibration.damping", .number(.notNegative(upTo: 0.7)), .defaults(to: "0"), "How soon it comes to rest: the share of critical."),
    .init(
      "joints.JOINT.vibration.shaper", .word(VibrationMode.Shaper.allCases.map(\.rawValue)), .defaults(to: "zvd"),
      "`zv` delays less, and wants the frequency to a few percent; `zvd` is content with fifteen."),

    .init(
      "joints.JOINT.correction", .section, .optional("none"),
      "What the part that moves with the joint weighs beyond what the model says. `armctl identify` finds it."),
    .init(
      "joints.JOINT.correction.mass", .number(.within(-1000...1000)), unit: "kg", .defaults(to: "0"),
      "Mass; negative for less. At least a tenth of the part's mass is left."),
    .init(
      "joints.JOINT.correction.moment", .numbers(count: 3, .within(-1000...1000)), unit: "kg·m", .defaults(to: "[0, 0, 0]"),
      "Mass × centre of mass, from the joint, in axes of which z is the joint's own. The inertia about the centre of mass stays."),

    .init("gpio", .section, .optional("none"), "Lines of this computer's GPIO chips."),
    .init("gpio.emergencyStop", .section, .optional("none"), "An input that is active while the emergency stop is pressed."),
    .init("gpio.emergencyStop.chip", .text, .required, "The chip's name, such as gpiochip0."),
    .init("gpio.emergencyStop.line", .integer(0...1023), .required, "The line's number on the chip."),
    .init("gpio.emergencyStop.activeLow", .boolean, .defaults(to: "false"), "Active means a low level."),
    .init("gpio.enable", .section, .optional("none"), "An output that is active while the motors may have power."),
    .init("gpio.enable.chip", .text, .required, "The chip's name, such as gpiochip0."),
    .init("gpio.enable.line", .integer(0...1023), .required, "The line's number on the chip."),
    .init("gpio.enable.activeLow", .boolean, .defaults(to: "false"), "Active means a low level."),
    .init("gpio.inputs", .named(what: "input"), .optional("none"), "Inputs that scripts and programs wait for, such as a part's sensor."),
    .init("gpio.inputs.INPUT", .section, .optional("none"), "One input."),
    .init("gpio.inputs.INPUT.chip", .text, .required, "The chip's name, such as gpiochip0."),
    .init("gpio.inputs.INPUT.line", .integer(0...1023), .required, "The line's number on the chip."),
    .init("gpio.inputs.INPUT.activeLow", .boolean, .defaults(to: "false"), "The input is on at a low level."),

    .init("gripper", .section, .optional("none"), "A gripper that an output opens and closes."),
    .init("gripper.close", .section, .required, "An output that is active while the gripper is to be closed."),
    .init("gripper.close.chip", .text, .required, "The chip's name, such as gpiochip0."),
    .init("gripper.close.line", .integer(0...1023), .required, "The line's number on the chip."),
    .init("gripper.close.activeLow", .boolean, .defaults(to: "false"), "Active means a low level."),
    .init("gripper.duration", .number(.notNegative(upTo: 30)), unit: "s", .defaults(to: "0.5"), "How long it takes to open or to close."),

    .init(
      "poses", .named(what: "pose"), .optional("none"), "Configurations of the arm that `move --to` knows by name. `rest` is where it is switched on."
    ),
    .init("poses.POSE", .numbers(count: nil, .any), unit: "rad", .optional("none"), "One position per joint, from base to tip, within the limits."),

    .init("safety", .section, .optional("the defaults below"), "When the loop stops the arm with a fault."),
    .init(
      "safety.followingError", .number(.positive(upTo: 3)), unit: "rad", .defaults(to: "0.2"),
      "Largest distance between setpoint and measured position."),
    .init(
      "safety.busSilence", .number(.positive(upTo: 1)), unit: "s", .optional("0.02, or three ticks where those are longer"),
      "A motor that has not answered for this long is a fault. At least three ticks."),
    .init("safety.busNoise", .number(.positive(upTo: 1)), .defaults(to: "0.15"), "Share of lost or damaged replies on a bus that is a fault."),
    .init(
      "safety.fences", .named(what: "fence"), .optional("none"),
      "Where the arm must not go, or not go fast, kept at every tick by what stands for the arm in `collision`, in every mode."),
    .init("safety.fences.FENCE", .section, .required, "A box, or without `halfExtents` all that is below the xy plane of its frame."),
    .init(
      "safety.fences.FENCE.rule", .word(["keep-out", "keep-in", "slow"]), .defaults(to: "keep-out"),
      "`keep-out`: no part of the arm comes there. `keep-in`: none leaves the box. `slow`: none moves there faster than `speed`."),
    .init(
      "safety.fences.FENCE.center", .numbers(count: 3, .within(-100...100)), unit: "m", .defaults(to: "[0, 0, 0]"),
      "The box's middle, or a point of the plane, in the arm's base."),
    .init(
      "safety.fences.FENCE.rpy", .numbers(count: 3, .any), unit: "rad", .defaults(to: "[0, 0, 0]"),
      "Roll, pitch and yaw of its frame: about the fixed x, then y, then z."),
    .init(
      "safety.fences.FENCE.halfExtents", .numbers(count: 3, .positive(upTo: 100)), unit: "m", .optional("a plane instead of a box"),
      "Half the lengths of the box's sides."),
    .init("safety.fences.FENCE.speed", .number(.positive(upTo: 10)), unit: "m/s", .optional("required for `slow`"), "The greatest speed there."),

    .init("collision", .section, .optional("none: nothing is checked"), "What stands for the arm where collisions are checked."),
    .init(
      "collision.spheres", .text, .optional("none"),
      "`auto`: spheres are fitted to the URDF's collision shapes, and kept in `.armctl-cache` beside this file. Or a file of spheres, beside this "
        + "file unless the path is absolute: `{\"links\": {LINK: [{\"center\": [x, y, z], \"radius\": r}, …]}}` in "
        + "metres, in the links' frames. `\"self_collision_pairs\"`, if there, lists the pairs of links that must not touch."),
    .init(
      "collision.tightness", .number(.within(0.001...0.5)), unit: "m", .defaults(to: "0.008"),
      "With `auto`: how far a sphere may stick out of its link's shape."),
    .init(
      "collision.count", .integer(1...200), .defaults(to: "24"),
      "With `auto`: so many spheres a link has at most, even if they then stick out farther."),
    .init(
      "collision.visuals", .boolean, .defaults(to: "false"),
      "With `auto`: a link that has no shape for collisions counts as what it looks like."),
    .init(
      "collision.margin", .number(.notNegative(upTo: 0.2)), unit: "m", .defaults(to: "0.01"),
      "Room that planned motions keep to obstacles, for what the arm strays from its setpoint; less where a motion begins or ends nearer."),
    .init(
      "scene", .text, .optional("none"),
      "A file of what is around the arm, in YAML or JSON, beside this file unless the path is absolute. `armctl serve --scene` takes another one."),

    .init("compliance", .section, .optional("the defaults below"), "How the arm feels what touches it, and gives way."),
    .init(
      "compliance.reaction", .word(Reaction.allCases.map(\.rawValue)), .defaults(to: "yield"),
      "What a knock does: `none`: it is told, no more; `stop`: the arm brakes, stiff; `float`: it gives way from then on; `retract`: it draws back "
        + "and stays there; `yield`: it gives way, comes back and goes on with its task."),
    .init(
      "compliance.yieldStiffness", .number(.within(5...100)), unit: "N/m", .defaults(to: "40"),
      "How stiff what was hit is while the arm gives way."),
    .init("compliance.yieldDamping", .number(.within(0.7...2)), .defaults(to: "1"), "Share of critical damping meanwhile."),
    .init(
      "compliance.dragSpeed", .number(.within(0.5...20)), unit: "m/s", .defaults(to: "2.5"),
      "Speed of what was hit at which damping is twice as strong as at rest."),
    .init(
      "compliance.tank", .number(.within(0.05...0.5)), unit: "J", .defaults(to: "0.5"), "What a reaction may add to the arm's energy of motion."),
    .init("compliance.margin", .number(.within(0...0.3)), unit: "rad", .defaults(to: "0.035"), "How far before its limits a joint is caught."),
    .init(
      "compliance.patience", .integer(1...100), .defaults(to: "6"),
      "After so many contacts in a row, each soon after the last, the arm stays where it is."),
    .init("compliance.observerGain", .number(.within(10...200)), unit: "1/s", .defaults(to: "60"), "How fast external efforts are followed."),
    .init(
      "compliance.sensitivity", .number(.within(0.2...5)), .defaults(to: "1"), "Divides the thresholds; more is felt, and mistaken, above 1."),
    .init(
      "compliance.payload", .number(.notNegative(upTo: 100)), unit: "kg", .defaults(to: "0.5"),
      "What the arm may pick up or put down without taking it for a knock."),
    .init(
      "compliance.thresholds", .section, .optional("derived from the model"),
      "Efforts that count as a touch: base, and more with speed, acceleration and effort; one number per joint, from base to tip."),
    .init("compliance.thresholds.base", .numbers(count: nil, .positive), unit: "N·m", .required, "At rest."),
    .init(
      "compliance.thresholds.perVelocity", .numbers(count: nil, .notNegative), unit: "N·m·s/rad", .required, "For what friction may be wrong by."),
    .init("compliance.thresholds.perAcceleration", .numbers(count: nil, .notNegative), unit: "kg·m²", .required, "For what inertia may be wrong by."),
    .init("compliance.thresholds.perEffort", .numbers(count: nil, .notNegative), .required, "For what torque constants may be wrong by."),
    .init(
      "compliance.jolt", .numbers(count: nil, .positive), unit: "rad/s²", .optional("derived from the model"),
      "What each joint alone may suddenly speed up by without having been hit, from base to tip; less where several do at once. Motors that take "
        + "torque feel blows by it; of drives that hold positions a joint may be off its setpoint by a 90,000th of it, in radians."),
    .init(
      "compliance.comply", .section, .optional("springs at the joints"), "Springs at the tool for mode `comply`, along and about the base's axes."),
    .init("compliance.comply.linear", .numbers(count: 3, .notNegative(upTo: 5000)), unit: "N/m", .required, "Along x, y, z."),
    .init("compliance.comply.angular", .numbers(count: 3, .notNegative(upTo: 500)), unit: "N·m/rad", .required, "About x, y, z."),
    .init(
      "compliance.complyShare", .number(.within(0...1)), .defaults(to: "0.15"), "Share of the joints' stiffness that is left in mode `comply`."),

    .init("tool", .section, .optional("none: the tool frame is the tip link's"), "What the flange carries."),
    .init("tool.pose", .section, .optional("none: the tool frame is the tip link's"), "The tool frame in the tip link's frame."),
    .init("tool.pose.position", .numbers(count: 3, .within(-10...10)), unit: "m", .defaults(to: "[0, 0, 0]"), "x, y, z of its origin."),
    .init("tool.pose.quaternion", .numbers(count: 4, .within(-1...1)), .defaults(to: "[0, 0, 0, 1]"), "x, y, z, w of its orientation, of length 1."),
    .init(
      "tool.pose.rpy", .numbers(count: 3, .any), unit: "rad", .optional("the quaternion's"),
      "Its orientation as roll, pitch and yaw: about the fixed x, then y, then z, as in a URDF."),
    .init(
      "tool.limits", .section, .optional("the defaults of its keys"),
      "How fast the tool may be led along lines, arcs and paths of the tool."),
    .init("tool.limits.speed", .number(.positive(upTo: 10)), unit: "m/s", .defaults(to: "0.25"), "Of the tool centre point."),
    .init("tool.limits.acceleration", .number(.positive(upTo: 100)), unit: "m/s²", .defaults(to: "1"), "Of the tool centre point."),
    .init("tool.limits.jerk", .number(.positive(upTo: 10_000)), unit: "m/s³", .defaults(to: "10"), "Of the tool centre point, along its path."),
    .init("tool.limits.angularSpeed", .number(.positive(upTo: 50)), unit: "rad/s", .defaults(to: "1.5"), "Of the tool's turning."),
    .init("tool.limits.angularAcceleration", .number(.positive(upTo: 500)), unit: "rad/s²", .defaults(to: "6"), "Of the tool's turning."),
    .init(
      "tool.limits.angularJerk", .number(.positive(upTo: 50_000)), unit: "rad/s³", .defaults(to: "60"), "Of the tool's turning, along its path."),
    .init("tool.payload", .section, .optional("none"), "What the flange carries beyond the model's own links: gripper, camera, workpiece."),
    .init("tool.payload.mass", .number(.positive(upTo: 1000)), unit: "kg", .required, "All of it."),
    .init(
      "tool.payload.center", .numbers(count: 3, .within(-10...10)), unit: "m", .defaults(to: "[0, 0, 0]"),
      "Its centre of mass, in the tip link's frame."),
    .init(
      "tool.payload.inertia", .numbers(count: 6, .any), unit: "kg·m²", .defaults(to: "[0, 0, 0, 0, 0, 0]"),
      "ixx, ixy, ixz, iyy, iyz, izz about its centre of mass, in the tip link's axes."),
    .init(
      "tool.free", .word(InverseKinematics.FreeAxes.allCases.map(\.rawValue)),
      .optional("`none` for six joints and more, `axis` for five, `position` for fewer"),
      "What tool goals leave open: `none`; `axis`: the turn about the tool's z; `position`: all of its orientation; `plane`: the turn about "
        + "its z and the place in the goal's xy plane."),
  ]

  /// Keys that arm files will have one day, with what they are for. They are refused, as nothing in them would be obeyed.
  static let planned: [(path: String, purpose: String)] = [
    ("gaze", "settings of gaze"), ("gpio.brake", "a brake output"), ("gpio.limitSwitches", "limit switches"),
  ]

  private static let plannedDrivers = [
    "arm-node", "moteus", "odrive", "vesc", "dynamixel", "feetech", "tmc2209", "roboclaw", "simplefoc", "step-dir", "klipper", "dummy-ref",
  ]

  /// The keys in the section at `path`, in the table's order.
  static func keys(in path: String) -> [ConfigurationKey] { children[path] ?? [] }

  private static let children = Dictionary(grouping: keys, by: \.parent)
}
