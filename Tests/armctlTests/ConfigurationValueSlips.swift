@testable import armctl

extension ConfigurationSlipTests {
  static let values: [Slip] = [
    // Numbers
    Slip(
      "rate: 250", "rate: 5",
      """
      crane.yaml:4:7: rate is 5 Hz, and has to be from 10 to 2000
        4 | rate: 5
          |       ^
      try: write rate: 500
      """),
    Slip(
      "rate: 250", "rate: 25O",
      """
      crane.yaml:4:7: rate is "25O", and has to be a number [Hz]; did you mean 250?
        4 | rate: 25O
          |       ^
      try: write 250
      """),
    Slip(
      "rate: 250", "rate: nan",
      """
      crane.yaml:4:7: rate is "nan", and has to be a finite number [Hz]
        4 | rate: nan
          |       ^
      try: write rate: 500
      """),
    Slip(
      "rate: 250", "rate:",
      """
      crane.yaml:4:6: rate is empty, and has to be a number [Hz]
        4 | rate:
          |      ^
      try: write rate: 500
      """),
    Slip(
      "ratio: 50", "ratio: -50",
      """
      crane.yaml:18:14: joints.turn.transmission.ratio is -50, and has to be from 0.1 to 10000
        18 |       ratio: -50
           |              ^
      try: write ratio: 30
      """),
    Slip(
      "direction: -1", "direction: 2",
      """
      crane.yaml:12:59: joints.swing.transmission.direction is "2", and has to be one of 1, -1
        12 |     transmission: {type: harmonic, ratio: 100, direction: 2, offset: 0.5, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                                           ^
      try: write direction: 1
      """),
    Slip(
      "jerk: 40}", "jerk: 40}\n    vibration: {frequency: 90}",
      """
      crane.yaml:14:28: joints.swing.vibration.frequency is 90 Hz, too fast for a rate of 250 Hz, which can shape up to 62.5 Hz
        14 |     vibration: {frequency: 90}
           |                            ^
      try: remove vibration, or raise rate
      """),
    Slip(
      "id: 1,", "id: 16,",
      """
      crane.yaml:15:47: joints.turn.motor.id is "16", and has to be a whole number from 1 to 15
        15 |     motor: {driver: ctrl-step, bus: can0, id: 16, currentLimit: 2.0, velocityLimit: 200, accelerationLimit: 500}
           |                                               ^
      try: write id: 1
      """),
    Slip(
      "id: 1,", "id: 1.5,",
      """
      crane.yaml:15:47: joints.turn.motor.id is "1.5", and has to be a whole number from 1 to 15
        15 |     motor: {driver: ctrl-step, bus: can0, id: 1.5, currentLimit: 2.0, velocityLimit: 200, accelerationLimit: 500}
           |                                               ^
      try: write id: 1
      """),
    Slip(
      "bitrate: 500000", "bitrate: 50000O",
      """
      crane.yaml:7:52: buses.can0.bitrate is "50000O", and has to be a number [bit/s]; did you mean 500000?
        7 |   can0: {type: slcan, port: /dev/ttyACM0, bitrate: 50000O}
          |                                                    ^
      try: write 500000
      """),
    Slip(
      "bitrate: 500000", "bitrate: 512000",
      """
      crane.yaml:7:52: buses.can0.bitrate is "512000", and has to be one of 10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000, 1000000
        7 |   can0: {type: slcan, port: /dev/ttyACM0, bitrate: 512000}
          |                                                    ^
      try: write bitrate: 500000
      """),
    Slip(
      "activeLow: true", "activeLow: yes",
      """
      crane.yaml:30:57: gpio.emergencyStop.activeLow is "yes", and has to be true or false
        30 |   emergencyStop: {chip: gpiochip0, line: 17, activeLow: yes}
           |                                                         ^
      try: write activeLow: true
      """),
    Slip(
      "velocityLimit: 200", "velocityLimit: 20",
      """
      crane.yaml:15:84: joints.turn.motor.velocityLimit is 20 rad/s, less than the joint's limit × ratio, 100 rad/s: the motor would stay behind
        15 |     motor: {driver: ctrl-step, bus: can0, id: 1, currentLimit: 2.0, velocityLimit: 20, accelerationLimit: 500}
           |                                                                                    ^
      try: write velocityLimit: 150, or lower the joint's limit
      """),
    Slip(
      "position: [-2.5, 1.5]", "position: [2.5, 1.5]",
      """
      crane.yaml:24:24: joints.turn.limits.position is upside down: 2.5 is not below 1.5
        24 |     limits: {position: [2.5, 1.5], velocity: 2.0, acceleration: 8, jerk: 80, effort: 12}
           |                        ^
      try: write position: [1.5, 2.5]
      """),
    Slip(
      "position: [-2.5, 1.5]", "position: [-2.5]",
      """
      crane.yaml:24:24: joints.turn.limits.position has 1 number, where 2 belong
        24 |     limits: {position: [-2.5], velocity: 2.0, acceleration: 8, jerk: 80, effort: 12}
           |                        ^
      try: write position: [-1.0, 1.0]
      """),
    Slip(
      "position: [-2.5, 1.5]", "position: [-2.5, 90]",
      """
      crane.yaml:24:31: joints.turn.limits.position has 90 rad, which is 14.3 turns; it looks like degrees
        24 |     limits: {position: [-2.5, 90], velocity: 2.0, acceleration: 8, jerk: 80, effort: 12}
           |                               ^
      try: write 1.5708
      """),
    Slip(
      "position: [-2.5, 1.5]", "position: [-2.5, 90deg]",
      """
      crane.yaml:24:31: joints.turn.limits.position is "90deg", and is in degrees, where rad belongs
        24 |     limits: {position: [-2.5, 90deg], velocity: 2.0, acceleration: 8, jerk: 80, effort: 12}
           |                               ^
      try: write 1.5708
      """),
    Slip(
      "position: [-2.5, 1.5]", "position: [2.5, 3.5]",
      """
      crane.yaml:24:24: joints.turn.limits.position is 2.5 … 3.5 rad, all outside the model's -2 … 2 rad
        24 |     limits: {position: [2.5, 3.5], velocity: 2.0, acceleration: 8, jerk: 80, effort: 12}
           |                        ^
      try: check the signs, or the model's limits
      """),
    Slip(
      "offset: 0.5", "offset: -73",
      """
      crane.yaml:12:71: joints.swing.transmission.offset has -73 rad, which is 11.6 turns; it looks like degrees
        12 |     transmission: {type: harmonic, ratio: 100, direction: -1, offset: -73, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                                                       ^
      try: write -1.27409
      """),
    Slip(
      "offset: 0.5", "offset: ''",
      """
      crane.yaml:12:71: joints.swing.transmission.offset is empty, and has to be a number [rad]
        12 |     transmission: {type: harmonic, ratio: 100, direction: -1, offset: '', stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                                                       ^
      try: write offset: 0
      """),
    Slip(
      "type: harmonic", "type: rigid",
      """
      crane.yaml:12:73: joints.swing.transmission is of type rigid, which has no stiffness
        12 |     transmission: {type: rigid, ratio: 100, direction: -1, offset: 0.5, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                                                         ^
      try: remove stiffness, or use another type
      """),
    Slip(
      "type: harmonic", "type: direct",
      """
      crane.yaml:12:41: joints.swing.transmission.ratio is 100, where a direct drive has 1
        12 |     transmission: {type: direct, ratio: 100, direction: -1, offset: 0.5, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                         ^
      try: write ratio: 1, or another type
      """),
    // Poses
    Slip(
      "out: [1.0, -0.25, 0.15]", "out: [1.0, -0.25]",
      """
      crane.yaml:34:8: poses.out has 2 positions, where the arm has 3 joints: turn, swing, reach
        34 |   out: [1.0, -0.25]
           |        ^
      try: write one position per joint, from base to tip
      """),
    Slip(
      "out: [1.0, -0.25, 0.15]", "out: [57, -0.25, 0.15]",
      """
      crane.yaml:34:9: poses.out has turn at 57 rad, outside its limits -2 … 1.5 rad; it looks like degrees
        34 |   out: [57, -0.25, 0.15]
           |         ^
      try: write 0.994838
      """),
    Slip(
      "out: [1.0, -0.25, 0.15]", "out: [1.0, -0.25, 15]",
      """
      crane.yaml:34:21: poses.out has reach at 15 m, outside its limits 0 … 0.2 m
        34 |   out: [1.0, -0.25, 15]
           |                     ^
      try: write a position within the limits
      """),
    Slip(
      "out: [1.0, -0.25, 0.15]", "out: home",
      """
      crane.yaml:34:8: poses.out is "home", and has to be a list of numbers
        34 |   out: home
           |        ^
      try: write out: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
      """),
    // Sections
    Slip(
      "busSilence: 0.03", "busSilence: 0.01",
      """
      crane.yaml:37:15: safety.busSilence is 0.01 s, less than three ticks at 250 Hz; one late answer would stop the arm
        37 |   busSilence: 0.01
           |               ^
      try: write busSilence: 0.02
      """),
    Slip(
      "line: 27", "line: 17",
      """
      crane.yaml:31:35: gpio.enable is line 17 of gpiochip0, which is gpio.emergencyStop already
        31 |   enable: {chip: gpiochip0, line: 17}
           |                                   ^
      try: use two lines
      """),
    Slip(
      "quaternion: [0, 0, 0.6, 0.8]", "quaternion: [0, 0, 0.6, 0.6]",
      """
      crane.yaml:39:46: tool.pose.quaternion has the length 0.848528, and has to have the length 1
        39 |   pose: {position: [0, 0, -0.1], quaternion: [0, 0, 0.6, 0.6]}
           |                                              ^
      try: write quaternion: [0, 0, 0.707107, 0.707107]
      """),
    // YAML
    Slip(
      "  can0: {type: slcan, port: /dev/ttyACM0, bitrate: 500000}", "  can0: {type: slcan, port: /dev/ttyACM0, bitrate: 500000",
      """
      crane.yaml:8:7: the file is no YAML here: did not find expected ',' or '}' while parsing a flow mapping that begins in line 7
        8 |   can1: {type: slcan, port: /dev/ttyACM1}
          |       ^
      try: look for a missing colon, bracket or quotation mark here or in the line above, and for a changed indentation
      """),
    Slip(
      "  rest: [0, 0.5, 0]", "\trest: [0, 0.5, 0]",
      """
      crane.yaml:33:1: a tab stands in the indentation
        33 | 	rest: [0, 0.5, 0]
           | ^
      try: indent with spaces
      """),
    Slip(
      "      ratio: 50", "     ratio: 50",
      """
      crane.yaml:18:6: the file is no YAML here: did not find expected key while parsing a block mapping that begins in line 15
        18 |      ratio: 50
           |      ^
      try: look for a missing colon, bracket or quotation mark here or in the line above, and for a changed indentation
      """),
    Slip(
      "rate: 250", "rate 250",
      """
      crane.yaml:4:1: the file is no YAML here: a key without a colon and a space behind it
        4 | rate 250
          | ^
      try: write KEY: VALUE
      """),
    Slip(
      "rate: 250", "rate:250",
      """
      crane.yaml:4:1: the file is no YAML here: a key without a colon and a space behind it
        4 | rate:250
          | ^
      try: write KEY: VALUE
      """),
    Slip(
      "offset: 0.5", "offset: 0,5",
      """
      crane.yaml:12:73: "5" in joints.swing.transmission stands where a key belongs
        12 |     transmission: {type: harmonic, ratio: 100, direction: -1, offset: 0,5, stiffness: 3000, rotorInertia: 5.5e-6, torqueConstant: 0.2}
           |                                                                         ^
      try: write numbers with a decimal point, not with a comma
      """),
    Slip(
      "  rest: [0, 0.5, 0]", "  rest: [0, 0,5, 0]",
      """
      crane.yaml:33:9: poses.rest has 4 positions, where the arm has 3 joints: turn, swing, reach
        33 |   rest: [0, 0,5, 0]
           |         ^
      try: write one position per joint, from base to tip
      """),
    Slip(
      "tip: hook", "tip: *hook",
      """
      crane.yaml:3:6: the file is no YAML here: found undefined alias
        3 | tip: *hook
          |      ^
      try: look for a missing colon, bracket or quotation mark here or in the line above, and for a changed indentation
      """),
  ]
}
