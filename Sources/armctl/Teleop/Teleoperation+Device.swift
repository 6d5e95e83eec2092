internal import Foundation

// A gamepad or a 3D mouse beside the keys.

extension Teleoperation {
  /// What the device says. Keys that are held go before it.
  mutating func take(_ events: [InputEvent], at time: Double) {
    let wasDeflected = device?.wish != nil
    for event in events {
      guard let action = device?.take(event, at: time) else { continue }
      if action == .stop { stop(at: time) } else { carryOut(action, at: time) }
    }
    if device?.wish != nil || wasDeflected { lastTouch = time }
    if device?.wish != nil, !wasDeflected, deadMan.isIdle { _ = mayJog(by: "the \(device?.map.name ?? "device") was moved", at: time) }
    pass(to: time)
  }

  /// It was plugged in.
  mutating func find(_ found: JogDevice, named name: String, at time: Double) {
    device = found
    let hint = found.map.deadMan.isEmpty ? "push its cap" : "hold a shoulder button and move a stick"
    say("\(name): \(hint) to move the arm.", .good, at: time)
  }

  /// It was unplugged: what it moved stops.
  mutating func loseDevice(at time: Double) {
    guard let lost = device else { return }
    device = nil
    say("The \(lost.map.name) is gone.", .alarm, at: time)
    pass(to: time)
  }
}
