internal import Foundation
internal import Kinematics

/// An exciting motion before it begins: how long it takes, and how far and how fast each joint goes.
struct MotionPlanReport {
  private let configuration: ArmConfiguration
  private let motion: ExcitingMotion

  init(_ configuration: ArmConfiguration, _ motion: ExcitingMotion) { (self.configuration, self.motion) = (configuration, motion) }

  private var speeds: ClosedRange<Double> {
    let speeds = motion.legs.map(\.speed)
    return (speeds.min() ?? 0)...(speeds.max() ?? 0)
  }

  var text: String {
    let head = String(
      format: "%@ goes %d legs there and the same way back in %.0f s, at %.0f to %.0f %% of its limits.", configuration.name, motion.legs.count / 2,
      motion.duration, 100 * speeds.lowerBound, 100 * speeds.upperBound)
    var table = TextTable(head: ["joint", "from", "to"])
    for (index, joint) in configuration.joints.enumerated() {
      table.append([joint.name, place(motion.range.lower[index], index), place(motion.range.upper[index], index)])
    }
    return ([head, ""] + table.lines).joined(separator: "\n")
  }

  private func place(_ position: Double, _ joint: Int) -> String {
    configuration.model.isPrismatic[joint] ? String(format: "%.3f m", position) : String(format: "%.0f°", position * 180 / .pi)
  }

  var json: JSONValue {
    let legs = motion.legs.map { leg -> JSONValue in
      ["position": JSONValue(numbers: leg.target), "speed": .number(leg.speed), "duration": .number(leg.duration)]
    }
    return [
      "arm": .string(configuration.name), "seconds": .number(motion.duration), "start": JSONValue(numbers: motion.start), "legs": .array(legs),
      "dryRun": true,
    ]
  }
}
