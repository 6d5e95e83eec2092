@testable import Control
import Foundation
import Kinematics
import Testing

@Suite struct FlightRecorderTests {
  @Test func holdsExactlyTheLastSecond() {
    let rig = ArmRig.moving()
    rig.tick(count: 2000)
    let records = rig.arm.recorder.last(seconds: 1)
    let newest = rig.snapshot.tick
    #expect(records.map(\.tick) == Array(newest - 499...newest))
    #expect((records.last!.time - records.first!.time - 499 * TestArm.period).magnitude < 1e-9)
    #expect(records.last!.time == rig.snapshot.time)
    #expect(records.last!.setpoint == rig.snapshot.setpoint)
  }

  @Test func tellsOfTheSecondBeforeAFaultWhileTheLoopGoesOn() {
    let rig = ArmRig.moving()
    rig.button.isPressed = true
    rig.tick()
    let fault = rig.snapshot.tick
    for late in [0, 100, 900] {
      rig.tick(count: late)
      #expect(rig.arm.recorder.last(seconds: 1, through: fault).map(\.tick) == Array(max(1, fault - 499)...fault))
    }
    // Of a second that the ring has begun to write over, the rest.
    rig.tick(count: 250)
    let rest = rig.arm.recorder.last(seconds: 1, through: fault + 100).map(\.tick)
    #expect(rest.last == fault + 100)
    #expect(rest.first! > rig.snapshot.tick - 1500)
    rig.tick(count: 2000)
    #expect(rig.arm.recorder.last(seconds: 1, through: fault).isEmpty)
  }

  @Test func hasNoMoreThanWasTicked() {
    let rig = ArmRig()
    #expect(rig.arm.recorder.last(seconds: 1).isEmpty)
    rig.tick(count: 3)
    #expect(rig.arm.recorder.last(seconds: 1).map(\.tick) == [1, 2, 3])
    #expect(rig.arm.recorder.last(seconds: 0.004).map(\.tick) == [2, 3])
    #expect(rig.arm.recorder.last(seconds: .infinity).count == 3)
    #expect(rig.arm.recorder.last(seconds: -1).isEmpty)
    #expect(rig.arm.recorder.last(seconds: 1, through: -5).isEmpty)
  }

  @Test func theTableHasOneColumnAJointAndQuantity() {
    let rig = ArmRig.moving()
    let records = rig.arm.recorder.last(seconds: 0.01)
    let table = flightTable(records, joints: TestArm.joints)
    #expect(table.hasSuffix("\n"))
    let lines = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(lines.count == 6)
    var header = ["time", "tick", "mode", "wakeUp", "duration"]
    for quantity in ["position", "velocity", "effort", "external", "setpoint", "setpointVelocity", "age"] {
      header += TestArm.joints.map { "\(quantity).\($0)" }
    }
    #expect(lines[0] == header)
    for (line, record) in zip(lines.dropFirst(), records) {
      #expect(line.count == header.count)
      #expect(line[1] == "\(record.tick)" && line[2] == "move")
      for (column, value) in [("position.elbow", record.position[2]), ("setpointVelocity.wrist", record.setpointVelocity[4]), ("age.waist", 0.002)] {
        #expect((Double(line[header.firstIndex(of: column)!])! - value).magnitude < 1e-6, "\(column)")
      }
    }
  }
}
