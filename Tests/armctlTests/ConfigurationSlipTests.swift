import Testing

@testable import armctl

/// One slip in the crane's arm file, and all that is said about it.
struct ConfigurationSlip: Sendable, CustomTestStringConvertible {
  let old, new, report: String

  init(_ old: String, _ new: String, _ report: String) { (self.old, self.new, self.report) = (old, new, report) }

  var testDescription: String { new }
}

@Suite struct ConfigurationSlipTests {
  @Test(arguments: namesAndWords + values) func saysWhatIsWrongAndWhere(_ slip: ConfigurationSlip) {
    let error = #expect(throws: ConfigurationError.self) { try Crane.parse(replacing: slip.old, by: slip.new) }
    #expect(error?.plainReport == slip.report)
  }

  typealias Slip = ConfigurationSlip

  static let namesAndWords: [Slip] = [
    // Keys
    Slip(
      "rate: 250", "rte: 250",
      """
      crane.yaml:4:1: the key "rte" is unknown; did you mean "rate"?
        4 | rte: 250
          | ^
      try: write rate
      """),
    Slip(
      "currentLimit: 2.0, v", "curentLimit: 2.0, v",
      """
      crane.yaml:15:50: the key "curentLimit" is unknown in joints.turn.motor; did you mean "currentLimit"?
        15 |     motor: {driver: ctrl-step, bus: can0, id: 1, curentLimit: 2.0, velocityLimit: 200, accelerationLimit: 500}
           |                                                  ^
      try: write currentLimit
      """),
    Slip(
      "rotorInertia: 5.5e-6\n", "rotorInertai: 5.5e-6\n",
      """
      crane.yaml:21:7: the key "rotorInertai" is unknown in joints.turn.transmission; did you mean "rotorInertia"?
        21 |       rotorInertai: 5.5e-6
           |       ^
      try: write rotorInertia
      """),
    Slip(
      "ratio: 50", "ratoi: 50",
      """
      crane.yaml:18:7: the key "ratoi" is unknown in joints.turn.transmission; did you mean "ratio"?
        18 |       ratoi: 50
           |       ^
      try: write ratio
      """),
    Slip(
      "    limits: {velocity: 0.2", "    limit: {velocity: 0.2",
      """
      crane.yaml:28:5: the key "limit" is unknown in joints.reach; did you mean "limits"?
        28 |     limit: {velocity: 0.2, acceleration: 1, jerk: 10}
           |     ^
      try: write limits
      """),
    Slip(
      "gpio:", "gpoi:",
      """
      crane.yaml:29:1: the key "gpoi" is unknown; did you mean "gpio"?
        29 | gpoi:
           | ^
      try: write gpio
      """),
    Slip(
      "activeLow", "activLow",
      """
      crane.yaml:30:46: the key "activLow" is unknown in gpio.emergencyStop; did you mean "activeLow"?
        30 |   emergencyStop: {chip: gpiochip0, line: 17, activLow: true}
           |                                              ^
      try: write activeLow
      """),
    Slip(
      "busSilence", "busSilense",
      """
      crane.yaml:37:3: the key "busSilense" is unknown in safety; did you mean "busSilence"?
        37 |   busSilense: 0.03
           |   ^
      try: write busSilence
      """),
    Slip(
      "coulomb", "coulumb",
      """
      crane.yaml:20:18: the key "coulumb" is unknown in joints.turn.transmission.friction; did you mean "coulomb"?
        20 |       friction: {coulumb: 0.8, viscous: 0.4}
           |                  ^
      try: write coulomb
      """),
    Slip(
      "tip: hook\n", "",
      """
      crane.yaml:1:1: the file lacks the key "tip"; it has name, model, rate, homing, buses, joints, gpio, poses, safety, tool
        1 | name: crane
          | ^
      try: add tip: flange
      """),
    Slip(
      ", id: 2, currentLimit: 1.0", ", currentLimit: 1.0",
      """
      crane.yaml:26:5: joints.reach.motor lacks the key "id"; it has driver, bus, currentLimit
        26 |     motor: {driver: ctrl-step, bus: can0, currentLimit: 1.0}
           |     ^
      try: add id: 1
      """),
    Slip(
      "homing: power-on", "tip: hook",
      """
      crane.yaml:5:1: the key "tip" is there twice, first in line 3
        5 | tip: hook
          | ^
      try: remove one of the two
      """),
    Slip(
      "type: belt, ratio", "ratio: 200, ratio",
      """
      crane.yaml:27:32: the key "ratio" is there twice, first in line 27
        27 |     transmission: {ratio: 200, ratio: 200, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                ^
      try: remove one of the two
      """),
    Slip(
      "tool:\n", "gaze: {stiffness: 300}\ntool:\n",
      """
      crane.yaml:38:1: "gaze" is for settings of gaze, which is not built yet; built: name, model, tip, base, rate, \
      homing, buses, joints, gpio, gripper, poses, safety, collision, scene, compliance, tool
        38 | gaze: {stiffness: 300}
           | ^
      try: remove it
      """),
    Slip(
      "  pose: {position", "  mass: 0.2\n  pose: {position",
      """
      crane.yaml:39:3: the key "mass" is unknown in tool; known: pose, limits, payload, free
        39 |   mass: 0.2
           |   ^
      try: remove it, or use one of those
      """),
    Slip(
      "  enable: {", "  brake: {",
      """
      crane.yaml:31:3: "brake" in gpio is for a brake output, which is not built yet; built: emergencyStop, enable, inputs
        31 |   brake: {chip: gpiochip0, line: 27}
           |   ^
      try: remove it
      """),
    // Words
    Slip(
      "driver: ctrl-step, bus: can0, id: 1", "driver: ctrl-stepp, bus: can0, id: 1",
      """
      crane.yaml:15:21: joints.turn.motor.driver is "ctrl-stepp", which does not exist; did you mean "ctrl-step"?
        15 |     motor: {driver: ctrl-stepp, bus: can0, id: 1, currentLimit: 2.0, velocityLimit: 200, accelerationLimit: 500}
           |                     ^
      try: write ctrl-step
      """),
    Slip(
      "driver: ctrl-step, bus: can0, id: 1", "driver: moteus, bus: can0, id: 1",
      """
      crane.yaml:15:21: joints.turn.motor.driver is "moteus", which is not built yet; built: ctrl-step, damiao
        15 |     motor: {driver: moteus, bus: can0, id: 1, currentLimit: 2.0, velocityLimit: 200, accelerationLimit: 500}
           |                     ^
      try: use ctrl-step or damiao
      """),
    Slip(
      "type: harmonic", "type: harmonik",
      """
      crane.yaml:12:26: joints.swing.transmission.type is "harmonik", which does not exist; did you mean "harmonic"?
        12 |     transmission: {type: harmonik, ratio: 100, direction: -1, offset: 0.5, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                          ^
      try: write harmonic
      """),
    Slip(
      "homing: power-on", "homing: poweron",
      """
      crane.yaml:5:9: homing is "poweron", which does not exist; did you mean "power-on"?
        5 | homing: poweron
          |         ^
      try: write power-on
      """),
    Slip(
      "homing: power-on", "homing: absolute",
      """
      crane.yaml:5:9: homing is absolute, but turn takes 27.9 turns of its motor, and a ctrl-step drive knows its place within one
        5 | homing: absolute
          |         ^
      try: write homing: power-on, and switch the arm on where each motor reports zero
      """),
    Slip(
      "type: slcan, port: /dev/ttyACM1", "type: socketcan, port: /dev/ttyACM1",
      """
      crane.yaml:8:16: buses.can1.type is "socketcan", which does not exist; known: slcan
        8 |   can1: {type: socketcan, port: /dev/ttyACM1}
          |                ^
      try: write slcan
      """),
    // Names
    Slip(
      "model: crane.urdf", "model: crame.urdf",
      """
      crane.yaml:2:8: the model file "crame.urdf" does not exist; did you mean "crane.urdf"?
        2 | model: crame.urdf
          |        ^
      try: write crane.urdf
      """),
    Slip(
      "tip: hook", "tip: hock",
      """
      crane.yaml:3:6: the tip "hock" is no link of the model; did you mean "hook"?
        3 | tip: hock
          |      ^
      try: write hook
      """),
    Slip(
      "tip: hook", "tip: hook\nbase: grond",
      """
      crane.yaml:4:7: the base "grond" is no link of the model; did you mean "ground"?
        4 | base: grond
          |       ^
      try: write ground
      """),
    Slip(
      "  swing:", "  swnig:",
      """
      crane.yaml:10:3: the joint "swnig" is not in the model; did you mean "swing"?
        10 |   swnig:
           |   ^
      try: write swing
      """),
    Slip(
      "  reach:", "  lamp_tilt:",
      """
      crane.yaml:25:3: the joint "lamp_tilt" is not between ground and hook; the arm's joints are turn, swing, reach
        25 |   lamp_tilt:
           |   ^
      try: remove it
      """),
    Slip(
      "  reach:", "  mount:",
      """
      crane.yaml:25:3: the joint "mount" is fixed in the model; the arm's joints are turn, swing, reach
        25 |   mount:
           |   ^
      try: remove it
      """),
    Slip(
      "bus: can0, id: 2", "bus: cn0, id: 2",
      """
      crane.yaml:26:37: joints.reach.motor.bus is "cn0", which is not among buses; did you mean "can0"?
        26 |     motor: {driver: ctrl-step, bus: cn0, id: 2, currentLimit: 1.0}
           |                                     ^
      try: write can0
      """),
    Slip(
      "bus: can0, id: 2", "bus: can0, id: 1",
      """
      crane.yaml:26:47: joints.reach.motor.id is 1, which on the bus can0 is the motor of turn already
        26 |     motor: {driver: ctrl-step, bus: can0, id: 1, currentLimit: 1.0}
           |                                               ^
      try: give each drive of a bus its own id; 2 is free
      """),
    Slip(
      "port: /dev/ttyACM1", "port: /dev/ttyACM0",
      """
      crane.yaml:8:29: buses.can1.port is /dev/ttyACM0, which is the bus can0's already
        8 |   can1: {type: slcan, port: /dev/ttyACM0}
          |                             ^
      try: give each bus its own port
      """),
    Slip(
      "bus: can1, id: 2", "bus: can0, id: 3",
      """
      crane.yaml:8:3: no motor is on the bus "can1"
        8 |   can1: {type: slcan, port: /dev/ttyACM1}
          |   ^
      try: remove it, or name it in a motor
      """),
  ]
}
